import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Box, Ran } from '../../support/box.ts';
import { initWords, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();
const box = useBox();
let theKey: string;
beforeAll(() => {
  theKey = simulator.keys.good;
});
beforeEach(() => {
  vault('#!/bin/sh\ncat "$HOME/vault/$2"\n');
  box.write('vault/key', `${theKey}\n`, 0o600);
});

/** A password manager of sorts: `vault read NAME`. */
function vault(script: string): void {
  box.write('bin/vault', script, 0o755);
}
const COMMAND = 'vault read key';
const orcc = (args: readonly string[], options: Parameters<Box['orcc']>[1] = {}): Promise<Ran> =>
  box.orcc(args, { ...options, env: { PATH: `${box.at('bin')}${path.delimiter}${box.env['PATH'] ?? ''}`, ...options.env } });
const init = (more: readonly string[], options: Parameters<Box['orcc']>[1] = {}): Promise<Ran> =>
  orcc(initWords(['--key-storage', `command:${COMMAND}`, ...more], simulator.baseUrl), options);
/** Beside the vault itself. */
const holding = (): readonly string[] => box.holding(theKey).filter((name) => name !== 'vault/key');

describe('a key behind a command', () => {
  it('stands in no file: user settings name the command, which is said before it runs', async () => {
    const { code, stderr } = await init(['--target', 'user']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`: ${COMMAND}`);
    expect(box.settings().apiKeyHelper).toBe(COMMAND);
    expect(box.settings().env['ANTHROPIC_AUTH_TOKEN']).toBe('');
    expect(holding()).toEqual([]);
    expect(stderr).not.toContain(theKey);
  });

  it('serves every command that needs it, and none that only looks', async () => {
    await init(['--target', 'user']);
    vault('#!/bin/sh\necho asked >>"$HOME/asked"\ncat "$HOME/vault/$2"\n');
    const status = await orcc(['status', '--json']);
    expect(status.json().data).toMatchObject({ connected: true, key: { masked: "the command's answer", storage: 'command' } });
    expect((await orcc(['env'])).stdout).toContain(`sh -c '${COMMAND}'`);
    expect(box.read('asked')).toBeNull();
    expect((await orcc(['test', 'sonnet', '--quick'])).code).toBe(0);
    expect(box.read('asked')).toBe('asked\n');
    expect((await orcc(['key', 'show'])).stdout).toContain('...');
    const doctor = await orcc(['doctor', '--json']);
    expect(doctor.json().findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(box.read('asked')).toBe('asked\n'.repeat(3));
    expect((await orcc(['env', '--with-key'])).stdout).toContain(theKey);
  });

  it('goes into a shell only where its user accepts what each start costs', async () => {
    const refused = await init(['--target', 'bash']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--each-start')]);
    expect(box.read('.bashrc')).toBeNull();
    const { code, stderr } = await init(['--target', 'bash', '--each-start']);
    expect(code, stderr).toBe(0);
    expect(holding()).toEqual([]);
    const got = execFileSync('/bin/bash', ['-c', '. "$HOME/.bashrc"; printf "%s" "$ANTHROPIC_AUTH_TOKEN $ANTHROPIC_BASE_URL"'], {
      env: { HOME: box.home, PATH: `${box.at('bin')}:/usr/bin:/bin` },
    });
    expect(got.toString()).toBe(`${theKey} ${simulator.baseUrl}`);
    expect((await orcc(['status', '--json'])).json().data).toMatchObject({ connected: true, key: { masked: "the command's answer" } });
    expect((await orcc(['test', 'sonnet', '--quick'])).code).toBe(0);
    expect((await orcc(['doctor', '--json'])).json().findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect((await orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.read('.bashrc')).toBeNull();
  });

  it('asks on a terminal whether shells may run it, and takes no for an answer', async () => {
    const args = ['init', '--no-test', '--base-url', simulator.baseUrl, '--preset', 'guide', '--key-storage', `command:${COMMAND}`];
    const asked = await orcc([...args, '--target', 'bash'], { answers: [{ to: /Allow that/, give: false }] });
    expect([asked.code, box.read('.bashrc')]).toEqual([2, null]);
    const agreed = await orcc([...args, '--target', 'bash'], {
      answers: [
        { to: /Allow that/, give: true },
        { to: /Write this/, give: 'write' },
      ],
    });
    expect(agreed.code, agreed.stderr).toBe(0);
    expect(box.read('.bashrc')).toContain(`sh -c '${COMMAND}'`);
  });

  it.each(['file', 'helper', 'profile'])('moves from there to %s and back, without a copy, and undo leaves one place alone', async (to) => {
    await init(['--target', 'user']);
    const away = await orcc(['key', 'storage', to, '--yes']);
    expect(away.code, away.stderr).toBe(0);
    expect(away.stderr + away.stdout).toContain(`\`${COMMAND}\``);
    expect(holding()).not.toEqual([]);
    expect((await orcc(['undo', '--yes'])).code).toBe(0);
    expect(box.settings().apiKeyHelper).toBe(COMMAND);
    expect(holding()).toEqual([]);
    expect((await orcc(['key', 'storage', to, '--yes'])).code).toBe(0);
    const back = await orcc(['key', 'storage', `command:${COMMAND}`, '--yes']);
    expect(back.code, back.stderr).toBe(0);
    expect(holding()).toEqual([]);
    expect((await orcc(['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'])).code).toBe(0);
    expect((await orcc(['key', 'forget', '--yes'])).code).toBe(0);
    expect(box.read('.claude/settings.json') ?? '').not.toContain(COMMAND);
  });

  it('can be changed only where the command reads it', async () => {
    await init(['--target', 'user']);
    const before = box.traces();
    for (const args of [
      ['key', 'set', '--key-stdin', '--yes'],
      ['login', '--no-browser'],
    ]) {
      const { code, stderr } = await orcc(args, { input: theKey });
      expect([code, stderr]).toEqual([6, expect.stringContaining(`\`${COMMAND}\``)]);
    }
    expect(box.traces()).toEqual(before);
  });

  it('is asked of the configured command alone, never of the one that a folder brings', async () => {
    await init(['--target', 'user']);
    box.writeHere('.claude/settings.json', JSON.stringify({ apiKeyHelper: 'touch "$HOME/ran"; echo sk-or-v1-of-a-folder' }));
    for (const args of [['test', '--quick'], ['status'], ['doctor'], ['key', 'show'], ['usage', '--offline']]) await orcc(args);
    expect(box.read('ran')).toBeNull();
  });
});

describe('a command that gives no key', () => {
  const CASES: readonly (readonly [what: string, script: string, says: RegExp])[] = [
    ['prints nothing', 'true', /printed nothing/],
    ['prints two lines', 'echo "$KEY"; echo more', / 2 lines .*\[KEY_MISSING\]$/m],
    ['prints colours', `printf '\\033[32m%s\\033[0m\\n' "$KEY"`, /control characters/],
    ['prints quotes around it', `printf '"%s"\\n' "$KEY"`, /besides the key/],
    ['prints another vendor\u2019s key', 'echo sk-ant-api03-aaaaaaaaaaaaaaaaaaaaaaaa', /no usable key/],
    ['prints megabytes', 'i=0; while [ $i -lt 400 ]; do printf %02000d 7; i=$((i+1)); done', /far more than a key/],
    ['fails', 'echo "$KEY" >&2; exit 3', / code 3 \[KEY_MISSING\]$/m],
    ['is ended', 'kill -9 $$', / code 137 \[KEY_MISSING\]$/m],
    ['is not there', 'exec no-such-program', / code 127 \[KEY_MISSING\]$/m],
  ];
  it.each(CASES)('that %s is told in one sentence, exit 4, and nothing is written or printed of it', async (_, script, says) => {
    vault(`#!/bin/sh\nKEY='${theKey}'\n${script}\n`);
    const before = box.tree();
    const { code, stdout, stderr } = await init(['--target', 'user']);
    expect([code, stderr]).toEqual([4, expect.stringMatching(says)]);
    expect(stderr.match(/error:/g)).toHaveLength(1);
    expect(stdout + stderr).not.toContain(theKey);
    expect(stdout + stderr).not.toContain(theKey.slice(0, 30));
    expect(box.tree()).toEqual(before);
  });

  it('is told of by doctor and test once it is set up', async () => {
    await init(['--target', 'user']);
    vault('#!/bin/sh\nexit 7\n');
    const doctor = await orcc(['doctor', '--json', '--offline']);
    expect(doctor.codes()).toContain('KEY_MISSING');
    const tested = await orcc(['test', '--quick']);
    expect([tested.code, tested.stderr]).toEqual([4, expect.stringContaining('[KEY_MISSING]')]);
  });

  it('is ended with all that it started where it hangs', async () => {
    const { askKeyCommand } = await import('../../../src/config/key-command.ts');
    const { createExec } = await import('../../../src/system/exec.ts');
    const env = { PATH: '/usr/bin:/bin', HOME: box.home };
    const ctx = { env, exec: createExec(env, process.platform), platform: process.platform, signal: new AbortController().signal };
    await expect(askKeyCommand(ctx, 'echo $$ >"$HOME/pid"; sleep 300; echo x', 300)).rejects.toMatchObject({
      exit: 'key',
      code: 'KEY_MISSING',
    });
    const pid = Number(box.read('pid'));
    await vi.waitFor(() => expect(() => process.kill(-pid, 0)).toThrow(), 10_000);
  });

  it.each([
    ['command:', 'is empty'],
    ['command:a\nb', 'line break'],
    [`command:echo ${'sk-or-v1-'}${'0'.repeat(64)}`, 'contains a key itself'],
    [`command:${'x'.repeat(1025)}`, 'longer than 1024'],
    ['command', 'is empty'],
  ])('is refused as %j, exit 2', async (storage, why) => {
    const { code, stderr } = await orcc(['init', '--yes', '--preset', 'guide', '--target', 'user', '--key-storage', storage]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });

  it('is named by the command that would begin with it as one word of a shell, where nothing is configured yet', async () => {
    const { code, stderr } = await orcc(['key', 'storage', `command:${COMMAND}`]);
    expect([code, stderr]).toEqual([3, expect.stringContaining(`orcc init --key-storage 'command:${COMMAND}'`)]);
  });

  it('is refused beside another key, and `--each-start` beside another storage', async () => {
    expect((await init(['--target', 'user', '--key-stdin'], { input: theKey })).code).toBe(2);
    const { code, stderr } = await orcc(['init', '--yes', '--preset', 'guide', '--each-start', '--key-storage', 'file']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('command:')]);
  });
});
