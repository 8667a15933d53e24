import type { Context } from '../../core/context.ts';
import { isOpenRouter, PAGES } from '../../core/hosts.ts';
import { passStop } from '../../core/errors.ts';
import { keyPage } from '../../config/revoke-link.ts';
import { type Finding, renderFindings } from '../../core/finding.ts';
import { matchThrown } from '../../diagnose/match.ts';
import { ApiError } from '../../openrouter/error-body.ts';
import { formatUsd } from '../../text/format.ts';
import { judgeUsage, typicalDay, typicalOwnDay } from '../../probe/usage-forecast.ts';
import { fetchCredits, fetchKey } from '../../openrouter/client.ts';
import type { Endpoint, KeyedEndpoint } from '../../openrouter/endpoint.ts';
import type { KeyRow } from '../../openrouter/schemas.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Style } from '../../text/style.ts';
import { cellWidth, pad } from '../../text/wrap.ts';
import { stripControls } from '../../text/text.ts';
import type { SpentHere } from './spent-here.ts';

type Slice = Pick<Context, 'http' | 'version' | 'signal' | 'clock'>;

interface Links {
  readonly activity: string;
  readonly key: string;
  readonly credits: string;
}

/**
 * `orcc usage`: what the key has spent today, this week and this month (UTC), its limit, the free quota, the account's credits if
 * the key may see them, and links to the dashboard. Warns if a usual day would cost more than is left.
 *
 * @param endpoint with the key
 * @param options `onKey` gets what OpenRouter reports about the key; `spentHere` works out this machine's share
 * @throws OrccError 'key' if the key is refused, NetworkError, ApiError
 */
export async function runUsage(
  ctx: Slice,
  endpoint: KeyedEndpoint,
  options: { readonly onKey?: (key: KeyRow) => void; readonly spentHere?: (key: KeyRow) => Promise<SpentHere> } = {},
): Promise<Outcome> {
  const [key, { credits, problem }] = await Promise.all([fetchKey(ctx, endpoint), readCredits(ctx, endpoint)]);
  options.onKey?.(key);
  const here = await options.spentHere?.(key);
  const now = ctx.clock.now();
  const left = credits === undefined ? null : credits.bought - credits.used;
  const findings = [...judgeUsage(key, left, now), ...(problem === undefined ? [] : [problem])];
  const isBad = findings.some((finding) => finding.severity === 'error');
  const links = linksOf(endpoint);
  const { usd, byok } = countedBy(key);
  return {
    exit: isBad ? 'problems' : 'ok',
    data: {
      label: stripControls(key.label),
      usd: { ...usd, total: key.usage, typicalDay: typicalDay(key, now) },
      byok: { ...byok, total: key.byok_usage, typicalDay: typicalOwnDay(key, now) },
      machine: here?.data ?? null,
      limit: key.limit === null ? null : { usd: key.limit, remaining: key.limit_remaining, resets: key.limit_reset },
      credits: credits === undefined ? null : { ...credits, left },
      freeToday: key.free_model_daily_requests,
      expiresAt: key.expires_at,
      links,
    },
    findings,
    text: (style) => renderUsage({ key, credits, problem, left, links, now, here: here?.shown }, style),
    remarks: (style) =>
      [...(here === undefined ? [] : [here.remarks(style)]), ...(findings.length === 0 ? [] : [renderFindings(findings, style)])].join(
        '\n',
      ),
  };
}

/** What the key spent, in USD, for `--json`: `usd` is charged by OpenRouter, `byok` by the providers. null if OpenRouter does not say. */
export function countedBy(key: KeyRow): Readonly<Record<'usd' | 'byok', Readonly<Record<'today' | 'week' | 'month', number | null>>>> {
  return {
    usd: { today: key.usage_daily, week: key.usage_weekly, month: key.usage_monthly },
    byok: { today: key.byok_usage_daily, week: key.byok_usage_weekly, month: key.byok_usage_monthly },
  };
}

interface Credits {
  readonly credits?: { readonly bought: number; readonly used: number };
  /** Why they could not be had; absent if this key simply may not see them, which is the usual case. */
  readonly problem?: Finding;
}

async function readCredits(ctx: Slice, endpoint: Endpoint): Promise<Credits> {
  try {
    return { credits: await fetchCredits(ctx, endpoint) };
  } catch (error) {
    passStop(error);
    const found = matchThrown(error, { baseUrl: endpoint.baseUrl });
    const hidden = error instanceof ApiError && [403, 404, 405].includes(error.status) && found?.code !== 'EDGE_BLOCKED';
    return hidden || found === undefined ? {} : { problem: { ...found, severity: 'warning', subject: 'credits' } };
  }
}

/** Pages of openrouter.ai, empty for a gateway. The key's page is named by its SHA-256, which reveals nothing (OpenRouter docs). */
export function linksOf({ baseUrl, key }: { readonly baseUrl: string; readonly key: string }): Links {
  if (!isOpenRouter(baseUrl)) return { activity: '', key: '', credits: '' };
  return { activity: PAGES.activity, key: keyPage(key), credits: PAGES.credits };
}

/** What providers charge to the account's own keys (BYOK), which is not taken from credits. */
function describeOwnKeys(key: KeyRow): string {
  const limit = key.limit === null || !key.include_byok_in_limit ? '' : '; the key limit counts it';
  return `${formatUsd(key.byok_usage_daily)} today, ${formatUsd(key.byok_usage_monthly)} this month, ${formatUsd(key.byok_usage)} in all, charged by the providers${limit}`;
}

const RESETS: Readonly<Record<string, string>> = { daily: ', each day', weekly: ', each week', monthly: ', each month' };

interface Shown {
  readonly key: KeyRow;
  readonly credits: Credits['credits'];
  readonly problem: Finding | undefined;
  readonly left: number | null;
  readonly links: Links;
  readonly now: number;
  readonly here: SpentHere['shown'];
}

const told = (usd: number | null): string => (usd === null ? 'not stated' : formatUsd(usd));

/** What the key has spent in each period, next to this machine's share if that is known. */
function renderSpent(key: KeyRow, here: SpentHere['shown'], row: (label: string, value: string) => string, style: Style): string[] {
  const own = (member: 'daily' | 'weekly' | 'monthly'): string =>
    key.byok_usage === 0 || here === undefined ? '' : ` + ${formatUsd(key[`byok_usage_${member}`])} own keys`;
  const rows = [
    ['today', `${told(key.usage_daily)}${own('daily')}`, here?.today],
    ['this week', `${told(key.usage_weekly)}${own('weekly')}`, here?.week],
    ['this month', `${told(key.usage_monthly)}${own('monthly')}`, here?.month],
  ] as const;
  if (here === undefined) return rows.map(([label, spent]) => row(label, spent));
  const wide = Math.max('the key'.length, ...rows.map(([, spent]) => cellWidth(spent)));
  return [
    style.dim(row('', `${pad('the key', wide)}  this machine`)),
    ...rows.map(([label, spent, part = '']) => row(label, `${pad(spent, wide)}  ${part}`)),
  ];
}

function renderUsage({ key, credits, problem, left, links, now, here }: Shown, style: Style): string {
  const row = (label: string, value: string): string => `${style.dim(pad(label, 12))}${value}`;
  const free = key.free_model_daily_requests;
  const resets = key.limit_reset === null ? '' : (RESETS[key.limit_reset] ?? `, ${stripControls(key.limit_reset)}`);
  const typical = typicalDay(key, now);
  const own = typicalOwnDay(key, now);
  return [
    row('key', stripControls(key.label) || '(no label)'),
    ...renderSpent(key, here, row, style),
    row('in all', told(key.usage)),
    ...(key.byok_usage === 0 ? [] : [row('own keys', describeOwnKeys(key))]),
    row(
      'usual day',
      `${typical === null ? 'not known yet' : formatUsd(typical)}${own === null ? '' : `, and ${formatUsd(own)} on own keys`}`,
    ),
    row(
      'key limit',
      key.limit === null ? 'none' : `${formatUsd(key.limit_remaining ?? key.limit)} of ${formatUsd(key.limit)} left${resets}`,
    ),
    row(
      'credits',
      left === null || credits === undefined
        ? `${problem === undefined ? 'not shown to this key' : `not known (${problem.code})`}${links.credits === '' ? '' : `: ${links.credits}`}`
        : `${formatUsd(left)} left of ${formatUsd(credits.bought)} bought`,
    ),
    ...(free === null ? [] : [row('free calls', `${free.remaining} of ${free.limit} left today, until 00:00 UTC`)]),
    ...(key.expires_at === null ? [] : [row('expires', stripControls(key.expires_at))]),
    ...(links.key !== '' ? ['', row('activity', links.activity), row('this key', links.key)] : []),
  ].join('\n');
}
