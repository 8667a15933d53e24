import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, rmSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../src/core/errors.ts';
import { createProcesses } from '../../src/system/processes.ts';
import { needs } from '../support/prove.ts';
import { ORCC_BIN } from '../support/sandbox.ts';
import { initWords, useBox } from '../support/use.ts';

/** Files that are not what orcc takes them for: one sentence and exit 6, never a stack trace, never a hang. */
const box = useBox();
const KEY = `sk-or-v1-${'d'.repeat(64)}`;
const INIT = initWords(['--target', 'user', '--target', 'bash']);
const COMMANDS: readonly (readonly string[])[] = [
  ['status'],
  ['status', '--json'],
  ['env'],
  INIT,
  ['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'],
  ['doctor', '--offline'],
  ['undo', '--yes'],
  ['remove', '--yes'],
];

const own = (name: string): string => box.at(path.join('.config/orcc', name));
const setUp = async (): Promise<void> => expect((await box.orcc(INIT, { env: { MY_KEY: KEY } })).code).toBe(0);
const pipe = (file: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { recursive: true, force: true });
  expect(spawnSync('mkfifo', [file]).status).toBe(0);
};

/** Every command ends in time, with a code of its own for it and without a stack. */
async function expectSaid(env: Record<string, string> = {}, cwd = box.cwd): Promise<readonly (number | null)[]> {
  const codes: (number | null)[] = [];
  for (const args of COMMANDS) {
    const { code, stderr } = await box.bin(args, { env: { ...box.env, MY_KEY: KEY, ...env }, cwd });
    expect([args[0], code, /^\s+at .*:\d+/m.test(stderr) ? stderr : '']).toEqual([args[0], expect.any(Number), '']);
    expect(code, args[0]).not.toBe(EXIT.bug.code);
    codes.push(code);
  }
  return codes;
}

describe.skipIf(process.platform === 'win32' || needs({ program: 'mkfifo' }))('one sentence is said', () => {
  it.each<[string, () => Promise<Record<string, string> | void>]>([
    ['where ~/.config is a file', async () => writeFileSync(box.at('.config'), '')],
    ['where ~/.config is a link to itself', async () => symlinkSync('.config', box.at('.config'))],
    ['where HOME is a device', async () => ({ HOME: '/dev/null' })],
    ['where HOME is not there', async () => ({ HOME: box.at('none') })],
    ['where XDG_CONFIG_HOME is a device', async () => ({ XDG_CONFIG_HOME: '/dev/null' })],
    ['where the lock is a pipe', async () => setUp().then(() => pipe(own('locks/change.lock')))],
    ['where the cache is a pipe', async () => setUp().then(() => pipe(own('cache/models.json')))],
    ['where the key is a pipe', async () => setUp().then(() => pipe(own('key')))],
    ['where the configuration is a pipe', async () => setUp().then(() => pipe(own('config.json')))],
    ['where the history is a pipe', async () => setUp().then(() => pipe(own('history')))],
    ['where a profile is a pipe', async () => pipe(box.at('.bashrc'))],
    ['where settings are a pipe', async () => pipe(box.at('.claude/settings.json'))],
    ['where Claude Code’s own state is a pipe', async () => pipe(box.at('.claude.json'))],
    [
      'where this folder’s settings and orcc.json are pipes',
      async () => ['.claude/settings.json', '.claude/settings.local.json', 'orcc.json'].forEach((name) => pipe(path.join(box.cwd, name))),
    ],
  ])(
    '%s',
    async (_, attack) => {
      await expectSaid((await attack()) ?? {});
    },
    90_000,
  );

  it('where a receipt is a pipe', async () => {
    await setUp();
    const [entry] = Object.keys(box.tree()).filter((name) => /history\/[^/]+$/.test(name));
    pipe(path.join(path.dirname(box.home), entry ?? '', 'receipt.json'));
    const codes = await expectSaid();
    // What does not read the history works.
    expect([codes[0], codes[4], codes[6]]).toEqual([0, 6, 6]);
  }, 60_000);

  it('where the current folder is gone', async () => {
    await setUp();
    const gone = path.join(box.cwd, 'gone');
    for (const args of COMMANDS.slice(0, 6)) {
      mkdirSync(gone);
      const line = `cd '${gone}' && rmdir '${gone}' && exec '${process.execPath}' '${ORCC_BIN}' ${args.map((arg) => `'${arg}'`).join(' ')}`;
      const { status, stderr } = spawnSync('/bin/sh', ['-c', line], {
        env: { ...box.env, MY_KEY: KEY },
        encoding: 'utf8',
        timeout: 20_000,
      });
      expect([args[0], status === 70 ? stderr : 'said']).toEqual([args[0], 'said']);
      if (existsSync(gone)) rmdirSync(gone);
    }
  }, 60_000);

  it.skipIf(needs({ file: '/dev/full' }))(
    'where the disk that takes the output is full, and nothing of it is called a bug',
    async () => {
      await setUp();
      for (const args of [
        ['status'],
        ['status', '--json'],
        ['env'],
        ['doctor', '--offline'],
        ['--help'],
        ['explain', 'NO_TOOLS'],
        ['nonsense', '--json'],
      ]) {
        const full = openSync('/dev/full', 'w');
        const { status, stderr } = spawnSync(process.execPath, [ORCC_BIN, ...args], {
          env: { ...box.env },
          stdio: ['ignore', full, 'pipe'],
          encoding: 'utf8',
          timeout: 20_000,
        });
        closeSync(full);
        expect([args, status === 6 || status === 2, stderr.split('\n')[0]]).toEqual([args, true, expect.stringMatching(/^error: /)]);
        expect(stderr).not.toMatch(/^\s+at /m);
      }
      const full = openSync('/dev/full', 'w');
      expect(
        spawnSync(process.execPath, [ORCC_BIN, 'status'], { env: box.env, stdio: ['ignore', 'ignore', full], timeout: 20_000 }).status,
      ).toBe(0);
      closeSync(full);
    },
    60_000,
  );

  it('where no further file can be opened', async () => {
    await setUp();
    for (const args of [...COMMANDS, ['status', '--verify']]) {
      const line = `ulimit -n 24; exec '${process.execPath}' '${ORCC_BIN}' ${args.map((arg) => `'${arg}'`).join(' ')}`;
      const { status, stderr } = spawnSync('/bin/sh', ['-c', line], {
        env: { ...box.env, MY_KEY: KEY },
        encoding: 'utf8',
        timeout: 20_000,
      });
      expect([args[0], status === 70 || status === null ? stderr : 'said']).toEqual([args[0], 'said']);
    }
  }, 60_000);
});

describe.skipIf(process.platform === 'win32' || needs({ program: 'mkfifo' }))('a file that a command is to read', () => {
  it.each<[string, readonly string[]]>([
    ['profiles to be imported', ['profile', 'import', 'given', '--yes']],
    ['settings of a session', ['run', '--', '--settings', 'given']],
  ])(
    'and that is a pipe or a device is refused: %s',
    async (_what, words) => {
      await setUp();
      const claude = path.join(box.env['PATH'] ?? '', 'claude');
      writeFileSync(claude, '#!/bin/sh\necho 2.1.332\n', { mode: 0o755 });
      const given = path.join(box.cwd, 'given');
      for (const make of [() => spawnSync('mkfifo', [given]), () => symlinkSync('/dev/zero', given)]) {
        make();
        // A hang would be one that no signal but SIGKILL ends.
        const { status, stderr } = spawnSync(process.execPath, [ORCC_BIN, ...words], {
          ...{ cwd: box.cwd, env: box.env, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' },
        });
        expect([status, stderr]).toEqual([2, expect.stringContaining('given')]);
        rmSync(given);
      }
    },
    60_000,
  );
});

describe.skipIf(process.platform === 'win32')('a session that was killed', () => {
  const GONE = 4_000_000;
  const leave = (): string => {
    const runtime = box.at('runtime');
    const folder = path.join(runtime, `orcc-run-${GONE}-0123456789abcdef`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(folder, 'settings.json'), JSON.stringify({ env: { ANTHROPIC_AUTH_TOKEN: KEY } }), { mode: 0o600 });
    return folder;
  };

  it.each([['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'], ['undo', '--yes'], ['remove', '--yes'], INIT])(
    'leaves no key behind for longer than `orcc %s`',
    async (...args) => {
      await setUp();
      const folder = leave();
      const env = { ...box.env, MY_KEY: KEY, TMPDIR: box.at('runtime') };
      expect((await box.bin(['status'], { env })).stdout).toContain(folder);
      expect((await box.bin(['doctor', '--offline', '--json'], { env })).stdout).toContain('SESSION_LEFT');
      expect(existsSync(folder)).toBe(true);
      await box.bin(args, { env });
      expect(existsSync(folder)).toBe(false);
    },
    30_000,
  );

  it.skipIf(process.platform !== 'linux' || needs({ program: 'sh' }))(
    'is gone too while nobody has asked how it ended',
    async () => {
      // The shell becomes a program that never waits for the child that it has started; only then does the child end.
      const parent = spawn('/bin/sh', ['-c', 'cat <&3 & echo $!; exec sleep 60 3<&-'], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
      const [, stdout, , held] = parent.stdio;
      try {
        const said: unknown = stdout === null ? [] : (await once(stdout, 'data'))[0];
        const pid = Number(String(said).trim());
        const stat = (of: number): string => readFileSync(`/proc/${of}/stat`, 'latin1');
        await vi.waitFor(() => expect(stat(parent.pid ?? 0)).toContain('(sleep)'), { timeout: 20_000 });
        if (held instanceof Writable) held.end();
        await vi.waitFor(() => expect(stat(pid)).toContain(') Z '), { timeout: 20_000 });
        const processes = createProcesses('linux');
        expect([processes.isRunning(pid), processes.isRunning(parent.pid ?? 0), processes.isRunning(process.pid)]).toEqual([
          false,
          true,
          true,
        ]);
        expect(processes.startOf?.(process.pid)).toMatch(/^\d+$/);
      } finally {
        parent.kill('SIGKILL');
      }
    },
    30_000,
  );

  it('is not followed where its folder is a link', async () => {
    await setUp();
    mkdirSync(box.at('runtime'));
    box.write('precious/settings.json', 'mine');
    symlinkSync(box.at('precious'), path.join(box.at('runtime'), `orcc-run-${GONE}-0123456789abcdef`));
    await box.bin(['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'], { env: { ...box.env, TMPDIR: box.at('runtime') } });
    expect(box.read('precious/settings.json')).toBe('mine');
  }, 30_000);
});
