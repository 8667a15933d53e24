import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { canMount, claudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import type { RunResult } from '../support/sandbox.ts';
import { openTmux } from '../support/tmux.ts';
import { makeKnownHome, setUpIn, useRealm, useSimulation } from '../support/stage.ts';

/** What the simulator's ledger says of ids that stand on standard input: their sum in whole 10^-12 USD. */
const LEDGER = `
let text = ''; for await (const part of process.stdin) text += part;
let sum = 0n; const ids = text.trim().split('\\n');
for (const id of ids) {
  const { data } = await (await fetch(process.argv[1] + '/v1/generation?id=' + id, { headers: { authorization: 'Bearer ' + process.argv[2] } })).json();
  sum += BigInt(Math.round(data.total_cost * 1e12));
}
console.log(String(sum));`;

interface Exact {
  readonly asked: number;
  readonly known: number;
  readonly reckonedUsd: string;
  readonly chargedUsd: string;
  readonly differenceUsd: string;
  readonly answers: readonly { readonly id: string; readonly model: string; readonly reckonedUsd: string; readonly chargedUsd: string }[];
}

describe.skipIf(claudeNeeds())('what the real Claude Code spends', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm, ['PROVIDER_ERROR@minimax/minimax-m3']);
  let box: RealmHome;
  beforeAll(async () => {
    box = await setUpIn(realm, simulation, ['--target', 'user', '--no-auto-mode'], makeKnownHome(realm));
  });

  const orcc = (args: readonly string[], more: Record<string, string> = {}): Promise<RunResult> =>
    realm.run('orcc', args, { env: { ...box.env, ...more }, cwd: box.cwd, timeout: 60_000 });
  const ask = async (prompt: string, ...args: readonly string[]): Promise<void> => {
    const options = { env: { ...box.env, ...QUIET }, cwd: box.cwd, input: '', timeout: 120_000 };
    const { code, stdout, stderr } = await realm.run('claude', ['-p', prompt, '--allowedTools', 'Bash,Agent', ...args], options);
    expect(code, `${prompt.slice(0, 80)} ${args.join(' ')}: ${stdout}${stderr}`).toBe(0);
  };
  const commands = (count: number, command = 'echo'): string =>
    Array.from({ length: count }, (_, index) => `run: ${command} ${String(index)}`).join('\n');

  it('is what orcc usage says, to the last digit: cached, thinking, subagents, fallbacks, forks, price steps, free', async () => {
    const models = [
      'anthropic/claude-opus-5.5',
      'nvidia/nemotron-3.5-lightning',
      'z-ai/glm-5.2',
      'openai/gpt-6-luna',
      '~anthropic/claude-sonnet-latest',
    ];
    for (const model of models) await ask(commands(8), '--model', model);
    await ask(commands(12));
    // Each command prints 29 000 characters, so that prompts grow beyond the step at 32 000 tokens.
    await ask(commands(10, 'head -c 29000 /dev/zero | tr "\\0" x; echo'), '--model', 'qwen/qwen3.8-flash');
    await ask(['agent: say hello', 'agent[haiku]: say hello', 'agent[opus]: run: echo deep'].join('\n'), '--model', 'opus');
    await ask('hi', '--model', 'minimax/minimax-m3', '--fallback-model', 'z-ai/glm-5.3');
    await ask('hi again', '--continue');
    await ask('hi forked', '--continue', '--fork-session');
    await ask(commands(5), '--model', 'thinkingmachines/inkling:free');
    await ask(commands(16), '--model', 'haiku');

    const { code, stdout, stderr } = await orcc(['usage', '--by', 'model', '--exact', '1000', '--json']);
    expect(code, stderr).toBe(0);
    const { exact, totals, modelsWithoutPrice, skipped } = JSON.parse(stdout).data as {
      exact: Exact;
      totals: Record<string, { answers: number; usd: string; estimatedUsd: string; atProviderPriceUsd: string }>;
      modelsWithoutPrice: string[];
      skipped: { lines: number; files: unknown[] };
    };
    expect(exact.answers.filter(({ reckonedUsd, chargedUsd }) => reckonedUsd !== chargedUsd)).toEqual([]);
    expect(exact.asked).toBeGreaterThanOrEqual(100);
    expect(exact).toMatchObject({ known: exact.asked, differenceUsd: '0' });
    expect(totals['openrouter']).toMatchObject({
      answers: exact.asked,
      usd: exact.chargedUsd,
      estimatedUsd: '0',
      atProviderPriceUsd: exact.chargedUsd,
    });
    // $0.60 instead of $0.15 per million above 32 000 tokens.
    const stepped = exact.answers.filter(({ model, chargedUsd }) => model === 'qwen/qwen3.8-flash' && Number(chargedUsd) > 0.005);
    expect(stepped.length).toBeGreaterThan(0);
    expect(exact.answers.some(({ chargedUsd }) => chargedUsd === '0')).toBe(true);
    expect(skipped).toEqual({ lines: 0, files: [] });
    expect(modelsWithoutPrice).toEqual([]);
    // Every answer that was paid for is there, and the ledger, asked without orcc, has the same sum.
    expect(exact.asked).toBe(simulation.takeCalls().filter(({ answer }) => answer === '200').length);
    const ledger = await realm.run(process.execPath, ['--input-type=module', '-e', LEDGER, simulation.baseUrl, simulation.key], {
      env: box.env,
      input: exact.answers.map(({ id }) => id).join('\n'),
    });
    const whole = (usd: string): bigint => BigInt(Math.round(Number(usd) * 1e12));
    expect(BigInt(ledger.stdout.trim()), ledger.stderr).toBe(whole(exact.chargedUsd));
    console.log(`${String(exact.asked)} answers, $${exact.chargedUsd}, difference ${exact.differenceUsd}`);
  }, 600_000);
});

describe.skipIf(claudeNeeds({ program: 'tmux' }))("orcc's status line in the real Claude Code", () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  let box: RealmHome;
  beforeAll(async () => {
    box = await setUpIn(realm, simulation, ['--target', 'user', '--no-auto-mode'], makeKnownHome(realm));
    expect((await realm.run('orcc', ['statusline', '--install', '--yes'], { env: box.env, cwd: box.cwd })).code).toBe(0);
  });

  /** What the machine has spent, as `orcc usage` says it: the session's cost, since there is no other session. */
  async function spent(): Promise<string> {
    const { stdout } = await realm.run('orcc', ['usage', '--by', 'session', '--csv'], { env: box.env, cwd: box.cwd });
    const usd = Number(stdout.split('\n')[1]?.split(',')[7]);
    const digits = usd >= 0.1 ? 2 : 1 - Math.floor(Math.log10(usd)) + 1;
    return `$${usd.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
  }

  it('shows the true cost of the session after each answer, subagents included', async () => {
    // With its colours, which the client shows as such: nothing of them may stand between the words.
    const tmux = await openTmux(realm, ['claude'], { ...box.env, ...QUIET, NO_COLOR: '' }, box.cwd);
    try {
      await tmux.waitFor(/mode on|\? for shortcuts/, 60_000);
      await tmux.waitFor('sonnet qwen/qwen3-coder-next');
      const sums: string[] = [];
      for (const [prompt, answer] of [
        ['run: echo forty-$((40+2))', /answered: forty-42/],
        ['agent: say hello', /finished|answered: Hello from/],
        ['run: echo fifty-$((50+1))', /answered: fifty-51/],
      ] as const) {
        await tmux.type(prompt);
        await tmux.waitFor(prompt);
        await tmux.press('Enter');
        await tmux.waitFor(answer, 60_000);
        // A subagent in the background answers a moment later.
        await new Promise((resolve) => setTimeout(resolve, 3000));
        const sum = await spent();
        await tmux.waitFor(`· ${sum} · ${sum} today`, 20_000);
        expect(await tmux.visible()).toMatch(/sonnet qwen\/qwen3-coder-next · Alibaba · \d+% of 262K · cache \d+% ·/);
        sums.push(sum);
      }
      expect(new Set(sums).size).toBe(3);
      console.log(`the status line showed ${sums.join(', ')}`);
    } finally {
      await tmux.kill();
    }
  }, 240_000);
});

const noManaged = claudeNeeds({ fact: canMount(), factName: 'private mounts (unshare -rnm), for the managed settings in /etc' });

describe.skipIf(noManaged)("Claude Code's own figures", () => {
  const realm = useRealm({ managed: true });
  const simulation = useSimulation(realm);

  it('are 10 to 50 times too high, and true with the prices of `orcc export --managed`', async () => {
    const box = await setUpIn(realm, simulation, ['--target', 'user', '--no-auto-mode'], makeKnownHome(realm));
    const env = { ...box.env, ...QUIET };
    const ask = async (model: string): Promise<{ readonly usd: number; readonly basis: unknown }> => {
      const { stdout } = await realm.run('claude', ['-p', 'hi', '--model', model, '--output-format', 'json'], {
        env,
        cwd: box.cwd,
        input: '',
      });
      const told = JSON.parse(stdout) as { total_cost_usd: number; modelUsage: Record<string, { costBasis?: unknown }> };
      return { usd: told.total_cost_usd, basis: Object.values(told.modelUsage)[0]?.costBasis };
    };
    const charged = async (): Promise<number> => {
      const { stdout } = await realm.run('orcc', ['usage', '--exact', '1', '--json'], { env: box.env, cwd: box.cwd });
      return Number((JSON.parse(stdout) as { data: { exact: Exact } }).data.exact.chargedUsd);
    };
    const before = await ask('sonnet');
    expect(before.basis).toBe('unknown');
    expect(before.usd / (await charged())).toBeGreaterThan(10);
    const { stdout } = await realm.run('orcc', ['export', '--managed'], { env: box.env, cwd: box.cwd });
    const folder = path.join(realm.folder, 'etc', 'claude-code');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'managed-settings.json'), stdout);
    for (const model of ['sonnet', 'opus', 'haiku']) {
      const after = await ask(model);
      expect(after.basis, model).toBe('managed');
      expect(after.usd).toBeCloseTo(await charged(), 9);
      console.log(`${model}: $${String(after.usd)}, before $${String(before.usd)}`);
    }
  }, 240_000);
});
