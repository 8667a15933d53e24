import { DAY_MS } from '../text/day.ts';
import { findingOf } from '../diagnose/build.ts';
import type { Finding } from '../core/finding.ts';
import type { FindingCode } from '../diagnose/table.ts';
import type { KeyRow } from '../openrouter/schemas.ts';
import { formatUsd } from '../text/format.ts';

/** Calls to free models that a day of Claude Code easily makes. */
const FREE_CALLS_A_DAY = 50;

/**
 * What a usual day costs in USD, from the key's own counters (UTC days, weeks
 * from Monday): the highest of today so far, this week's average and this
 * month's. null if nothing was spent yet.
 *
 * @param now milliseconds since 1970
 */
export function typicalDay(key: KeyRow, now: number): number | null {
  return usualDay({ daily: key.usage_daily ?? 0, weekly: key.usage_weekly ?? 0, monthly: key.usage_monthly ?? 0 }, now);
}

/** The same for what providers charge to the account's own keys (BYOK), which credits do not pay. */
export function typicalOwnDay(key: KeyRow, now: number): number | null {
  return usualDay({ daily: key.byok_usage_daily, weekly: key.byok_usage_weekly, monthly: key.byok_usage_monthly }, now);
}

function usualDay({ daily, weekly, monthly }: Readonly<Record<'daily' | 'weekly' | 'monthly', number>>, now: number): number | null {
  const date = new Date(now);
  const part = (now % DAY_MS) / DAY_MS;
  const daysOfWeek = ((date.getUTCDay() + 6) % 7) + part;
  const daysOfMonth = date.getUTCDate() - 1 + part;
  const average = (sum: number, days: number): number => sum / Math.max(1, days);
  const highest = Math.max(daily, average(weekly, daysOfWeek), average(monthly, daysOfMonth));
  return highest > 0 ? highest : null;
}

/**
 * Warnings if a usual day would exceed what is left of the key's limit, the
 * account's credits or the free calls, if the key expires soon, or if it is
 * a management key.
 *
 * @param credits USD left in the account; null if the key may not see it
 */
export function judgeUsage(key: KeyRow, credits: number | null, now: number): readonly Finding[] {
  const findings: Finding[] = [];
  const day = typicalDay(key, now) ?? 0;
  const find = (code: FindingCode, evidence: string, soon?: string): void => {
    const finding = findingOf(code, {}, [evidence], 'key');
    findings.push(soon === undefined ? finding : { ...finding, severity: 'warning', cause: soon });
  };
  const limited = day + (key.include_byok_in_limit ? (typicalOwnDay(key, now) ?? 0) : 0);
  const passes = (what: string, usual = day): string => `a usual day (${formatUsd(usual)}) would exceed what is left of ${what}`;
  if (key.is_management_key || key.is_provisioning_key) find('KEY_IS_MANAGEMENT', 'as OpenRouter reports for the key');
  const left = key.limit_remaining;
  if (left !== null && left <= limited)
    find('KEY_LIMIT', `${formatUsd(left)} left`, left > 0 ? passes("the key's own limit", limited) : undefined);
  // An account that never bought credits can use nothing but free models.
  if (credits !== null && credits <= day && !(key.is_free_tier && credits === 0))
    find('NO_CREDITS', `${formatUsd(credits)} left`, credits > 0 ? passes("the account's credits") : undefined);
  const free = key.free_model_daily_requests;
  if (free !== null && free.remaining < Math.min(FREE_CALLS_A_DAY, free.limit) / 5) {
    const how = free.remaining > 0 ? 'few calls to free models are left' : 'no calls to free models are left';
    const few = `${how} today; they reset at 00:00 UTC`;
    find('FREE_QUOTA_DAY', `${free.remaining} of ${free.limit} left`, few);
  }
  const expires = key.expires_at === null ? NaN : Date.parse(key.expires_at);
  if (expires - now < 7 * DAY_MS)
    find('KEY_EXPIRED', new Date(expires).toISOString().slice(0, 10), expires > now ? 'the key expires within a week' : undefined);
  return findings;
}
