import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NetworkError } from '../../src/core/network-error.ts';
import type { Box, Ran } from '../support/box.ts';
import { initIn, useSetUps, useSimulator } from '../support/use.ts';

/** Whatever a message tells the user to type works in the very state in which it is told. */
const simulator = await useSimulator();

const MODEL = 'z-ai/glm-4.7';
const init = (box: Box): Promise<Ran> => initIn(box, simulator, ['--target', 'user']);
/** What is run to come to a state; `box` is as `init` left it. */
const then =
  (...all: readonly string[]) =>
  async (box: Box): Promise<void> => {
    await init(box);
    for (const line of all) expect((await box.orcc([...line.split(' '), '--yes'])).code, line).toBe(0);
  };
const broken = (name: string) => async (box: Box) => [await init(box), box.write(name, '{')];

const STATES: Readonly<Record<string, (box: Box) => Promise<unknown>>> = {
  fresh: () => Promise.resolve(),
  'after init': init,
  'after undo': then('undo'),
  'after remove': then('remove'),
  'after remove of the only target': then('remove --target user'),
  'on Anthropic': then('switch --native'),
  'on Anthropic, the only target removed': then('switch --native', 'remove --target user'),
  'key forgotten': then('key forget'),
  'key file gone': async (box) => [await init(box), rmSync(box.at('.config/orcc/key'))],
  'config.json broken': broken('.config/orcc/config.json'),
  'settings.json broken': broken('.claude/settings.json'),
  'state.json broken': broken('.config/orcc/state.json'),
};

const LOOKS = ['status', 'test', 'doctor --offline', 'key', 'key list', 'profile list', 'profile export', 'usage', 'undo --list'];
/** Of these the hint of a refusal counts: afterwards the state would be another. */
const CHANGES = ['switch --back --yes', 'switch --native --yes', 'key storage keychain --yes', 'undo --yes', 'remove --target bash --yes'];
/** They ask for what only the user has: a key, or a choice. */
const ASKS = /^orcc (init|login|key set|key add NAME)\b/;

const [box, make] = useSetUps((fresh, name: string) => STATES[name]?.(fresh) ?? Promise.reject(new Error(name)));

/** Where nobody but the simulator can be reached. */
const run = (words: readonly string[]): Promise<Ran> =>
  box.orcc(words, {
    http: (real) => ({
      proxyFor: () => undefined,
      request: (request) =>
        request.url.startsWith(simulator.baseUrl) ? real.request(request) : Promise.reject(new NetworkError('refused', { host: 'nobody' })),
    }),
  });

/** Every `orcc …` of a text. */
function hintsOf(text: string): readonly string[] {
  return [...text.replace(/\s*\n\s*/g, ' ').matchAll(/`(orcc [^`]+)`/g)].map(([, hint = '']) => hint);
}

it.each(Object.keys(STATES))('every command that is told %s works there', async (name) => {
  await make(name);
  const putBack = box.keep();
  const told = new Map<string, string>();
  for (const look of [...LOOKS, ...CHANGES]) {
    const ran = await run(look.split(' '));
    for (const hint of hintsOf(LOOKS.includes(look) ? ran.stdout + ran.stderr : (/hint:[^]*/.exec(ran.stderr)?.[0] ?? '')))
      told.set(hint, look);
    putBack();
  }
  const failed: string[] = [];
  for (const [hint, look] of told) {
    // What led here is named too; and there is nothing to sum up before the first session.
    if (hint === 'orcc switch --native' || hint.startsWith('orcc usage')) continue;
    const words = hint.split(' ').slice(1);
    const typed = words.map((word) => word.replace('MODEL', MODEL).replace('NAME', 'mine').replace('CODE', 'KEY_MISSING'));
    const isAsked = ASKS.test(hint);
    const ran = await run([...typed, ...(isAsked ? ['--help'] : ['--yes', '--dry-run'])]).then((first) =>
      // Commands that only look take neither flag.
      first.stderr.includes(' has no flag ') ? run(typed) : first,
    );
    putBack();
    if (ran.code === 2 || ran.code === 3) failed.push(`${look} tells \`${hint}\`: exit ${ran.code}, ${ran.stderr.slice(0, 200)}`);
  }
  expect(failed).toEqual([]);
});

it('a word that is no model is not put into the command that is told', async () => {
  await make('after init');
  const told = async (...words: string[]): Promise<readonly string[]> => hintsOf((await run(['switch', ...words])).stderr);
  expect(await told('opus', 'sonnet')).toEqual(['orcc switch opus=MODEL']);
  expect(await told('opus', 'value')).toEqual(['orcc switch opus=MODEL']);
  expect(await told('opus', 'glm-4.7')).toEqual(['orcc switch opus=glm-4.7']);
  for (const word of ['haiku=', '=x', 'haiku= ']) {
    const ran = await run(['switch', word]);
    expect([ran.code, ran.stderr]).toEqual([2, expect.not.stringContaining('``')]);
  }
});
