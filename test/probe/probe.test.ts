import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ProbeResult, probeModel } from '../../src/probe/probe.ts';
import type { ProbeProgress } from '../../src/probe/input.ts';
import { serveProxy } from '../support/http-servers.ts';
import { makeDeps, type ProbeDeps, withoutWaiting } from './support.ts';
import { keyed } from '../support/keyed.ts';
import { useSimulator } from '../support/use.ts';

const MODEL = 'z-ai/glm-4.7';
const simulator = await useSimulator();
let deps: ProbeDeps;

beforeAll(() => {
  deps = makeDeps();
});
afterAll(async () => {
  await deps.close();
});

function probe(more: Partial<Parameters<typeof probeModel>[1]> = {}, using: ProbeDeps = deps): Promise<ProbeResult> {
  return probeModel(using, {
    endpoint: keyed(simulator.baseUrl, simulator.key),
    model: MODEL,
    maxTokens: 32000,
    toolSearch: false,
    timeoutMs: 5000,
    ...more,
  });
}

describe('a model that works', () => {
  it('is ok after a tool call and the answer to its result, with figures', async () => {
    const result = await probe({ price: { input: 600_000, output: 2_200_000 } });
    expect(result).toMatchObject({
      verdict: 'ok',
      model: MODEL,
      answeredModel: 'z-ai/glm-4.7-20251222',
      turns: 2,
      retries: 0,
      toolCall: { made: true, correct: true },
      repairs: [],
      cancelled: false,
    });
    expect(result.finding).toBeUndefined();
    expect(result.provider).toBeTruthy();
    expect(result.requestId).toMatch(/^gen-/);
    expect(result.ttftMs).toBeGreaterThanOrEqual(0);
    expect(result.cost).toBeGreaterThan(0);
    expect(result.expectedCost).toBeGreaterThan(0);
    expect(result.usage.outputTokens).toBeGreaterThan(0);
    expect(result.cache.read).toBeGreaterThan(0);
  });

  it('is asked once with --quick', async () => {
    const before = simulator.requests.length;
    const result = await probe({ quick: true });
    expect(result).toMatchObject({ verdict: 'ok', turns: 1 });
    expect(simulator.requests.length - before).toBe(1);
  });

  it('tells its progress in order', async () => {
    const seen: ProbeProgress[] = [];
    await probe({ onProgress: (progress) => seen.push(progress) });
    expect(seen.map((progress) => (progress.kind === 'waiting' ? 'waiting' : `${progress.kind} ${progress.turn}`))).toEqual([
      'asked 1',
      'first-token 1',
      'asked 2',
      'first-token 2',
    ]);
  });

  it('does not put the key into the result', async () => {
    const result = await probe();
    expect(JSON.stringify(result)).not.toContain(simulator.key);
  });
});

describe('accounts and models that cannot work', () => {
  it.each([
    ['bad', 'KEY_BAD'],
    ['expired', 'KEY_BAD'],
    ['management', 'KEY_IS_MANAGEMENT'],
    ['no-credit', 'NO_CREDITS'],
    ['low-credit', 'CREDITS_TOO_LOW_FOR_MAX_TOKENS'],
    ['capped', 'KEY_LIMIT'],
  ] as const)('the key `%s` gives %s', async (name, code) => {
    const result = await probe({ endpoint: keyed(simulator.baseUrl, simulator.keys[name]) });
    expect(result).toMatchObject({ verdict: 'failed', turns: 0 });
    expect(['KEY_BAD', 'KEY_EXPIRED'].includes(code) ? ['KEY_BAD', 'KEY_EXPIRED'] : [code]).toContain(result.finding?.code);
    expect(JSON.stringify(result)).not.toContain(simulator.keys[name]);
  });

  it('an unknown model gets the nearest ids in its fix', async () => {
    const result = await probe({ model: 'z-ai/glm-47', alias: 'opus', nearest: () => ['z-ai/glm-4.7', 'bad; id'] });
    expect(result.finding).toMatchObject({ code: 'MODEL_UNKNOWN', subject: 'opus', data: { nearest: ['z-ai/glm-4.7'] } });
    expect(result.finding?.fix).toContain('orcc switch opus=z-ai/glm-4.7');
  });

  it('a missing key gives KEY_MISSING', async () => {
    expect((await probe({ endpoint: { baseUrl: simulator.baseUrl } })).finding?.code).toBe('KEY_MISSING');
  });

  it('a low balance tells the largest max_tokens it allows', async () => {
    const result = await probe({ endpoint: keyed(simulator.baseUrl, simulator.keys['low-credit']) });
    const affordable = result.finding?.data?.['affordable'];
    expect(affordable).toBeTypeOf('number');
    expect(result.finding?.fix).toMatch(new RegExp(`\`CLAUDE_CODE_MAX_OUTPUT_TOKENS\`.* ${String(affordable)}\\b`));
  });
});

describe('retries', () => {
  it('tries once more after a transient failure, and says so', async () => {
    simulator.setFaults([{ code: 'overloaded', times: 1 }]);
    const patient = withoutWaiting(deps);
    expect(await probe({}, patient)).toMatchObject({ verdict: 'ok', retries: 1 });
    expect(patient.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(1000);
  });

  it('tries only once more', async () => {
    simulator.setFaults([{ code: 'overloaded' }]);
    const before = simulator.requests.length;
    expect(await probe({}, withoutWaiting(deps))).toMatchObject({ verdict: 'failed', retries: 1, finding: { code: 'UPSTREAM_BUSY' } });
    expect(simulator.requests.length - before).toBe(2);
  });

  it('waits as long as Retry-After says, counting down', async () => {
    simulator.setFaults([{ code: 'credits-in-flight-budget', times: 1 }]);
    const patient = withoutWaiting(deps);
    const left: number[] = [];
    await probe({ onProgress: (progress) => progress.kind === 'waiting' && left.push(progress.remainingMs) }, patient);
    expect(left[0]).toBeGreaterThan(1900);
    expect(left[0]).toBeLessThanOrEqual(2000);
    expect(left.length).toBeGreaterThanOrEqual(2);
  });

  it('does not wait a minute', async () => {
    simulator.setFaults([{ code: 'no-provider' }]);
    const patient = withoutWaiting(deps);
    expect(await probe({}, patient)).toMatchObject({
      verdict: 'failed',
      retries: 0,
      finding: { code: 'UPSTREAM_BUSY', data: { retryAfterMs: 60_000 } },
    });
    expect(patient.slept).toEqual([]);
  });

  it('does not try again what cannot get better', async () => {
    simulator.setFaults([{ code: 'credits-empty' }]);
    const before = simulator.requests.length;
    await probe({}, withoutWaiting(deps));
    expect(simulator.requests.length - before).toBe(1);
  });
});

describe('cancelling', () => {
  it('ends at once and says that nothing is known', async () => {
    simulator.setFaults([{ code: 'first-byte-never' }]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const started = performance.now();
    const result = await probe({ signal: controller.signal });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(result).toMatchObject({ verdict: 'inconclusive', cancelled: true });
    expect(result.finding).toBeUndefined();
  });

  it('keeps what the first turn has told', async () => {
    const controller = new AbortController();
    const result = await probe({
      signal: controller.signal,
      onProgress: (progress) => progress.kind === 'asked' && progress.turn === 2 && controller.abort(),
    });
    expect(result).toMatchObject({ verdict: 'inconclusive', cancelled: true, turns: 1, answeredModel: 'z-ai/glm-4.7-20251222' });
  });

  it('ends the wait before a retry', async () => {
    simulator.setFaults([{ code: 'overloaded' }]);
    const controller = new AbortController();
    const result = await probe({ signal: controller.signal, onProgress: (progress) => progress.kind === 'waiting' && controller.abort() });
    expect(result).toMatchObject({ cancelled: true, retries: 0 });
  });
});

it('a gate for known harnesses is inconclusive and points to the real client', async () => {
  simulator.setFaults([{ code: 'harness-gate' }]);
  const result = await probe({ alias: 'haiku' });
  expect(result).toMatchObject({ verdict: 'inconclusive', finding: { code: 'HARNESS_GATE' } });
  expect(result.finding?.fix).toContain('orcc test haiku --via claude');
});

describe('faults of the wire', () => {
  it.each([
    ['empty', 'EMPTY_ANSWER'],
    ['no-body', 'EMPTY_ANSWER'],
    ['error-as-200', 'PROVIDER_ERROR'],
    ['cut', 'STREAM_CUT'],
    ['ended-early', 'STREAM_CUT'],
    ['invalid-utf8', 'TOOL_CALL_WRONG'],
    ['terminal-escapes', 'TOOL_CALL_WRONG'],
    ['terminal-escapes-error', 'TRANSLATION_400'],
    ['malformed', 'STREAM_MALFORMED'],
    ['garbage', 'STREAM_MALFORMED'],
    ['truncated-json', 'STREAM_MALFORMED'],
    ['midstream-error', 'UPSTREAM_BUSY'],
    ['html', 'NOT_OPENROUTER'],
    ['html-body', 'NOT_OPENROUTER'],
    ['redirect', 'NOT_OPENROUTER'],
    ['header-bomb', 'NOT_OPENROUTER'],
    ['endless-stream', 'ANSWER_TOO_LONG'],
  ])('%s gives %s', async (code, expected) => {
    simulator.setFaults([{ code }]);
    const result = await probe({ timeoutMs: 4000 }, withoutWaiting(deps));
    expect(result.finding?.code).toBe(expected);
    expect(JSON.stringify(result)).not.toMatch(/\\u001b|\\u202e|sk-or-v1-[0-9a-f]{20}/i);
  });

  it.each([
    ['first-byte-never', 'TIMEOUT'],
    ['comments-only', 'TIMEOUT'],
    ['slow-drip', 'TIMEOUT'],
    ['stall', 'STREAM_STALLED'],
  ])('%s ends at the time limit with %s', async (code, expected) => {
    simulator.setFaults([{ code }]);
    const started = performance.now();
    const result = await probe({ timeoutMs: 500 }, withoutWaiting(deps));
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(result.finding?.code).toBe(expected);
    expect(result.retries).toBe(0);
  });

  it.each(['big-body', 'gzip-bomb'])('%s is not read to its end', async (code) => {
    simulator.setFaults([{ code }]);
    const before = process.memoryUsage().rss;
    const result = await probe({ timeoutMs: 4000 }, withoutWaiting(deps));
    expect(result.verdict).toBe('failed');
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024);
  });

  it('a wrong content length after the end of the message does no harm', async () => {
    simulator.setFaults([{ code: 'wrong-length' }]);
    expect((await probe()).verdict).toBe('ok');
  });

  it('the key does not follow a redirect', async () => {
    simulator.setFaults([{ code: 'redirect' }]);
    const before = simulator.requests.length;
    await probe({}, withoutWaiting(deps));
    expect(simulator.requests.length - before).toBe(1);
  });

  it('a proxy that refuses is named, without its password', async () => {
    const proxy = await serveProxy({ refuse: () => 407 });
    const behind = makeDeps({ HTTPS_PROXY: `http://user:pass-word@127.0.0.1:${proxy.port}` });
    const result = await probe({ endpoint: keyed('https://openrouter.test/api', simulator.key) }, behind);
    expect(result).toMatchObject({ verdict: 'failed', finding: { code: 'PROXY' } });
    expect(result.finding?.cause).toContain(`127.0.0.1:${proxy.port}`);
    expect(JSON.stringify(result)).not.toContain('pass-word');
    await behind.close();
    await proxy.close();
  });

  it('nobody listening gives UNREACHABLE', async () => {
    const result = await probe({ endpoint: keyed('http://127.0.0.1:1/api', simulator.key) });
    expect(result).toMatchObject({ verdict: 'failed', finding: { code: 'UNREACHABLE' } });
  });
});
