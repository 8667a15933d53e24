import { chmodSync, chownSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partOf } from '../support/part.ts';
import { needs } from '../support/prove.ts';
import { createSandbox, ORCC_BIN, runOrcc, runProgram, type RunResult, type Sandbox } from '../support/sandbox.ts';
import { readTree } from '../support/tree.ts';
import { initWords } from '../support/use.ts';

const KEY = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`;
const PROFILE = '# mine\n[ -z "$PS1" ] && return\nalias a=b\n';
const SETTINGS = '{\n  "model": "x",\n  "env": {"ANTHROPIC_BASE_URL": "https://a.example", "ANTHROPIC_AUTH_TOKEN": "theirs"}\n}\n';
const INIT = initWords(['--key-stdin']);
const EVERYWHERE = ['--target', 'bash', '--target', 'fish', '--target', 'user', '--replace'];

const boxes: Sandbox[] = [];
let [points, left] = [0, 0];
afterEach(() => {
  for (const box of boxes.splice(0)) box.dispose();
});
afterAll(() => {
  process.stderr.write(`built program: killed at ${points} points, an empty .config stayed ${left} times\n`);
});

/** A home with the user's own files; `from` is another one to start as a copy of. */
function makeBox(from?: Sandbox): Sandbox {
  const box = createSandbox();
  boxes.push(box);
  box.env['SHELL'] = '/bin/bash';
  if (from === undefined) {
    lay(box, '.profile', '. ~/.bashrc\n');
    lay(box, '.bashrc', PROFILE, 0o640);
    lay(box, '.claude/settings.json', SETTINGS);
  } else cpSync(from.home, box.home, { recursive: true, preserveTimestamps: true });
  return box;
}

function lay(box: Sandbox, name: string, text: string, mode = 0o644): void {
  mkdirSync(path.join(box.home, path.dirname(name)), { recursive: true });
  writeFileSync(path.join(box.home, name), text);
  chmodSync(path.join(box.home, name), mode);
}

const read = (box: Sandbox, name: string): string => readFileSync(path.join(box.home, name), 'utf8');
const orcc = (box: Sandbox, ...args: readonly string[]): Promise<RunResult> =>
  runOrcc(args, { env: box.env, cwd: box.cwd, input: `${KEY}\n`, timeout: 120_000 });

describe.skipIf(needs({ program: 'strace' }))('the built program, killed by the system at each of its changes,', () => {
  const CALLS = ['rename', 'unlink', 'mkdir', 'rmdir'];

  /** Nothing half-way that Claude Code or a shell could trip over, no key that others can read. */
  function expectSound(box: Sandbox): void {
    const { env = {} } = JSON.parse(read(box, '.claude/settings.json')) as { env?: Record<string, string> };
    expect('ANTHROPIC_BASE_URL' in env).toBe('ANTHROPIC_AUTH_TOKEN' in env);
    const profile = read(box, '.bashrc');
    expect(profile.replace(/# >>> orcc >>>[^]*# <<< orcc <<<\n/, '')).toBe(PROFILE);
    for (const [name, what] of Object.entries(readTree(box.home))) {
      if (what.startsWith('folder') || what.startsWith('->')) continue;
      if (read(box, name).includes(KEY))
        expect(`${name} ${(statSync(path.join(box.home, name)).mode & 0o077).toString(8)}`).toBe(`${name} 0`);
    }
  }

  it.each([
    ['init', [...INIT, ...EVERYWHERE], []],
    ['switch', ['switch', 'value', '--yes', '--offline'], [[...INIT, ...EVERYWHERE]]],
    [
      'undo',
      ['undo', '--yes'],
      [
        [...INIT, ...EVERYWHERE],
        ['switch', 'value', '--yes', '--offline'],
      ],
    ],
    ['remove', ['remove', '--yes'], [[...INIT, ...EVERYWHERE]]],
  ] as const)('%s: the next command puts it right, and in the end every byte is the user’s again', async (_, args, first) => {
    const start = makeBox();
    const users = readTree(start.home);
    for (const each of first) expect(await orcc(start, ...each)).toMatchObject({ code: 0 });
    // Paths in orcc's records are absolute: the same home is laid back for each try.
    const kept = makeBox(start);
    const reset = (): void => {
      execFileSync('find', [start.home, '-mindepth', '1', '-delete']);
      cpSync(kept.home, start.home, { recursive: true, preserveTimestamps: true });
    };
    const trace = (...how: readonly string[]): Promise<RunResult> =>
      runProgram('strace', ['-f', '-q', ...how, process.execPath, ORCC_BIN, ...args], {
        env: start.env,
        cwd: start.cwd,
        input: `${KEY}\n`,
        timeout: 60_000,
      });
    const log = path.join(start.cwd, 'strace.log');
    await trace('-o', log, '-e', `trace=${CALLS.join(',')}`);
    const made = readFileSync(log, 'utf8');
    const places = CALLS.flatMap((call) =>
      Array.from({ length: made.split(new RegExp(`\\b${call}\\(`)).length - 1 }, (_each, index) => ({ call, when: index + 1 })),
    );
    expect(places.length).toBeGreaterThan(10);
    for (const { call, when } of partOf(places, 2)) {
      reset();
      const killed = await trace('-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${when}`);
      expect(killed.code === 0 ? 'not killed' : 'killed').toBe('killed');
      expectSound(start);
      const started = performance.now();
      const next = await orcc(start, 'switch', 'guide', '--yes', '--offline');
      expect(performance.now() - started).toBeLessThan(8000);
      expect([0, 3]).toContain(next.code);
      expectSound(start);
      expect(Object.keys(readTree(start.home)).filter((name) => /lock|\.tmp$|\.orcc-/.test(name))).toEqual([]);
      expect([0, 3]).toContain((await orcc(start, 'remove', '--yes')).code);
      // A folder may be made before anything could tell of it: no more than it, and empty, may stay.
      const { '.config': made, ...rest } = readTree(start.home);
      expect(rest, `${call} ${when}`).toEqual(users);
      if (made !== undefined) left += 1;
      points += 1;
    }
  });
});

describe.skipIf(needs({ fact: process.getuid?.() === 0, factName: 'root' }) ?? needs({ platform: 'linux' }))(
  'on files, mounts and homes that only root can make so',
  () => {
    let box: Sandbox;
    const at = (name: string): string => path.join(box.home, name);
    beforeEach(() => {
      box = makeBox();
      // Nothing of someone else's that would be a reason of its own.
      lay(box, '.claude/settings.json', '{}\n');
    });

    async function expectRefused(names: RegExp, ...args: readonly string[]): Promise<void> {
      const before = readTree(box.home);
      const ran = await orcc(box, ...INIT, ...args);
      expect(ran).toMatchObject({ code: 6, stderr: expect.stringMatching(names) as string });
      expect(readTree(box.home)).toEqual(before);
    }

    it('an immutable file is refused', async ({ skip }) => {
      try {
        execFileSync('chattr', ['+i', at('.bashrc')], { stdio: 'ignore' });
      } catch {
        skip('this file system knows no immutable files');
      }
      try {
        await expectRefused(/\.bashrc.*lsattr/s, '--target', 'bash');
      } finally {
        execFileSync('chattr', ['-i', at('.bashrc')]);
      }
    });

    it('a bind-mounted file is written in place, and comes back', async ({ skip }) => {
      const real = path.join(box.cwd, 'bashrc');
      writeFileSync(real, PROFILE);
      try {
        execFileSync('mount', ['--bind', real, at('.bashrc')], { stdio: 'ignore' });
      } catch {
        skip('mount is not allowed here');
      }
      try {
        const inode = statSync(real).ino;
        expect(await orcc(box, ...INIT, '--target', 'bash')).toMatchObject({ code: 0 });
        expect([readFileSync(real, 'utf8').includes('# >>> orcc >>>'), statSync(real).ino]).toEqual([true, inode]);
        expect(await orcc(box, 'remove', '--yes')).toMatchObject({ code: 0 });
        expect(readFileSync(real, 'utf8')).toBe(PROFILE);
      } finally {
        execFileSync('umount', [at('.bashrc')]);
      }
    });

    it('a home that belongs to someone else is refused, as under sudo', async () => {
      chownSync(box.home, 1000, 1000);
      await expectRefused(/belongs to another user/, '--target', 'bash');
      expect(await orcc(box, 'switch', 'value', '--yes', '--offline')).not.toMatchObject({ code: 0 });
    });

    it('another user’s orcc writes in place where the folder takes no new file, and refuses where nothing can be written', async () => {
      const nobody = 65_534;
      const setpriv = ['setpriv', '--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'];
      const run = (...args: readonly string[]): Promise<RunResult> =>
        runProgram(setpriv[0] ?? '', [...setpriv.slice(1), process.execPath, ORCC_BIN, ...args], {
          env: box.env,
          cwd: box.cwd,
          input: `${KEY}\n`,
        });
      execFileSync('chown', ['-R', `${nobody}:${nobody}`, path.dirname(box.home)]);
      chmodSync(at('.claude'), 0o555);
      const before = readTree(box.home);
      expect(await run(...INIT, '--target', 'user')).toMatchObject({ code: 0 });
      expect(statSync(at('.claude/settings.json')).mode & 0o7777).toBe(0o600);
      expect(await run('remove', '--yes')).toMatchObject({ code: 0 });
      expect(readTree(box.home)).toEqual(before);
      chownSync(at('.bashrc'), 0, 0);
      chmodSync(at('.bashrc'), 0o644);
      const then = readTree(box.home);
      const refused = { code: 6, stderr: expect.stringContaining('.bashrc') as string };
      expect(await run(...INIT, '--target', 'bash')).toMatchObject(refused);
      expect(readTree(box.home)).toEqual(then);
    });
  },
);

describe.skipIf(needs({ program: 'setfacl' }) ?? needs({ program: 'getfacl' }) ?? needs({ platform: 'linux' }))('an access list', () => {
  it('stays on a file through init, switch, undo and remove, and shares no key', async ({ skip }) => {
    const box = makeBox();
    const profile = path.join(box.home, '.bashrc');
    const settings = path.join(box.home, '.claude/settings.json');
    lay(box, '.claude/settings.json', '{}\n');
    try {
      for (const file of [profile, settings]) execFileSync('setfacl', ['-m', 'u:65534:r', file], { stdio: 'ignore' });
    } catch {
      skip('this file system knows no access lists');
    }
    const lists = (): string => execFileSync('getfacl', ['--absolute-names', profile, settings], { encoding: 'utf8' });
    const [before, files] = [lists(), readTree(box.home)];
    expect(await orcc(box, ...INIT, '--target', 'bash', '--target', 'user')).toMatchObject({ code: 0 });
    expect(lists()).toMatch(/\.bashrc[^]*user:(?:65534|nobody):r--[^]*settings\.json[^]*user:(?:65534|nobody):r--\s+#effective:---/);
    expect(await orcc(box, 'switch', 'value', '--yes', '--offline')).toMatchObject({ code: 0 });
    expect(await orcc(box, 'undo', '2', '--yes')).toMatchObject({ code: 0 });
    expect(lists()).toBe(before);
    expect(await orcc(box, ...INIT, '--target', 'bash', '--target', 'user')).toMatchObject({ code: 0 });
    expect(await orcc(box, 'remove', '--yes')).toMatchObject({ code: 0 });
    expect([lists(), readTree(box.home)]).toEqual([before, files]);
  });
});
