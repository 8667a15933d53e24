import * as fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { initWords, useBox, useSimulator } from '../support/use.ts';

const FOLDERS = { XDG_CONFIG_HOME: 'config', XDG_CACHE_HOME: 'cache', XDG_DATA_HOME: 'data', XDG_STATE_HOME: 'state', TMPDIR: 'tmp' };

const simulator = await useSimulator();
const box = useBox();
let env: Record<string, string>;
beforeEach(() => {
  env = { ...box.env };
  for (const [name, folder] of Object.entries(FOLDERS)) {
    env[name] = path.join(box.home, folder);
    fs.mkdirSync(env[name], { recursive: true });
  }
});

/** Every path below the home with size and times: a file that was written, or came and went, shows in it. */
function traces(): Record<string, string> {
  const names = ['.', ...fs.readdirSync(box.home, { recursive: true, encoding: 'utf8' })].sort();
  return Object.fromEntries(
    names.map((name) => {
      const { mode, size, mtimeNs, ctimeNs } = fs.lstatSync(path.join(box.home, name), { bigint: true });
      return [name, `${mode.toString(8)} ${size} ${mtimeNs} ${ctimeNs}`];
    }),
  );
}

async function expectNoTraces(args: readonly string[], codes: readonly number[]): Promise<void> {
  const before = traces();
  const { code, stderr } = await box.bin(args, { env });
  expect(codes, `${args.join(' ')}: ${stderr}`).toContain(code);
  expect(traces()).toEqual(before);
}

/** Command lines that only tell something, and such as are refused, with the exit code of each where orcc is set up. */
const LINES: readonly (readonly [string, number])[] = [
  ['--version', 0],
  ['--help', 0],
  ['help exit-codes', 0],
  ['switch --help', 0],
  ['status', 0],
  ['status --all --json', 0],
  ['env', 0],
  ['env --shell fish --json', 0],
  ['models glm --offline', 0],
  ['completion bash', 0],
  ['__complete --next -- switch', 0],
  ['explain KEY_BAD', 0],
  ['statsu', 2],
  ['status --al', 2],
  ['env --shell tcsh', 2],
  ['models --sort nothing', 2],
  ['switch opus --yes', 2],
  ['switch opus=z-ai --yes --offline', 2],
  ['switch --native --back --yes', 2],
  ['init --yes --preset nothing', 2],
  ['remove --target nowhere --yes', 2],
];

describe('the built program, where it only tells or refuses', () => {
  it('writes nothing where orcc is set up', { timeout: 60_000 }, async () => {
    const init = initWords(['--target', 'bash'], simulator.baseUrl);
    expect(await box.bin(init, { env: { ...env, MY_KEY: simulator.key } })).toMatchObject({ code: 0 });
    for (const [line, code] of LINES) await expectNoTraces(line.split(' '), [code]);
  });

  it('writes nothing in a home without orcc', { timeout: 60_000 }, async () => {
    for (const [line, code] of LINES) await expectNoTraces(line.split(' '), [code, 3, 2]);
  });
});
