import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../src/core/context.ts';
import type { ShellAssignment } from '../../src/claude/layers.ts';
import { effective, modelsInEffect, readLayers } from '../../src/claude/layers.ts';
import { whyIgnored } from '../../src/claude/settings-file.ts';
import type { MemoryFile } from '../support/memory-files.ts';
import { memoryFiles } from '../support/memory-files.ts';

const OPUS = 'ANTHROPIC_DEFAULT_OPUS_MODEL';
const MANAGED = '/etc/claude-code/managed-settings.json';
const LOCAL = '/w/.claude/settings.local.json';
const PROJECT = '/w/.claude/settings.json';
const USER = '/home/u/.claude/settings.json';

function layersOf(
  files: Record<string, string | MemoryFile>,
  options: { env?: Env; startup?: ShellAssignment[]; cwd?: string; platform?: NodeJS.Platform; home?: string } = {},
) {
  const platform = options.platform ?? 'linux';
  const ctx = {
    fs: memoryFiles(files, platform),
    env: options.env ?? {},
    home: options.home ?? '/home/u',
    platform,
    cwd: options.cwd ?? '/w',
  };
  return readLayers(ctx, { shellAssignments: options.startup ?? [] });
}

const env = (value: unknown, name = OPUS): string => JSON.stringify({ env: { [name]: value } });
const shell = (value: string | null, line: number): ShellAssignment => ({ name: OPUS, value, file: '/home/u/.bashrc', line });

describe('the precedence of Claude Code', () => {
  const all = { [MANAGED]: env('m/m'), [LOCAL]: env('l/l'), [PROJECT]: env('p/p'), [USER]: env('u/u') };

  it('is managed, local, project, user, shell, and each beats all that follow', () => {
    const order = ['managed', 'local', 'project', 'user', 'shell'];
    const files = Object.entries(all);
    const startup = [shell('s/s', 3)];
    for (let left = 0; left <= files.length; left += 1) {
      const found = effective(layersOf(Object.fromEntries(files.slice(left)), { startup }), OPUS, 'startup');
      expect([found?.layer, ...(found?.beats ?? []).map((each) => each.layer)]).toEqual(order.slice(left));
    }
  });

  it('merges variable by variable', () => {
    const layers = layersOf({ [USER]: env('u/u'), [PROJECT]: env('p/p', 'ANTHROPIC_DEFAULT_SONNET_MODEL') });
    expect(effective(layers, OPUS, 'startup')?.layer).toBe('user');
    expect(effective(layers, 'ANTHROPIC_DEFAULT_SONNET_MODEL', 'startup')?.layer).toBe('project');
    expect(effective(layers, 'ANTHROPIC_BASE_URL', 'startup')).toBeUndefined();
  });

  it('lets an empty value blank what lies below', () => {
    const found = effective(layersOf({ [PROJECT]: env(''), [USER]: env('u/u') }), OPUS, 'startup');
    expect(found).toMatchObject({ layer: 'project', value: '', beats: [{ layer: 'user', value: 'u/u' }] });
  });

  it('tells what start-up files say from what this terminal has', () => {
    const layers = layersOf({}, { startup: [shell('new/new', 7)], env: { [OPUS]: 'old/old', SECRET_OTHER: 'x' } });
    expect(effective(layers, OPUS, 'startup')).toMatchObject({ value: 'new/new', file: '/home/u/.bashrc', line: 7 });
    expect(effective(layers, OPUS, 'process')).toEqual({ layer: 'shell', value: 'old/old', beats: [] });
    expect([...layers.process.keys()]).toEqual([OPUS]);
  });

  it('takes the last assignment of a start-up file, and none after an unset', () => {
    expect(effective(layersOf({}, { startup: [shell('a/a', 1), shell('b/b', 2)] }), OPUS, 'startup')?.value).toBe('b/b');
    expect(effective(layersOf({}, { startup: [shell('a/a', 1), shell(null, 2)] }), OPUS, 'startup')).toBeUndefined();
  });

  it('lays the files of managed-settings.d over the base file, the last name strongest, dot files left out', () => {
    const folder = '/etc/claude-code/managed-settings.d';
    const layers = layersOf({
      [MANAGED]: env('base/m'),
      [`${folder}/10-a.json`]: env('ten/m'),
      [`${folder}/20-b.json`]: env('twenty/m'),
      [`${folder}/.99.json`]: env('dot/m'),
    });
    const found = effective(layers, OPUS, 'startup');
    expect([found?.value, ...(found?.beats ?? []).map(({ value }) => value)]).toEqual(['twenty/m', 'ten/m', 'base/m']);
  });

  it('finds project settings in the current folder alone, and the user file once in the home folder', () => {
    expect(effective(layersOf({ [PROJECT]: env('p/p') }, { cwd: '/w/sub' }), OPUS, 'startup')).toBeUndefined();
    const atHome = layersOf({ [USER]: env('u/u') }, { cwd: '/home/u' });
    expect(effective(atHome, OPUS, 'startup')).toMatchObject({ layer: 'user', beats: [] });
  });

  it('moves the user file with CLAUDE_CONFIG_DIR', () => {
    const layers = layersOf({ '/elsewhere/settings.json': env('e/e'), [USER]: env('u/u') }, { env: { CLAUDE_CONFIG_DIR: '/elsewhere' } });
    expect(effective(layers, OPUS, 'startup')).toMatchObject({ value: 'e/e', file: '/elsewhere/settings.json', beats: [] });
  });

  it('knows the places of Windows', () => {
    const layers = layersOf(
      { 'C:\\Program Files\\ClaudeCode\\managed-settings.json': env('m/m'), 'C:\\Users\\u\\.claude\\settings.json': env('u/u') },
      { platform: 'win32', home: 'C:\\Users\\u', cwd: 'D:\\w' },
    );
    expect(effective(layers, OPUS, 'startup')).toMatchObject({ layer: 'managed', beats: [{ layer: 'user' }] });
  });
});

describe('a list of models in settings', () => {
  const lists = (name: string): string =>
    JSON.stringify({ fallbackModel: [`${name}/f`, 'x/y'], modelPicker: { options: [{ model: `${name}/p` }] } });

  it.each<[string, Record<string, string>, string | undefined, string | undefined]>([
    ['the user’s alone', { [USER]: lists('u') }, 'u/f', 'u/p'],
    ['an administrator’s over the user’s', { [MANAGED]: lists('m'), [USER]: lists('u') }, 'm/f', 'm/p'],
    [
      'a folder’s, which has no say in the rows of /model',
      { [LOCAL]: lists('l'), [PROJECT]: lists('p'), [USER]: lists('u') },
      'l/f',
      'u/p',
    ],
    ['a project’s alone', { [PROJECT]: lists('p') }, 'p/f', undefined],
    ['none', { [USER]: '{}' }, undefined, undefined],
  ])('is, of %s, the one that decides', (_what, files, fallback, pins) => {
    const layers = layersOf(files);
    expect([modelsInEffect(layers, 'fallback')?.models[0], modelsInEffect(layers, 'pins')?.models[0]]).toEqual([fallback, pins]);
  });

  it('has its place', () => {
    const { placed } = modelsInEffect(layersOf({ [USER]: lists('u') }), 'fallback') ?? {};
    expect(placed).toEqual({ layer: 'user', file: USER, line: 1, column: 2, value: 'u/f, x/y' });
  });
});

describe('a settings file', () => {
  const user = (file: string | MemoryFile) => {
    const found = layersOf({ [USER]: file }).settings.find(({ layer }) => layer === 'user');
    if (found === undefined) throw new Error('no user file');
    return found;
  };
  const valueOf = (text: string) => user(text).env.get(OPUS)?.value;

  it.each([
    [7, '7'],
    [1e21, '1e+21'],
    [true, 'true'],
    [null, 'null'],
    [{ toString: 1 }, '[object Object]'],
    [['a'], 'a'],
  ])('gives the env value %j as %s', (value, text) => {
    expect(valueOf(env(value))).toBe(text);
  });

  it.each([
    ['a trailing comma', '{\n  "env": {"X": "1",}\n}', 2, 19],
    ['a comment', '{\n  // hi\n  "env": {}\n}', 2, 3],
    ['a missing brace', '{"env": {', 1, 10],
    ['a wrong type of a known member', '{"env": {"X": "1"},\n "model": 7}', 2, 2],
    ['permissions that are no object', '{"permissions": []}', 1, 2],
    ['a wrong disableAutoMode', '{\n"permissions": {\n"disableAutoMode": "yes"}}', 3, 1],
    ['an array', '[]', 1, 1],
  ])('counts for nothing with %s, and says where', (_what, text, line, column) => {
    const file = user(text);
    expect(file.state).toBe('invalid');
    expect(file.problem?.reason).not.toBe('');
    expect([file.problem?.line, file.problem?.column]).toEqual([line, column]);
    expect(file.env.size).toBe(0);
    expect(whyIgnored(file, '/home/u')).toMatch(new RegExp(`^~/[^ :]+:${line}:${column}: .`));
  });

  it.each([
    ['empty', ''],
    ['blank', ' \n'],
    ['with a mark', `\ufeff${env('a/b')}`],
    ['with wrong types that Claude Code skips', '{"hooks": 3, "modelSettings": [], "effortLevel": "x", "anthropic": 1}'],
  ])('is fine %s', (_what, text) => {
    expect(user(text).state).toBe('ok');
    expect(whyIgnored(user(text), '/home/u')).toBeUndefined();
  });

  it('is read in UTF-16 with its mark, and with bytes that are not UTF-8', () => {
    expect(user({ bytes: Buffer.from(`\ufeff${env('a/b')}`, 'utf16le') }).env.get(OPUS)?.value).toBe('a/b');
    expect(user({ bytes: Buffer.from(`{"env":{"X":"\u00e9","${OPUS}":"a/b"}}`, 'latin1') }).env.get(OPUS)?.value).toBe('a/b');
  });

  it('gives the last of a name written twice, with its place', () => {
    const file = user(`{"env": {"${OPUS}": "a/1"},\n  "env": {\n    "${OPUS}": "a/2"}}`);
    expect(file.env.get(OPUS)).toEqual({ value: 'a/2', line: 3, column: 5 });
  });

  it('shows the members that matter with their places', () => {
    const text =
      '{\n  "model": "opus",\n  "apiKeyHelper": "cat k",\n  "permissions": {\n    "disableAutoMode": "disable"\n  },\n  "anthropic": {"a": 1},\n  "modelSettings": {"a/b": {"autoCompactWindow": 120000}}\n}';
    const { members } = user(text);
    expect(members).toMatchObject({
      model: { value: 'opus', line: 2 },
      apiKeyHelper: { value: 'cat k', line: 3 },
      disableAutoMode: { value: 'disable', line: 5, column: 5 },
      legacy: { value: { a: 1 }, line: 7 },
    });
    expect(members.windows.get('a/b')).toMatchObject({ value: 120_000, line: 8 });
  });

  it.each<[string, string | MemoryFile, string]>([
    ['a deep one', `{"a":${'['.repeat(200_000)}`, 'invalid'],
    ['one that may not be read', { fails: 'EACCES' }, 'unreadable'],
  ])('never throws: %s', (_what, file, state) => {
    expect(user(file).state).toBe(state);
  });

  it('is unreadable where a folder stands in its place', () => {
    expect(layersOf({ [`${USER}/x`]: '' }).settings.find(({ layer }) => layer === 'user')?.state).toBe('unreadable');
  });
});
