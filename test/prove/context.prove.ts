import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILTIN_MODELS } from '../../src/openrouter/builtin.ts';
import { believe } from '../../src/claude/believed-window.ts';
import { claudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import type { TestEnv } from '../support/sandbox.ts';
import { setUpIn, useRealm, useSimulation } from '../support/stage.ts';

const missing = claudeNeeds();

interface Shown {
  /** Tokens, as Claude Code rounds them. */
  readonly window: string;
  /** Tokens that it sets aside for compacting by itself; `none` where it never compacts. */
  readonly buffer: string;
}

const at = (window: string, buffer = '33k'): Shown => ({ window, buffer });

const ALIASES = ['opus', 'sonnet', 'haiku'] as const;

interface Case {
  readonly name: string;
  readonly models: { readonly opus: string; readonly sonnet: string; readonly haiku: string };
  readonly defaultAlias: (typeof ALIASES)[number];
  /** What `/context` says of opus, sonnet, haiku, with user settings and with the shell alone. */
  readonly user: readonly [Shown, Shown, Shown];
  readonly shell: readonly [Shown, Shown, Shown];
}

/** The usable window of real window W and the 32000 output tokens asked for is W - 6000; of 16384 it is W. */
const CASES: readonly Case[] = [
  {
    name: '128k for all',
    models: { opus: 'openai/gpt-oss-120b', sonnet: 'z-ai/glm-4.5', haiku: 'z-ai/glm-4.7-flash' },
    defaultAlias: 'opus',
    user: [at('125.1k'), at('125.1k'), at('125.1k')],
    shell: [at('125.1k'), at('125.1k'), at('125.1k')],
  },
  {
    name: '200k for all',
    models: { opus: 'z-ai/glm-4.7', sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7' },
    defaultAlias: 'sonnet',
    user: [at('198.8k'), at('198.8k'), at('198.8k')],
    shell: [at('198.8k'), at('198.8k'), at('198.8k')],
  },
  {
    name: '262k for all',
    models: { opus: 'qwen/qwen3.8-27b', sonnet: 'qwen/qwen3-coder-next', haiku: 'google/gemma-4-31b-it' },
    defaultAlias: 'opus',
    user: [at('256.1k'), at('256.1k'), at('256.1k')],
    shell: [at('256.1k'), at('256.1k'), at('256.1k')],
  },
  {
    name: '1M for all, which Claude Code does not know',
    models: { opus: 'z-ai/glm-5.3', sonnet: 'moonshotai/kimi-k3', haiku: 'deepseek/deepseek-v4-flash-0731' },
    defaultAlias: 'opus',
    user: [at('1m'), at('1m'), at('1m')],
    shell: [at('1m'), at('1m'), at('1m')],
  },
  {
    name: 'the guide: 200k, 262k, 128k',
    models: { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash' },
    defaultAlias: 'sonnet',
    user: [at('198.8k'), at('256.1k'), at('125.1k')],
    shell: [at('198.8k'), at('198.8k'), at('198.8k')],
  },
  {
    name: '128k for opus, 1M for sonnet',
    models: { opus: 'openai/gpt-oss-120b', sonnet: 'z-ai/glm-5.3', haiku: 'minimax/minimax-m3' },
    defaultAlias: 'opus',
    user: [at('125.1k'), at('1m'), at('518.3k')],
    shell: [at('125.1k'), at('125.1k'), at('125.1k')],
  },
  {
    name: "Claude's own for opus and sonnet, 128k for haiku",
    models: { opus: 'anthropic/claude-opus-5.5', sonnet: 'anthropic/claude-sonnet-4.6', haiku: 'z-ai/glm-4.7-flash' },
    defaultAlias: 'opus',
    user: [at('1m'), at('200k'), at('125.1k')],
    shell: [at('1m'), at('200k'), at('125.1k')],
  },
  {
    name: 'another for opus, which leaves the known ones their million',
    models: { opus: 'z-ai/glm-4.7', sonnet: 'anthropic/claude-sonnet-5.5', haiku: 'anthropic/claude-haiku-4.5' },
    defaultAlias: 'sonnet',
    user: [at('198.8k'), at('1m'), at('200k')],
    shell: [at('198.8k'), at('1m'), at('200k', 'none')],
  },
  {
    name: 'a haiku that gives 16384 tokens in one answer, in a window too small for anything but helper calls',
    models: { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'qwen/qwen-2.5-72b-instruct' },
    defaultAlias: 'sonnet',
    user: [at('204.8k', '29.4k'), at('262.1k', '29.4k'), at('262.1k', '29.4k')],
    shell: [at('204.8k', '29.4k'), at('204.8k', '29.4k'), at('204.8k', '29.4k')],
  },
];

const MC = 'CLAUDE_CODE_MAX_CONTEXT_TOKENS';
const ACW = 'CLAUDE_CODE_AUTO_COMPACT_WINDOW';
const NO_1M = 'CLAUDE_CODE_DISABLE_1M_CONTEXT';
const MO = 'CLAUDE_CODE_MAX_OUTPUT_TOKENS';

/** Model, variables, and `modelSettings.<id>.autoCompactWindow`. */
const BELIEFS: readonly (readonly [string, Record<string, string>, number | undefined])[] = [
  ['z-ai/glm-4.7', {}, undefined],
  ['z-ai/glm-4.7', { [MC]: '128000' }, undefined],
  ['z-ai/glm-4.7', { [MC]: '128000', [MO]: '8192' }, undefined],
  ['z-ai/glm-4.7', { [NO_1M]: '1' }, undefined],
  ['z-ai/glm-4.7', { [NO_1M]: '0' }, undefined],
  ['z-ai/glm-4.7', { [MC]: '300000', [NO_1M]: '1' }, undefined],
  ['z-ai/glm-4.7', { [ACW]: '50000' }, undefined],
  ['z-ai/glm-4.7', { [MC]: '150000', [ACW]: '120000' }, undefined],
  ['z-ai/glm-4.7', { [MC]: '256144' }, 198800],
  ['z-ai/glm-4.7', { [MC]: '256144' }, 99999],
  ['z-ai/glm-4.7[1m]', { [MC]: '128000' }, undefined],
  ['z-ai/glm-4.7[1m]', { [MC]: '128000', [NO_1M]: '1' }, undefined],
  ['anthropic/claude-sonnet-4.6', { [MC]: '128000' }, undefined],
  ['anthropic/claude-sonnet-4.6', {}, 150000],
  ['anthropic/claude-opus-5.5', { [NO_1M]: '1' }, undefined],
  ['anthropic/claude-haiku-4.5', {}, undefined],
  ['anthropic/claude-haiku-4.5', {}, 200000],
  ['~anthropic/claude-opus-latest', { [MC]: '128000' }, undefined],
];

describe.skipIf(missing)('`/context` of the real Claude Code, with the limits that orcc derives', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);

  async function context(box: RealmHome, model: string | undefined, variables: TestEnv = {}): Promise<{ model: string; shown: Shown }> {
    const command = `claude -p /context ${model === undefined ? '' : `--model ${model}`}`;
    const { stdout, stderr } = await realm.run('bash', ['-ic', command], {
      env: { ...box.env, ...QUIET, ...variables },
      cwd: box.cwd,
    });
    return {
      model: /\*\*Model:\*\* (\S+)/.exec(stdout)?.[1] ?? stderr,
      shown: {
        window: /\*\*Tokens:\*\* \S+ \/ (\S+)/.exec(stdout)?.[1] ?? 'none',
        buffer: /Autocompact buffer \| (\S+)/.exec(stdout)?.[1] ?? 'none',
      },
    };
  }

  async function init(
    box: RealmHome,
    { models, defaultAlias }: Pick<Case, 'models' | 'defaultAlias'>,
    ...more: readonly string[]
  ): Promise<void> {
    const flags = Object.entries(models).flatMap(([alias, id]) => [`--${alias}`, id]);
    await setUpIn(realm, simulation, [...flags, '--default', defaultAlias, ...more], box);
  }

  describe.each(CASES)('$name', ({ models, defaultAlias, user, shell }) => {
    it.each([
      ['user settings', 'user', user],
      ['the shell alone', 'bash', shell],
    ] as const)('with %s', async (_name, target, wanted) => {
      const box = realm.makeHome();
      await init(box, { models, defaultAlias }, '--target', target);
      const ids = [models.opus, models.sonnet, models.haiku];
      const [first, ...found] = await Promise.all([undefined, ...ALIASES].map(async (alias) => await context(box, alias)));
      expect(found.map(({ shown }) => shown)).toEqual(wanted);
      if (target === 'user') expect(found.filter(({ shown }, index) => roomLeft(ids[index] ?? '', shown) < -100)).toEqual([]);
      // The default is the alias itself: no `[1m]` on it, which would never compact.
      expect(first).toEqual({ model: models[defaultAlias], shown: found[ALIASES.indexOf(defaultAlias)]?.shown });
    });
  });

  it('without them Claude Code takes every model that it does not know for one of a million tokens', async () => {
    const box = realm.makeHome();
    await init(box, CASES[0] as Case, '--target', 'bash', '--limits', 'none');
    expect((await context(box, 'opus')).shown).toEqual(at('1m'));
    expect((await context(box, 'haiku')).shown).toEqual(at('1m'));
  });

  describe('what orcc believes that Claude Code believes is so', () => {
    it.each(BELIEFS)('%s %j, autoCompactWindow %s', async (model, variables, setting) => {
      const box = realm.makeHome();
      if (setting !== undefined) {
        mkdirSync(path.join(box.home, '.claude'));
        writeFileSync(
          path.join(box.home, '.claude/settings.json'),
          JSON.stringify({ modelSettings: { [model]: { autoCompactWindow: setting } } }),
        );
      }
      const { shown } = await context(box, undefined, {
        ANTHROPIC_BASE_URL: simulation.baseUrl,
        ANTHROPIC_AUTH_TOKEN: simulation.key,
        ANTHROPIC_MODEL: model,
        ...variables,
      });
      const million = /\[1m\]$/.test(model);
      const belief = believe({
        model: model.replace(/\[1m\]$/, ''),
        million,
        variable: (name) => variables[name],
        setting,
        version: '2.1.330',
      });
      const buffer = belief.compactsAt === undefined ? 'none' : rounded(belief.window - belief.compactsAt);
      expect(shown).toEqual({ window: rounded(belief.window), buffer });
    });
  });
});

/** 198800 is `198.8k`, 1000000 `1m`, as `/context` writes it. */
function rounded(tokens: number): string {
  const [value, unit] = tokens >= 999_500 ? [tokens / 1_000_000, 'm'] : [tokens / 1000, 'k'];
  return `${value.toFixed(1).replace(/\.0$/, '')}${unit}`;
}

/** Tokens that are left of a model's real window when it compacts and is given its longest answer. The tiny one is for helper calls. */
function roomLeft(id: string, { window, buffer }: Shown): number {
  const real = BUILTIN_MODELS.find((model) => model.id === id)?.context ?? 0;
  const maxOutput = buffer === '33k' ? 32_000 : 16_384;
  return real < 45_000 ? 0 : real - (tokens(window) - tokens(buffer) + maxOutput);
}

const tokens = (text: string): number => Number.parseFloat(text) * (text.endsWith('m') ? 1_000_000 : 1000);
