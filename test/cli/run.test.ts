import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Box } from '../support/box.ts';
import { startPty } from '../support/pty.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox('file');
let temp: string;
const seen = (name: string): string => path.join(box.home, name);

/** A stand-in for Claude Code: notes its arguments, environment and settings, then does what DO says. */
const CLAUDE = `#!/bin/bash
printf '%s\\n' "$@" > "$HOME/seen.args"
env > "$HOME/seen.env"
cp "$2" "$HOME/seen.settings" 2>/dev/null || cat "$2" > "$HOME/seen.settings"
stat -c '%a %n' "$2" > "$HOME/seen.mode" 2>/dev/null
case "$DO" in
  exit*) exit "\${DO#exit}" ;;
  kill) kill -KILL $$ ;;
  wait) trap 'echo INT >> "$HOME/seen.signals"; exit 41' INT; trap 'echo TERM >> "$HOME/seen.signals"; exit 42' TERM; trap 'echo HUP >> "$HOME/seen.signals"; exit 43' HUP
    echo ready; echo $$ > "$HOME/seen.pid"; while :; do read -r -t 0.05 <> <(:) || :; done ;;
  echo) cat ;;
esac
`;

beforeAll(async () => {
  temp = path.join(box.home, 'tmp');
  mkdirSync(temp);
  const program = path.join(box.env['PATH'] ?? '', 'claude');
  writeFileSync(program, CLAUDE);
  chmodSync(program, 0o755);
  for (const name of ['env', 'stat', 'cp']) execFileSync('ln', ['-s', `/usr/bin/${name}`, path.join(box.env['PATH'] ?? '', name)]);
  const ran = await initIn(box, simulator, ['--subagent', 'z-ai/glm-4.7', '--target', 'user', '--target', 'bash']);
  expect(ran.code).toBe(0);
});

const session = (args: readonly string[], env: Record<string, string> = {}, more: Parameters<Box['bin']>[1] = {}): ReturnType<Box['bin']> =>
  box.bin(['run', ...args], { ...more, env: { ...box.env, TMPDIR: temp, ...env } });
const settings = () => JSON.parse(readFileSync(seen('seen.settings'), 'utf8')) as { env: Record<string, string> };
const args = (): string[] => readFileSync(seen('seen.args'), 'utf8').trimEnd().split('\n');
const waitUntil = async (is: () => boolean): Promise<void> => {
  for (let tries = 0; !is(); tries += 1) {
    if (tries > 400) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe('orcc run', () => {
  it('gives one session a mapping by a private settings file that is gone afterwards, and writes nothing else', async () => {
    // What the stand-in for Claude Code leaves, which init asks for its version too.
    const tree = () => Object.fromEntries(Object.entries(box.tree()).filter(([name]) => !name.includes('seen.')));
    const before = tree();
    const ran = await session(['haiku=deepseek/deepseek-v4-flash', '--', '-p', 'say $HOME "hi"', '--json', '--help', '']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const [flag, file = '', ...rest] = args();
    expect([flag, ...rest]).toEqual(['--settings', '-p', 'say $HOME "hi"', '--json', '--help']);
    expect(settings().env).toMatchObject({
      ANTHROPIC_BASE_URL: simulator.baseUrl,
      ANTHROPIC_AUTH_TOKEN: simulator.key,
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'deepseek/deepseek-v4-flash',
      ANTHROPIC_MODEL: 'sonnet',
      CLAUDE_CODE_USE_BEDROCK: '',
    });
    expect(readFileSync(seen('seen.mode'), 'utf8')).toBe(`600 ${file}\n`);
    expect(existsSync(path.dirname(file))).toBe(false);
    expect(readdirSync(temp)).toEqual([]);
    expect(tree()).toEqual(before);
  });

  it('keeps the key out of every argument and of the environment', async () => {
    await session(['--', '-p', 'hi']);
    expect(readFileSync(seen('seen.args'), 'utf8')).not.toContain(simulator.key);
    expect(readFileSync(seen('seen.env'), 'utf8')).not.toContain(simulator.key);
  });

  it('blanks what the mapping leaves open, so that nothing of another mapping shines through', async () => {
    await session(['--profile', 'value']);
    expect(settings().env).toMatchObject({ ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-5.3', CLAUDE_CODE_SUBAGENT_MODEL: '' });
  });

  it("asks OpenRouter nothing where the mapping is the machine's", async () => {
    const others = await session([], { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' });
    expect(others).toMatchObject({ code: 0, stderr: '' });
    expect(settings().env['CLAUDE_CODE_MAX_OUTPUT_TOKENS']).toBe('32000');
  });

  it("lays its values over the user's own --settings, given as a file or as JSON", async () => {
    writeFileSync(path.join(box.cwd, 'mine.json'), '{ "theme": "dark", "env": { "ANTHROPIC_MODEL": "opus", "MINE": "1" } }');
    for (const given of [['--settings', 'mine.json'], ['--settings={"theme":"dark","env":{"MINE":"1"}}']]) {
      expect(await session(['--', ...given, '-p'])).toMatchObject({ code: 0 });
      expect(args().filter((each) => each.startsWith('--settings'))).toHaveLength(1);
      expect(settings()).toMatchObject({
        theme: 'dark',
        env: { MINE: '1', ANTHROPIC_MODEL: 'sonnet', ANTHROPIC_BASE_URL: simulator.baseUrl },
      });
    }
    expect(await session(['--', '--settings', 'none.json'])).toMatchObject({ code: 2 });
    expect(await session(['--', '--settings', '{broken'])).toMatchObject({ code: 2 });
  });

  it.each([0, 1, 3, 127])("ends with Claude Code's exit code %i", async (code) => {
    expect(await session([], { DO: `exit${code}` })).toMatchObject({ code });
  });

  it('ends like a shell would where a signal ended Claude Code, and removes the file', async () => {
    expect(await session([], { DO: 'kill' })).toMatchObject({ code: 137 });
    expect(readdirSync(temp)).toEqual([]);
  });

  it('passes standard input and output through', async () => {
    expect(await session([], { DO: 'echo' }, { input: 'through\n' })).toMatchObject({ code: 0, stdout: 'through\n' });
  });

  it.each([
    ['SIGINT', 'INT', 41],
    ['SIGTERM', 'TERM', 42],
    ['SIGHUP', 'HUP', 43],
  ] as const)('hands %s on to Claude Code, ends with it, and leaves neither a process nor the file behind', async (signal, name, code) => {
    for (const file of ['seen.pid', 'seen.signals']) rmSync(seen(file), { force: true });
    const ran = await session(
      [],
      { DO: 'wait' },
      { onStart: (child) => void waitUntil(() => existsSync(seen('seen.pid'))).then(() => child.kill(signal)) },
    );
    expect(ran.code).toBe(code);
    expect(readFileSync(seen('seen.signals'), 'utf8')).toBe(`${name}\n`);
    const pid = Number(readFileSync(seen('seen.pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow();
    expect(readdirSync(temp)).toEqual([]);
  });

  it('lets Ctrl-C on a terminal reach Claude Code once', async () => {
    for (const file of ['seen.pid', 'seen.signals']) rmSync(seen(file), { force: true });
    const pty = startPty(['run'], { env: { ...box.env, TMPDIR: temp, DO: 'wait' }, cwd: box.cwd });
    await pty.waitFor('ready');
    await waitUntil(() => existsSync(seen('seen.pid')));
    pty.write('\x03');
    expect(await pty.exit()).toBe(41);
    expect(readFileSync(seen('seen.signals'), 'utf8')).toBe('INT\n');
    expect(readdirSync(temp)).toEqual([]);
  });

  it('sweeps away what a run that was killed outright left behind', async () => {
    const old = path.join(temp, 'orcc-run-4194301-0011223344556677');
    mkdirSync(old, { mode: 0o700 });
    writeFileSync(path.join(old, 'settings.json'), '{}');
    await session([]);
    expect(readdirSync(temp)).toEqual([]);
  });

  it('starts from the mapping of the folder that it is run in', async () => {
    const folder = path.join(box.cwd, 'other', '.claude');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'settings.json'), '{"env":{"ANTHROPIC_DEFAULT_OPUS_MODEL":"z-ai/glm-5.3"}}');
    await session([], {}, { cwd: path.dirname(folder) });
    expect(settings().env['ANTHROPIC_DEFAULT_OPUS_MODEL']).toBe('z-ai/glm-5.3');
  });

  it("follows the folder's own rules and effort beside the machine's, and keeps what somebody else puts into every request", async () => {
    const cwd = path.join(box.cwd, 'ruled');
    mkdirSync(path.join(cwd, '.claude'), { recursive: true });
    const here = ['--here', '--target', 'local', '--yes'];
    for (const words of [
      ['route', '--sort', 'price', '--yes'],
      ['route', '--zdr', ...here],
      ['switch', '--effort', 'unset', '--fallback', 'haiku', ...here],
    ])
      expect(await box.orcc(words, { cwd })).toMatchObject({ code: 0 });
    expect((await box.orcc(['route', '--here', '--json'], { cwd })).json().data).toMatchObject({ rules: { zdr: true, sort: 'price' } });
    const plain = await box.orcc(['route'], { cwd });
    expect([plain.stdout, plain.stderr]).toEqual([expect.not.stringContaining('ZDR'), expect.stringMatching(/ZDR.*orcc route --here/)]);
    const local = path.join(cwd, '.claude', 'settings.local.json');
    writeFileSync(local, readFileSync(local, 'utf8').replace('{\\"provider', '{\\"temperature\\":0,\\"provider'));
    await session([], {}, { cwd });
    const { env, fallbackModel } = settings() as ReturnType<typeof settings> & { fallbackModel?: unknown };
    expect(JSON.parse(env['CLAUDE_CODE_EXTRA_BODY'] ?? '')).toEqual({
      temperature: 0,
      provider: { zdr: true, sort: 'price' },
      session_id: expect.stringMatching(/^orcc-/),
    });
    expect([env['CLAUDE_CODE_EFFORT_LEVEL'], fallbackModel]).toEqual(['unset', ['haiku']]);
    await box.orcc(['route', '--reset', '--yes']);
  });

  it('starts where what somebody adds to every request is nested too deeply to be extended', async () => {
    const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(await session(['--profile', 'value'], { CLAUDE_CODE_EXTRA_BODY: deep })).toMatchObject({ code: 0 });
  });

  it('gives a session on a profile no rules of the folder, which are not its own', async () => {
    await box.orcc(['route', '--here', '--zdr', '--yes']);
    await session([]);
    expect(JSON.parse(settings().env['CLAUDE_CODE_EXTRA_BODY'] ?? '')).toMatchObject({ provider: { zdr: true } });
    await session(['--profile', 'guide']);
    expect(JSON.parse(settings().env['CLAUDE_CODE_EXTRA_BODY'] ?? '')).toEqual({ session_id: expect.stringMatching(/^orcc-/) });
    await box.orcc(['route', '--here', '--reset', '--yes']);
  });

  it('gives a session on a profile the rows in /model that the profile pins', async () => {
    await box.orcc(['models', 'pin', 'z-ai/glm-5.3', '--yes']);
    await box.orcc(['profile', 'save', 'pinned', '--yes']);
    await box.orcc(['models', 'unpin', 'all', '--yes']);
    await session(['--profile', 'pinned']);
    expect(settings()).toMatchObject({ modelPicker: { options: [{ model: 'z-ai/glm-5.3', label: 'GLM 5.3' }] } });
  });

  it.each([
    ['an unknown model', ['opus=z-ai/glm-9.9'], 2],
    ['an unknown alias', ['opos=z-ai/glm-4.7'], 2],
    ['an unknown profile', ['--profile', 'valeu'], 2],
    ['a word that is no assignment', ['value'], 2],
    ['an unknown flag', ['--profil', 'value'], 2],
  ] as const)('starts nothing for %s', async (_what, words, code) => {
    writeFileSync(seen('seen.args'), 'untouched');
    expect(await session([...words, '--offline'])).toMatchObject({ code });
    expect(readFileSync(seen('seen.args'), 'utf8')).toBe('untouched');
  });

  it('takes no flag behind -- for its own, where it complains too', async () => {
    const ran = await session(['--no-such-flag', '--', '--json']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
  });

  it('says that Claude Code is missing', async () => {
    const empty = path.join(box.home, 'empty');
    mkdirSync(empty);
    const ran = await session([], { PATH: empty });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('CLAUDE_MISSING');
  });
});
