import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listSessions } from '../../../src/claude/sessions.ts';
import { createExec } from '../../../src/system/exec.ts';
import { createFileSystem } from '../../../src/system/files.ts';
import { createSandbox, type Sandbox } from '../../support/sandbox.ts';

let box: Sandbox;
let started: ChildProcess | undefined;
beforeEach(() => (box = createSandbox()));
afterEach(() => {
  started?.kill('SIGKILL');
  box.dispose();
});

const list = () =>
  listSessions({
    fs: createFileSystem(),
    exec: createExec(box.env, process.platform),
    env: { ...box.env, CLAUDE_CONFIG_DIR: path.join(box.home, '.claude') },
    home: box.home,
    cwd: box.cwd,
    platform: process.platform,
    clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: (ms: number) => wait(ms) },
    uid: process.getuid?.(),
    pid: process.pid,
  });

// /proc on Linux, ps on macOS, PowerShell's CIM on Windows: whatever this machine has.
it('a program named claude that runs is a session, with its process and its age, until it ends', async () => {
  const program = path.join(box.home, process.platform === 'win32' ? 'claude.exe' : 'claude');
  copyFileSync(process.execPath, program);
  started = spawn(program, ['-e', 'setTimeout(() => {}, 120_000)'], { env: box.env, stdio: 'ignore' });
  await wait(1500);
  const mine = (await list()).find(({ pid }) => pid === started?.pid);
  expect(mine).toBeDefined();
  expect(mine?.ageMs).toBeLessThan(60_000);
  const ended = new Promise((resolve) => started?.on('exit', resolve));
  started.kill('SIGKILL');
  await ended;
  expect((await list()).map(({ pid }) => pid)).not.toContain(started.pid);
});
