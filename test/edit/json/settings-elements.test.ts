import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
    ['{"permissions": {"deny": [ ]}}', '{"permissions": {"deny": ["Read(**/*.png)"]}}'],
    [
      '{\n  "permissions": {\n    "deny": [\n      "a"\n    ]\n  }\n}\n',
      '{\n  "permissions": {\n    "deny": [\n      "a",\n      "Read(**/*.png)"\n    ]\n  }\n}\n',
    ],
    ['{"model":"x"}', '{"model":"x","permissions":{"deny":["Read(**/*.png)"]}}'],
    ['', '{\n  "permissions": {\n    "deny": ["Read(**/*.png)"]\n  }\n}\n'],
  ])('go to the end of %j in its style, and come out again without a trace', (before, after) => {
    const added = plan(before, [RULE]);
    expect(added.text).toBe(after);
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
    expect(plan(before, [], added.owned).text).toBe(before);
  });

  it('leave alone, also after the user put others around them, dropped some or changed the order', () => {
    const added = plan('{"permissions":{"deny":["a"]}}', [RULE, 'ours']);
    const theirs = `{"permissions":{"deny":[ "new",\n "ours" , "a",{"b":1}, "${RULE}","last" ], "allow":["x"]}}`;
    expect(plan(theirs, [], added.owned).text).toBe('{"permissions":{"deny":[ "new" , "a",{"b":1},"last" ], "allow":["x"]}}');
    expect(plan('{"permissions":{"deny":["a"]}}', [], added.owned).notes.map(({ kind }) => kind)).toEqual(['gone', 'gone']);
    expect(plan(theirs.replace('ours', 'OURS'), [], added.owned).text).toContain('"OURS"');
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
