import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { orccFolder, ownFiles } from '../../src/core/folder.ts';
import { parseJson } from '../../src/core/json-file.ts';
import { encodeState, parseState, readState, encodeReplaced, parseReplaced, readReplaced } from '../../src/config/state.ts';
import { OrccError } from '../../src/core/errors.ts';
import { CONFIG } from '../support/machine.ts';
import { memoryFiles } from '../support/memory-files.ts';

const FILE = '/c/config.json';
const read = (value: unknown): unknown =>
  readConfig(memoryFiles({ [FILE]: typeof value === 'string' ? value : JSON.stringify(value) }), FILE);

function refusal(act: () => unknown): OrccError {
  try {
    act();
  } catch (error) {
    if (error instanceof OrccError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the configuration', () => {
  it('is what was written, and undefined where there is none', () => {
    expect(read(CONFIG)).toEqual(CONFIG);
    expect(readConfig(memoryFiles({}), FILE)).toBeUndefined();
  });

  it.each([
    ['{\n  "a": 1,\n}', 2, 9],
    ['{\n  "a" 1\n}', 2, 7],
    ['{ "a": [1, 2', 1, 13],
    ['', 1, 1],
    ['oops', 1, 1],
    ['{"no": o}', 1, 8],
    ['{"a": 1} trailing', 1, 10],
  ])('%j is broken at line %i, column %i', (text, line, column) => {
    expect(parseJson(text)).toMatchObject({ ok: false, line, column });
    const error = refusal(() => read(text));
    expect([error.exit, error.code]).toEqual(['refused', 'CONFIG_BROKEN']);
    expect(error.message).toContain(`${FILE}:${line}:${column}`);
  });

  it.each<[string, unknown, string]>([
    ['a member of another type', { ...CONFIG, native: 'yes' }, 'native'],
    ['an alias without a model', { ...CONFIG, mapping: { opus: 'a/b', sonnet: 'c/d' } }, 'haiku'],
    ['a default that is none', { ...CONFIG, defaultAlias: 'best' }, 'defaultAlias'],
    ['a list', [], 'the top level'],
    ['a key storage that is none', { ...CONFIG, keyStorage: { kind: 'cloud' } }, 'keyStorage'],
  ])('%s is named', (_what, value, member) => {
    const error = refusal(() => read(value));
    expect(error.code).toBe('CONFIG_BROKEN');
    expect(error.message).toContain(member);
  });

  it('of a newer orcc is refused, not taken for broken', () => {
    const error = refusal(() => read({ ...CONFIG, schemaVersion: 3 }));
    expect(error.exit).toBe('refused');
    expect(error.code).not.toBe('CONFIG_BROKEN');
  });

  it('holds no member that is not known: a key could hide there', () => {
    expect(refusal(() => read({ ...CONFIG, key: 'sk-or-v1-x' })).code).toBe('CONFIG_BROKEN');
  });

  it('that is a folder or can not be read is exit 6', () => {
    expect(refusal(() => readConfig(memoryFiles({ '/c/config.json/x': '' }), FILE)).exit).toBe('refused');
    expect(refusal(() => readConfig(memoryFiles({ [FILE]: { fails: 'EACCES' } }), FILE)).message).toContain('EACCES');
  });
});

describe('state and replaced values', () => {
  const state = (schemaVersion: number, file: string, folder: string): string =>
    JSON.stringify({
      schemaVersion,
      targets: [{ id: 'zsh', path: file, created: false, modeBefore: null, carries: 'setup', members: [] }],
      folders: [folder],
      ignores: [],
    });
  const readAt = (home: string, text: string): readonly string[] => {
    const at = `${home}/.config/orcc/state.json`;
    return readState(memoryFiles({ [at]: text }), at, home).targets.map(({ path }) => path);
  };

  it('keep paths below the home relative to it, so that a moved home works', () => {
    const read = parseState(state(1, '/home/u/.zshrc', '/home/u/.config/orcc'), '/home/u/.config/orcc/state.json', '/home/u');
    const kept = Buffer.from(encodeState(read, '/home/u')).toString('utf8');
    expect(kept).not.toContain('/home/u');
    expect(readAt('/srv/new', kept)).toEqual(['/srv/new/.zshrc']);
    const files = { '/home/u/.zshrc': { a: 'b' }, '/etc/zshrc': { c: 'd' } };
    const replaced = Buffer.from(encodeReplaced({ files }, '/home/u')).toString('utf8');
    expect(Object.keys(parseReplaced(replaced, 'x', { home: '/srv/new' }).files)).toEqual(['/srv/new/.zshrc', '/etc/zshrc']);
  });

  it('say of a fix what earlier versions said of it: a state that is read and written again has the same bytes', () => {
    const members = [
      { path: ['env', 'A'], sum: '1'.repeat(16), createdParents: [['env']], mend: true },
      { path: ['env', 'B'], sum: '2'.repeat(16), createdParents: [] },
    ];
    const target = { id: 'user', path: '~/.claude/settings.json', created: false, modeBefore: 0o644, carries: 'extras', members };
    const text = `${JSON.stringify({ schemaVersion: 2, targets: [target], folders: [], adopted: [], ignores: [] }, null, 2)}\n`;
    const read = parseState(text, '/home/u/.config/orcc/state.json', '/home/u');
    expect(read.targets.flatMap((each) => each.members.map(({ isFix }) => isFix))).toEqual([true, undefined]);
    expect(Buffer.from(encodeState(read, '/home/u')).toString('utf8')).toBe(text);
  });

  it('of 0.1.0 have absolute paths: in a copied home they count from that home, never from the other one', () => {
    expect(readAt('/home/u', state(1, '/home/u/.zshrc', '/home/u/.config/orcc'))).toEqual(['/home/u/.zshrc']);
    expect(readAt('/srv/new', state(1, '/home/u/.zshrc', '/home/u/.config/orcc'))).toEqual(['/srv/new/.zshrc']);
    expect(readAt('/srv/new', state(1, '/opt/zdot/.zshrc', '/home/u/.config/orcc'))).toEqual(['/opt/zdot/.zshrc']);
  });

  it('are empty where there is no file', () => {
    expect(readState(memoryFiles({}), '/c/state.json', '/c').targets).toEqual([]);
    expect(readReplaced(memoryFiles({}), '/c/replaced.json', () => ({ home: '/c' })).files).toEqual({});
  });

  it('are refused where they do not parse: nobody could put things back after them', () => {
    expect(refusal(() => readState(memoryFiles({ '/c/state.json': '{' }), '/c/state.json', '/c')).code).toBe('CONFIG_BROKEN');
    expect(refusal(() => readState(memoryFiles({ '/c/state.json': '{"schemaVersion": 9}' }), '/c/state.json', '/c')).exit).toBe('refused');
    expect(refusal(() => readReplaced(memoryFiles({ '/c/replaced.json': '[]' }), '/c/replaced.json', () => ({ home: '/c' }))).code).toBe(
      'CONFIG_BROKEN',
    );
  });
});

describe('orcc’s own folder', () => {
  const on = (platform: NodeJS.Platform, env: Record<string, string>) =>
    orccFolder({ env, home: platform === 'win32' ? 'C:\\Users\\u' : '/home/u', platform });

  it('follows XDG_CONFIG_HOME where that is absolute, LOCALAPPDATA on Windows', () => {
    expect(on('linux', {})).toBe('/home/u/.config/orcc');
    expect(on('darwin', { XDG_CONFIG_HOME: '/x' })).toBe('/x/orcc');
    expect(on('linux', { XDG_CONFIG_HOME: 'relative' })).toBe('/home/u/.config/orcc');
    expect(on('linux', { XDG_CONFIG_HOME: '' })).toBe('/home/u/.config/orcc');
    expect(on('win32', { LOCALAPPDATA: 'D:\\Local' })).toBe('D:\\Local\\orcc');
    expect(on('win32', {})).toBe('C:\\Users\\u\\AppData\\Local\\orcc');
  });

  it('holds all of orcc’s files', () => {
    const { folder, ...files } = ownFiles({ env: {}, home: '/home/u', platform: 'linux' });
    expect(Object.values(files).every((file) => file.startsWith(`${folder}/`))).toBe(true);
  });
});
