import { describe, expect, it } from 'vitest';
import { membersReplaced, presentValue, settingsMembers } from '../../src/change/members.ts';
import { sumOf } from '../../src/edit/json/json-verify.ts';
import { desire, setup } from '../support/machine.ts';

const bytes = Buffer.from('{"env": {"A": "b"}, "0": 1}');

describe('the members of a file whose record was lost', () => {
  it('are those that are there and for which a value was put aside', () => {
    const replaced = { '["env","A"]': '"mine"', '["env","B"]': '"gone"' };
    expect(membersReplaced(replaced, bytes)).toEqual([{ path: ['env', 'A'], sum: sumOf('b'), createdParents: [], replaced: '"mine"' }]);
  });

  it('are none that a sum or anything else names', () => {
    for (const name of ['0123abcd', '{', '"env"', '[0]', '["env",1]'])
      expect([name, membersReplaced({ [name]: 'x' }, bytes)]).toEqual([name, []]);
  });
});

it('an element is not present where there is no list any more', () => {
  const element = { path: ['a'], sum: sumOf('x'), element: true } as const;
  expect([{ a: ['y', 'x'] }, { a: ['y'] }, { a: 'x' }, {}].map((root) => presentValue(root, element))).toEqual([
    'x',
    undefined,
    undefined,
    undefined,
  ]);
});

describe('the members of a set-up', () => {
  const { setup: wanted } = desire(setup('user'));
  const names = (...[place, carries, more]: readonly [Parameters<typeof settingsMembers>[0], 'setup' | 'extras', object?]) =>
    settingsMembers(place, carries, wanted && { ...wanted, ...more }, [], 'k').map(({ path }) => path.at(-1));
  const mapping = ['ANTHROPIC_DEFAULT_OPUS_MODEL', 'ANTHROPIC_MODEL'];

  it('are the mapping alone in a committed file, of variables of its own if there are any', () => {
    expect(names('user', 'setup')).toEqual(['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY', ...mapping]);
    expect(names('project', 'setup')).toEqual(mapping);
    expect(names('project', 'setup', { sharedVariables: [{ name: 'A', value: 'b' }] })).toEqual(['A']);
  });

  it('are none where only what stands beside it is carried', () => {
    expect([names('user', 'extras'), settingsMembers('user', 'setup', undefined, [], 'k')]).toEqual([[], []]);
  });
});
