import { describe, expect, it } from 'vitest';
import type { SettingsMember } from '../../../src/edit/json/settings-edit.ts';
import { applySettings as apply, bytesOf, planSettings as plan } from '../../support/settings-plan.ts';
import { SETTINGS_STARTS } from '../../support/settings-starts.ts';

const DESIRED: readonly SettingsMember[] = [
  { path: ['env', 'ANTHROPIC_BASE_URL'], value: 'https://openrouter.ai/api' },
  { path: ['env', 'ANTHROPIC_AUTH_TOKEN'], value: 'test-key' },
  { path: ['env', 'ANTHROPIC_API_KEY'], value: '' },
  { path: ['modelSettings', 'x/y', 'autoCompactWindow'], value: 120000 },
  { path: ['permissions', 'disableAutoMode'], value: 'disable' },
];
const FEWER = DESIRED.slice(0, 2);

describe('members of settings.json', () => {
  describe.each(SETTINGS_STARTS)('in a file with %s', (_name, text) => {
    const before = bytesOf(text);

    it('are added, changed, fewer, more, and taken out again to the exact bytes', () => {
      const added = apply(before, DESIRED);
      const changed = apply(added.after, [{ path: ['env', 'ANTHROPIC_BASE_URL'], value: 'http://127.0.0.1:1/api' }, ...DESIRED.slice(1)], {
        owned: added.owned,
      });
      const fewer = apply(changed.after, FEWER, { owned: changed.owned });
      const more = apply(fewer.after, DESIRED, { owned: fewer.owned });
      const removed = apply(more.after, [], { owned: more.owned });
      expect(removed.text).toBe(text);
      expect(removed.owned).toEqual([]);
    });

    it('leave everything else with the value it had', () => {
      const blank = text.replace('\ufeff', '').trim() === '';
      const old = blank ? {} : (JSON.parse(text.replace('\ufeff', '')) as Record<string, unknown>);
      const now = JSON.parse((apply(before, DESIRED).text ?? '').replace('\ufeff', '')) as Record<string, Record<string, unknown>>;
      expect(now['env']?.['ANTHROPIC_API_KEY']).toBe('');
      for (const key of Object.keys(old)) {
        if (!['env', 'permissions', 'modelSettings'].includes(key)) expect(now[key]).toEqual(old[key]);
      }
    });

    it('stay as they are at a second run', () => {
      const added = apply(before, DESIRED);
      const again = apply(added.after, DESIRED, { owned: added.owned });
      expect(again.after).toBe(added.after);
      expect(again.owned).toEqual(added.owned);
    });
  });

  it('make a file where there is none, without byte order mark, and take it away again', () => {
    const added = apply(null, FEWER);
    expect(added.text).toBe(
      '{\n  "env": {\n    "ANTHROPIC_BASE_URL": "https://openrouter.ai/api",\n    "ANTHROPIC_AUTH_TOKEN": "test-key"\n  }\n}\n',
    );
    expect(apply(added.after, [], { owned: added.owned, createdFile: true }).after).toBeNull();
  });

  it('leave a file that orcc made but the user added to', () => {
    const added = apply(null, FEWER);
    const edited = bytesOf((added.text ?? '').replace('{\n', '{\n  "model": "opus",\n'));
    expect(apply(edited, [], { owned: added.owned, createdFile: true }).text).toBe('{\n  "model": "opus"\n}\n');
  });

  it('leave a parent that orcc made but the user added to', () => {
    const added = apply(bytesOf('{"a":1}'), FEWER);
    const edited = bytesOf((added.text ?? '').replace('"env":{', '"env":{"MINE":"1",'));
    expect(apply(edited, [], { owned: added.owned }).text).toBe('{"a":1,"env":{"MINE":"1"}}');
  });

  it('are taken out exactly though the user added after and before them', () => {
    const added = apply(bytesOf('{\n  "env": {}\n}\n'), FEWER);
    const edited = (added.text ?? '').replace('"env": {\n', '"env": {\n    "A": "1",\n').replace('"test-key"', '"test-key",\n    "Z": "2"');
    const removed = apply(bytesOf(edited), [], { owned: added.owned });
    expect(removed.text).toBe('{\n  "env": {\n    "A": "1",\n    "Z": "2"\n  }\n}\n');
  });

  it('conflict with a value that orcc did not write, and hide it', () => {
    const before = bytesOf('{"env": {"ANTHROPIC_BASE_URL": "https://u:pw@proxy.test", "ANTHROPIC_AUTH_TOKEN": "their-own-secret-token"}}');
    const result = plan(before, DESIRED);
    expect(result).toMatchObject({ ok: false, code: 'FOREIGN_VALUE' });
    expect(result.ok ? [] : result.conflicts?.map((conflict) => conflict.path.at(-1))).toEqual([
      'ANTHROPIC_BASE_URL',
      'ANTHROPIC_AUTH_TOKEN',
    ]);
    expect(JSON.stringify(result)).not.toMatch(/their-own|pw@/);
  });

  it('replace a foreign value on demand and bring its exact spelling back', () => {
    const text =
      '{\n  "env": {\n    "ANTHROPIC_AUTH_TOKEN"  :  "th\\u0065irs",\n    "B": 1\n  },\n  "permissions": {"disableAutoMode": {"x" : [1,  2]}}\n}';
    const added = apply(bytesOf(text), DESIRED, { replace: true });
    expect(added.notes.filter((note) => note.kind === 'replaced')).toHaveLength(2);
    const changed = apply(added.after, [...FEWER.slice(0, 1), { path: ['env', 'ANTHROPIC_AUTH_TOKEN'], value: 'second' }], {
      owned: added.owned,
    });
    expect(changed.text).toContain('{"x" : [1,  2]}');
    expect(apply(changed.after, [], { owned: changed.owned }).text).toBe(text);
  });

  it('leave a foreign member that has the wanted value already, on removal too', () => {
    const text = '{"env": {"ANTHROPIC_API_KEY": ""}}';
    const added = apply(bytesOf(text), DESIRED);
    expect(added.owned.some((member) => member.path.includes('ANTHROPIC_API_KEY'))).toBe(false);
    expect(added.notes).toMatchObject([{ kind: 'kept', member: ['env', 'ANTHROPIC_API_KEY'] }]);
    expect(apply(added.after, [], { owned: added.owned }).text).toBe(text);
  });

  describe('that someone changed since', () => {
    const added = apply(bytesOf('{}\n'), FEWER);
    const edited = bytesOf((added.text ?? '').replace('openrouter.ai', 'proxy.test'));

    it('are kept at a change unless forced', () => {
      const change: readonly SettingsMember[] = [{ path: ['env', 'ANTHROPIC_BASE_URL'], value: 'https://new.test' }, ...FEWER.slice(1)];
      expect(plan(edited, change, { owned: added.owned })).toMatchObject({ ok: false, code: 'EDITED' });
      expect(apply(edited, change, { owned: added.owned, force: true }).text).toContain('https://new.test');
    });

    it('are taken out with a note', () => {
      const removed = apply(edited, [], { owned: added.owned });
      expect(removed.text).toBe('{}\n');
      const text = expect.stringMatching('^`env.ANTHROPIC_BASE_URL` ') as string;
      expect(removed.notes).toMatchObject([{ kind: 'edited', member: ['env', 'ANTHROPIC_BASE_URL'], text }]);
    });

    it('count as untouched where only their spelling changed', () => {
      const respelled = bytesOf((added.text ?? '').replace('https://openrouter', 'https:\\/\\/openrouter'));
      expect(apply(respelled, [], { owned: added.owned }).notes).toEqual([]);
    });

    it('may be gone altogether, and come again where they are wanted', () => {
      const removed = apply(bytesOf('{"a": 1}'), [], { owned: added.owned });
      expect(removed).toMatchObject({ text: '{"a": 1}', kinds: ['gone', 'gone'] });
      const again = apply('{"a": 1}', FEWER, { owned: added.owned });
      expect(again.kinds).toEqual(['gone', 'gone']);
      expect(apply(again.after, [], { owned: again.owned }).text).toBe('{"a": 1}');
    });

    it.each([
      ['with consent to replace, are put aside and come back', { replace: true }, ['replaced'], 'theirs'],
      ['are lost where that was asked for', { force: true }, ['edited'], undefined],
      ['are lost where both were asked for', { force: true, replace: true }, ['edited'], undefined],
    ] as const)('%s', (_name, consent, kinds, back) => {
      const first = apply('{"env": {"A": 1}}', [{ path: ['env', 'X'], value: 'ours' }]);
      const theirs = first.text?.replace('ours', 'theirs') ?? '';
      const second = apply(theirs, [{ path: ['env', 'X'], value: 'new' }], { owned: first.owned, ...consent });
      expect(second).toMatchObject({ text: first.text?.replace('ours', 'new'), kinds });
      const removed = apply(second.after, [], { owned: second.owned });
      expect(removed).toMatchObject(back === undefined ? { text: '{"env": {"A": 1}}', kinds: [] } : { text: theirs, kinds: ['restored'] });
    });

    it.each([
      ['had become what is wanted now', 'new', { value: 'new' }],
      ['are as orcc wrote them', 'ours', { value: 'new' }],
      ['are as orcc wrote them, and are wanted so', 'ours', { value: 'ours' }],
    ])('are changed without a word where they %s', (_name, now, wanted) => {
      const first = apply('{"env": {"X": 1}}', [{ path: ['env', 'X'], value: 'ours' }], { replace: true });
      for (const consent of [{ force: true }, { replace: true }]) {
        const theirs = first.text?.replace('ours', now) ?? '';
        const second = apply(theirs, [{ path: ['env', 'X'], ...wanted }], { owned: first.owned, ...consent });
        expect(second).toMatchObject({ text: `{"env": {"X": "${wanted.value}"}}`, kinds: [] });
        expect(apply(second.after, [], { owned: second.owned })).toMatchObject({ text: '{"env": {"X": 1}}', kinds: ['restored'] });
      }
    });
  });

  it.each([
    ['env twice', '{"env": {}, "env": {"A": "1"}}', '`env`'],
    ["one of orcc's names twice", '{"env": {"ANTHROPIC_BASE_URL": "a", "ANTHROPIC_BASE_URL": "b"}}', '`env.ANTHROPIC_BASE_URL`'],
    ['a name that is spelled in two ways', '{"env": {}, "\\u0065nv": {}}', '`env`'],
    ['a model twice', '{"modelSettings": {"x/y": {}, "x/y": {}}}', '`modelSettings.x/y`'],
    ['a model that is no object', '{"modelSettings": {"x/y": 1}}', '`modelSettings.x/y` must be an object'],
    ['another parent that is no object', '{"other": 1}', '`other` must be an object'],
    ['no array where one is wanted', '{"permissions": {"deny": {}}}', '`permissions.deny` must be an array'],
    ['a comment', '{} // x', ':1:4`'],
  ])('are refused in a file with %s, which is named', (_name, text, named) => {
    const desired: readonly SettingsMember[] = [
      ...DESIRED,
      { path: ['other', 'x'], value: 1 },
      { path: ['permissions', 'deny'], value: 'x', element: true },
    ];
    const result = plan(bytesOf(text), desired, { replace: true, force: true });
    expect(result).toMatchObject({ ok: false, code: 'SETTINGS_INVALID', message: expect.stringContaining(named) as string });
  });

  it('conflict with a single value too, unless they hold that one also', () => {
    const text = '{"env": {"X": "th\\u0065irs"}}';
    const wanted = { path: ['env', 'X'], value: 'theirs,ours' };
    expect(plan(bytesOf(text), [wanted])).toMatchObject({ ok: false, code: 'FOREIGN_VALUE', conflicts: [{ path: ['env', 'X'] }] });
    expect(plan(bytesOf(text), [wanted], { force: true })).toMatchObject({ ok: false, code: 'FOREIGN_VALUE' });
    const merged = apply(text, [{ ...wanted, takesOver: true }]);
    expect(merged).toMatchObject({ text: '{"env": {"X": "theirs,ours"}}', kinds: ['merged'] });
    expect(apply(merged.after, [], { owned: merged.owned })).toMatchObject({ text, kinds: ['restored'] });
  });

  it("are added though other people's members stand there twice", () => {
    expect(apply(bytesOf('{"x": 1, "x": 2}'), FEWER).text).toContain('"x": 1, "x": 2');
  });

  it('leave long values beside them as they are', () => {
    const long = JSON.stringify('x'.repeat(600));
    const text = `{"a": ${long}, "b": {"c": ${long}}, "env": {"A": ${long}}, "d": [${long}]}`;
    const added = apply(text, FEWER);
    expect(JSON.parse(added.text ?? '')).toMatchObject(JSON.parse(text) as object);
    expect(apply(added.after, [], { owned: added.owned }).text).toBe(text);
  });

  it('keep a byte order mark and say so', () => {
    const added = apply(bytesOf('\ufeff{}'), FEWER);
    expect(added.text?.startsWith('\ufeff{')).toBe(true);
    expect(added.kinds).toEqual(['bom']);
    expect(added.notes[0]?.text).not.toContain('`');
  });
});
