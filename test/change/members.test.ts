import { describe, expect, it } from 'vitest';
import { membersReplaced, presentValue } from '../../src/change/members.ts';
import { sumOf } from '../../src/edit/json/json-verify.ts';

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
