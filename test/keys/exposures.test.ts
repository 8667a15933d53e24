import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { initIn, useBox, useSimulator } from '../support/use.ts';

interface Finding {
  readonly code: string;
  readonly subject: string;
  readonly evidence: readonly string[];
  readonly cause: string;
  readonly fix: string;
}

const leaked = `sk-or-v1-${createHash('sha256').update('leaked').digest('hex')}`;
const masked = `${leaked.slice(0, 12)}...${leaked.slice(-4)}`;
const simulator = await useSimulator();
const box = useBox();
beforeEach(() => {
  // As on most systems: others can look into the home folder.
  fs.chmodSync(path.dirname(box.home), 0o755);
  fs.chmodSync(box.home, 0o755);
});

const setUp = async (...more: string[]): Promise<void> => {
  const { code, stderr } = await initIn(box, simulator, more);
  expect(code, stderr).toBe(0);
};
/** What doctor says of exposed keys. It never prints a key. */
async function exposed(cwd = box.cwd): Promise<readonly Finding[]> {
  const { stdout, stderr } = await box.orcc(['doctor', '--offline', '--json'], { cwd });
  expect(stdout + stderr).not.toContain(leaked);
  expect(stdout + stderr).not.toContain(simulator.key);
  return (JSON.parse(stdout) as { findings: Finding[] }).findings.filter((each) => each.code === 'KEY_EXPOSED');
}
const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: box.home, GIT_CONFIG_NOSYSTEM: '1' },
  }).toString();

describe('doctor on a machine as it should be', () => {
  it.each([
    ['file', ['bash', 'user']],
    ['profile', ['bash', 'user']],
    ['helper', ['user']],
  ])('finds no exposed key with storage %s', async (storage, targets) => {
    await setUp('--key-storage', storage, ...targets.flatMap((each) => ['--target', each]));
    expect(await exposed()).toEqual([]);
  });

  it('takes no placeholder for a key', async () => {
    box.write('.bash_history', 'export OPENROUTER_API_KEY=sk-or-v1-your-key-goes-here-0123456789\n', 0o600);
    expect(await exposed()).toEqual([]);
  });
});

describe('a key in a shell history', () => {
  const histories: [string, string, string][] = [
    ['.bash_history', `ls\nexport K=${leaked}\n`, 'ls\n'],
    ['.zsh_history', `: 1:0;ls\n: 2:0;export K=${leaked}\n`, ': 1:0;ls\n'],
    ['.local/share/fish/fish_history', `- cmd: ls\n  when: 1\n- cmd: set K ${leaked}\n  when: 2\n`, '- cmd: ls\n  when: 1\n'],
    ['.local/share/powershell/PSReadLine/ConsoleHost_history.txt', `ls\n$env:K='${leaked}'\n`, 'ls\n'],
  ];
  it.each(histories)('is found in %s, masked, and scrubbed with --fix, without a backup', async (name, before, after) => {
    box.write(name, before, 0o600);
    const [finding, ...more] = await exposed();
    expect(more).toEqual([]);
    expect(finding?.subject).toBe(box.at(name));
    expect(finding?.evidence[0]).toContain(masked);
    expect(finding?.fix).toContain('https://openrouter.ai/settings/keys');
    const { stderr } = await box.orcc(['doctor', '--offline', '--fix', 'KEY_EXPOSED', '--yes']);
    expect(box.read(name), stderr).toBe(after);
    expect(box.mode(name)).toBe(0o600);
    expect(box.holding(leaked)).toEqual([]);
    expect(await exposed()).toEqual([]);
  });

  it('is scrubbed whatever its shape, where it is the key in use', async () => {
    const key = 'acme.gateway.key.of.no.known.shape';
    const { code, stderr } = await box.orcc(
      [
        ...'init --yes --no-test --no-check --key-stdin --target user --opus a --sonnet a --haiku a --base-url'.split(' '),
        'https://llm.example',
      ],
      { input: key },
    );
    expect(code, stderr).toBe(0);
    box.write('.bash_history', `ls\nexport K=${key}\n`, 0o600);
    await box.orcc(['doctor', '--offline', '--fix', 'KEY_EXPOSED', '--yes']);
    expect(box.read('.bash_history')).toBe('ls\n');
  });

  it('is scrubbed in a home that git would commit', async () => {
    box.write('.bash_history', `ls\nexport K=${leaked}\npwd\n`, 0o600);
    git(box.home, 'init', '-q');
    const { stderr } = await box.orcc(['doctor', '--offline', '--fix', 'KEY_EXPOSED', '--yes']);
    expect(box.read('.bash_history'), stderr).toBe('ls\npwd\n');
  });

  it('is found where HISTFILE leads', async () => {
    box.write('elsewhere', `echo ${leaked}\n`, 0o600);
    const { stdout } = await box.orcc(['doctor', '--offline', '--json'], { env: { HISTFILE: box.at('elsewhere') } });
    expect(stdout).toContain(masked);
  });

  it('stays with --dry-run', async () => {
    box.write('.bash_history', `echo ${leaked}\n`, 0o600);
    const before = box.tree();
    const { stdout, stderr } = await box.orcc(['doctor', '--offline', '--fix', 'KEY_EXPOSED', '--dry-run']);
    expect(stdout + stderr).not.toContain(leaked);
    expect(box.tree()).toEqual(before);
  });
});

describe('a key that others can read', () => {
  it('is found in a profile, and closed with --fix', async () => {
    box.write('.zshrc', `# x\nexport OPENROUTER_API_KEY=${leaked}\n`, 0o644);
    const [finding] = await exposed();
    expect(finding?.evidence[0]).toContain(`${box.at('.zshrc')}:2`);
    await box.orcc(['doctor', '--offline', '--fix', 'KEY_EXPOSED', '--yes']);
    expect(box.mode('.zshrc')).toBe(0o600);
    expect(await exposed()).toEqual([]);
  });

  it('is no finding in a private file, or below a private folder', async () => {
    box.write('.zshrc', `export OPENROUTER_API_KEY=${leaked}\n`, 0o600);
    expect(await exposed()).toEqual([]);
    fs.chmodSync(box.at('.zshrc'), 0o644);
    fs.chmodSync(box.home, 0o700);
    expect(await exposed()).toEqual([]);
  });

  it('is told once where another check tells it', async () => {
    await setUp('--target', 'user', '--key-storage', 'profile', '--target', 'bash');
    fs.chmodSync(box.at('.bashrc'), 0o644);
    fs.chmodSync(box.at('.claude/settings.json'), 0o644);
    expect(await exposed()).toEqual([]);
  });
});

describe('a key in a copy', () => {
  it.each([
    '.bashrc~',
    '.bashrc.bak',
    '.zshrc.pre-oh-my-zsh',
    '.profile.2024-01-02',
    '.bashrc.swp',
    '..bashrc.swp',
    '.claude/settings.json.bak',
    '.claude/settings.json.old',
    '.claude.json.backup',
  ])('is found in %s', async (name) => {
    box.write(name, `${leaked}\n`, 0o600);
    expect((await exposed()).map(({ subject }) => subject)).toEqual([box.at(name)]);
  });

  it.each(['.bashrcfoo', 'notes.txt', '.claude/settings.local.json'])('is not looked for in %s', async (name) => {
    box.write(name, `{"x": "${leaked}"}\n`, 0o600);
    expect(await exposed()).toEqual([]);
  });

  it('is found in a backup of orcc’s own once another key is in use, and deleted with --fix', async () => {
    await setUp('--target', 'user');
    await box.orcc(['switch', 'value', '--yes', '--offline']);
    // As an orcc that knew no scrubbing would have left it.
    const keyed = box.holding('<orcc:key>').find((file) => file.endsWith('.keyed')) ?? '';
    const backup = keyed.replace('.keyed', '.bak');
    box.write(backup, (box.read(keyed) ?? '').replaceAll('<orcc:key>', leaked), 0o600);
    expect((await exposed()).map(({ subject }) => subject)).toEqual([box.at(backup)]);
    await box.orcc(['doctor', '--offline', '--fix', 'KEY_EXPOSED', '--yes']);
    expect(box.holding(leaked)).toEqual([]);
  });
});

describe('a key in git', () => {
  it('is found in the index and in the history of the current folder', async () => {
    git(box.cwd, 'init', '-q');
    fs.writeFileSync(path.join(box.cwd, 'config.js'), `// x\nconst key = '${leaked}';\n`);
    git(box.cwd, 'add', '.');
    const staged = await exposed();
    git(box.cwd, 'commit', '-q', '-m', 'x');
    expect(await exposed()).toEqual(staged);
    expect(staged.map(({ evidence }) => evidence[0])).toEqual([`${box.cwd}/config.js:2: ${masked}`]);
    fs.writeFileSync(path.join(box.cwd, 'config.js'), '// x\n');
    git(box.cwd, 'commit', '-q', '-a', '-m', 'y');
    const [past, ...more] = await exposed(fs.realpathSync(box.cwd));
    expect(more).toEqual([]);
    expect(past?.cause).toContain(`commit ${git(box.cwd, 'rev-parse', '--short', 'HEAD~1').trim()}`);
    expect(past?.evidence.join()).toContain('revoke');
  });

  it('is found from a folder below, and in the repository that a profile is linked into', async () => {
    const dotfiles = box.at('dotfiles');
    fs.mkdirSync(dotfiles);
    fs.writeFileSync(path.join(dotfiles, 'zshrc'), `export OPENROUTER_API_KEY=${leaked}\n`, { mode: 0o600 });
    fs.symlinkSync(path.join(dotfiles, 'zshrc'), box.at('.zshrc'));
    git(dotfiles, 'init', '-q');
    git(dotfiles, 'add', '.');
    fs.chmodSync(path.join(dotfiles, 'zshrc'), 0o600);
    expect((await exposed()).map(({ subject }) => subject)).toEqual([`${dotfiles}/zshrc`]);
    fs.mkdirSync(path.join(dotfiles, 'below'));
    expect(await exposed(path.join(dotfiles, 'below'))).toHaveLength(1);
  });

  it('is looked for without running anything that the repository configures', async () => {
    git(box.cwd, 'init', '-q');
    fs.writeFileSync(path.join(box.cwd, 'a.txt'), `${leaked}\n`);
    fs.writeFileSync(path.join(box.cwd, '.gitattributes'), '*.txt diff=evil filter=evil\n');
    git(box.cwd, 'add', '.');
    git(box.cwd, 'commit', '-q', '-m', 'x');
    const evil = `touch ${box.at('EVIL')}; cat`;
    for (const name of [
      'core.fsmonitor',
      'core.pager',
      'diff.external',
      'diff.evil.textconv',
      'diff.evil.command',
      'filter.evil.smudge',
      'core.hooksPath',
    ])
      git(box.cwd, 'config', name, name === 'core.hooksPath' ? box.at('hooks') : evil);
    const found = await exposed();
    expect(found.length).toBeGreaterThan(0);
    expect(fs.existsSync(box.at('EVIL'))).toBe(false);
  });
});
