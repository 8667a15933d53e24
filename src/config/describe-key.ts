import { DAY_MS } from '../text/day.ts';
import { PAGES } from '../core/hosts.ts';
import { OrccError } from '../core/errors.ts';
import type { KeyRow } from '../openrouter/schemas.ts';
import { clip, stripControls } from '../text/text.ts';

/** An amount in USD with two decimals, or two significant digits below one cent. */
export function dollars(amount: number): string {
  const size = Math.abs(amount);
  return `${amount < 0 ? '-' : ''}$${size !== 0 && size < 0.01 ? size.toPrecision(2) : size.toFixed(2)}`;
}

/** What OpenRouter reports about a key, in one line. `now` in milliseconds. */
export function describeKey(row: KeyRow, now: number): string {
  const free = row.free_model_daily_requests;
  const calls = free === null ? [] : [`${free.remaining} of ${free.limit} free calls left today`];
  return [...(row.label === '' ? [] : [stripControls(row.label)]), ...describeMoney(row), ...calls, ...describeEnd(row, now)].join(', ');
}

/** `describeKey` for a key that was just entered: leaves out its name, so that it fits on a line of 80 columns. */
export function describeGiven(row: KeyRow, now: number): string {
  const free = row.free_model_daily_requests;
  const calls = free === null ? [] : [`${free.remaining} free calls left today`];
  return [...describeMoney(row), ...calls, ...describeEnd(row, now)].join(', ');
}

function describeMoney(row: KeyRow): readonly string[] {
  const parts: string[] = [];
  if (row.limit === null) parts.push(row.usage === null ? 'spending not stated, no limit' : `${dollars(row.usage)} spent, no limit`);
  else {
    const each = row.limit_reset === null ? '' : ` (${stripControls(row.limit_reset)})`;
    const left = row.limit_remaining ?? (row.usage === null ? null : row.limit - row.usage);
    parts.push(
      left === null
        ? `limit ${dollars(row.limit)}${each}, what is left not stated`
        : `${dollars(left)} of ${dollars(row.limit)} left${each}`,
    );
  }
  if (row.byok_usage > 0) parts.push(`${dollars(row.byok_usage)} on your own provider keys`);
  return parts;
}

function describeEnd(row: KeyRow, now: number): readonly string[] {
  return row.expires_at === null ? [] : [`expires ${describeDay(row.expires_at, now)}`];
}

/** Whose key a login returned, since someone else may have authorized it. `isAsked`: a question follows before it is stored. */
export function describeAccount(row: KeyRow, isAsked: boolean): string {
  const name = row.label === '' ? '' : ` (\`${clip(stripControls(row.label), 80)}\`)`;
  if (row.creator_user_id === null) return `OpenRouter does not say which account the key${name} belongs to`;
  const refuse = isAsked ? 'press Ctrl-C: nothing has been written yet' : 'delete it with `orcc key forget`';
  return `The key${name} belongs to the account ${clip(stripControls(row.creator_user_id), 80)}; if that is not yours, ${refuse}`;
}

function describeDay(text: string, now: number): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return stripControls(text);
  const days = Math.ceil((at - now) / DAY_MS);
  const day = new Date(at).toISOString().slice(0, 10);
  return days > 0 && days <= 30 ? `${day} (in ${days} day${days === 1 ? '' : 's'})` : day;
}

/**
 * Throws exit 4 with the reason for a key that can't serve Claude Code: a management key or an expired one.
 * (An unknown key already fails in the call that fetches `row`.)
 */
export function requireUsable(row: KeyRow, now: number): void {
  if (row.is_management_key || row.is_provisioning_key) {
    throw new OrccError('key', "This is a management key: it can create other keys, but can't call models", {
      code: 'KEY_IS_MANAGEMENT',
      hint: `Create an ordinary key at ${PAGES.keys}`,
    });
  }
  const expires = row.expires_at === null ? NaN : Date.parse(row.expires_at);
  if (expires <= now) {
    throw new OrccError('key', `This key expired on ${new Date(expires).toISOString().slice(0, 10)}`, {
      code: 'KEY_EXPIRED',
      hint: `Create a new one at ${PAGES.keys}`,
    });
  }
}
