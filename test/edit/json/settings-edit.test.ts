import { describe, expect, it } from 'vitest';
import {
  planSettingsFile,
  type OwnedMember,
  type SettingsInput,
  type SettingsMember,
  type SettingsPlan,
} from '../../../src/edit/json/settings-edit.ts';
import { SETTINGS_STARTS } from '../../support/settings-starts.ts';

const DESIRED: readonly SettingsMember[] = [
  { path: ['env', 'ANTHROPIC_BASE_URL'], value: 'https://openrouter.ai/api' },
  { path: ['env', 'ANTHROPIC_AUTH_TOKEN'], value: 'test-key' },
  { path: ['env', 'ANTHROPIC_API_KEY'], value: '' },
  { path: ['modelSettings', 'x/y', 'autoCompactWindow'], value: 120000 },
  { path: ['permissions', 'disableAutoMode'], value: 'disable' },
];
const FEWER = DESIRED.slice(0, 2);

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

function plan(before: Uint8Array | null, desired: readonly SettingsMember[], more: Partial<SettingsInput> = {}): SettingsPlan {
  return planSettingsFile({
    path: '/h/settings.json',
    before,
    desired,
    owned: [],
    createdFile: false,
    replace: false,
    force: false,
    ...more,
  });
}

/** Plans and insists that it worked. */
function apply(before: Uint8Array | null, desired: readonly SettingsMember[], more: Partial<SettingsInput> = {}) {
  const result = plan(before, desired, more);
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  // What is remembered must survive a round trip through state.json.
  const owned = JSON.parse(JSON.stringify(result.owned)) as readonly OwnedMember[];
  return { ...result, owned, text: result.after === null ? null : Buffer.from(result.after).toString('utf8') };
}

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

  it('are written in the style of their neighbours', () => {
    const one = [{ path: ['env', 'X'], value: 'v' }];
    const styled = (text: string): string | null => apply(bytesOf(text), one).text;
    expect(styled('{\r\n\t"env": {\r\n\t\t"A": "1"\r\n\t}\r\n}')).toBe('{\r\n\t"env": {\r\n\t\t"A": "1",\r\n\t\t"X": "v"\r\n\t}\r\n}');
    expect(styled('{"env":{"A":"1"}}')).toBe('{"env":{"A":"1","X":"v"}}');
    expect(styled('{"a": 1}')).toBe('{"a": 1, "env": {"X": "v"}}');
    expect(styled('{ "a": 1 }')).toBe('{ "a": 1, "env": { "X": "v" } }');
    expect(styled('{\n    "a": 1\n}\n')).toBe('{\n    "a": 1,\n    "env": {\n        "X": "v"\n    }\n}\n');
    expect(styled('{\n  "env": {}\n}\n')).toBe('{\n  "env": {\n    "X": "v"\n  }\n}\n');
    expect(styled('{}')).toBe('{\n  "env": {\n    "X": "v"\n  }\n}');
    expect(styled('\r\n')).toBe('{\r\n  "env": {\r\n    "X": "v"\r\n  }\r\n}\r\n');
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
    expect(apply(added.after, [], { owned: added.owned }).text).toBe(text);
  });

  it.each([
    ['of the file', '{\r\n"hooks":false,\r\n"model":[]\r\n}', [['model'], ['hooks']]],
    [
      'of an object',
      '{ "env": {"A": "1", "B": "2" } }',
      [
        ['env', 'B'],
        ['env', 'A'],
      ],
    ],
    ['of the file, with blanks before its brace', '{"model": 1, "hooks": 2\n\n}', [['hooks'], ['model']]],
  ] as const)('that were all put aside %s come back with the blanks around them after orcc wrote its own there', (_where, text, paths) => {
    const aside = paths.map((path) => ({ path, value: undefined }));
    const first = apply(bytesOf(text), aside, { replace: true });
    const second = apply(first.after, [{ path: ['env', 'ANTHROPIC_BASE_URL'], value: '' }, ...aside], {
      owned: first.owned,
      replace: true,
    });
    expect(apply(second.after, [], { owned: second.owned }).text).toBe(text);
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
      expect(removed.notes).toMatchObject([{ kind: 'edited', member: ['env', 'ANTHROPIC_BASE_URL'] }]);
    });

    it('count as untouched where only their spelling changed', () => {
      const respelled = bytesOf((added.text ?? '').replace('https://openrouter', 'https:\\/\\/openrouter'));
      expect(apply(respelled, [], { owned: added.owned }).notes).toEqual([]);
    });

    it('may be gone altogether', () => {
      const removed = apply(bytesOf('{"a": 1}'), [], { owned: added.owned });
      expect(removed.text).toBe('{"a": 1}');
      expect(removed.notes.map((note) => note.kind)).toEqual(['gone', 'gone']);
    });
  });

  it.each([
    ['env twice', '{"env": {}, "env": {"A": "1"}}'],
    ["one of orcc's names twice", '{"env": {"ANTHROPIC_BASE_URL": "a", "ANTHROPIC_BASE_URL": "b"}}'],
    ['a name that is spelled in two ways', '{"env": {}, "\\u0065nv": {}}'],
    ['a model that is no object', '{"modelSettings": {"x/y": 1}}'],
    ['a comment', '{} // x'],
  ])('are refused in a file with %s', (_name, text) => {
    expect(plan(bytesOf(text), DESIRED, { replace: true, force: true })).toMatchObject({ ok: false, code: 'SETTINGS_INVALID' });
  });

  it("are added though other people's members stand there twice", () => {
    expect(apply(bytesOf('{"x": 1, "x": 2}'), FEWER).text).toContain('"x": 1, "x": 2');
  });

  it('keep a byte order mark and say so', () => {
    const added = apply(bytesOf('\ufeff{}'), FEWER);
    expect(added.text?.startsWith('\ufeff{')).toBe(true);
    expect(added.notes.map((note) => note.kind)).toEqual(['bom']);
  });
});
