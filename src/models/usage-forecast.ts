import type { Finding } from '../diagnose/finding.ts';
import type { KeyRow } from '../openrouter/schemas.ts';
import { formatUsd } from './format.ts';

const DAY_MS = 86_400_000;
/** Calls to free models that a day of Claude Code easily makes. */
const FREE_CALLS_A_DAY = 50;

/**
 * What a usual day costs in USD, from the key's own counters (UTC days, weeks
 * from Monday): the dearest of today so far, this week's average and this
 * month's. null where nothing was spent yet.
 *
 * @param now milliseconds since 1970
 */
export function typicalDay(key: KeyRow, now: number): number | null {
  const date = new Date(now);
  const part = (now % DAY_MS) / DAY_MS;
  const daysOfWeek = ((date.getUTCDay() + 6) % 7) + part;
  const daysOfMonth = date.getUTCDate() - 1 + part;
  const average = (sum: number, days: number): number => sum / Math.max(1, days);
  const highest = Math.max(key.usage_daily, average(key.usage_weekly, daysOfWeek), average(key.usage_monthly, daysOfMonth));
  return highest > 0 ? highest : null;
}

/**
 * Warnings where a usual day would pass what is left: of the key's limit, of
 * the account's credits, of the free calls; and where the key is near its end.
 *
 * @param credits USD left in the account; null where the key may not see it
 */
export function judgeUsage(key: KeyRow, credits: number | null, now: number): readonly Finding[] {
  const findings: Finding[] = [];
  const day = typicalDay(key, now) ?? 0;
  const warn = (code: string, cause: string, fix: string, evidence: string, isError = false): void => {
    findings.push({ code, severity: isError ? 'error' : 'warning', subject: 'key', evidence: [evidence], cause, fix });
  };
  if (key.is_management_key || key.is_provisioning_key) {
    warn(
      'KEY_IS_MANAGEMENT',
      'this is a management key, and no model answers to it',
      'make an ordinary key at https://openrouter.ai/settings/keys',
      'is_management_key',
      true,
    );
  }
  const left = key.limit_remaining;
  if (left !== null && left <= day) {
    const gone = left <= 0;
    const cause = gone
      ? "the key's own limit is used up"
      : `a usual day (${formatUsd(day)}) would pass what is left of the key's own limit`;
    warn('KEY_LIMIT', cause, 'raise the limit at https://openrouter.ai/settings/keys', `${formatUsd(left)} left`, gone);
  }
  if (credits !== null && credits <= day) {
    const gone = credits <= 0;
    const cause = gone
      ? "the account's credits are used up"
      : `a usual day (${formatUsd(day)}) would pass what is left of the account's credits`;
    warn('NO_CREDITS', cause, 'add credits at https://openrouter.ai/settings/credits', `${formatUsd(credits)} left`, gone);
  }
  const free = key.free_model_daily_requests;
  if (free !== null && free.remaining < Math.min(FREE_CALLS_A_DAY, free.limit) / 5) {
    warn(
      'FREE_QUOTA_DAY',
      'few calls to free models are left today; they come back at 00:00 UTC',
      'map a paid model, or add 10 USD of credits for 1000 free calls a day',
      `${free.remaining} of ${free.limit} left`,
    );
  }
  const expires = key.expires_at === null ? NaN : Date.parse(key.expires_at);
  if (expires - now < 7 * DAY_MS) {
    const gone = expires <= now;
    warn(
      'KEY_EXPIRED',
      gone ? 'the key has expired' : 'the key expires within a week',
      'make a new one at https://openrouter.ai/settings/keys, then `orcc key rotate`',
      new Date(expires).toISOString().slice(0, 10),
      gone,
    );
  }
  return findings;
}
