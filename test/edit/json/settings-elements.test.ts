import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertForeignElements } from '../../../src/edit/json/settings-elements.ts';
import { sumOf } from '../../../src/edit/json/json-verify.ts';
import { planSettingsFile, type OwnedMember } from '../../../src/edit/json/settings-edit.ts';

const DENY = ['permissions', 'deny'];
const RULE = 'Read(**/*.png)';

function plan(before: string | null, values: readonly string[], owned: readonly OwnedMember[] = []) {
  const result = planSettingsFile({
    path: '/s.json',
    before: before === null ? null : Buffer.from(before),
    desired: values.map((value) => ({ path: DENY, value, element: true as const })),
    owned,
    createdFile: before === null,
    replace: false,
    force: false,
  });
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return { ...result, text: result.after === null ? null : Buffer.from(result.after).toString('utf8') };
}

describe('single elements of arrays in a settings file', () => {
  it.each([
    ['{"permissions":{"deny":["a","b"]}}', '{"permissions":{"deny":["a","b","Read(**/*.png)"]}}'],
    ['{"permissions":{"deny":["a"]}}', '{"permissions":{"deny":["a", "Read(**/*.png)"]}}'],
    ['{"permissions":{"deny":[null,1]}}', '{"permissions":{"deny":[null,1,"Read(**/*.png)"]}}'],
    ['{"permissions": {"deny": [ ]}}', '{"permissions": {"deny": ["Read(**/*.png)"]}}'],
    [
      '{\n  "permissions": {\n    "deny": [\n      "a"\n    ]\n  }\n}\n',
      '{\n  "permissions": {\n    "deny": [\n      "a",\n      "Read(**/*.png)"\n    ]\n  }\n}\n',
    ],
    ['{"model":"x"}', '{"model":"x","permissions":{"deny":["Read(**/*.png)"]}}'],
    ['', '{\n  "permissions": {\n    "deny": ["Read(**/*.png)"]\n  }\n}\n'],
  ])('go to the end of %j in its style, and come out again without a trace', (before, after) => {
    const added = plan(before, [RULE]);
    expect(added).toMatchObject({ text: after, notes: [] });
    expect(plan(added.text, [RULE], added.owned).text).toBe(after);
    expect(plan(added.text, [], added.owned).text).toBe(before);
  });

  it('make a file of their own, which goes with them', () => {
    const added = plan(null, [RULE, 'b']);
    expect(JSON.parse(added.text ?? '')).toEqual({ permissions: { deny: [RULE, 'b'] } });
    const removed = planSettingsFile({
      path: '/s.json',
      before: added.after,
      desired: [],
      owned: added.owned,
      createdFile: true,
      replace: false,
      force: false,
    });
    expect(removed).toMatchObject({ ok: true, after: null });
  });

  it("that were there before are not orcc's, and stay", () => {
    const before = `{"permissions":{"deny":["${RULE}","z"]}}`;
    const added = plan(before, [RULE]);
    expect(added.text).toBe(before);
    expect(added.owned).toEqual([]);
    expect(added.notes).toMatchObject([{ kind: 'kept', member: DENY }]);
    expect(plan(before, [], added.owned).text).toBe(before);
  });

  it('leave alone, also after the user put others around them, dropped some or changed the order', () => {
    const added = plan('{"permissions":{"deny":["a"]}}', [RULE, 'ours']);
    const theirs = `{"permissions":{"deny":[ "new",\n "ours" , "a",{"b":1}, "${RULE}","last" ], "allow":["x"]}}`;
    expect(plan(theirs, [], added.owned).text).toBe('{"permissions":{"deny":[ "new" , "a",{"b":1},"last" ], "allow":["x"]}}');
    expect(plan('{"permissions":{"deny":["a"]}}', [], added.owned).notes.map(({ kind }) => kind)).toEqual(['gone', 'gone']);
    expect(plan(theirs.replace('ours', 'OURS'), [], added.owned).text).toContain('"OURS"');
  });

  it('stay where they are while they are wanted, and the others come and go', () => {
    const added = plan('{"permissions":{"deny":["a"]}}', [RULE, 'ours']);
    expect(added.notes).toEqual([]);
    const changed = plan(`{"permissions":{"deny":["ours","a","${RULE}","z"]}}`, [RULE, 'new'], added.owned);
    expect(changed).toMatchObject({ text: `{"permissions":{"deny":["a","${RULE}","z","new"]}}`, notes: [] });
    expect(plan(changed.text, [], changed.owned)).toMatchObject({ text: '{"permissions":{"deny":["a","z"]}}', owned: [], notes: [] });
  });

  it.each([
    ['their array', '{"permissions":{}}', `{"permissions":{"deny":["${RULE}"]}}`],
    ['them', '{"permissions":{"deny":["a","b"]}}', `{"permissions":{"deny":["a","b","${RULE}"]}}`],
  ])('come again where someone took away %s', (_name, text, wanted) => {
    const { owned } = plan('{"permissions":{"deny":["a"]}}', [RULE]);
    const again = plan(text, [RULE], owned);
    expect(again).toMatchObject({ text: wanted, notes: [{ kind: 'gone', member: DENY }] });
    expect(plan(again.text, [], again.owned).text).toBe(text);
  });

  it.each(['{"permissions":{"deny":"[]"}}', '{"permissions":{"deny":{"a":[1]}}}', '{"permissions":{"deny":7}}', '{"permissions":{}}'])(
    'are gone where %j stands now, which stays',
    (text) => {
      const { owned } = plan('{"permissions":{"deny":["a"]}}', [RULE]);
      expect(plan(text, [], owned)).toMatchObject({ text, owned: [], notes: [{ kind: 'gone' }] });
    },
  );

  it.each([
    ['{"permissions":{"deny":[ "a"\n]}}', `[ "a", "${RULE}"\n]`, `[ "${RULE}"\n]`, '[]'],
    ['{"permissions":{"deny":[ ]}}', `["${RULE}"]`, `["${RULE}" , "z" ]`, '["z" ]'],
  ])('of %j go without a blank too many, though someone changed what stood around them', (text, added, theirs, wanted) => {
    const first = plan(text, [RULE]);
    expect(first.text).toContain(added);
    const now = `{"permissions":{"deny":${theirs}}}`;
    expect(plan(now, [], first.owned).text).toBe(`{"permissions":{"deny":${wanted}}}`);
  });

  it('are refused where no array stands', () => {
    for (const text of ['{"permissions":{"deny":"all"}}', '{"permissions":[]}', '{"permissions":{"deny":null}}'])
      expect(() => plan(text, [RULE])).toThrow('SETTINGS_INVALID');
  });

  it('never cost anybody else an element, its bytes or its place, whatever was changed in between', () => {
    const value = fc.constantFrom('a', 'b', 'ours', RULE, 'é"');
    const blank = fc.constantFrom('', ' ', '\n  ', '\r\n\t');
    const array = fc.array(fc.tuple(blank, value, blank), { maxLength: 6 });
    const print = (elements: readonly (readonly [string, string, string])[], tail: string): string =>
      `{"permissions":{"deny":[${elements.map(([lead, text, foot]) => lead + JSON.stringify(text) + foot).join(',')}${tail}]}}`;
    fc.assert(
      fc.property(array, blank, array, fc.uniqueArray(value, { maxLength: 3 }), (first, tail, second, wanted) => {
        const start = print(first, tail);
        const added = plan(start, wanted);
        expect(plan(added.text, [], added.owned).text).toBe(start);
        // Meanwhile the user wrote another array: of each value that orcc owned one goes, the rest stays in its order.
        const expected = second.map(([, text]) => text);
        for (const mine of wanted.filter((text) => first.every(([, each]) => each !== text))) {
          const index = expected.indexOf(mine);
          if (index >= 0) expected.splice(index, 1);
        }
        const removed = plan(print(second, tail), [], added.owned);
        expect(JSON.parse(removed.text ?? '{}')).toEqual({ permissions: { deny: expected } });
      }),
      { numRuns: 500 },
    );
  });
});

describe('the last check of an edit of arrays', () => {
  const before = { permissions: { deny: ['a', 'b', RULE], allow: [RULE] } };
  it.each<[name: string, after: object, exit?: 'bug']>([
    ['lets what was asked for pass', { permissions: { deny: ['a', 'b', 'ours'], allow: [RULE] } }],
    ['stops an edit that loses an element', { permissions: { deny: ['a'], allow: [RULE] } }, 'bug'],
    ['stops an edit that moves one', { permissions: { deny: ['b', 'a'], allow: [RULE] } }, 'bug'],
    ['stops an edit that loses the array', { permissions: { allow: [RULE] } }, 'bug'],
    ['stops an edit of the same element elsewhere', { permissions: { deny: ['a', 'b'], allow: [] } }, 'bug'],
  ])('%s', (_name, after, exit) => {
    const desired = [
      { path: DENY, value: 'ours' },
      { path: ['permissions', 'allow'], value: 'x' },
    ];
    const owned = [
      { path: DENY, sum: sumOf(RULE), createdParents: [] },
      { path: ['permissions', 'allow'], sum: sumOf('y'), createdParents: [] },
    ];
    const check = (): void => void assertForeignElements(before, after, { desired, owned });
    if (exit === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ exit }));
  });
});
