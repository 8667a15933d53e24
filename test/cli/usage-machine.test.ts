import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { answerLine, writeTranscript, type Wanted } from '../support/transcripts.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const now = (): string => new Date().toISOString();
const write = (name: string, ...answers: readonly Wanted[]): void => {
  writeTranscript(
    box.at('.claude'),
    name,
    answers.map((each) => answerLine({ at: now(), ...each })),
  );
};

interface Report {
  readonly links?: object;
  readonly groups: readonly { readonly key: string; readonly through: string; readonly usd: string | null; readonly answers: number }[];
  readonly totals: Readonly<Record<string, { readonly usd: string; readonly estimatedUsd: string; readonly atProviderPriceUsd: string }>>;
  readonly windows: Readonly<Record<string, { readonly usd: string } | null>>;
  readonly skipped: { readonly lines: number; readonly files: readonly unknown[] };
  readonly modelsWithoutPrice: readonly string[];
  readonly machine?: Readonly<Record<string, { readonly usd: string; readonly answers: number }>> | null;
  readonly usd?: { readonly today: number };
  readonly key: { readonly usd: { readonly today: number } } | null;
}
async function report(...args: readonly string[]): Promise<Report> {
  const { code, json, stderr } = await box.orcc(['usage', '--json', ...args]);
  expect(code, stderr).toBe(0);
  return json().data as unknown as Report;
}
const sums = ({ groups }: Report): Record<string, string | null> => Object.fromEntries(groups.map(({ key, usd }) => [key, usd]));

/** z-ai/glm-4.7 costs $0.60 and $2.20 per million there, the flash $0.0605 and $0.40, qwen3-coder-next $0.12 and $0.80. */
const GLM = { input: 1000, output: 100 } as const;

describe('orcc usage --by', () => {
  beforeEach(async () => {
    await initIn(box, simulator, ['--target', 'user']);
    write('-a/s1.jsonl', GLM, { ...GLM, session: 's1', cwd: '/code/a' });
    write('-b/s2.jsonl', { ...GLM, model: 'z-ai/glm-4.7-flash-20260119', requested: 'z-ai/glm-4.7-flash', session: 's2', cwd: '/code/b' });
  });

  it.each([
    ['model', { 'z-ai/glm-4.7': '0.00164', 'z-ai/glm-4.7-flash': '0.0001005' }],
    ['alias', { 'opus, fable': '0.00164', haiku: '0.0001005' }],
    ['provider', { 'Z.AI': '0.0017405' }],
    ['session', { 'aaaaaaaa-0000-4000-8000-000000000000': '0.00082', s1: '0.00082', s2: '0.0001005' }],
    ['project', { '/home/u/code': '0.00082', '/code/a': '0.00082', '/code/b': '0.0001005' }],
    ['day', { [now().slice(0, 10)]: '0.0017405' }],
  ])('adds up by %s, to the last digit', async (by, expected) => {
    expect(sums(await report('--by', by))).toEqual(expected);
  });

  it('prices by the provider that served, and says what the key has counted for the same days', async () => {
    const { totals, windows, key } = await report('--by', 'model');
    expect(totals['openrouter']).toMatchObject({ usd: '0.0017405', estimatedUsd: '0', atProviderPriceUsd: '0.0017405' });
    expect(windows).toMatchObject({ today: { usd: '0.0017405' }, month: { usd: '0.0017405' } });
    expect(key?.usd.today).toBeGreaterThan(1);
    expect(readFileSync(box.at('.config/orcc/cache/prices.jsonl'), 'utf8')).toContain('"z-ai/glm-4.7","Z.AI",');
  });

  it('stands beside what the key has counted where nothing else is asked', async () => {
    const { code, stdout, stderr } = await box.orcc(['usage']);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^today +\$[\d.]+ +\$0\.00174$/m);
    expect(stdout.match(/\$0\.00174$/gm)).toHaveLength(3);
    expect(stderr).toMatch(/prices: 100%/);
    const { machine, usd, links } = await report();
    // The simulator is a gateway: OpenRouter has no page for its keys.
    expect(links).toEqual({ activity: '', key: '', credits: '' });
    expect(machine).toMatchObject({ today: { usd: '0.0017405', answers: 3 }, week: { answers: 3 }, month: { answers: 3 } });
    expect(usd?.today).toBeGreaterThan(1);
  });

  it('shows its chart in colour, unless there is to be none', async () => {
    const chart = async (env: Readonly<Record<string, string>>): Promise<string> =>
      (await box.bin(['usage', '--by', 'model', '--offline'], { env: { ...box.env, ...env } })).stdout;
    expect(await chart({ NO_COLOR: '', FORCE_COLOR: '1' })).toContain('\u001b[36m█');
    expect(await chart({})).not.toContain('\u001b');
  });

  it('needs no network, and sends nothing, with --offline', async () => {
    const before = simulator.requests.length;
    const { totals, key } = await report('--by', 'model', '--offline');
    expect(totals['openrouter']).toMatchObject({ usd: '0.0017405', atProviderPriceUsd: '0', estimatedUsd: '0' });
    expect(key).toBeNull();
    expect(simulator.requests.length).toBe(before);
  });

  it('takes today’s price for a day before the first catalog, and marks it', async () => {
    write('-a/old.jsonl', { ...GLM, at: '2025-01-02T00:00:00.000Z' });
    const { totals } = await report('--by', 'model');
    expect(totals['openrouter']).toMatchObject({ usd: '0.0025605', estimatedUsd: '0.00082' });
    expect((await box.orcc(['usage', '--by', 'day'])).stdout).toMatch(/^2025-01-02 .* ~\$0\.00082/m);
    const { groups, windows } = await report('--since', '7d');
    expect(groups.map(({ answers }) => answers)).toEqual([3]);
    expect(windows['today']).not.toBeNull();
    // An hour ago was yesterday in the first hour of a day.
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(`${now().slice(0, 10)}T12:00:00Z`) });
    onTestFinished(() => void vi.useRealTimers());
    expect((await report('--since', '1h')).windows['today'] ?? null).toBeNull();
  });

  it('counts what a clock wrote that was ahead or behind on the day that it says, and in no sum of these days', async () => {
    const ahead = new Date(Date.now() + 3 * 86_400_000).toISOString();
    write('-a/clock.jsonl', GLM, { ...GLM, at: ahead }, { ...GLM, at: '1999-12-31T23:59:59.999Z' });
    const { windows, totals, groups } = await report('--by', 'day');
    expect(windows).toMatchObject({ today: { usd: '0.0025605' }, week: { usd: '0.0025605' }, month: { usd: '0.0025605' } });
    expect(totals['openrouter']?.usd).toBe('0.0042005');
    expect(groups.map(({ key }) => key)).toEqual(['1999-12-31', now().slice(0, 10), ahead.slice(0, 10)]);
    expect((await report('--since', '7d')).totals['openrouter']?.usd).toBe('0.0033805');
  });

  it('tells native sessions and other gateways apart, and shows a price that is not known as one', async () => {
    const native = {
      provider: null,
      requested: 'claude-opus-5',
      id: 'msg_1',
      model: 'claude-opus-5-20260724',
      input: 1_000_000,
      output: 0,
    };
    write(
      '-a/n.jsonl',
      native,
      { provider: null, id: 'x1', model: 'acme/gateway', requested: 'acme/gateway' },
      { model: 'acme/unheard-of', requested: 'acme/unheard-of' },
    );
    const { totals, groups, modelsWithoutPrice } = await report('--by', 'model');
    expect(totals['openrouter']?.usd).toBe('0.0017405');
    expect(totals['anthropic']?.usd).toBe('5');
    expect(groups.filter(({ usd }) => usd === null).map(({ key, through }) => [key, through])).toEqual(
      [
        ['acme/gateway', 'other'],
        ['acme/unheard-of', 'openrouter'],
      ].sort(),
    );
    expect(modelsWithoutPrice).toEqual(['acme/gateway', 'acme/unheard-of']);
    const { stdout, stderr } = await box.orcc(['usage', '--by', 'model']);
    expect(stdout).toMatch(/^acme\/unheard-of .* \?/m);
    expect(stdout).toMatch(/^total .*\$0\.0017\d* \+ \?/m);
    expect(stderr).toContain('acme/unheard-of');
  });

  it('takes nothing of a free variant that is answered under the name of the paid model', async () => {
    write('-a/free.jsonl', {
      model: 'nvidia/nemotron-3.5-lightning-20260822',
      requested: 'nvidia/nemotron-3.5-lightning:free',
      provider: 'Nvidia',
    });
    expect(sums(await report('--by', 'model'))['nvidia/nemotron-3.5-lightning:free']).toBe('0');
  });

  it('prints exact CSV, and a chart as wide as the terminal allows', async () => {
    const { stdout } = await box.orcc(['usage', '--by', 'model', '--csv']);
    expect(stdout.split('\n')[1]).toBe('z-ai/glm-4.7,openrouter,2,2000,0,0,200,0.00164,0,0');
    const wide = (await box.orcc(['usage', '--by', 'model'], { columns: 110 })).stdout;
    expect(wide).toMatch(/^z-ai\/glm-4\.7 .*█{20,30}$/m);
    const narrow = (await box.orcc(['usage', '--by', 'model'], { columns: 60 })).stdout;
    expect(narrow).not.toContain('█');
  });

  it('names folders so that no terminal and no spreadsheet runs what they are called, and two stay two', async () => {
    const folders = ['/a\u001b]0;t\u0007b', '/a b', '/a\tb', '=cmd', '\n=cmd', '\u202e/x,"y'];
    for (const [index, cwd] of folders.entries()) write(`-odd/${String(index)}.jsonl`, { cwd, session: `odd-${String(index)}` });
    const csv = (await box.orcc(['usage', '--by', 'project', '--csv'])).stdout;
    const text = (await box.orcc(['usage', '--by', 'project'])).stdout;
    expect(csv + text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(csv).not.toMatch(/^"?[=+@-]/m);
    for (const shown of ['/a\\u001b]0;t\\u0007b', '/a\\u0009b', '/a b'])
      expect([csv.includes(shown), text.includes(shown)]).toEqual([true, true]);
  });

  it('shows and sends no text of a transcript', async () => {
    const before = simulator.requests.length;
    write('-a/secret.jsonl', { text: 'the plan for MARS' });
    const { stdout, stderr } = await box.orcc(['usage', '--by', 'session']);
    expect(stdout + stderr).not.toContain('MARS');
    expect(simulator.requests.slice(before).every(({ method, body }) => method === 'GET' && body === undefined)).toBe(true);
    expect(box.holding('MARS')).toEqual(['.claude/projects/-a/secret.jsonl']);
  });

  it('counts what is broken and names what can not be read', async () => {
    writeTranscript(box.at('.claude'), '-a/broken.jsonl', ['{"type":"assistant"', answerLine({ at: now() })]);
    execFileSync('mkfifo', [box.at('.claude/projects/-a/pipe.jsonl')]);
    symlinkSync('loop.jsonl', box.at('.claude/projects/-a/loop.jsonl'));
    const { skipped } = await report('--by', 'day');
    expect(skipped).toMatchObject({ lines: 1, files: [{ why: 'ELOOP' }, { why: 'no file' }] });
  });

  it('asks what the newest answers cost, and says where it reckons otherwise', async () => {
    const { code, json } = await box.orcc(['usage', '--exact', '2', '--json']);
    expect(code).toBe(0);
    expect(json().data['exact']).toMatchObject({ asked: 2, known: 0 });
  });
});

describe('orcc usage --by, where there is nothing to add up', () => {
  it('ends with exit 3 without transcripts, set up or not', async () => {
    expect((await box.orcc(['usage', '--by', 'day', '--offline'])).code).toBe(3);
    mkdirSync(box.at('.claude/projects'), { recursive: true });
    expect((await box.orcc(['usage', '--by', 'day', '--offline'])).code).toBe(3);
  });

  it('ends with exit 6 where the folder is none', async () => {
    mkdirSync(box.at('.claude'));
    execFileSync('mkfifo', [box.at('.claude/projects')]);
    expect((await box.orcc(['usage', '--by', 'day', '--offline'])).code).toBe(6);
  });

  it('adds up without a set-up, by the built-in list and marked', async () => {
    write('-a/s.jsonl', GLM);
    const { totals } = await report('--by', 'day', '--offline');
    expect(totals['openrouter']).toMatchObject({ usd: '0.00082', estimatedUsd: '0.00082' });
  });

  it.each([
    [['--by', 'colour'], 2],
    [['--since', 'yesterday'], 2],
    [['--since', '2026-02-31'], 2],
    [['--exact', '0'], 2],
    [['--exact', '5', '--offline'], 2],
    [['--exact', '5'], 3],
  ])('refuses %j', async (args, code) => {
    write('-a/s.jsonl', GLM);
    expect((await box.orcc(['usage', ...args])).code).toBe(code);
  });
});
