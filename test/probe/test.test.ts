import { afterEach, describe, expect, it, vi } from 'vitest';

import { runTest, type TestIntent, type TestOutcome } from '../../src/probe/test.ts';
import type { AliasReport } from '../../src/probe/report.ts';
import { createCatalog } from '../../src/openrouter/catalog.ts';
import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import { makeModel } from '../support/models.ts';
import { plainStyle } from '../../src/text/style.ts';
import { makeTestContext, type TestContext } from './support-context.ts';
import { keyed } from '../support/keyed.ts';
import { useSimulator } from '../support/use.ts';

const ALIASES = [
  { alias: 'opus', model: 'z-ai/glm-4.7' },
  { alias: 'sonnet', model: 'qwen/qwen3-coder-next' },
  { alias: 'haiku', model: 'z-ai/glm-4.7-flash' },
  { alias: 'fable', model: 'z-ai/glm-4.7' },
];
const simulator = await useSimulator();
let ctx: TestContext;

afterEach(async () => {
  await ctx.close();
});

function test(more: Partial<TestIntent> = {}, context: Parameters<typeof makeTestContext>[0] = {}): Promise<TestOutcome> {
  ctx = makeTestContext(context);
  return runTest(ctx, {
    endpoint: keyed(simulator.baseUrl, simulator.key),
    aliases: ALIASES,
    maxTokens: 16000,
    toolSearch: false,
    timeoutMs: 4000,
    ...more,
  });
}
function reports(outcome: TestOutcome): AliasReport[] {
  return (outcome.data as { aliases: AliasReport[] }).aliases;
}

describe('four aliases that work', () => {
  it('are all ok, in order, a shared model called once', async () => {
    const before = simulator.requests.length;
    const outcome = await test();
    expect(outcome).toMatchObject({ exit: 'ok', findings: [] });
    expect(reports(outcome).map(({ alias, verdict }) => [alias, verdict])).toEqual(ALIASES.map(({ alias }) => [alias, 'ok']));
    expect(simulator.requests.length - before).toBe(6);
    expect(reports(outcome)[0]).toMatchObject({ sharedWith: ['fable'], finding: null, summary: null, client: null });
  });

  it('are asked at the same time', async () => {
    simulator.setFaults([{ code: 'first-byte-never' }]);
    const before = simulator.requests.length;
    const controller = new AbortController();
    const running = test({}, { signal: controller.signal });
    await vi.waitUntil(() => simulator.requests.length - before === 3, { timeout: 20_000 });
    controller.abort();
    expect((await running).exit).toBe('cancelled');
  });

  it('prove nothing where the window is too small for the first request of Claude Code', async () => {
    const models = [makeModel({ id: 'z-ai/glm-4.7' }), makeModel({ id: 'qwen/qwen3-coder-next', context: 32_768 })];
    const catalog = createCatalog(models, { source: 'live', asOf: 0, stale: false });
    const outcome = await test({ aliases: ALIASES.slice(0, 2), catalog });
    expect(reports(outcome).map(({ verdict, finding }) => [verdict, finding?.code])).toEqual([
      ['ok', undefined],
      ['inconclusive', 'MODEL_UNSUITED'],
    ]);
  });

  it('are a table on stdout, once, and nothing on stderr in a pipe', async () => {
    const outcome = await test();
    const text = outcome.text(plainStyle(120));
    for (const { alias, model } of ALIASES) expect(text).toMatch(new RegExp(`${alias} +ok +${model}`));
    expect(text).toMatch(/^4 of 4\b/m);
    expect(ctx.written()).toBe('');
  });

  it('show speed and cost as bars where the width allows', async () => {
    const outcome = await test();
    expect(outcome.text(plainStyle(120)).split('\n')[1]).toMatch(/ m?s +[█▏▎▍▌▋▊▉]+ .*\$\S+ +[█▏▎▍▌▋▊▉]+$/);
    expect(outcome.text(plainStyle(60))).not.toMatch(/[█▏▎▍▌▋▊▉]/);
  });

  it('fit into 80 columns, as a table', async () => {
    const lines = (await test()).text(plainStyle(80)).split('\n');
    expect(lines[0]).toMatch(/^alias +result +model/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('show time to first token and in all, and the request id of each only where it is asked for', async () => {
    const text = (await test()).text(plainStyle(120));
    expect(text.split('\n')[0]).toMatch(/ first +total /);
    expect(text.split('\n')[1]).toMatch(/ [\d.]+ m?s +[\d.]+ m?s /);
    expect(text).not.toContain('request gen-');
    expect((await test({ detail: 'verbose' })).text(plainStyle(120)).match(/request gen-\S+/g)).toHaveLength(3);
  });

  it('have a line on a terminal meanwhile, which is gone at the end', async () => {
    await test({}, { tty: true });
    expect(ctx.shown()[0]).toMatch(/opus .* haiku /);
    expect(ctx.shown().at(-1)).toBeUndefined();
    expect(ctx.written()).toBe('');
  });

  it('are silent on stderr with --json', async () => {
    await test({ json: true });
    expect(ctx.written()).toBe('');
  });

  it('never show the key', async () => {
    const outcome = await test();
    expect(JSON.stringify(outcome.data) + outcome.text(plainStyle(120)) + ctx.written() + (outcome.junit ?? '')).not.toContain(
      simulator.key,
    );
  });

  it('give median and spread over several rounds', async () => {
    const outcome = await test({ repeat: 3, aliases: ALIASES.slice(0, 1), quick: true });
    expect(reports(outcome)[0]?.summary).toMatchObject({ rounds: 3, ok: 3 });
    expect(reports(outcome)[0]?.rounds).toHaveLength(3);
    expect(outcome.text(plainStyle(120))).toContain('ok 3/3');
  });
});

describe('exit codes', () => {
  it('one failed alias: 1, with its finding and fix', async () => {
    simulator.setFaults([{ code: 'no-tool-support', model: 'z-ai/glm-4.7-flash' }]);
    const outcome = await test();
    expect(outcome).toMatchObject({ exit: 'problems', findings: [{ code: 'NO_TOOLS', subject: 'haiku' }] });
    expect(outcome.text(plainStyle(120))).toContain('orcc switch haiku=MODEL');
    expect(outcome.text(plainStyle(120))).toMatch(/^3 of 4 \w+, 1 failed \(/m);
    expect(
      outcome
        .text(plainStyle(60))
        .split('\n')
        .filter((line) => line.length > 60 && !line.includes('https:')),
    ).toEqual([]);
  });

  it('a finding of a shared model names both aliases', async () => {
    simulator.setFaults([{ code: 'data-policy', model: 'z-ai/glm-4.7' }]);
    expect((await test()).findings).toMatchObject([{ code: 'DATA_POLICY', subject: 'opus, fable' }]);
  });

  it.each([
    ['credits-empty', 'NO_CREDITS'],
    ['rate-free-day', 'FREE_QUOTA_DAY'],
    ['internal', 'SERVER_ERROR'],
  ])('what concerns the whole account is said once for all models: %s', async (fault, code) => {
    simulator.setFaults([{ code: fault }]);
    const outcome = await test();
    expect(outcome.findings).toMatchObject([{ code, subject: ALIASES.map(({ alias }) => alias).join(', ') }]);
    expect(`${outcome.findings[0]?.cause ?? ''} ${outcome.findings[0]?.fix ?? ''}`).not.toMatch(/glm|qwen/);
    expect(reports(outcome).every(({ finding }) => finding?.code === code)).toBe(true);
  });

  it('what concerns one model is said once for each', async () => {
    simulator.setFaults([{ code: 'data-policy' }]);
    const subjects = (await test()).findings.map(({ subject }) => subject);
    expect(subjects.length).toBe(new Set(ALIASES.map(({ model }) => model)).size);
  });

  it('all on the key: 4', async () => {
    expect((await test({ endpoint: keyed(simulator.baseUrl, simulator.keys.bad) })).exit).toBe('key');
  });

  it('one on the key, the others not: 1', async () => {
    simulator.setFaults([{ code: 'auth-unknown-key', model: 'z-ai/glm-4.7' }]);
    expect((await test()).exit).toBe('problems');
  });

  it('none reached: 5', async () => {
    expect((await test({ endpoint: keyed('http://127.0.0.1:1/api', 'x') })).exit).toBe('network');
  });

  it('a gate is no failure: 0', async () => {
    simulator.setFaults([{ code: 'harness-gate', model: 'z-ai/glm-4.7-flash' }]);
    const outcome = await test();
    expect(outcome).toMatchObject({ exit: 'ok', findings: [{ code: 'HARNESS_GATE' }] });
    expect(outcome.text(plainStyle(120))).toContain('1 unclear');
  });

  it('cancelled: 130, with what is known', async () => {
    simulator.setFaults([{ code: 'first-byte-never', model: 'z-ai/glm-4.7-flash' }]);
    const before = simulator.requests.length;
    const controller = new AbortController();
    const running = test({}, { signal: controller.signal });
    await vi.waitUntil(() => simulator.requests.length - before === 5, { timeout: 20_000 });
    setTimeout(() => controller.abort(), 400);
    const outcome = await running;
    expect(outcome.exit).toBe('cancelled');
    expect(reports(outcome).map(({ verdict, cancelled }) => [verdict, cancelled])).toEqual([
      ['ok', false],
      ['ok', false],
      ['inconclusive', true],
      ['ok', false],
    ]);
    expect(outcome.text(plainStyle(120))).toMatch(/^Stopped: 3 of 4\b/m);
  });
});

describe('--dry-run', () => {
  it('calls nothing and tells likely and worst cost', async () => {
    const before = simulator.requests.length;
    const row = { inputPrice: 1, outputPrice: 2 } as CatalogModel;
    const outcome = await test({ dryRun: true, catalog: { find: (id) => (id.startsWith('qwen') ? undefined : row), nearest: () => [] } });
    expect(simulator.requests.length).toBe(before);
    expect(outcome.data).toMatchObject({ estimate: { unpriced: ['qwen/qwen3-coder-next'] } });
    const { likely, worst } = (outcome.data as { estimate: { likely: number; worst: number } }).estimate;
    expect(likely).toBeGreaterThan(0);
    expect(worst).toBeGreaterThan(likely * 5);
    expect(outcome.text(plainStyle(120))).toMatch(/^6 calls: /m);
    const via = await test({ dryRun: true, via: 'claude', catalog: { find: () => row, nearest: () => [] } });
    expect(via.text(plainStyle(120))).toMatch(/^6 calls .*\b4 sessions\b/m);
    expect((via.data as { estimate: { likely: number } }).estimate.likely).toBeGreaterThan(likely * 5);
    expect(outcome.junit).toBeUndefined();
  });
});

describe('--junit', () => {
  it('has one case an alias, well-formed whatever the texts hold', async () => {
    simulator.setFaults([{ code: 'terminal-escapes-error', model: 'z-ai/glm-4.7-flash' }]);
    const xml = (await test({ aliases: [...ALIASES, { alias: 'subagent', model: 'a&b/"<c>' }] })).junit ?? '';
    expect(xml.match(/<testcase /g)).toHaveLength(5);
    expect(xml).toContain('failures="2"');
    expect(xml).toContain('a&amp;b/&quot;&lt;c&gt;');
    expect(xml).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f]|&(?!amp;|lt;|gt;|quot;|#10;)/);
  });
});
