import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';

import type { SpentHere } from '../../../src/commands/usage/spent-here.ts';
import { linksOf, runUsage } from '../../../src/commands/usage/usage.ts';
import { judgeUsage, typicalDay, typicalOwnDay } from '../../../src/probe/usage-forecast.ts';
import { keySchema, type KeyRow } from '../../../src/openrouter/schemas.ts';
import { plainStyle } from '../../../src/text/style.ts';
import { createHttp, type SystemHttp } from '../../../src/system/http.ts';
import { sendJson, serve, type TestServer } from '../../support/http-servers.ts';
import { keyed } from '../../support/keyed.ts';

/** A Wednesday noon. */
const NOW = Date.parse('2026-11-18T12:00:00Z');
const KEY = `sk-or-v1-${'ab12'.repeat(16)}`;
const makeKey = (changes: Record<string, unknown> = {}): KeyRow =>
  keySchema.parse({ data: { label: 'sk-or-v1-ab1...b12', ...changes } }).data;
const codes = (key: KeyRow, credits: number | null = null): string[] =>
  judgeUsage(key, credits, NOW).map((finding) => `${finding.code}:${finding.severity}`);

describe('a usual day', () => {
  it('is not known before anything was spent', () => {
    expect(typicalDay(makeKey(), NOW)).toBeNull();
  });

  it('is the dearest of today, the average of the week and that of the month', () => {
    expect(typicalDay(makeKey({ usage_daily: 3 }), NOW)).toBe(3);
    expect(typicalDay(makeKey({ usage_daily: 0.1, usage_weekly: 5 }), NOW)).toBe(2);
    expect(typicalDay(makeKey({ usage_monthly: 35 }), NOW)).toBe(2);
    const own = makeKey({ usage_daily: 3, byok_usage_daily: 0.1, byok_usage_weekly: 5 });
    expect([typicalDay(own, NOW), typicalOwnDay(own, NOW), typicalOwnDay(makeKey({ usage_daily: 3 }), NOW)]).toEqual([3, 2, null]);
  });
});

describe('warnings of usage', () => {
  it('are none where all is well', () => {
    expect(
      codes(
        makeKey({ usage_daily: 1, limit: 20, limit_remaining: 8, free_model_daily_requests: { limit: 1000, remaining: 990, used: 10 } }),
        50,
      ),
    ).toEqual([]);
    expect(codes(makeKey())).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, number | null, string[]]>([
    ['a limit that a usual day passes', { usage_daily: 2, limit: 20, limit_remaining: 1 }, null, ['KEY_LIMIT:warning']],
    [
      'a limit that own provider keys pass, where it counts them',
      { byok_usage_daily: 2, include_byok_in_limit: true, limit: 20, limit_remaining: 1 },
      null,
      ['KEY_LIMIT:warning'],
    ],
    ['own provider keys that no limit counts', { byok_usage_daily: 2, limit: 20, limit_remaining: 1 }, 1, []],
    ['a limit that is used up', { limit: 20, limit_remaining: 0 }, null, ['KEY_LIMIT:error']],
    ['credits that a usual day passes', { usage_daily: 2 }, 1, ['NO_CREDITS:warning']],
    ['credits that are gone', { usage_daily: 2 }, -0.5, ['NO_CREDITS:error']],
    ['few free calls', { free_model_daily_requests: { limit: 50, remaining: 3, used: 47 } }, null, ['FREE_QUOTA_DAY:warning']],
    ['no credits that were ever bought', { is_free_tier: true }, 0, []],
    ['a debt of a free account', { is_free_tier: true }, -0.1, ['NO_CREDITS:error']],
    ['no free calls', { free_model_daily_requests: { limit: 50, remaining: 0, used: 50 } }, null, ['FREE_QUOTA_DAY:warning']],
    ['an end within a week', { expires_at: '2026-11-20T00:00:00Z' }, null, ['KEY_EXPIRED:warning']],
    ['an end in the past', { expires_at: '2026-11-01T00:00:00Z' }, null, ['KEY_EXPIRED:error']],
    ['a management key', { is_management_key: true }, null, ['KEY_IS_MANAGEMENT:error']],
  ])('tell of %s', (_name, key, credits, expected) => {
    expect(codes(makeKey(key), credits)).toEqual(expected);
  });
});

it('no free calls are none, not few', () => {
  const cause = (remaining: number) =>
    judgeUsage(makeKey({ free_model_daily_requests: { limit: 50, remaining, used: 50 - remaining } }), null, NOW)[0]?.cause;
  expect(cause(0)).toMatch(/^no calls/);
  expect(cause(1)).toMatch(/^few calls/);
});

describe('orcc usage', () => {
  let server: TestServer | undefined;
  let http: SystemHttp | undefined;
  afterEach(async () => {
    await http?.close();
    await server?.close();
  });

  async function usage(answers: Record<string, [number, unknown]>, here?: SpentHere) {
    server = await serve((request, response) => {
      const [status, body] = answers[request.url ?? ''] ?? [404, {}];
      if (status === 200) sendJson(response, body);
      else response.writeHead(status).end(JSON.stringify(body));
    });
    http = createHttp({});
    const clock = { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() };
    return runUsage(
      { http, version: '0', signal: new AbortController().signal, clock },
      keyed(`http://127.0.0.1:${server.port}/api`, KEY),
      {
        ...(here === undefined ? {} : { spentHere: () => Promise.resolve(here) }),
      },
    );
  }

  it('tells what was spent and what is left, and never the key', async () => {
    const outcome = await usage({
      '/api/v1/key': [
        200,
        {
          data: {
            label: 'mine\x1b[2J',
            usage: 11.9,
            usage_daily: 0.4,
            usage_weekly: 2.1,
            usage_monthly: 11.9,
            limit: 20,
            limit_remaining: 8.1,
            limit_reset: 'monthly',
          },
        },
      ],
      '/api/v1/credits': [200, { data: { total_credits: 30, total_usage: 12.5 } }],
    });
    expect(outcome).toMatchObject({
      exit: 'ok',
      findings: [],
      data: {
        usd: { today: 0.4, week: 2.1, month: 11.9 },
        limit: { usd: 20, remaining: 8.1, resets: 'monthly' },
        credits: { left: 17.5 },
        links: { activity: '', key: '', credits: '' },
      },
    });
    const everything = `${outcome.text(plainStyle())}${JSON.stringify(outcome.data)}`;
    expect(everything).not.toContain(KEY);
    expect(everything).not.toContain('\x1b');
  });

  it("links to OpenRouter's pages for OpenRouter's keys alone", () => {
    const key = `https://openrouter.ai/keys/${createHash('sha256').update(KEY).digest('hex')}`;
    expect(linksOf({ baseUrl: 'https://openrouter.ai/api', key: KEY })).toMatchObject({ key });
    expect(linksOf({ baseUrl: 'https://llm.example', key: KEY })).toEqual({ activity: '', key: '', credits: '' });
  });

  it("shows what providers charge to the account's own keys", async () => {
    const own = { byok_usage: 7, byok_usage_daily: 1, byok_usage_weekly: 2, byok_usage_monthly: 3 };
    const outcome = await usage({ '/api/v1/key': [200, { data: { label: 'k', ...own } }] });
    expect(outcome.data).toMatchObject({ byok: { today: 1, week: 2, month: 3, total: 7 } });
    expect(outcome.text(plainStyle())).toMatch(/^own keys +\$1\.00 .*\$3\.00 .*\$7\.00 /m);
    const here = { shown: { today: '~$1.20', week: '$2.50', month: '$9.00 + ?' }, data: {}, remarks: () => 'remarks' };
    const beside = await usage({ '/api/v1/key': [200, { data: { label: 'k', usage_daily: 0.25, ...own } }] }, here);
    expect(beside.text(plainStyle())).toMatch(/^today +\$0\.25 \+ \$1\.00 own keys +~\$1\.20$/m);
    expect(beside.text(plainStyle())).toMatch(/^this month +not stated \+ \$3\.00 own keys +\$9\.00 \+ \?$/m);
    expect(beside.remarks?.(plainStyle())).toBe('remarks');
  });

  it('does without credits where the key may not see them', async () => {
    const outcome = await usage({
      '/api/v1/key': [200, { data: { label: 'x' } }],
      '/api/v1/credits': [403, { error: { code: 403, message: 'Only management keys can perform this operation' } }],
    });
    expect(outcome).toMatchObject({ data: { credits: null } });
  });

  it('says why the credits are not known where that is a failure', async () => {
    const outcome = await usage({
      '/api/v1/key': [200, { data: { label: 'x' } }],
      '/api/v1/credits': [503, { error: { code: 503, message: 'down' } }],
    });
    expect(outcome).toMatchObject({ exit: 'ok', findings: [{ code: 'SERVER_ERROR', severity: 'warning' }] });
    expect(outcome.text(plainStyle())).toContain('(SERVER_ERROR)');
  });

  it('ends with 1 where the limit is used up', async () => {
    const outcome = await usage({ '/api/v1/key': [200, { data: { label: 'x', limit: 5, limit_remaining: 0 } }] });
    expect(outcome).toMatchObject({ exit: 'problems', findings: [{ code: 'KEY_LIMIT' }] });
  });

  it('ends with 4 where the key is refused', async () => {
    await expect(usage({ '/api/v1/key': [401, { error: { code: 401, message: 'User not found.' } }] })).rejects.toMatchObject({
      exit: 'key',
      code: 'KEY_BAD',
    });
  });
});
