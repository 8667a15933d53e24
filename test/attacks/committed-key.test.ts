import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram, needs } from '../support/prove.ts';
import { initWords, useBox } from '../support/use.ts';

/** Set-ups in which a key would get into a repository, and others in which orcc must not be put off. */
const KEY = `sk-or-v1-${'7'.repeat(64)}`;
const real = findProgram('git') ?? 'git';
const box = useBox();

function git(folder: string, ...args: string[]): string {
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@x.invalid'];
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync(real, [...who, '-C', folder, ...args], { env, stdio: 'pipe', encoding: 'utf8' });
}

const here = (name: string): string => path.join(box.cwd, name);

function repository(folder: string): string {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q');
  return folder;
}

function orcc(args: readonly string[], env: Record<string, string> = {}, cwd = box.cwd) {
  return box.orcc(args, { env: { ...box.env, MY_KEY: KEY, ...env }, cwd });
}

const INIT = initWords();

/** Everything that `git add --all` would put into a commit holds no key. */
function expectNothingCommitted(folder: string): void {
  git(folder, 'add', '--all');
  for (const name of git(folder, 'ls-files', '-z').split('\0').filter(Boolean)) {
    const file = path.join(folder, name);
    if (lstatSync(file).isFile()) expect([name, readFileSync(file, 'utf8').includes(KEY)]).toEqual([name, false]);
  }
}

interface Attack {
  readonly name: string;
  /** Gives the repository. */
  readonly plant: () => string;
  readonly args: readonly string[];
  readonly env?: () => Record<string, string>;
  readonly code: 'SETTINGS_NOT_IGNORED' | 'KEY_EXPOSED' | 'GIT_UNKNOWN';
}

const ATTACKS: readonly Attack[] = [
  {
    name: 'a linked ~/.claude in a repository of dotfiles',
    plant: () => {
      mkdirSync(box.at('dotfiles/claude'), { recursive: true });
      symlinkSync(box.at('dotfiles/claude'), box.at('.claude'));
      return repository(box.at('dotfiles'));
    },
    args: ['--target', 'user'],
    code: 'SETTINGS_NOT_IGNORED',
  },
  {
    name: 'a link of settings.json to nowhere yet, in a repository',
    plant: () => {
      const folder = repository(box.at('dotfiles'));
      mkdirSync(box.at('.claude'));
      symlinkSync('../dotfiles/claude.json', box.at('.claude/settings.json'));
      return folder;
    },
    args: ['--target', 'user'],
    code: 'SETTINGS_NOT_IGNORED',
  },
  {
    name: 'a home that is a repository and ignores orcc alone',
    plant: () => {
      box.write('.gitignore', '/.config/orcc/\n');
      return repository(box.home);
    },
    args: ['--target', 'user'],
    code: 'SETTINGS_NOT_IGNORED',
  },
  {
    name: 'a home that is a repository, for the key file',
    plant: () => repository(box.home),
    args: ['--target', 'bash'],
    code: 'KEY_EXPOSED',
  },
  {
    name: 'a profile that gets the key itself',
    plant: () => {
      box.write('.gitignore', '/.config/orcc/\n');
      return repository(box.home);
    },
    args: ['--target', 'bash', '--key-storage', 'profile'],
    code: 'KEY_EXPOSED',
  },
  {
    name: 'a key file that is ignored beside backups that are not',
    plant: () => {
      box.write('.gitignore', '/.config/orcc/key\n');
      return repository(box.home);
    },
    args: ['--target', 'bash'],
    code: 'KEY_EXPOSED',
  },
  {
    name: '.claude as a link to elsewhere in the work tree',
    plant: () => {
      repository(box.cwd);
      mkdirSync(here('shared'));
      symlinkSync('shared', here('.claude'));
      return box.cwd;
    },
    args: ['--target', 'local'],
    code: 'SETTINGS_NOT_IGNORED',
  },
  {
    name: 'settings.local.json as a link beside it',
    plant: () => {
      repository(box.cwd);
      mkdirSync(here('.claude'));
      symlinkSync('../local.json', here('.claude/settings.local.json'));
      return box.cwd;
    },
    args: ['--target', 'local'],
    code: 'SETTINGS_NOT_IGNORED',
  },
  {
    name: 'settings.local.json as a link to a tracked file of another repository',
    plant: () => {
      const folder = repository(box.at('other'));
      box.write('other/x.json', '{}\n');
      git(folder, 'add', 'x.json');
      mkdirSync(here('.claude'));
      symlinkSync(box.at('other/x.json'), here('.claude/settings.local.json'));
      return folder;
    },
    args: ['--target', 'local'],
    code: 'SETTINGS_NOT_IGNORED',
  },
  {
    name: 'a .claude/.gitignore that takes the file in again',
    plant: () => {
      repository(box.cwd);
      mkdirSync(here('.claude'));
      writeFileSync(here('.claude/.gitignore'), '!settings.local.json\n');
      return box.cwd;
    },
    args: ['--target', 'local'],
    code: 'SETTINGS_NOT_IGNORED',
  },
  {
    name: 'a linked .gitignore, which git does not follow',
    plant: () => {
      repository(box.cwd);
      writeFileSync(here('ignores'), '.claude/settings.local.json\n');
      symlinkSync('ignores', here('.gitignore'));
      return box.cwd;
    },
    args: ['--target', 'local'],
    code: 'SETTINGS_NOT_IGNORED',
  },
  ...['', 'relative', '~/x'].map((folder): Attack => ({
    name: `CLAUDE_CONFIG_DIR=${JSON.stringify(folder)}, which lies in the current folder`,
    plant: () => repository(box.cwd),
    args: ['--target', 'user'],
    env: () => ({ CLAUDE_CONFIG_DIR: folder }),
    code: 'SETTINGS_NOT_IGNORED',
  })),
];

describe.skipIf(process.platform === 'win32' || needs({ program: 'git' }))('a key that git would commit', () => {
  it.each(ATTACKS)('is not written: $name', async ({ plant, args, env, code }) => {
    const folder = plant();
    const before = box.tree();
    const ran = await orcc([...INIT, ...args, '--json'], env?.());
    expect([ran.code, ran.stderr]).toEqual([6, expect.any(String)]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ findings: [{ code }] });
    expect(box.tree()).toEqual(before);
    expectNothingCommitted(folder);
  });

  it.each(['file', 'profile'])('is not written by undo either, with the storage %s', async (storage) => {
    box.write('.gitignore', '/.config/orcc/\n/.claude/\n/.bashrc\n/.profile\n');
    repository(box.home);
    const target = storage === 'file' ? 'user' : 'bash';
    expect((await orcc([...INIT, '--target', target, '--key-storage', storage])).code).toBe(0);
    expect((await orcc(['remove', '--target', target, '--yes'])).code).toBe(0);
    writeFileSync(box.at('.gitignore'), '/.config/orcc/\n');
    const ran = await orcc(['undo', '--yes']);
    expect(ran.code === 6 || box.holding(KEY).every((file) => file.includes('.config/orcc'))).toBe(true);
    expectNothingCommitted(box.home);
  });

  it('is written where git ignores the real place, and stays out of a commit', async () => {
    box.write('.gitignore', '*\n');
    repository(box.home);
    repository(box.cwd);
    const ran = await orcc([...INIT, '--target', 'user', '--target', 'local', '--target', 'bash']);
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
    expect(readFileSync(here('.gitignore'), 'utf8')).toBe('.claude/settings.local.json\n');
    for (const folder of [box.home, box.cwd]) expectNothingCommitted(folder);
    expect((await orcc(['remove', '--yes'])).code).toBe(0);
  });

  it('does not stop a change of the mapping where it lies already', async () => {
    expect((await orcc([...INIT, '--target', 'user'])).code).toBe(0);
    repository(box.home);
    expect((await orcc(['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'])).code).toBe(0);
    expect((await orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.holding(KEY)).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32' || needs({ program: 'git' }))('where git can not say', () => {
  it.each([
    ['git is not on PATH', () => ({ PATH: '/nowhere' })],
    ['the repository belongs to someone else', () => (process.getuid?.() === 0 ? chownSync(box.cwd, 12345, 12345) : undefined)],
    ['its configuration is broken', () => writeFileSync(here('.git/config'), '[core\n')],
    ['its index is broken', () => writeFileSync(here('.git/index'), 'DIRC????')],
    ['its .git is an empty folder', () => ['HEAD', 'objects', 'refs'].forEach((name) => rmSync(here(`.git/${name}`), { recursive: true }))],
    [
      'its .git leads nowhere',
      () => {
        rmSync(here('.git'), { recursive: true });
        writeFileSync(here('.git'), 'gitdir: /nowhere\n');
      },
    ],
  ] as const)('the key is not written, and the way out is said: %s', async (what, plant) => {
    if (what.includes('someone else') && process.getuid?.() !== 0) return;
    repository(box.cwd);
    const env = plant();
    const before = box.tree();
    const ran = await orcc([...INIT, '--target', 'local', '--json'], env ?? {});
    expect([ran.code, ran.stderr]).toEqual([6, expect.any(String)]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ findings: [{ code: 'GIT_UNKNOWN', fix: expect.stringContaining('git -C') }] });
    expect(box.tree()).toEqual(before);
  });

  it('no folder above with a .git is a no, without git', async () => {
    const ran = await orcc([...INIT, '--target', 'local', '--target', 'user'], { PATH: '/nowhere' });
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
  });
});

describe.skipIf(process.platform === 'win32')('what is looked at besides', () => {
  it('a file that becomes unignored while it is written is taken back', async () => {
    repository(box.cwd);
    mkdirSync(here('.claude'));
    // A git that answers as asked until the file is there, and then truly: as if somebody had changed a .gitignore meanwhile.
    const fake = box.at('fake');
    mkdirSync(fake);
    writeFileSync(
      path.join(fake, 'git'),
      `#!/bin/sh\n[ -e '${here('.claude/settings.local.json')}' ] || case "$*" in *check-ignore*) exit 0 ;; esac\nexec '${real}' "$@"\n`,
    );
    chmodSync(path.join(fake, 'git'), 0o755);
    const before = box.tree();
    const ran = await orcc([...INIT, '--target', 'local', '--json'], { PATH: `${fake}:${box.env['PATH'] ?? ''}` });
    expect([ran.code, ran.stderr]).toEqual([6, expect.any(String)]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ findings: [{ code: 'SETTINGS_NOT_IGNORED' }] });
    expect(box.tree()).toEqual(before);
    expect(existsSync(here('.claude/settings.local.json'))).toBe(false);
  });

  it.skipIf(process.getuid?.() !== 0)('a file of another user gets no key', async () => {
    const file = box.write('.claude/settings.json', '{}\n', 0o666);
    chownSync(file, 12345, 12345);
    const before = box.tree();
    const ran = await orcc([...INIT, '--target', 'user', '--json']);
    expect([ran.code, ran.stderr]).toEqual([6, expect.any(String)]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ findings: [{ code: 'FOREIGN_OWNER' }] });
    expect(box.tree()).toEqual(before);
  });

  it('under --yes it is said where CLAUDE_CONFIG_DIR depends on the current folder', async () => {
    const ran = await orcc([...INIT, '--target', 'user'], { CLAUDE_CONFIG_DIR: '~/x' });
    expect(ran.stderr).toContain('CLAUDE_CONFIG_DIR');
  });
});
