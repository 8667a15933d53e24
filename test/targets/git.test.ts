import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExec } from '../../src/system/exec.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { readDotfiles } from '../../src/targets/dotfiles.ts';
import { readGit } from '../../src/targets/git.ts';
import { findProgram, needs } from '../support/prove.ts';
import { shellContext } from '../support/shell-context.ts';

describe.skipIf(needs({ program: 'git' }))('git', () => {
  let home = '';
  const env = { PATH: process.env['PATH'] ?? '', HOME: '' };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: home, env: { ...env, GIT_CONFIG_NOSYSTEM: '1' }, stdio: 'pipe' });
  const ctx = () => ({
    exec: createExec(env, process.platform),
    env: { ...env, GIT_DIR: '/nowhere' },
    platform: process.platform,
    fs: createFileSystem(),
    home,
  });

  beforeAll(() => {
    home = realpathSync(mkdtempSync(path.join(tmpdir(), 'orcc-git-')));
    env.HOME = home;
    mkdirSync(path.join(home, 'repo', 'sub'), { recursive: true });
    git('init', '-q', 'repo');
    writeFileSync(path.join(home, 'repo', 'tracked'), '');
    writeFileSync(path.join(home, 'repo', '.gitignore'), '.claude/*.local.json\n');
    git('-C', 'repo', 'add', 'tracked');
    symlinkSync(path.join(home, 'repo', 'tracked'), path.join(home, '.zshrc'));
    writeFileSync(path.join(home, '.bashrc'), '');
    git('init', '-q', '--bare', '.cfg');
    git('--git-dir', '.cfg', '--work-tree', home, 'add', '.bashrc');
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('says of a path whether it is in a work tree, tracked, ignored, also where neither file nor folder exists', async () => {
    const at = (name: string) => readGit(ctx(), path.join(home, name));
    const root = path.join(home, 'repo');
    expect(await at('repo/tracked')).toMatchObject({ kind: 'tracked', root });
    expect(await at('repo/.claude/settings.local.json')).toMatchObject({ kind: 'ignored', root });
    expect(await at('repo/sub/new')).toMatchObject({ kind: 'not-ignored', root });
    expect(await at('elsewhere/new')).toEqual({ real: path.join(home, 'elsewhere/new'), kind: 'outside' });
  });

  it('keeps profiles in a bare repository or behind links, which is recognised', async () => {
    expect(await readDotfiles(ctx(), path.join(home, '.bashrc'))).toMatchObject({
      tracked: true,
      manager: 'bare repository',
      hint: expect.stringContaining('.cfg'),
    });
    expect(await readDotfiles(ctx(), path.join(home, '.zshrc'))).toMatchObject({
      tracked: true,
      manager: 'stow',
      hint: expect.stringContaining('repo'),
    });
    expect(await readDotfiles(ctx(), path.join(home, 'repo', 'tracked'))).toMatchObject({ tracked: true, manager: 'git' });
    expect(await readDotfiles(ctx(), path.join(home, '.profile'))).toEqual({ tracked: false, manager: undefined, hint: undefined });
    expect(findProgram('git')).toBeDefined();
  });
});

describe('dotfile managers', () => {
  const yadm = { '/home/u/.local/share/yadm/repo.git/HEAD': '', '/home/u/.local/share/yadm/repo.git/objects/x': '' };
  const git = (tracked: string) => ({
    git: ({ args }: { args: readonly string[] }) => ({ code: args.includes('--git-dir') && args.at(-1) === tracked ? 0 : 128 }),
  });

  it('yadm is recognised by its repository', async () => {
    expect(await readDotfiles(shellContext({ files: yadm, programs: git('/home/u/.zshrc') }), '/home/u/.zshrc')).toMatchObject({
      tracked: true,
      manager: 'yadm',
    });
    expect(await readDotfiles(shellContext({ files: yadm, programs: git('/home/u/.zshrc') }), '/home/u/.bashrc')).toMatchObject({
      tracked: false,
    });
  });

  it('chezmoi says itself which files it looks after', async () => {
    const chezmoi = ({ args }: { args: readonly string[] }) =>
      args[1] === '/home/u/.zshrc' ? { stdout: '/home/u/.local/share/chezmoi/dot_zshrc\n' } : { code: 1 };
    expect(await readDotfiles(shellContext({ programs: { chezmoi } }), '/home/u/.zshrc')).toMatchObject({
      tracked: true,
      manager: 'chezmoi',
      hint: expect.stringContaining('chezmoi re-add'),
    });
    expect(await readDotfiles(shellContext({ programs: { chezmoi } }), '/home/u/.bashrc')).toMatchObject({ tracked: false });
  });

  it('without git nothing is known and nothing is started', async () => {
    const ctx = shellContext({ files: yadm });
    expect(await readDotfiles(ctx, '/home/u/.zshrc')).toMatchObject({ tracked: false });
    expect(ctx.calls).toEqual([]);
  });
});
