import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/core/errors.ts';
import { ORCC_BIN } from '../support/sandbox.ts';
import { initWords, useBox } from '../support/use.ts';

/** Files that this user may not read or write. Root may do both: then it is played as `nobody`. */
const box = useBox();
const KEY = `sk-or-v1-${'f'.repeat(64)}`;
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const INIT = initWords(['--target', 'user', '--target', 'bash']);
const COMMANDS = [INIT, ['status'], ['env'], ['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'], ['undo', '--yes'], ['remove', '--yes']];

const start = (program: string, args: readonly string[]): ReturnType<typeof spawnSync> => {
  const as = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  const [first = program, ...rest] = [...as, program, ...args];
  return spawnSync(first, rest, {
    env: { ...box.env, PATH: `${box.env['PATH'] ?? ''}:/usr/bin:/bin`, MY_KEY: KEY },
    cwd: box.cwd,
    encoding: 'utf8',
    timeout: 30_000,
  });
};
const canPlay = isRoot
  ? spawnSync('setpriv', [`--reuid=${NOBODY}`, '--clear-groups', process.execPath, ORCC_BIN, '--help']).status === 0
  : true;

beforeEach(() => {
  const root = path.dirname(box.home);
  chmodSync(root, 0o755);
  if (isRoot) for (const folder of [box.home, box.cwd]) chownSync(folder, NOBODY, NOBODY);
});
afterEach(() => {
  spawnSync('chmod', ['-R', 'u+rwX', box.home]);
});

/** Gives the file to the user, who then takes a right away. */
function deny(name: string, mode: number): void {
  const file = box.at(name);
  if (isRoot) chownSync(file, NOBODY, NOBODY);
  chmodSync(file, mode);
}

/** The command ends in time, by itself, and neither with a stack nor as a bug. */
function expectSaid(args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  const ran = start(process.execPath, [ORCC_BIN, ...args]);
  const [status, stderr] = [ran.status, String(ran.stderr)];
  expect(status, args.join(' ')).toEqual(expect.any(Number));
  expect([status === EXIT.bug.code, /^\s+at .*:\d+/m.test(stderr) ? stderr : ''], args.join(' ')).toEqual([false, '']);
  return { status, stderr };
}

// Skipped on Windows, which has no such modes, and where root has no setpriv or `nobody` can't start Node.
describe.skipIf(process.platform === 'win32' || !canPlay)('what may not be read or written is said in one sentence', () => {
  it.each<[string, () => void]>([
    ['a profile that may not be read', () => (box.write('.bashrc', 'a=1\n'), deny('.bashrc', 0o000))],
    ['settings that may not be read', () => (box.write('.claude/settings.json', '{}\n'), deny('.claude/settings.json', 0o000))],
    ['a folder of settings that may not be entered', () => (box.write('.claude/settings.json', '{}\n'), deny('.claude', 0o000))],
    ['a configuration folder that may not be written', () => (box.write('.config/x', ''), deny('.config', 0o500))],
    ['a home that may not be written', () => chmodSync(box.home, 0o500)],
    ['a home that may not be entered', () => chmodSync(box.home, 0o000)],
  ])(
    '%s',
    (_, attack) => {
      attack();
      for (const args of COMMANDS) {
        const { status, stderr } = expectSaid(args);
        if (args === INIT) expect([status, stderr.match(/^error: /gm)?.length]).toEqual([6, 1]);
      }
    },
    120_000,
  );

  it('a key, a state and a history that may not be read', () => {
    expect(start(process.execPath, [ORCC_BIN, ...INIT]).status).toBe(0);
    for (const name of ['key', 'state.json', 'history']) {
      expect(readdirSync(box.at('.config/orcc'))).toContain(name);
      chmodSync(box.at(`.config/orcc/${name}`), 0o000);
      for (const args of COMMANDS.slice(1)) {
        expectSaid([...args, ...(args.includes('--yes') ? ['--dry-run'] : [])]);
      }
      chmodSync(box.at(`.config/orcc/${name}`), name === 'history' ? 0o700 : 0o600);
    }
  }, 120_000);
});
