import * as fs from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { createBox, type Box } from '../support/box.ts';

const FILE = '.config/orcc/cache/code-status.bin';

let simulator: Simulator;
let box: Box;
let expected: string;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  box = createBox();
  const options = { env: { K: simulator.key } };
  await box.orcc(['init', '--yes', '--key-env', 'K', '--base-url', simulator.baseUrl, '--preset', 'guide', '--no-test'], options);
  expected = (await box.orcc(['status', '--json'])).stdout;
});
afterEach(() => box.dispose());

async function status(): Promise<void> {
  expect(await box.bin(['status', '--json'])).toMatchObject({ code: 0, stdout: expected, stderr: '' });
}

/** Runs once, changes the file, and runs again. */
async function afterChanging(change: (bytes: Buffer) => Uint8Array): Promise<{ before: Buffer; after: Buffer }> {
  await status();
  const before = fs.readFileSync(box.at(FILE));
  fs.writeFileSync(box.at(FILE), change(Buffer.from(before)));
  await status();
  return { before, after: fs.readFileSync(box.at(FILE)) };
}

const labelOf = (bytes: Buffer): string => bytes.subarray(0, bytes.indexOf('\t')).toString();

describe('the compiled code that the built program keeps', () => {
  it('is for its owner alone, and a second run takes it as it is', async () => {
    await status();
    expect(box.mode(FILE)).toBe(0o600);
    const { mtimeNs, size } = fs.statSync(box.at(FILE), { bigint: true });
    expect(size).toBeGreaterThan(100_000n);
    await status();
    expect(fs.statSync(box.at(FILE), { bigint: true })).toMatchObject({ mtimeNs, size });
  });

  it.each([
    ['one bit', (bytes: Buffer) => bytes.map((byte, index) => (index === bytes.length >> 2 ? byte ^ 4 : byte))],
    ['its second half cut', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['its last byte cut', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['nothing left', () => Buffer.alloc(0)],
    ['zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)],
    ['text', () => Buffer.from('x\nx\n')],
  ])('does no harm damaged (%s), and is written anew', async (_, damage) => {
    const { before, after } = await afterChanging(damage);
    expect(labelOf(after)).toBe(labelOf(before));
    expect(after.subarray(0, after.length / 2).equals(after.subarray(after.length / 2))).toBe(true);
  });

  it('is passed over where it is of another build, or others could have written it', async () => {
    const { before, after } = await afterChanging((bytes) =>
      Buffer.from(bytes.toString('latin1').replaceAll(labelOf(bytes), '0 v1 x'), 'latin1'),
    );
    expect(labelOf(after)).toBe(labelOf(before));
    fs.chmodSync(box.at(FILE), 0o666);
    const marked = Buffer.from('x\nx\n');
    fs.writeFileSync(box.at(FILE), marked);
    await status();
  });

  it('is left out where a folder lies in its place, and where Node is told to keep none', async () => {
    fs.mkdirSync(box.at(FILE), { recursive: true });
    await status();
    fs.rmdirSync(box.at(FILE));
    await box.bin(['status', '--json'], { env: { ...box.env, NODE_DISABLE_COMPILE_CACHE: '1' } });
    expect(box.read(FILE)).toBeNull();
  });

  it('is neither read nor written where others may write in its folder, or own it', async () => {
    fs.chmodSync(box.at('.config/orcc/cache'), 0o777);
    await status();
    expect(box.read(FILE)).toBeNull();
    fs.chmodSync(box.at('.config/orcc/cache'), 0o700);
    if (process.getuid?.() !== 0) return;
    fs.chownSync(box.at('.config/orcc/cache'), 1234, 1234);
    await status();
    expect(box.read(FILE)).toBeNull();
  });

  it('appears in no home where orcc is not set up, and goes with it', async () => {
    await status();
    expect(await box.bin(['remove', '--yes'])).toMatchObject({ code: 0 });
    const before = box.tree();
    for (const words of [['status'], ['--help'], ['models', 'glm', '--offline'], ['env']]) await box.bin(words);
    expect(box.tree()).toEqual(before);
    expect(box.read(FILE)).toBeNull();
  });
});
