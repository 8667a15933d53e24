import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { faultFs } from '../support/fault-fs.ts';
import { partOf } from '../support/part.ts';
import { quickFiles } from '../support/temp-home.ts';
import { initWords, useBox } from '../support/use.ts';

/** `orcc key set` that is killed: after the next command that writes, one of the two keys is nowhere at all, backups included. */
const OLD = `sk-or-v1-${'6'.repeat(64)}`;
const NEW = `sk-or-v1-${'7'.repeat(64)}`;
const SET = ['key', 'set', '--key-env', 'MY_KEY', '--no-check', '--yes'];
const PROGRAM = path.resolve(import.meta.dirname, '../../bin/orcc.js');
/** Calls that change something on the disk: between two of them nothing differs. */
const CHANGES = /^(?:mkdir|openExclusive|write|ftruncate|rename|unlink|rmdir|chmod|fchmod) /;
let kills = 0;
const box = useBox();
afterAll(() => {
  process.stderr.write(`key set: ${kills} kills\n`);
  expect(kills).toBeGreaterThan(25);
});

type Run = (args: readonly string[], key?: string) => Promise<void>;
/** In this process, which is quicker. */
const orcc: Run = async (args, key = OLD) => {
  const ran = await box.orcc(args, { env: { MY_KEY: key } });
  expect([args, ran.code, ran.stderr]).toEqual([args, 0, expect.any(String)]);
};

const program: Run = async (args, key = OLD) => {
  const ran = await box.bin(args, { env: { ...box.env, MY_KEY: key } });
  expect([args, ran.code, ran.stderr]).toEqual([args, 0, expect.any(String)]);
};

async function setUp(storage: string): Promise<void> {
  const args = initWords(['--key-storage', storage]);
  await orcc([...args, '--target', 'bash', '--target', 'user']);
  await orcc(['switch', 'opus=z-ai/glm-5.3', '--yes', '--offline']);
}

/** What the next command that writes leaves: the old key alone or the new one alone, wherever one looks. */
async function expectOneKey(where: string, run: Run): Promise<void> {
  await run(['switch', 'opus=z-ai/glm-4.6', '--yes', '--offline']);
  const [old, fresh] = [box.holding(OLD), box.holding(NEW)];
  expect([where, old.length > 0 && fresh.length > 0 ? { old, fresh } : 'one']).toEqual([where, 'one']);
  expect([where, [...old, ...fresh].filter((file) => file.includes('history'))]).toEqual([where, []]);
}

describe.skipIf(process.platform === 'win32').each(['profile', 'file'])('with the key storage %s', (storage) => {
  it('killed at any change of the disk', async () => {
    await setUp(storage);
    const watched = faultFs(quickFiles());
    await box.orcc(SET, { env: { MY_KEY: NEW }, fs: watched.fs });
    await orcc(SET, OLD);
    const points = watched.calls.flatMap((call, at) => (CHANGES.test(call) ? [at] : []));
    for (const at of partOf(points, 5)) {
      const dead = faultFs(quickFiles(), { at, kill: 'after' });
      await box.orcc(SET, { env: { MY_KEY: NEW }, fs: dead.fs, pid: 1_000_001 }).catch(() => undefined);
      await expectOneKey(`${at}: ${watched.calls[at] ?? ''}`, orcc);
      await orcc(SET, OLD);
      kills += 1;
    }
  }, 240_000);

  it('killed by the system at some moment', async () => {
    await setUp(storage);
    const once = async (killAfter: number | undefined): Promise<number> => {
      const started = performance.now();
      const child = spawn(process.execPath, [PROGRAM, ...SET], { cwd: box.cwd, env: { ...box.env, MY_KEY: NEW }, stdio: 'ignore' });
      const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
      await new Promise((resolve) => child.on('close', resolve));
      clearTimeout(timer);
      return performance.now() - started;
    };
    const whole = await once(undefined);
    await program(SET, OLD);
    for (let round = 0; round < 10; round += 1) {
      // The last part of a run is the one that writes.
      await once(whole * (0.5 + round * 0.05));
      await expectOneKey(`round ${round}`, program);
      await program(SET, OLD);
      kills += 1;
    }
  }, 120_000);
});
