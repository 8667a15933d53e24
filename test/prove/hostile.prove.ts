import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { STREAM_FAULT_IDS } from '../../src/simulator/stream-faults.ts';
import { createBox, type Box } from '../support/box.ts';

/**
 * The whole built program against every hostile answer on every path it asks: its peak memory as the system counts it,
 * its time, and all that it prints.
 */
const probe = fileURLToPath(new URL('../../scripts/bench/memory-probe.cjs', import.meta.url));
const MAX_MIB = 80;
/** Seconds. The longest limit is that of the whole catalog, a minute; the rest is for a busy machine. */
const MAX_SECONDS = 90;

const COMMANDS: readonly { readonly path: string; readonly args: readonly string[] }[] = [
  { path: '/v1/messages', args: ['test', 'haiku', '--timeout', '2'] },
  { path: '/v1/models', args: ['models', 'glm', '--refresh'] },
  { path: '/v1/key', args: ['usage'] },
];
const cases = COMMANDS.flatMap(({ path, args }) => STREAM_FAULT_IDS.map((fault) => ({ fault, path, args })));

const peaks: { readonly what: string; readonly mib: number }[] = [];

afterAll(() => {
  const [most] = [...peaks].sort((a, b) => b.mib - a.mib);
  console.info(`${peaks.length} hostile answers; most memory of a whole process: ${Math.ceil(most?.mib ?? 0)} MiB (${most?.what ?? ''})`);
});

/** A home of its own, so that several run at once: most of them wait. */
async function inHome(body: (box: Box, simulator: Simulator) => Promise<void>): Promise<void> {
  const simulator = await startSimulator();
  const box = createBox();
  try {
    const flags = ['--yes', '--key-env', 'K', '--base-url', simulator.baseUrl, '--preset', 'guide', '--target', 'bash', '--no-test'];
    expect(await box.orcc(['init', ...flags], { env: { K: simulator.key } })).toMatchObject({ code: 0 });
    await body(box, simulator);
  } finally {
    await simulator.close();
    await box.dispose();
  }
}

describe.concurrent('the built program', () => {
  it.each(cases)(
    '$args.0 bears $fault from $path',
    async ({ fault, path, args }) => {
      await inHome(async (box, simulator) => {
        simulator.setFaults([{ code: fault, path }]);
        const file = box.at('peak');
        const before = simulator.requests.length;
        const env = { ...box.env, NODE_OPTIONS: `--require=${probe}`, PEAK_FILE: file };
        const started = performance.now();
        const ran = await box.bin(args, { env, timeout: MAX_SECONDS * 1000 });
        expect((performance.now() - started) / 1000).toBeLessThan(MAX_SECONDS);
        const mib = Number(fs.readFileSync(file, 'utf8')) / 1024;
        peaks.push({ what: `${args[0] ?? ''} with ${fault}`, mib });
        expect(mib).toBeLessThan(MAX_MIB);

        const printed = ran.stdout + ran.stderr;
        expect(printed).not.toBe('');
        expect(printed).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(printed).not.toContain(simulator.key);
        expect(printed).not.toMatch(/\n\s+at .*:\d+:\d+|a bug in orcc/);
        // A redirect is not followed, by the key or at all.
        const asked = simulator.requests.slice(before).map((request) => request.path);
        expect(asked.filter((each) => each.includes('redirected='))).toEqual([]);
        expect(asked.some((each) => each.includes(path))).toBe(true);
      });
    },
    120_000,
  );
});
