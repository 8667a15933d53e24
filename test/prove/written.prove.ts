import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isAnthropicModel } from '../../src/claude/aliases.ts';
import { partOf } from '../support/part.ts';
import { CLAUDE, claudeNeeds, olderClaude, olderClaudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import { openTmux, type Tmux } from '../support/tmux.ts';
import { type Asked } from '../support/witness.ts';
import { makeKnownHome, setUpIn, useRealm, useSimulation, useWitness } from '../support/stage.ts';

const MIXED = ['--opus', 'anthropic/claude-opus-5.5', '--sonnet', 'z-ai/glm-5.3', '--haiku', 'qwen/qwen3-coder-next'];
const MOTLEY = [
  ...['--opus', 'z-ai/glm-4.7@preset/cheap', '--sonnet', '~anthropic/claude-sonnet-latest', '--haiku', 'google/gemma-4-31b-it:free'],
  ...['--fable', '@preset/cheap', '--default', 'opus', '--fallback', 'qwen/qwen3-coder-next', '--pin', 'openai/gpt-oss-120b'],
];
const MAPPINGS: readonly (readonly [name: string, flags: readonly string[]])[] = [
  ...['guide', 'value', 'anthropic', 'free'].map((name): [string, string[]] => [name, ['--preset', name]]),
  ['mixed', MIXED],
  // Text alone and images, a free model, an account's preset, one that stands in and one in the picker, side by side.
  ['motley', MOTLEY],
];
const TARGETS = ['bash', 'user'] as const;

const CLIENTS = [
  { version: 'newest', program: CLAUDE, missing: claudeNeeds({ program: 'tmux' }), mappings: MAPPINGS, targets: TARGETS },
  ...['2.1.330', '2.1.300', '2.1.260', '2.1.212'].map((version, index) => ({
    version,
    program: olderClaude(version),
    missing: olderClaudeNeeds(version),
    mappings: MAPPINGS.slice(0, 1),
    targets: partOf(TARGETS, TARGETS.length, index),
  })),
];

/** One line for programs that it gives to each model out of its own catalog; not for people, and nothing takes it away. */
const SHELL = /^bash: .*\n/gm;
const SIGNAL = /^\[claude-code:unrecognized_model\] \{.*\}\n?/gm;

describe.each(CLIENTS)(
  'Claude Code $version before a gateway as strict as OpenRouter',
  ({ version, program, missing, mappings, targets }) => {
    describe.skipIf(missing)('with what orcc writes is refused nothing and warned of nothing', () => {
      const realm = useRealm({ claude: program });
      const simulation = useSimulation(realm);
      const witness = useWitness(realm, simulation, 'strict');
      let tmux: Tmux | undefined;
      let sent = 0;
      afterEach(async () => {
        await tmux?.kill();
        tmux = undefined;
      });
      afterAll(async () => {
        console.log(`Claude Code ${version}: ${sent} requests, none refused`);
      });

      async function init(flags: readonly string[], target: string): Promise<RealmHome> {
        const box = await setUpIn(realm, witness, [...flags, '--no-auto-mode', '--target', target], makeKnownHome(realm));
        witness.takeAsked();
        return box;
      }

      /** What was asked of models since the last time; every one must have been taken as it came. */
      function takeClean(): readonly Asked[] {
        const asked = witness.takeAsked().filter((each) => !each.path.includes('count_tokens'));
        expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
        expect(asked.filter(({ model = '', deferred }) => deferred > 0 && !isAnthropicModel(model))).toEqual([]);
        expect(asked.filter(({ system }) => system.includes('x-anthropic-billing-header'))).toEqual([]);
        expect(asked.filter(({ display }) => display === 'updates')).toEqual([]);
        expect(asked.filter(({ betas = '' }) => betas.includes('context-1m'))).toEqual([]);
        sent += asked.length;
        return asked;
      }

      const cases = mappings.flatMap(([name, flags]) => targets.map((target) => [name, target, flags] as const));

      it.each(cases)('%s in %s: one question with -p', async (_name, target, flags) => {
        const box = await init(flags, target);
        const options = { env: { ...box.env, ...QUIET }, cwd: box.cwd, input: '' };
        const { code, stdout, stderr } = await realm.run('bash', ['-ic', 'claude -p hi'], options);
        expect(stderr.replace(SHELL, '').replace(SIGNAL, '')).toBe('');
        expect(code).toBe(0);
        expect(stdout).toContain('Hello from the simulator');
        expect(takeClean()).toHaveLength(1);
      });

      it.each(cases)('%s in %s: a session with a command, a subagent and a compaction', async (_name, target, flags) => {
        const box = await init(flags, target);
        tmux = await openTmux(realm, ['bash'], { ...box.env, ...QUIET, HISTFILE: '/dev/null' }, box.cwd);
        await tmux.type('claude');
        await tmux.press('Enter');
        await tmux.waitFor(/mode on|\? for shortcuts/, 60_000);
        const say = async (text: string, wanted: string | RegExp): Promise<void> => {
          await tmux?.type(text);
          await tmux?.waitFor(text);
          await tmux?.press('Enter');
          await tmux?.waitFor(wanted, 60_000);
        };
        await say('run: echo forty-$((40+2))', /answered: forty-42/);
        expect(takeClean().length).toBeGreaterThanOrEqual(2);
        await say('agent: say hello', /Agent "Ask a subagent" finished|answered: Hello from/);
        expect(takeClean().length).toBeGreaterThanOrEqual(2);
        await say('/compact', /Compacted/);
        expect(takeClean().length).toBeGreaterThanOrEqual(1);
        expect(await tmux.screen()).not.toMatch(/API Error|recognize the model|DISABLE_1M/);
      });
    });
  },
);
