import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { parseProfileFile } from '../../src/config/profile-file.ts';
import { parseTeamFile } from '../../src/config/team-file.ts';
import { OrccError } from '../../src/core/errors.ts';

/** The first line of what a file is refused with: where, what is there, what is allowed. */
function refusal(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof OrccError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

const models = { opus: 'z-ai/glm-4.7', sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7' };
const team = (members: object): object => ({ schemaVersion: 1, mapping: models, ...members });

it.each<[unknown, RegExp]>([
  [{}, /`schemaVersion`: it is missing \(expected 1\)$/],
  [[], /the top level: expected an object, found a list$/],
  [null, /the top level: expected an object, found null$/],
  [{ schemaVersion: '1' }, /`schemaVersion`: expected 1, found "1"$/],
  [team({ mapping: 3 }), /`mapping`: expected an object, found 3$/],
  [team({ mapping: { ...models, opus: null } }), /`mapping\.opus`: expected a string, found null$/],
  [team({ mapping: {} }), /`mapping\.opus`: it is missing \(expected a string\)$/],
  [team({ mapping: { ...models, fabel: 'a/b' } }), /`mapping\.fabel`: no such member; allowed: opus, sonnet, haiku, fable/],
  [team({ defaultAlias: 'gpt' }), /`defaultAlias`: expected one of opus, sonnet, haiku, fable, found "gpt"$/],
  [team({ extras: { fallback: ['a/b', 'a/c', 'a/d', 'a/e'] } }), /`extras\.fallback`: expected at most 3 entries, found 4$/],
  [team({ extras: { effort: { opus: 'huge' } } }), /`extras\.effort\.opus`: expected one of low, .*, found "huge"$/],
  [team({ presets: { a: { mapping: [] } } }), /`presets\.a\.mapping`: expected an object, found a list$/],
])('an orcc.json that is %j', (value, said) => {
  expect(refusal(() => parseTeamFile(JSON.stringify(value), 'orcc.json', '0.1.0'))).toMatch(said);
});

it('a profile file and the configuration are told the same way', () => {
  expect(refusal(() => parseProfileFile('{"schemaVersion":1,"profiles":[]}', 'p.json'))).toMatch(
    /`profiles`: expected an object, found a list$/,
  );
  expect(refusal(() => parseConfig('{}', 'config.json'))).toMatch(/`schemaVersion`: it is missing \(expected one of 1, 2\)$/);
  expect(refusal(() => parseConfig('{"schemaVersion":2,"baseUrl":3}', 'config.json'))).toMatch(/`baseUrl`: expected a string, found 3$/);
});

it('quotes no key and no control character of a wrong value', () => {
  const said = refusal(() => parseConfig(JSON.stringify({ schemaVersion: `sk-or-v1-${'a1'.repeat(32)}\u001b[31m` }), 'config.json'));
  expect(said).not.toMatch(/a1a1a1a1|\u001b/);
});
