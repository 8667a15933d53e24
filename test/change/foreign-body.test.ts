import { describe, expect, it } from 'vitest';
import { mergeBody, mergeForeignExport, mergeForeignMember } from '../../src/change/foreign-body.ts';
import { EXTRA_BODY, LONGEST_BODY } from '../../src/claude/variables.ts';
import type { OwnedMember, SettingsMember } from '../../src/edit/json/settings-types.ts';
import type { BlockContent } from '../../src/edit/shell/types.ts';

const OURS = '{"provider":{"sort":"price"}}';
const MERGED = '{"a":1,"provider":{"sort":"price"}}';
/** Someone's JSON that makes the merged text as long as this. */
const padded = (length: number): string => `{"a":"${'x'.repeat(length - OURS.length - '"a":"",'.length)}"}`;

describe('someone else’s JSON for every request', () => {
  it.each([
    ['', OURS],
    [' \n\t', OURS],
    ['{}', OURS],
    [' {"a":"é"} ', '{"a":"\\u00e9","provider":{"sort":"price"}}'],
  ])('gets the rules added, in ASCII: %j', (foreign, merged) => {
    expect(mergeBody(foreign, OURS)).toBe(merged);
  });

  it.each([['x'], ['[]'], ['"a"'], ['null'], ['{"provider":{}}']])(
    'is in conflict where it is no object or has rules of its own: %s',
    (foreign) => {
      expect(mergeBody(foreign, OURS)).toBeUndefined();
    },
  );

  it('may have rules of its own where none are added', () => {
    expect(mergeBody('{"provider":{}}', '{"session_id":"x"}')).toBe('{"provider":{},"session_id":"x"}');
    expect(mergeBody('{}', 'x')).toBeUndefined();
  });
});

describe('a member of someone else’s for every request', () => {
  const path = ['env', EXTRA_BODY];
  const other = { path: ['env', 'OTHER'], value: '{"a":1}' };
  const wanted = { path, value: OURS };
  const members = [other, wanted];
  const own = (replaced?: string): OwnedMember => ({ path, sum: 's', createdParents: [], ...(replaced === undefined ? {} : { replaced }) });
  const file = (value: unknown): Uint8Array => Buffer.from(JSON.stringify({ env: { [EXTRA_BODY]: value, OTHER: '{"b":1}' } }));

  /** The value that is written for someone's; `as it was` where the members are the same. */
  function written(
    value: unknown,
    { owned = [], replace = false, ours = members }: { owned?: OwnedMember[]; replace?: boolean; ours?: readonly SettingsMember[] } = {},
  ): unknown {
    const merged = mergeForeignMember(ours, owned, value === undefined ? null : file(value), replace);
    if (merged === ours) return 'as it was';
    const [first, second, ...more] = merged;
    expect([first, more]).toEqual([other, []]);
    expect(second).toEqual({ path, value: expect.any(String) as string, takesOver: true });
    return second?.value;
  }

  it('gets the rules added', () => {
    expect(written('{"a":1}')).toBe(MERGED);
    expect(written('')).toBe(OURS);
    expect(written('{"a":1}', { owned: [{ ...own(), path: other.path }] })).toBe(MERGED);
  });

  it('is set aside where that is asked for, or stays where it has rules, is too long or no text', () => {
    expect(written('{"a":1}', { replace: true })).toBe('as it was');
    for (const value of [undefined, OURS, '{"provider":{}}', 'x', 5, null, { a: 1 }]) expect(written(value)).toBe('as it was');
    expect(written(padded(LONGEST_BODY))).toHaveLength(LONGEST_BODY);
    expect(written(padded(LONGEST_BODY + 1))).toBe('as it was');
  });

  it('has nothing to get where no rules are to be written', () => {
    expect(written('{"a":1}', { ours: [other] })).toBe('as it was');
    expect(written('{"a":1}', { ours: [other, { path, value: null }] })).toBe('as it was');
  });

  it('of before orcc gets them again, until it is set aside or was never there', () => {
    const before = own(JSON.stringify('{"a":1}'));
    for (const now of [MERGED, '{"a":1,"provider":{}}', 'x', 5, undefined]) expect(written(now, { owned: [before] })).toBe(MERGED);
    expect(written('{"provider":{"sort":"latency"}}', { owned: [before] })).toBe('as it was');
    expect(written(MERGED, { owned: [own('5')] })).toBe('as it was');
    expect(written('{"a":2}', { owned: [own()] })).toBe('as it was');
  });
});

describe('an export of someone else’s for every request', () => {
  const other = { name: 'OTHER', value: '{"a":1}' };
  const content = (...variables: BlockContent['variables']): BlockContent => ({
    baseUrl: 'https://openrouter.ai/api',
    key: { kind: 'file', path: '/home/u/.config/orcc/key' },
    variables,
  });
  const whole = content(other, { name: EXTRA_BODY, value: OURS });
  const merge = (text: string | null, block = whole) => mergeForeignExport(block, text === null ? null : Buffer.from(text, 'latin1'), 'sh');
  const line = (value: string): string => `export ${EXTRA_BODY}='${value}'\n`;

  it('gets the rules added in the block, the last of several', () => {
    const content = { ...whole, variables: [other, { name: EXTRA_BODY, value: MERGED }] };
    expect(merge(line('{"a":1}'))).toEqual({ content });
    expect(merge(`${line('{"b":1}')}${line('{"a":1}')}unset ${EXTRA_BODY}\n`)).toEqual({ content });
  });

  it.each<[string, string | null]>([
    ['there is no file', null],
    ['there is none', 'echo\n'],
    ['it is empty', line('')],
    ['it is unset', `unset ${EXTRA_BODY}\n`],
    ['the file is no text', `${line('{"a":1}')}\0`],
  ])('changes nothing where %s', (_what, text) => {
    expect(merge(text)).toEqual({ content: whole });
  });

  it('changes nothing where no rules are to be written', () => {
    const block = content(other);
    expect(merge(line('{"a":1}'), block)).toEqual({ content: block });
    expect(merge(null, block)).toEqual({ content: block });
  });

  it('is in conflict, at its line, where it has rules, is no object, too long, or only running it tells', () => {
    for (const value of ['{"provider":{}}', 'x', padded(LONGEST_BODY + 1)])
      expect(merge(`echo\n${line(value)}`)).toEqual({ content: whole, conflict: { line: 2 } });
    expect(merge(`echo\nexport ${EXTRA_BODY}="$(cat body)"\n`)).toEqual({ content: whole, conflict: { line: 2 } });
    expect(merge(line(padded(LONGEST_BODY)))).not.toHaveProperty('conflict');
  });
});
