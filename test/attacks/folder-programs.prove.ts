import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findProgram, needs } from '../support/prove.ts';
import { initWords, useBox } from '../support/use.ts';

/** A cloned repository, or a folder unpacked from somewhere, brings programs and configuration along. None of it may run. */
const box = useBox();
beforeEach(() => {
  mkdirSync(path.join(box.home, 'marks'));
});

const marks = (): readonly string[] => readdirSync(box.at('marks')).sort();
const mark = (name: string): string => `/bin/touch '${box.at(`marks/${name}`)}'`;

function plant(file: string, name: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${mark(name)}\n`);
  chmodSync(file, 0o755);
}

/** Commands that start programs, each in a way of its own; `few` of them start each kind of program once. */
async function runAll(env: Record<string, string> = {}, few = false): Promise<void> {
  const given = { ...box.env, ...env, MY_KEY: 'sk-or-v1-0000000000000000000000000000000000000000000000000000000000000000' };
  const init = initWords();
  const more = [
    [...init, '--target', 'local', '--target', 'bash', '--dry-run'],
    [...init, '--target', 'local', '--force'],
    ['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'],
    ['remove', '--yes'],
  ];
  for (const args of [
    [...init, '--target', 'user', '--target', 'bash'],
    ['doctor', '--offline', '--all'],
    ['status', '--verify', '--all'],
    ...(few ? [] : more),
  ]) {
    const { code, stderr } = await box.bin(args, { env: given });
    expect([args[0], code === 70 ? stderr : 'no bug']).toEqual([args[0], 'no bug']);
  }
}

const NAMES = [
  'bash',
  'sh',
  'cat',
  'git',
  'ps',
  'ls',
  'env',
  'zsh',
  'fish',
  'pwsh',
  'claude',
  'chezmoi',
  'security',
  'false',
  'secret-tool',
];

describe.skipIf(process.platform === 'win32')('programs of the current folder', () => {
  it.each([
    ['an empty entry at the front of PATH', (real: string) => `:${real}`],
    ['an empty entry at the end of PATH', (real: string) => `${real}:`],
    ['a dot', (real: string) => `.:${real}`],
    ['a relative folder', (real: string) => `bin:./bin:../${path.basename(box.cwd)}/bin:${real}`],
    ['nothing but relative folders', () => '.:bin'],
    [
      'the node_modules/.bin that npx puts in front',
      (real: string) => `${box.cwd}/node_modules/.bin:${path.dirname(box.cwd)}/node_modules/.bin:${real}`,
    ],
  ])(
    'are not started through %s',
    async (_, pathOf) => {
      for (const name of NAMES) {
        plant(path.join(box.cwd, name), name);
        plant(path.join(box.cwd, 'bin', name), `bin-${name}`);
        plant(path.join(box.cwd, 'node_modules', '.bin', name), `npx-${name}`);
        plant(path.join(path.dirname(box.cwd), 'node_modules', '.bin', name), `above-${name}`);
      }
      await runAll({ PATH: pathOf(box.env['PATH'] ?? '') }, true);
      expect(marks()).toEqual([]);
    },
    60_000,
  );
});

describe.skipIf(process.platform === 'win32' || needs({ program: 'git' }))('configuration of git', () => {
  const real = findProgram('git') ?? 'git';
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const git = (...args: string[]): string =>
    execFileSync(real, ['-c', 'user.name=x', '-c', 'user.email=x@x.invalid', ...args], {
      cwd: box.cwd,
      env,
      stdio: 'pipe',
      encoding: 'utf8',
    });

  function commitKey(): void {
    box.writeHere('old', `key sk-or-v1-${'a'.repeat(64)}\n`);
    git('add', 'old');
    git('commit', '-q', '-m', 'x');
  }

  it('starts no monitor, hook, pager, helper or filter', async () => {
    git('init', '-q');
    box.writeHere('.gitattributes', '* diff=evil filter=evil\n');
    commitKey();
    for (const [name, what] of [
      ['core.fsmonitor', 'fsmonitor'],
      ['core.pager', 'pager'],
      ['pager.log', 'pager-log'],
      ['core.editor', 'editor'],
      ['core.askPass', 'askpass'],
      ['core.sshCommand', 'ssh'],
      ['core.alternateRefsCommand', 'alternates'],
      ['credential.helper', 'credential'],
      ['diff.external', 'external'],
      ['diff.evil.textconv', 'textconv'],
      ['diff.evil.command', 'driver'],
      ['filter.evil.clean', 'clean'],
      ['filter.evil.smudge', 'smudge'],
      ['filter.evil.process', 'process'],
      ['alias.ls-files', 'alias'],
    ] as const)
      git('config', name, name === 'alias.ls-files' ? `!${mark(what)}` : `${mark(what)} #`);
    git('config', 'core.hooksPath', path.join(box.cwd, 'hooks'));
    for (const hook of ['post-index-change', 'post-checkout', 'reference-transaction', 'pre-auto-gc', 'fsmonitor-watchman'])
      plant(path.join(box.cwd, 'hooks', hook), `hook-${hook}`);
    // The attack works on a git that is started without care.
    spawnSync(real, ['status'], { cwd: box.cwd, env, stdio: 'ignore' });
    expect(marks()).toContain('fsmonitor');
    for (const name of marks()) rmSync(box.at(`marks/${name}`));
    await runAll();
    expect(marks()).toEqual([]);
  }, 60_000);

  it('checks no signature with a program of its own', async () => {
    git('init', '-q');
    commitKey();
    const tree = git('rev-parse', 'HEAD^{tree}').trim();
    const signed = `tree ${tree}\nauthor x <x@x.invalid> 1 +0000\ncommitter x <x@x.invalid> 1 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n aaaa\n -----END PGP SIGNATURE-----\n\nx\n`;
    box.writeHere('signed', signed);
    const commit = git('hash-object', '-t', 'commit', '-w', 'signed').trim();
    git('update-ref', 'HEAD', commit);
    git('config', 'log.showSignature', 'true');
    plant(path.join(box.cwd, 'gpg'), 'gpg');
    for (const name of ['gpg.program', 'gpg.openpgp.program', 'gpg.ssh.program', 'gpg.x509.program'])
      git('config', name, path.join(box.cwd, 'gpg'));
    // The attack works on a git that is started without care.
    execFileSync(real, ['log', '--all'], { cwd: box.cwd, env, stdio: 'ignore' });
    expect(marks()).toEqual(['gpg']);
    rmSync(box.at('marks/gpg'));
    await runAll();
    expect(marks()).toEqual([]);
  }, 60_000);

  it('counts for nothing in a bare repository that hides in a folder', async () => {
    git('init', '-q', '--bare', '.');
    git('--git-dir', '.', 'config', 'core.bare', 'false');
    git('--git-dir', '.', 'config', 'core.worktree', box.cwd);
    git('--git-dir', '.', 'config', 'core.fsmonitor', `${mark('fsmonitor')} #`);
    git('--git-dir', '.', 'config', 'core.hooksPath', path.join(box.cwd, 'hooks'));
    await runAll();
    expect(marks()).toEqual([]);
  }, 60_000);

  it('fetches nothing for a partial clone', async () => {
    git('init', '-q');
    commitKey();
    for (const [name, value] of [
      ['extensions.partialClone', 'origin'],
      ['core.repositoryFormatVersion', '1'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', `ext::${path.join(box.cwd, 'evil')}`],
      ['remote.origin.uploadpack', mark('uploadpack')],
      ['protocol.ext.allow', 'always'],
      ['protocol.allow', 'always'],
    ] as const)
      git('config', name, value);
    plant(path.join(box.cwd, 'evil'), 'ext');
    const blob = git('rev-parse', 'HEAD:old').trim();
    rmSync(path.join(box.cwd, '.git', 'objects', blob.slice(0, 2), blob.slice(2)));
    try {
      execFileSync(real, ['log', '--all', '-p'], { cwd: box.cwd, env, stdio: 'ignore' });
    } catch {
      // It fails, but has run what it was told to.
    }
    expect(marks()).toEqual(['ext']);
    rmSync(box.at('marks/ext'));
    await runAll();
    expect(marks()).toEqual([]);
  }, 60_000);

  it('gets no key in its environment, and no variable that leads it elsewhere', async () => {
    git('init', '-q');
    const seen = box.at('seen');
    const programs = box.env['PATH'] ?? '';
    rmSync(path.join(programs, 'git'));
    writeFileSync(path.join(programs, 'git'), `#!/bin/sh\n/usr/bin/env >> '${seen}'\nexec '${real}' "$@"\n`, { mode: 0o755 });
    const secret = `sk-or-v1-${'b'.repeat(64)}`;
    await runAll({
      ANTHROPIC_AUTH_TOKEN: secret,
      OTHER: secret,
      GH_TOKEN: 'ghp_x',
      GIT_DIR: '/nowhere',
      GIT_SSH_COMMAND: mark('ssh'),
      GIT_TRACE: box.at('trace'),
    });
    const text = box.read('seen') ?? '';
    expect(text).toMatch(/^GIT_ALLOW_PROTOCOL=$/m);
    expect(text).not.toMatch(/sk-or|ghp_|GIT_DIR|GIT_SSH|GIT_TRACE|ANTHROPIC/);
    expect([marks(), existsSync(box.at('trace'))]).toEqual([[], false]);
  }, 60_000);
});

it.skipIf(process.platform === 'win32')(
  'a link to a program of the folder is no program of PATH',
  async () => {
    plant(path.join(box.cwd, 'git'), 'linked');
    symlinkSync(box.cwd, path.join(box.home, 'here'));
    await runAll({ PATH: `../home/here:${box.env['PATH'] ?? ''}` }, true);
    expect(marks()).toEqual([]);
  },
  60_000,
);
