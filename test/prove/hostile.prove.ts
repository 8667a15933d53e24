import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, runOrcc, type Sandbox } from '../support/sandbox.ts';
import { initWords, useSimulator } from '../support/use.ts';

/** MiB. A plain `orcc test` takes 96, of which V8 takes 34 for compiling undici's parser twice; what an answer may add is little. */
const MOST_MEMORY = 120;
/** The call's own limit is 3 seconds; a catalog that drips has its own. */
const MOST_MS = 15_000;
const PROBE = fileURLToPath(new URL('../../scripts/bench/memory-probe.cjs', import.meta.url));

/** Answers that no honest server gives, and the exit codes of `orcc test` that fit them. */
const ANSWERS: ReadonlyArray<readonly [fault: string, codes: readonly number[]]> = [
  ['big-body', [1, 5]],
  ['header-bomb', [5]],
  ['endless-stream', [0]],
  ['slow-drip', [5]],
  ['first-byte-never', [5]],
  ['comments-only', [5]],
  ['stall', [1]],
  ['invalid-utf8', [0, 1]],
  ['terminal-escapes', [0, 1]],
  ['terminal-escapes-error', [1]],
  ['redirect', [5]],
  ['wrong-length', [0]],
  ['gzip-bomb', [1, 5]],
  ['garbage', [1, 5]],
  ['truncated-json', [1, 5]],
  ['cut', [1]],
  ['html', [5]],
  ['no-body', [1, 5]],
];
/** The rest of the API, where a drip or a silence lasts as long as the limits for these calls: those are told apart in quick tests. */
const QUICK = ANSWERS.map(([fault]) => fault).filter(
  (fault) => !['slow-drip', 'first-byte-never', 'comments-only', 'stall', 'endless-stream'].includes(fault),
);

const seen: { readonly what: string; readonly peak: number; readonly ms: number }[] = [];
const simulator = await useSimulator();
let box: Sandbox;

beforeAll(async () => {
  box = createSandbox();
  const init = initWords(['--target', 'user'], simulator.baseUrl);
  expect((await runOrcc(init, { env: { ...box.env, MY_KEY: simulator.key } })).code).toBe(0);
});
afterAll(async () => {
  const highest = (pick: (each: (typeof seen)[number]) => number): string => {
    const [worst] = [...seen].sort((a, b) => pick(b) - pick(a));
    return worst === undefined ? '-' : `${Math.round(pick(worst))} (${worst.what})`;
  };
  console.info(
    `${seen.length} hostile cases; highest peak in MiB: ${highest(({ peak }) => peak)}; longest in ms: ${highest(({ ms }) => ms)}`,
  );
  box.dispose();
});

/** Runs the built program against one fault; fails on memory, time, an escape or a key. */
async function ask(fault: string, at: string, args: readonly string[]): Promise<number | null> {
  simulator.setFaults([{ code: fault, path: at }]);
  const file = path.join(box.home, 'peak');
  const started = performance.now();
  const env = { ...box.env, NODE_OPTIONS: `--require=${PROBE}`, PEAK_FILE: file, FORCE_COLOR: '0' };
  const { code, stdout, stderr } = await runOrcc(args, { env, timeout: MOST_MS });
  const ms = performance.now() - started;
  const peak = existsSync(file) ? Number(readFileSync(file, 'utf8')) / 1024 : Infinity;
  seen.push({ what: `${args[0] ?? ''}, ${fault}`, peak, ms });
  expect(stdout + stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  expect(stdout + stderr).not.toContain(simulator.key);
  expect(peak).toBeLessThan(MOST_MEMORY);
  expect(simulator.requests.filter((request) => request.path.includes('redirected'))).toEqual([]);
  return code;
}

describe('hostile answers to the built program: bounded memory and time, no escape printed, no key sent on', () => {
  it.each(ANSWERS)('orcc test, %s', async (fault, codes) => {
    expect(codes).toContain(await ask(fault, '/v1/messages', ['test', 'haiku', '--quick', '--timeout', '3']));
  });

  it.each(QUICK)('orcc models --refresh, %s: the cache serves', async (fault) => {
    expect(await ask(fault, '/v1/models', ['models', 'glm', '--refresh'])).toBe(0);
  });

  it.each(QUICK)('orcc usage, %s', async (fault) => {
    expect([0, 1, 5]).toContain(await ask(fault, '/v1/key', ['usage']));
  });

  it.each(['terminal-escapes', 'invalid-utf8', 'big-body'])('orcc models show, %s from the providers', async (fault) => {
    expect(await ask(fault, '/endpoints', ['models', 'show', 'z-ai/glm-4.7'])).toBe(0);
  });
});
