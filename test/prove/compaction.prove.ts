import { describe, expect, it } from 'vitest';
import { partOf } from '../support/part.ts';
import { CLAUDE, claudeNeeds, olderClaude, olderClaudeNeeds, QUIET } from '../support/realm.ts';
import { makeKnownHome, setUpIn, useRealm, useSimulation, useWitness } from '../support/stage.ts';

const TARGETS = ['bash', 'user'] as const;

/** What is mapped, and the window of the model that a session starts with, in tokens: shells know one for all models. */
interface Filled {
  readonly name: string;
  readonly flags: readonly string[];
  readonly windows: Readonly<Record<(typeof TARGETS)[number], number>>;
}
const FLASH = 'z-ai/glm-4.7-flash';
const FILLED: readonly Filled[] = [
  { name: 'the guide', flags: ['--preset', 'guide'], windows: { bash: 204_800, user: 262_144 } },
  { name: 'one model', flags: ['--opus', FLASH, '--sonnet', FLASH, '--haiku', FLASH], windows: { bash: 131_072, user: 131_072 } },
  { name: 'a million tokens', flags: ['--preset', 'value'], windows: { bash: 1_048_576, user: 1_048_576 } },
  {
    name: 'a window cut off by a smaller one',
    flags: ['--opus', 'z-ai/glm-5.3', '--sonnet', FLASH, '--haiku', FLASH, '--default', 'opus'],
    windows: { bash: 131_072, user: 1_048_576 },
  },
];

const CASES = FILLED.flatMap((each, row) =>
  // The older clients share them out by turns, so that each gets both kinds of target.
  (row % 2 === 0 ? TARGETS : TARGETS.toReversed()).map((target) => [each.name, target, each] as const),
);

const CLIENTS = [
  { version: 'newest', program: CLAUDE, missing: claudeNeeds(), cases: CASES },
  // Between them each case once.
  ...['2.1.330', '2.1.300'].map((version, index) => ({
    version,
    program: olderClaude(version),
    missing: olderClaudeNeeds(version),
    cases: partOf(CASES, 2, index),
  })),
];

const LINE = 'lorem ipsum dolor sit amet consectetur adipiscing elit\n';
/** Of the window, so that it is full with the fourth or fifth prompt. */
const SHARE = 0.23;
const BYTES_PER_TOKEN = 4;
const MOST_ROUNDS = 8;

describe.each(CLIENTS)('Claude Code $version in a window that fills', ({ version, program, missing, cases }) => {
  describe.skipIf(missing)('with the limits that orcc writes', () => {
    const realm = useRealm({ claude: program });
    const simulation = useSimulation(realm);
    const witness = useWitness(realm, simulation, 'strict');

    it.each(cases)(
      'compacts by itself before the window is full, and goes on: %s, %s',
      async (name, target, { flags: models, windows }) => {
        const box = await setUpIn(realm, witness, [...models, '--no-auto-mode', '--target', target], makeKnownHome(realm));
        const lines = Math.round((windows[target] * SHARE * BYTES_PER_TOKEN) / LINE.length);
        const say = async (more: string): Promise<void> => {
          const { code, stdout, stderr } = await realm.run('bash', ['-ic', `claude -p ${more}`], {
            env: { ...box.env, ...QUIET },
            cwd: box.cwd,
            input: `${LINE.repeat(lines)}Say hello.`,
            timeout: 240_000,
          });
          expect(code, `${stdout}${stderr}`).toBe(0);
        };
        witness.takeAsked();
        const sizes: number[] = [];
        // What was said is gone from the request that follows a compaction.
        const isCompacted = (): boolean => sizes.some((bytes, index) => bytes < 0.75 * (sizes[index - 1] ?? 0));
        let after = 0;
        for (let round = 0; round < MOST_ROUNDS && after < 2; round += 1) {
          await say(round === 0 ? '' : '--continue');
          for (const { path: where, status, bytes } of witness.takeAsked()) {
            expect([where, status]).toEqual([where, 200]);
            sizes.push(bytes);
          }
          if (isCompacted()) after += 1;
        }
        console.log(`${version}, ${name}, ${target}: requests of ${sizes.map((bytes) => `${Math.round(bytes / 1000)} KB`).join(', ')}`);
        expect(after).toBe(2);
        // Neither long before the window is full, which would waste what is paid for.
        expect(Math.max(...sizes)).toBeGreaterThan(0.5 * windows[target] * BYTES_PER_TOKEN);
      },
    );
  });
});
