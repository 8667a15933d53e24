import { beforeEach, describe, expect, it } from 'vitest';
import type { Exec, ExecOptions } from '../../src/core/context.ts';
import type { Ran } from '../support/box.ts';
import { addFakeKeychain } from '../support/fake-keychain.ts';
import { initWords, useBox, useSimulator } from '../support/use.ts';

interface Call {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: ExecOptions;
}

const simulator = await useSimulator();
const box = useBox();
let calls: Call[];
let streams: string[];
beforeEach(() => {
  calls = [];
  streams = [];
});

const recorded = (real: Exec): Exec => ({
  ...real,
  run: (file, args, options) => {
    calls.push({ file, args, options });
    return real.run(file, args, options);
  },
});
const orcc = async (args: readonly string[], env: Readonly<Record<string, string>>, input?: string): Promise<Ran> => {
  const ran = await box.orcc(args, { env, exec: recorded, ...(input === undefined ? {} : { input }) });
  streams.push(ran.stdout, ran.stderr);
  return ran;
};

describe('a whole run, with the key in the environment of its user', () => {
  it.each([
    ['file', ['bash', 'user'], 'env:MINE'],
    ['profile', ['bash', 'user'], 'file'],
    ['helper', ['user', 'local'], 'keychain'],
    ['env:MINE', ['bash'], 'profile'],
  ])('with storage %s in %j, then %s, gives no program, no stream and no other file the key', async (storage, targets, next) => {
    const keychain = addFakeKeychain(box);
    const [key, fresh] = [simulator.keys.good, simulator.keys.free];
    const env = { ...keychain.env, OPENROUTER_API_KEY: key, ANTHROPIC_AUTH_TOKEN: key, MINE: key, SOME_TOOL: `--header=${key}` };
    const how = storage.startsWith('env:') ? [] : ['--key-env', 'OPENROUTER_API_KEY'];
    const places = targets.flatMap((each) => ['--target', each]);
    const init = initWords(['--quick', '--key-storage', storage, ...how, ...places], simulator.baseUrl);
    expect((await orcc(init, env)).code).toBe(0);
    for (const args of [
      ['status'],
      ['test', 'haiku', '--quick', '--json'],
      ['switch', 'value', '--yes', '--offline'],
      ['key', 'show'],
      ['usage'],
      ['doctor', '--offline'],
    ])
      await orcc(args, env);
    if (!storage.startsWith('env:')) {
      expect((await orcc(['key', 'rotate', '--key-stdin', '--yes', '--to', simulator.baseUrl], env, fresh)).code).toBe(0);
      expect(box.holding(key)).toEqual([]);
    }
    if (next !== 'env:MINE') expect((await orcc(['key', 'storage', next, '--yes'], env)).code).toBe(0);
    for (const args of [
      ['undo', '--list'],
      ['key', 'forget', '--yes'],
      ['remove', '--yes'],
    ])
      await orcc(args, env);
    expect([...box.holding(key), ...box.holding(fresh)]).toEqual([]);
    expect(keychain.items()).toEqual({});

    const told = streams.join('\n');
    expect(told).not.toContain(key);
    expect(told).not.toContain(fresh);
    expect(calls.length).toBeGreaterThan(3);
    for (const { file, args, options } of calls) {
      const call = `${file} ${args.join(' ')}`;
      expect(call).not.toMatch(/sk-or-/);
      const given = Object.entries(options.env).flatMap(([name, value]) => (/sk-or-/.test(value ?? '') ? [name] : []));
      // Only a shell that is asked for its environment gets what its files may refer to.
      expect([call, args.includes('-i') ? [] : given]).toEqual([call, []]);
    }
  });
});
