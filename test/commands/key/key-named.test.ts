import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Ran } from '../../support/box.ts';
import { initIn, useSetUp, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();
/** Another gateway, with a key of its own. */
const company = await useSimulator();
const box = useSetUp(async (box) => {
  expect((await initIn(box, simulator, ['--target', 'user', '--target', 'bash'])).code).toBe(0);
});
let first: string;
let second: string;
beforeEach(() => {
  first = simulator.keys.good;
  second = company.keys.guarded;
});

const orcc = (...args: readonly string[]): Promise<Ran> => box.orcc(args);
const add = (name: string, more: readonly string[] = [], input = second): Promise<Ran> =>
  box.orcc(['key', 'add', name, '--key-stdin', '--base-url', company.baseUrl, '--yes', ...more], { input });
const settings = (): Record<string, string> => box.settings().env;
const names = async (): Promise<unknown> =>
  ((await orcc('key', 'list', '--json')).json().data['keys'] as { name: string; inUse: boolean }[]).map(({ name, inUse }) => [name, inUse]);

describe('keys by name', () => {
  it('are checked and stored for their user alone, and change nothing until they are used', async () => {
    const before = [box.read('.claude/settings.json'), box.read('.bashrc')];
    const { code, stdout, stderr } = await add('work');
    expect(code, stderr).toBe(0);
    expect(stdout + stderr).not.toContain(second);
    expect([box.read('.claude/settings.json'), box.read('.bashrc')]).toEqual(before);
    expect(box.holding(second)).toEqual(['.config/orcc/key.work']);
    expect(box.mode('.config/orcc/key.work')).toBe(0o600);
    expect(await names()).toEqual([
      [null, true],
      ['work', false],
    ]);
    const refused = await box.orcc(['key', 'add', 'other', '--key-stdin', '--base-url', company.baseUrl, '--yes'], {
      input: 'sk-or-v1-no-such-key',
    });
    expect(refused.code).toBe(4);
    expect(box.read('.config/orcc/key.other')).toBeNull();
  });

  it('are in the decision as a handle, never as the key', async () => {
    const dry = await add('work', ['--dry-run', '--json']);
    expect(dry.json().data['decision']).toMatchObject({
      key: { source: '--key-stdin', storage: { kind: 'file' }, hash: expect.stringMatching(/^[0-9a-f]{12}$/) as string },
      keys: { work: { baseUrl: company.baseUrl } },
    });
    expect(dry.stdout + dry.stderr).not.toContain(second);
  });

  it('come into use with their base URL in every place, and the one before is kept', async () => {
    await add('work');
    const used = await orcc('key', 'use', 'work', '--yes');
    expect(used.code, used.stderr).toBe(0);
    expect(used.stderr).toMatch(/Wrote .*key\.default/);
    expect(used.stderr).toMatch(/Deleted .*key\.work/);
    expect(settings()).toMatchObject({ ANTHROPIC_BASE_URL: company.baseUrl, ANTHROPIC_AUTH_TOKEN: second });
    expect(box.read('.bashrc')).toContain(company.baseUrl);
    expect(box.read('.config/orcc/key')).toBe(`${second}\n`);
    expect(box.holding(first)).toEqual(['.config/orcc/key.default']);
    expect(box.holding(second)).toEqual(['.claude/settings.json', '.config/orcc/key']);
    expect(await names()).toEqual([
      ['default', false],
      ['work', true],
    ]);
    expect((await orcc('test', 'opus', '--quick')).code).toBe(0);
    expect((await orcc('doctor', '--offline', '--json')).json().findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect((await orcc('key', 'use', 'default', '--yes')).code).toBe(0);
    expect(settings()).toMatchObject({ ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_AUTH_TOKEN: first });
    expect(box.holding(second)).toEqual(['.config/orcc/key.work']);
    expect((await orcc('key', 'use', 'default', '--yes', '--json')).json().data['kind']).toBe('unchanged');
  });

  it('survive a second init; the one in use keeps its name until another key is given', async () => {
    await add('work');
    await orcc('key', 'use', 'work', '--yes');
    const known = await names();
    expect((await orcc('init', '--yes', '--no-test')).code).toBe(0);
    expect(await names()).toEqual(known);
    expect((await orcc('key', 'use', 'default', '--yes')).code).toBe(0);
    expect((await initIn(box, simulator, ['--target', 'user', '--target', 'bash'])).code).toBe(0);
    expect(await names()).toEqual([
      [null, true],
      ['work', false],
    ]);
    await orcc('remove', '--yes');
    expect(box.holding(second)).toEqual([]);
  });

  it.each(['profile', 'helper'])('live where the key in use lives: %s', async (storage) => {
    if (storage === 'helper') await orcc('remove', '--target', 'bash', '--yes');
    expect((await orcc('key', 'storage', storage, '--yes')).code).toBe(0);
    await add('work');
    const used = await orcc('key', 'use', 'work', '--yes');
    expect(used.code, used.stderr).toBe(0);
    expect(box.holding(first)).toEqual(['.config/orcc/key.default']);
    expect(settings()['ANTHROPIC_BASE_URL']).toBe(company.baseUrl);
  });

  it('may be what a command prints, each with its own', async () => {
    box.write('bin/vault', `#!/bin/sh\ncat "$HOME/$1"\n`, 0o755);
    box.write('second', second, 0o600);
    const env = { PATH: `${box.at('bin')}${path.delimiter}${box.env['PATH'] ?? ''}` };
    const args = ['key', 'add', 'work', '--key-storage', 'command:vault second', '--base-url', company.baseUrl, '--yes'];
    expect((await box.orcc(args, { env })).code).toBe(0);
    const refused = await box.orcc(['key', 'use', 'work', '--yes'], { env });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('each-start')]);
    await orcc('remove', '--target', 'bash', '--yes');
    const used = await box.orcc(['key', 'use', 'work', '--yes'], { env });
    expect(used.code, used.stderr).toBe(0);
    expect(box.read('.claude/settings.json')).toContain('"apiKeyHelper": "vault second"');
    expect(box.holding(first)).toEqual(['.config/orcc/key.default']);
    expect((await orcc('key', 'use', 'default', '--yes')).code).toBe(0);
    expect(box.read('.claude/settings.json')).not.toContain('apiKeyHelper');
    expect(box.read('.config/orcc/key')).toBe(`${first}\n`);
  });

  it('follow a profile that names one', async () => {
    await add('work');
    expect((await orcc('profile', 'save', 'day', '--key', 'none-such')).code).toBe(2);
    expect((await orcc('profile', 'save', 'day', '--key', 'work')).code).toBe(0);
    const switched = await orcc('switch', 'day', '--yes');
    expect(switched.code, switched.stderr).toBe(0);
    expect(settings()).toMatchObject({ ANTHROPIC_BASE_URL: company.baseUrl, ANTHROPIC_AUTH_TOKEN: second });
    expect((await orcc('profile', 'export', 'day')).stdout).not.toContain('work');
    expect((await orcc('key', 'use', 'default', '--yes')).code).toBe(0);
    const removed = await orcc('key', 'remove', 'work', '--yes');
    expect([removed.code, removed.stderr]).toEqual([6, expect.stringContaining('day')]);
  });

  it('follow a profile that is picked from the list', async () => {
    await add('work');
    await orcc('profile', 'save', 'day', '--key', 'work');
    const picked = await box.orcc(['switch'], {
      answers: [
        { to: /Switch to what/, give: 'profile:day' },
        { to: /Switch to the key work/, give: true },
      ],
    });
    expect(picked.code, picked.stderr).toBe(0);
    expect(settings()).toMatchObject({ ANTHROPIC_BASE_URL: company.baseUrl, ANTHROPIC_AUTH_TOKEN: second });
  });

  it('go along for one session on such a profile, to their own base URL, and nothing else changes', async () => {
    await add('work');
    await orcc('profile', 'save', 'day', '--key', 'work');
    const before = box.tree();
    let given = {};
    const run = (...more: string[]) =>
      box.orcc(['run', '--profile', 'day', ...more], {
        exec: (real) => ({
          ...real,
          find: (name) => (name === 'claude' ? '/usr/bin/claude' : real.find(name)),
          interactive: (_file, [, file = '']) => {
            given = (JSON.parse(readFileSync(file, 'utf8')) as { env: object }).env;
            return Promise.resolve({ code: 0 });
          },
        }),
      });
    const ran = await run();
    expect([ran.code, ran.stdout], ran.stderr).toEqual([0, '']);
    expect(given).toMatchObject({ ANTHROPIC_BASE_URL: company.baseUrl, ANTHROPIC_AUTH_TOKEN: second });
    expect(box.tree()).toEqual(before);
    // An address that is given is that one or none.
    expect((await run('--to', 'https://elsewhere.example/api')).code).toBe(6);
  });

  it('are forgotten one by one, leaving no copy, and not while they are in use', async () => {
    await add('work');
    await orcc('key', 'use', 'work', '--yes');
    expect((await orcc('key', 'remove', 'work', '--yes')).code).toBe(6);
    const removed = await orcc('key', 'remove', 'default', '--yes');
    expect(removed.code, removed.stderr).toBe(0);
    expect(box.holding(first)).toEqual([]);
    expect((await orcc('key', 'remove', 'default', '--yes')).code).toBe(2);
    expect((await orcc('key', 'forget', '--yes')).code).toBe(0);
    expect(box.holding(second)).toEqual([]);
  });

  it('are rotated where they are in use, and named without a second copy', async () => {
    expect((await box.orcc(['key', 'add', 'home', '--key-stdin', '--yes'], { input: first })).code).toBe(0);
    expect(box.holding(first)).toEqual(['.claude/settings.json', '.config/orcc/key']);
    expect(await names()).toEqual([['home', true]]);
    const again = await box.orcc(['key', 'add', 'house', '--key-stdin', '--yes'], { input: first });
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('called home')]);
  });

  it('go with everything else at the end', async () => {
    await add('work');
    await orcc('key', 'use', 'work', '--yes');
    expect((await orcc('remove', '--yes')).code).toBe(0);
    expect([...box.holding(first), ...box.holding(second)]).toEqual([]);
    expect(box.read('.config/orcc/key.default')).toBeNull();
    expect(box.read('.bashrc')).toBeNull();
  });

  it('are no business of undo, which never puts a key beside another base URL', async () => {
    await add('work');
    expect((await orcc('undo', '--yes')).code).toBe(0);
    expect(box.holding(second)).toEqual([]);
    await add('work');
    await orcc('key', 'use', 'work', '--yes');
    const before = box.tree();
    const undone = await orcc('undo', '--yes');
    expect([undone.code, undone.stderr]).toEqual([3, expect.stringContaining('orcc key')]);
    expect(box.tree()).toEqual(before);
    await orcc('key', 'remove', 'default', '--yes');
    expect((await orcc('undo', '--yes')).code).toBe(3);
  });

  it.each(['../x', 'a b', 'sk-or-v1-0123456789abcdef', '', 'x'.repeat(65), 'a.b', '__proto__', 'work/../key'])(
    'are never called %j',
    async (name) => {
      const before = box.tree();
      const { code, stderr } = await add(name);
      expect(code).toBe(2);
      expect(stderr).not.toContain('0123456789abcdef');
      expect(box.tree()).toEqual(before);
    },
  );

  it('differ in more than capitals, and a dry run writes nothing', async () => {
    await add('work');
    expect((await add('Work')).code).toBe(2);
    const before = box.tree();
    for (const args of [
      ['key', 'use', 'work', '--dry-run'],
      ['key', 'remove', 'work', '--dry-run'],
    ]) {
      const { code, stdout, stderr } = await orcc(...args);
      expect(code, stderr).toBe(0);
      expect(stdout + stderr).not.toContain(second);
    }
    expect((await add('other', ['--dry-run'])).code).toBe(0);
    expect(box.tree()).toEqual(before);
  });
});
