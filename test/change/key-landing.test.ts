import { describe, expect, it } from 'vitest';
import { checkLandings } from '../../src/change/key-landing.ts';
import type { Edit, EditOwner } from '../../src/apply/types.ts';
import type { ExecResult } from '../../src/core/context.ts';
import { HOME, KEY, place } from '../support/machine.ts';
import { memoryFiles, type MemoryFile } from '../support/memory-files.ts';
import { CONTENT, textAfter } from '../support/start-files.ts';

const OWN = `${HOME}/.config/orcc`;
const settings = (token: string): string => JSON.stringify({ env: { ANTHROPIC_AUTH_TOKEN: token } });
const block = (token: string): string =>
  `# >>> orcc >>>\nexport ANTHROPIC_BASE_URL='https://openrouter.ai/api'\nexport ANTHROPIC_AUTH_TOKEN='${token}'\n# <<< orcc <<<\n`;

function edit(path: string, owner: EditOwner, after: string | null, before: string | Uint8Array | null = null): Edit {
  const bytes = (text: string | Uint8Array | null): Uint8Array | null => (text === null ? null : Buffer.from(text as string));
  return { path, owner, before: bytes(before), after: bytes(after), mode: null, modeBefore: null, summary: '' };
}

interface Repository {
  /** What git answers of a file, by its name: 'not-ignored' unless told. */
  readonly says?: Readonly<Record<string, 'tracked' | 'ignored' | 'unknown'>>;
  readonly files?: Readonly<Record<string, string | MemoryFile>>;
  readonly uid?: number;
  /** The work tree, as git says it. */
  readonly root?: string;
}

/** The home is a repository, in which git says what the test says; with what was asked of it. */
function inRepository({ says = {}, files = {}, uid = 1000, root = HOME }: Repository = {}) {
  const asked: string[] = [];
  const answer = (code: number, stdout = ''): ExecResult => ({ code, stdout, stderr: '', timedOut: false, notFound: false });
  const ctx = {
    fs: memoryFiles({ [`${HOME}/.git/HEAD`]: '', [`${OWN}/config.json`]: '', ...files }),
    env: {},
    home: HOME,
    platform: 'linux' as const,
    uid,
    exec: {
      find: () => 'git',
      run: (_file: string, args: readonly string[]) => {
        const name = (args.at(-1) ?? '').replace(/.*\//, '');
        if (args.includes('rev-parse')) return Promise.resolve(answer(0, `${root}\n`));
        if (args.includes('-v')) return Promise.resolve(answer(0));
        if (args.includes('ls-files')) asked.push(args.at(-1) ?? '');
        const said = says[name];
        if (args.includes('ls-files')) return Promise.resolve(answer(said === 'tracked' ? 0 : said === 'unknown' ? 128 : 1));
        return Promise.resolve(answer(said === 'ignored' ? 0 : 1));
      },
    },
  };
  return { ctx, asked };
}

const IGNORED_BACKUPS = { backup: 'ignored' } as const;

describe('a key that comes to a file which git would commit', () => {
  it.each([
    [
      'settings.json',
      edit(place('user'), 'user', settings(KEY)),
      'SETTINGS_NOT_IGNORED',
      /^Put `\/\.claude\/settings\.json` in `~\/\.gitignore`.* a shell /,
    ],
    ['a start-up file', edit(place('bash'), 'bash', block(KEY)), 'KEY_EXPOSED', /^Put `\/\.bashrc` in `~\/\.gitignore`.*`file`/],
    [
      'the key file',
      edit(`${OWN}/key`, 'key', `${KEY}\n`),
      'KEY_EXPOSED',
      /^Put `\/\.config\/orcc\/` in `~\/\.gitignore`.*XDG_CONFIG_HOME/,
    ],
    ['the file of a key with a name', edit(`${OWN}/key.work`, 'key', KEY), 'KEY_EXPOSED', /^Put `\/\.config\/orcc\/` in /],
    ['a file with another key', edit(place('user'), 'user', settings(KEY), settings('other')), 'SETTINGS_NOT_IGNORED', /^Put /],
    ['a file with a longer key', edit(place('user'), 'user', settings('a"key'), settings('b"key')), 'SETTINGS_NOT_IGNORED', /^Put /],
    ['a file with a shorter key', edit(place('user'), 'user', settings('a"key'), settings('a"kez')), 'SETTINGS_NOT_IGNORED', /^Put /],
  ] as const)('is not written to %s, and the line for .gitignore is told', async (_what, change, code, way) => {
    const { ctx } = inRepository({ says: IGNORED_BACKUPS });
    await expect(checkLandings(ctx, [change], false)).rejects.toMatchObject({
      exit: 'refused',
      code,
      message: expect.stringContaining(`does not ignore \`~${change.path.slice(HOME.length)}\`,`) as string,
      hint: expect.stringMatching(way) as string,
      data: { path: change.path },
    });
  });

  it.each([
    ['tracks', 'tracked', 'SETTINGS_NOT_IGNORED', 'git tracks', 'git rm --cached'],
    ['can not say of', 'unknown', 'GIT_UNKNOWN', 'git does not answer', 'git -C ~ status'],
  ] as const)('is not written where git %s it either', async (_what, said, code, message, way) => {
    const { ctx } = inRepository({ says: { ...IGNORED_BACKUPS, 'settings.json': said } });
    await expect(checkLandings(ctx, [edit(place('user'), 'user', settings(KEY))], true)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining(way) as string,
    });
  });

  it('is not written through a link either, and the line is that of the real file', async () => {
    const { ctx } = inRepository({ says: IGNORED_BACKUPS });
    const fs = { ...ctx.fs, realpath: (path: string) => path.replace('/.claude', '/dotfiles') };
    await expect(checkLandings({ ...ctx, fs }, [edit(place('user'), 'user', settings(KEY))], true)).rejects.toMatchObject({
      message: expect.stringContaining('`~/.claude/settings.json (really ~/dotfiles/settings.json)`') as string,
      hint: expect.stringContaining('`/dotfiles/settings.json`') as string,
    });
  });

  it('has its line in git’s own words on Windows', async () => {
    const home = 'C:\\Users\\u';
    const { ctx } = inRepository({ says: IGNORED_BACKUPS, root: 'C:/Users/u' });
    const windows = { ...ctx, platform: 'win32' as const, home, fs: memoryFiles({ [`${home}\\.git\\HEAD`]: '' }, 'win32') };
    await expect(checkLandings(windows, [edit(`${home}\\.claude\\settings.json`, 'user', settings(KEY))], true)).rejects.toMatchObject({
      code: 'SETTINGS_NOT_IGNORED',
      hint: expect.stringContaining('`/.claude/settings.json`') as string,
    });
  });

  it('is written where there is no repository', async () => {
    const { ctx, asked } = inRepository();
    await checkLandings({ ...ctx, fs: memoryFiles({ [`${HOME}/x`]: '' }) }, [edit(place('user'), 'user', settings(KEY))], true);
    expect(asked).toEqual([]);
  });

  it.each([
    ['it ignores file and backups', { ...IGNORED_BACKUPS, 'settings.json': 'ignored' }, undefined],
    ['it would commit the backups', { 'settings.json': 'ignored' }, 'KEY_EXPOSED'],
  ] as const)('is held to what git says of orcc’s own folder too: %s', async (_what, says, code) => {
    const { ctx, asked } = inRepository({ says });
    const checked = checkLandings(ctx, [edit(place('user'), 'user', settings(KEY))], true);
    if (code === undefined) await expect(checked).resolves.toBeUndefined();
    else await expect(checked).rejects.toMatchObject({ code, hint: expect.stringContaining('`/.config/orcc/` in') as string });
    expect(asked).toEqual(['./.claude/settings.json', './history/backup']);
  });

  it('is written where the same plan adds the line, and not before the line is there', async () => {
    const { ctx } = inRepository({ says: IGNORED_BACKUPS });
    const line = edit(`${HOME}/code/.gitignore`, 'gitignore', '.claude/settings.local.json\n');
    const local = edit(place('local'), 'local', settings(KEY));
    await expect(checkLandings(ctx, [local, line], true)).resolves.toBeUndefined();
    await expect(checkLandings(ctx, [local, line], false)).rejects.toMatchObject({ code: 'SETTINGS_NOT_IGNORED' });
    await expect(checkLandings(ctx, [local], true)).rejects.toMatchObject({ code: 'SETTINGS_NOT_IGNORED' });
    for (const other of [
      { ...line, after: null },
      { ...line, owner: 'bash' as const },
    ])
      await expect(checkLandings(ctx, [local, other], true)).rejects.toMatchObject({ code: 'SETTINGS_NOT_IGNORED' });
  });
});

describe('git is not asked', () => {
  const quoted = 'a"key';
  const profile = textAfter('powershell', '', { desired: { ...CONTENT, key: { kind: 'literal', value: KEY } } });
  it.each([
    ['no key', edit(place('user'), 'user', '{}')],
    ['an empty key', edit(place('user'), 'user', settings(''))],
    ['a file that goes', edit(place('user'), 'user', null, settings(KEY))],
    ['a file that held the key before', edit(place('user'), 'user', settings(KEY), `// ${KEY}`)],
    ['one that held it within another value', edit(place('user'), 'user', settings(quoted), JSON.stringify({ x: `Bearer ${quoted}!` }))],
    ['one that held it in JSON’s words', edit(place('user'), 'user', settings(quoted), settings(quoted))],
    ['one that held it in UTF-16', edit(place('powershell'), 'powershell', profile, Buffer.from(profile, 'utf16le'))],
    ['a project, which never holds one', edit(place('project'), 'project', settings(KEY))],
    ['orcc’s own records', edit(`${OWN}/state.json`, 'state', KEY)],
    ['a history that lost its key', edit(`${HOME}/.bash_history`, 'key', 'ls\n', `ls\n${KEY}\n`)],
  ])('about %s', async (_what, change) => {
    const { ctx, asked } = inRepository();
    await checkLandings(ctx, [change], true);
    expect(asked).toEqual([]);
  });
});

describe('a file of another user', () => {
  const files = { [place('user')]: '{}' };
  it.each([
    ['gets no key', 1001, files, 'FOREIGN_OWNER'],
    ['is one’s own by the same number', 1000, files, 'SETTINGS_NOT_IGNORED'],
    ['is none that is not there yet', 1001, {}, 'SETTINGS_NOT_IGNORED'],
    ['is not told where users have no numbers', undefined, files, 'SETTINGS_NOT_IGNORED'],
  ] as const)('%s', async (_what, uid, there, code) => {
    const { ctx } = inRepository({ files: there, says: IGNORED_BACKUPS });
    const change = edit(place('user'), 'user', settings(KEY));
    await expect(checkLandings({ ...ctx, uid }, [change], true)).rejects.toMatchObject({
      exit: 'refused',
      code,
      data: { path: change.path },
    });
  });
});
