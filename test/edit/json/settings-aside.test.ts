import { describe, expect, it } from 'vitest';
import type { OwnedMember, SettingsMember } from '../../../src/edit/json/settings-edit.ts';
import { applySettings } from '../../support/settings-plan.ts';

const [A, B, C] = [
  ['env', 'A'],
  ['env', 'B'],
  ['env', 'C'],
] as const;
const aside = (...paths: ReadonlyArray<readonly string[]>): readonly SettingsMember[] => paths.map((path) => ({ path, value: undefined }));
const put = (path: readonly string[]): SettingsMember => ({ path, value: 'ours' });

const change = (text: string | null, desired: readonly SettingsMember[], owned: readonly OwnedMember[] = []) =>
  applySettings(text, desired, { owned, replace: true });

/** The text after each of these states was asked for in turn, and after nothing was. */
function after(start: string, states: ReadonlyArray<readonly SettingsMember[]>): string | null {
  let [text, owned]: [string | null, readonly OwnedMember[]] = [start, []];
  for (const desired of [...states, []]) ({ text, owned } = change(text, desired, owned));
  return text;
}

describe('members that were put aside come back to the exact bytes', () => {
  it.each<[name: string, text: string, states: ReadonlyArray<readonly SettingsMember[]>]>([
    ['the first of several', '{ "env": {  "A" :1,\t"B": 2 } }', [aside(A)]],
    ['one between others', '{ "env": {  "A" :1,\t"B": 2 ,"C":3} }', [aside(B)]],
    ['the last', '{ "env": {  "A" :1,\t"B" : 2 \n} }', [aside(B)]],
    ['the only one', '{ "env": {  "A" :1\n} }', [aside(A)]],
    ['one with an escaped name', '{"env": {"\\u0041": 1, "B": 2}}', [aside(A)]],
    ['one behind a name that stands there twice', '{"x": 1, "x": 2, "model": "m", "y": 3}', [aside(['model'])]],
    ['all, at the top', '{\r\n"hooks":false,\r\n"model":[]\r\n}', [aside(['model'], ['hooks'])]],
    ['first the second, then the first too', '{"env": { "A": 1,"B": 2,  "C": 3}}', [aside(B), aside(A, B)]],
    ['first the first, then the second too', '{"env": { "A": 1,"B": 2,  "C": 3}}', [aside(A), aside(B, A)]],
    ['all three, one after the other', '{"env": { "A": 1,"B": 2,  "C": 3\n}}', [aside(C), aside(A, C), aside(A, B, C)]],
    ['one after the other, back one after the other', '{"env": { "A": 1,"B": 2,  "C": 3\n}}', [aside(C), aside(A, C), aside(C)]],
    ['all, while orcc has its own there', '{ "env": {"A": "1", "B": "2" } }', [aside(B, A), [put(C), ...aside(B, A)]]],
    [
      'all, with blanks before the brace',
      '{"model": 1, "hooks": 2\n\n}',
      [aside(['hooks'], ['model']), [put(['env', 'X']), ...aside(['hooks'], ['model'])]],
    ],
    ['one, which orcc wrote anew meanwhile', '{"env": { "A" : 1,"B": 2}}', [aside(A), [put(A)]]],
    ['one, which orcc wrote anew and took out again', '{"env": { "A" : 1,"B": 2}}', [aside(A), [put(A)], aside(A)]],
    ['one that orcc had replaced before', '{"env": { "A" : 1,"B": 2}}', [[put(A)], aside(A)]],
    ['one that orcc had replaced, after one that stood aside', '{"env": { "A" : 1,"B": 2}}', [[put(A), ...aside(B)], aside(A, B)]],
    [
      'one that orcc had replaced before the other stood aside',
      '{"env": { "A" : 1,"B": 2}}',
      [[put(A)], [put(A), ...aside(B)], aside(A, B)],
    ],
    [
      'two that orcc had replaced, the second first',
      '{"env": { "A" : 1,"B": 2,  "C": 3}}',
      [[put(A), put(B)], [put(A), ...aside(B)], aside(A, B)],
    ],
    [
      'two that orcc had replaced, the first first',
      '{"env": { "A" : 1,"B": 2,  "C": 3}}',
      [[put(A), put(B)], [...aside(A), put(B)], aside(B, A)],
    ],
    ['three, of which orcc had replaced the last', '{"env": { "A" : 1,"B": 2,  "C": 3}}', [[put(C), ...aside(A)], aside(C, B, A)]],
    ['three, of which orcc had replaced the first', '{"env": { "A" : 1,"B": 2,  "C": 3}}', [[put(A), ...aside(B)], aside(A, C, B)]],
    ['one, and then orcc adds its own in its place', '{"env": {"A": 1\n}}', [aside(A), [put(B)]]],
    ['one alone in each of two objects', '{"env": {"A": 1 },"model": 1\n}', [aside(A, ['model'], ['env'])]],
  ])('%s', (_name, text, states) => {
    expect(after(text, states)).toBe(text);
  });
});

describe('members that were put aside', () => {
  it.each([
    ['put one before it', '{"env": { "A": 1,"B": 2}}', A, '{"env": {"N": 3, "B": 2}}', '{"env": { "A": 1,"N": 3, "B": 2}}'],
    ['put one there that was alone', '{"env": { "A": 1\n}}', A, '{"env": { "N": 3 }}', '{"env": { "A": 1, "N": 3 }}'],
    ['took away the one before it', '{"env": {"A": 1,\n"B": 2, "C": 3}}', B, '{"env": {"C": 3}}', '{"env": {"C": 3, "B": 2}}'],
    ['took away their object', '{"env": {"A": 1, "B": 2}}', B, '{"a": 1}', '{"a": 1, "env": {"B": 2}}'],
    [
      'put one of the same name elsewhere',
      '{"env": {"A": 1\n}, "B": 2}',
      A,
      '{"env": {"B": 3}, "B": 2}',
      '{"env": {"A": 1,"B": 3}, "B": 2}',
    ],
  ])('come back beside what someone has changed since: %s', (_name, text, path, theirs, wanted) => {
    const { owned } = change(text, aside(path));
    expect(change(theirs, [], owned)).toMatchObject({ text: wanted, kinds: ['restored'] });
  });

  it('leave the blanks before a brace of someone who added another one, also of a name that was put aside elsewhere', () => {
    const { owned } = change('{"env": {"A": 1\n}, "model": 2}', aside(A, ['model']));
    expect(change('{"env": {"model": 3\t}}', [], owned).text).toBe('{"env": {"A": 1,"model": 3\t}, "model": 2}');
  });

  it('are given the blanks before the brace that the first of them saw', () => {
    const first = change('{"env": {"A": 1\n}}', aside(A));
    const { text, owned } = change('{"env": { "B": 2 }}', aside(A, B), first.owned);
    expect(change(text, [], owned).text).toBe('{"env": {"A": 1, "B": 2\n}}');
    expect(change(text, aside(A), owned).text).toBe('{"env": { "B": 2 }}');
  });

  it('are told of when they go, and when they are back', () => {
    const { owned, kinds, text } = change('{"env": {"A": 1}}', aside(A));
    expect([kinds, text]).toEqual([['aside'], '{"env": {}}']);
    expect(change(text, aside(A), owned)).toMatchObject({ text, owned, kinds: [] });
    expect(change(text, [], owned)).toMatchObject({ kinds: ['restored'], owned: [] });
    const anew = change(text, [put(A)], owned);
    expect(anew).toMatchObject({ text: '{"env": {"A": "ours"}}', kinds: [] });
    expect(change(anew.text, [], anew.owned)).toMatchObject({ text: '{"env": {"A": 1}}', kinds: ['restored'] });
    const theirs = anew.text?.replace('ours', 'theirs') ?? '';
    expect(change(theirs, [], anew.owned)).toMatchObject({ text: '{"env": {"A": 1}}', kinds: ['edited', 'restored'] });
  });

  it('stay as someone has set them since', () => {
    const { owned } = change('{"env": {"A": 1}}', aside(A));
    expect(change('{"env": {"A": 2}}', [], owned)).toMatchObject({ text: '{"env": {"A": 2}}', kinds: ['edited'], owned: [] });
  });

  it("are none where the member is orcc's own, or is not there", () => {
    const { owned, text } = change('{"env": {"B": 1}}', [put(A)]);
    expect(change(text, aside(A), owned)).toMatchObject({ text: '{"env": {"B": 1}}', owned: [] });
    expect(change('{"env": {"B": 1}}', aside(A))).toMatchObject({ text: '{"env": {"B": 1}}', owned: [], kinds: [] });
  });

  it('leave a file as it is that someone has emptied since', () => {
    const { owned } = change('{"model": 1}', aside(['model']));
    expect(change(' \n', aside(['model']), owned)).toMatchObject({ text: ' \n', owned });
  });
});
