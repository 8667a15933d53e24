import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Exec } from '../../src/core/context.ts';
import { addFakeKeychain } from '../support/fake-keychain.ts';
import { GUIDE_VARIABLES } from '../support/guide.ts';
import { initIn, useSetUps, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const [box, init] = useSetUps((box, ...args: string[]) => initIn(box, simulator, args));

async function status(env: Record<string, string> = {}): Promise<Readonly<Record<string, unknown>>> {
  return (await box.orcc(['status', '--json'], { env })).json().data;
}

describe('orcc status', () => {
  it('tells base URL, key, aliases with window and price, default and targets of a shell set-up', async () => {
    await init('--target', 'bash');
    expect(await status()).toMatchObject({
      configured: true,
      native: false,
      connected: true,
      baseUrl: { value: simulator.baseUrl, from: '~/.bashrc:7' },
      key: { masked: `${simulator.key.slice(0, 12)}...${simulator.key.slice(-4)}`, storage: 'file' },
      aliases: [
        { alias: 'opus', model: 'z-ai/glm-4.7', window: 204_800, inputPrice: 0.6, outputPrice: 2.2 },
        { alias: 'sonnet', model: 'qwen/qwen3-coder-next', window: 262_144 },
        { alias: 'haiku', model: 'z-ai/glm-4.7-flash' },
        { alias: 'fable', model: 'z-ai/glm-4.7' },
        { alias: 'subagent', model: null },
      ],
      default: { named: 'sonnet', model: 'qwen/qwen3-coder-next' },
      targets: [
        { id: 'bash', path: '~/.bashrc', state: 'written' },
        { id: 'bash', path: '~/.profile', state: 'written' },
      ],
      problems: [],
    });
  });

  it.each([
    ['user', ''],
    ['bash', ''],
    ['user', 'keychain'],
  ])(
    'says first where a folder takes the key of target %s to another address, and nothing where the token came along (%s)',
    async (target, kind) => {
      const env = kind === '' ? {} : addFakeKeychain(box).env;
      await initIn(box, simulator, ['--target', target, ...(kind === '' ? [] : ['--key-storage', kind])], { env });
      const evil = 'https://evil.example/api';
      box.writeHere('.claude/settings.json', JSON.stringify({ env: { ANTHROPIC_BASE_URL: evil } }));
      const { code, json, codes } = await box.orcc(['status', '--json'], { env });
      expect([code, json().ok, codes()]).toEqual([1, false, ['KEY_OTHER_ADDRESS']]);
      expect(json().data).toMatchObject({ baseUrl: { value: evil }, keyBelongsTo: simulator.baseUrl });
      const { stdout } = await box.orcc(['status'], { env });
      expect(stdout).toMatch(/^✗ .*127\.0\.0\.1.*evil\.example/m);
      expect(stdout).not.toContain('✓');
      box.writeHere('.claude/settings.json', JSON.stringify({ env: { ANTHROPIC_BASE_URL: evil, ANTHROPIC_AUTH_TOKEN: 'its-own' } }));
      expect((await box.orcc(['status', '--json'], { env })).code).toBe(0);
    },
  );

  it('says the same of what this terminal alone has', async () => {
    await init('--target', 'bash');
    const env = { ANTHROPIC_BASE_URL: 'https://evil.example/api', ANTHROPIC_AUTH_TOKEN: simulator.key };
    const ran = await box.orcc(['status', '--json'], { env });
    expect(ran.code).toBe(1);
    expect(ran.json().data).toMatchObject({ keyBelongsTo: null, here: { keyBelongsTo: simulator.baseUrl } });
  });

  it('does not take another token for the stored key', async () => {
    await init('--target', 'user');
    box.writeHere('.claude/settings.local.json', '{"env": {"ANTHROPIC_AUTH_TOKEN": "${OPENROUTER_API_KEY}"}}');
    expect(await status()).toMatchObject({ key: { storage: null, from: expect.stringContaining('(local)') } });
  });

  it('does not know what a new terminal has where the shell is one that it cannot read, unless a settings file decides', async () => {
    const told = async (): Promise<readonly unknown[]> => {
      const { startup, problems } = await status({ SHELL: '/usr/bin/ksh' });
      return [(startup as { certain: boolean }).certain, (problems as string[]).some((each) => each.includes('ksh'))];
    };
    expect(await told()).toEqual([false, true]);
    await init('--target', 'user');
    expect(await told()).toEqual([true, false]);
  });

  it('names the layer that wins, and with --all what it beats', async () => {
    await init('--target', 'bash', '--target', 'user');
    box.writeHere('.claude/settings.json', '{"env": {"ANTHROPIC_MODEL": "haiku"}}');
    expect(await status()).toMatchObject({ default: { named: 'haiku', model: 'z-ai/glm-4.7-flash' } });
    const all = (await box.orcc(['status', '--all', '--json'])).json().data['variables'] as {
      name: string;
      value: string;
      from: string;
      beats: string[];
    }[];
    const model = all.find((each) => each.name === 'ANTHROPIC_MODEL');
    expect(model).toMatchObject({ value: 'haiku', from: expect.stringContaining('(project)') });
    expect(model?.beats).toEqual([
      expect.stringMatching(/^sonnet .*settings\.json.*\(user\)/),
      expect.stringMatching(/^sonnet .*\.bashrc:\d+/),
    ]);
    expect(JSON.stringify(all)).not.toContain(simulator.key);
  });

  it('says what it is set up for, and of no server that it answered', async () => {
    await init('--target', 'user');
    const { stdout } = await box.orcc(['status']);
    expect(stdout).toMatch(/^✓ .*\b127\.0\.0\.1: /);
    expect(stdout).not.toContain('onnected');
    expect(stdout).toContain('qwen/qwen3-coder-next');
    expect(stdout).not.toContain(simulator.key);
  });

  it('is not connected where the base URL is no address', async () => {
    await init('--target', 'user');
    box.writeHere('.claude/settings.json', '{ "env": { "ANTHROPIC_BASE_URL": 1 } }');
    expect(await status()).toMatchObject({ connected: false, here: { connected: false }, baseUrl: { value: '1' } });
  });

  it('is not connected where the key file is gone: then the block sets nothing', async () => {
    await init('--target', 'bash');
    box.write('.config/orcc/key', '', 0o600);
    expect(await status()).toMatchObject({
      ...{ connected: false, configured: true, baseUrl: null, key: null },
      problems: [expect.stringContaining('orcc key set')],
    });
  });

  it('warns of a base URL without a key, and of a real ANTHROPIC_API_KEY', async () => {
    const inherited = expect.stringMatching(/^orcc is not set up here/);
    expect((await status({ ANTHROPIC_BASE_URL: 'https://gateway.example' }))['problems']).toEqual([inherited, expect.any(String)]);
    expect(
      (
        await status({
          ANTHROPIC_BASE_URL: 'https://gateway.example',
          ANTHROPIC_AUTH_TOKEN: 'sk-or-v1-abc',
          ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789',
        })
      )['problems'],
    ).toEqual([inherited, expect.any(String)]);
    const { stdout } = await box.orcc(['status', '--all'], {
      env: { ANTHROPIC_BASE_URL: 'https://gateway.example', ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789' },
    });
    expect(stdout).not.toContain('sk-ant-api03-0123456789');
  });

  it('warns where a variable takes every request elsewhere, and not of what is merely somebody’s own', async () => {
    const body = (CLAUDE_CODE_EXTRA_BODY: string) => status({ CLAUDE_CODE_EXTRA_BODY });
    expect((await body('{"model":"x/y"}'))['problems']).toEqual([expect.stringMatching(/^CLAUDE_CODE_EXTRA_BODY in .*`x\/y`/)]);
    expect((await body('{"temperature":0}'))['problems']).toEqual([]);
  });

  it('names the profile that the mapping came from, and none in a folder with its own mapping', async () => {
    await init('--target', 'user');
    await box.orcc(['switch', 'value', '--yes']);
    expect(await status()).toMatchObject({ profile: 'value', profileChanged: false, profileInEffect: true });
    await box.orcc(['switch', 'haiku=z-ai/glm-4.7', '--yes']);
    expect(await status()).toMatchObject({ profile: 'value', profileChanged: true });
    await box.orcc(['switch', '--here', '--target', 'local', 'opus=z-ai/glm-4.7', '--yes']);
    expect(await status()).toMatchObject({ profile: 'value', profileChanged: true, profileInEffect: false });
    expect((await box.orcc(['status'])).stdout).not.toContain('Profile');
  });

  it('says what this terminal has not loaded yet', async () => {
    await init('--target', 'bash');
    expect(await status()).toMatchObject({
      thisTerminal: { view: 'startup', notLoaded: expect.arrayContaining(['ANTHROPIC_BASE_URL', 'ANTHROPIC_MODEL']) },
    });
  });

  it('shows what a file says that Claude Code ignores whole', async () => {
    await init('--target', 'bash');
    box.write('.claude/settings.json', '{ broken');
    expect((await status())['problems']).toEqual([expect.stringContaining('settings.json')]);
  });

  it('shows a target whose file is gone or can not be read, and goes on', async () => {
    await init('--target', 'bash', '--target', 'zsh');
    const { mkdirSync, rmSync } = await import('node:fs');
    rmSync(box.at('.zshrc'));
    rmSync(box.at('.profile'));
    mkdirSync(box.at('.profile'));
    expect(await status()).toMatchObject({ targets: [{ state: 'written' }, { state: "can't be read" }, { state: 'the file is gone' }] });
  });

  it('is exit 3 where nothing is configured, and never writes', async () => {
    const before = box.traces();
    expect((await box.orcc(['status'])).code).toBe(3);
    expect((await box.orcc(['status', '--all', '--json'])).code).toBe(3);
    expect((await box.orcc([])).code).toBe(0);
    expect(box.traces()).toEqual(before);
  });

  it('writes nothing and starts nothing where all is set up', async () => {
    await init('--target', 'bash', '--target', 'user');
    const before = box.traces();
    await box.orcc(['status'], { env: { PATH: '' } });
    expect(box.traces()).toEqual(before);
  });

  it('says in its first line where a start here and now goes, and in the next where one in a new terminal goes', async () => {
    await init('--target', 'bash');
    const [here, later] = (await box.orcc(['status'])).stdout.split('\n');
    expect(here).toMatch(/^✗ .*\bAnthropic\b.*\bclaude-opus-5-5\b/);
    expect(later).toMatch(/^✓ .*\b127\.0\.0\.1: .*qwen\/qwen3-coder-next/);
    expect(await status()).toMatchObject({ connected: true, here: { connected: false, baseUrl: null, model: 'claude-opus-5-5' } });

    const { stdout } = await box.orcc(['env', '--with-key', '--shell', 'bash']);
    const loaded = Object.fromEntries(
      [...stdout.matchAll(/^ *export ([A-Z_0-9]+)='([^']*)'/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    const first = (await box.orcc(['status'], { env: loaded })).stdout.split('\n')[0];
    expect(first).toMatch(/^✓ .*\b127\.0\.0\.1: .*qwen\/qwen3-coder-next/);
    expect(await status(loaded)).toMatchObject({ here: { connected: true, model: 'qwen/qwen3-coder-next' } });
  });

  it('says once what it is set up for where only the model of a new terminal is another', async () => {
    box.write('.bashrc', `export ANTHROPIC_BASE_URL=${simulator.baseUrl}\nexport ANTHROPIC_AUTH_TOKEN=${simulator.key}\n`);
    const env = { ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_AUTH_TOKEN: simulator.key, ANTHROPIC_MODEL: 'a/b' };
    const { stdout } = await box.orcc([], { env });
    expect(stdout.match(/^[✓✗]/gm)).toEqual(['✓']);
    expect(stdout).toMatch(/^✓ .*\b127\.0\.0\.1: .*\ba\/b\b.*\n {2}.*\bclaude-opus-5-5\b/);
  });

  it('says with --all of each variable whether this terminal has it already', async () => {
    await init('--target', 'bash');
    const all = (await box.orcc(['status', '--all', '--json'], { env: { ANTHROPIC_MODEL: 'sonnet', DISABLE_COMPACT: '1' } })).json().data[
      'variables'
    ];
    expect(all).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'ANTHROPIC_MODEL', here: true }),
        expect.objectContaining({ name: 'ANTHROPIC_BASE_URL', here: false }),
      ]),
    );
    expect((await box.orcc(['status', '--all'])).stdout).toContain('not yet');
  });

  it('says with --all why each variable is there, in a narrow terminal beside it', async () => {
    await init('--target', 'user');
    const narrow = (await box.orcc(['status', '--all'], { columns: 80, isTerminal: true })).stdout;
    expect(narrow).toMatch(/^ANTHROPIC_BASE_URL=http:\S+\n {2}line \d+: \w.*$/m);
    // What each is for is not said a second time below.
    expect(narrow.match(/^ *ANTHROPIC_BASE_URL\b/gm)).toHaveLength(1);
    expect((await box.orcc(['status', '--all'], { columns: 140, isTerminal: true })).stdout).toMatch(/^variable +value +from/m);
    const all = (await box.orcc(['status', '--all', '--json'])).json().data['variables'] as { name: string; why: string | null }[];
    expect(all.filter(({ why }) => why === null)).toEqual([]);
    for (const name of Object.keys(GUIDE_VARIABLES)) expect(all).toContainEqual(expect.objectContaining({ name }));
    const why = all.find(({ name }) => name === 'ENABLE_TOOL_SEARCH')?.why ?? '';
    expect((await box.orcc(['status', '--all'])).stdout.replace(/\s+/g, ' ')).toContain(`ENABLE_TOOL_SEARCH: ${why}`);
  });

  it('warns of a base URL that waits for the trust in this folder', async () => {
    box.writeHere('.claude/settings.local.json', '{"env": {"ANTHROPIC_BASE_URL": "https://g.example", "ANTHROPIC_AUTH_TOKEN": "x"}}');
    expect((await status())['problems']).toEqual([expect.stringMatching(/\.claude\/settings\.local\.json\b.*`claude`/)]);
    box.write('.claude.json', JSON.stringify({ projects: { [box.cwd]: { hasTrustDialogAccepted: true } } }));
    expect((await status())['problems']).toEqual([]);
  });

  it('lists subagents and the model each would get, in one line, with --all each by itself', async () => {
    await init('--target', 'user');
    box.write('.claude/agents/explorer.md', '---\nname: explorer\ndescription: d\nmodel: haiku\n---\n');
    box.writeHere('.claude/agents/reviewer.md', '---\nname: reviewer\ndescription: d\nmodel: opus\n---\n');
    box.writeHere('.claude/agents/plain.md', '---\nname: plain\ndescription: d\n---\n');
    expect((await status({ CLAUDE_CODE_SUBAGENT_MODEL: 'haiku' }))['agents']).toEqual([
      {
        name: 'plain',
        scope: 'project',
        file: expect.stringContaining('plain.md'),
        asked: null,
        model: 'z-ai/glm-4.7-flash',
        through: 'slot',
      },
      { name: 'reviewer', scope: 'project', file: expect.any(String), asked: 'opus', model: 'z-ai/glm-4.7', through: 'alias' },
      {
        name: 'explorer',
        scope: 'user',
        file: '~/.claude/agents/explorer.md',
        asked: 'haiku',
        model: 'z-ai/glm-4.7-flash',
        through: 'alias',
      },
    ]);
    expect((await box.orcc(['status'])).stdout).toMatch(/^Subagents: 3 \(1 on [^\n]*--all[^\n]*$/m);
    const { stdout } = await box.orcc(['status', '--all']);
    for (const name of ['explorer', 'reviewer', 'plain']) expect(stdout).toContain(name);
  });

  it('takes the agents JSON of the guide, from a file or as it stands, and says what it lacks', async () => {
    await init('--target', 'user');
    const guide = '{"reviewer": {"description": "Code reviewer", "model": "opus", "tools": ["Read", "Grep"]}}';
    box.writeHere('agents.json', guide);
    for (const given of [guide, 'agents.json']) {
      const { data } = (await box.orcc(['status', '--json', '--agents', given])).json();
      expect(data).toMatchObject({
        agents: [{ name: 'reviewer', scope: 'json', file: null, asked: 'opus', model: 'z-ai/glm-4.7' }],
        problems: [expect.stringMatching(/\breviewer\b.*`prompt`/)],
      });
    }
    const whole = '{"reviewer": {"description": "d", "prompt": "p"}}';
    expect((await box.orcc(['status', '--json', '--agents', whole])).json().data).toMatchObject({ problems: [] });
    for (const wrong of ['{no', '[]', '{"a": 1}', 'missing.json', '.']) {
      const { code, stderr } = await box.orcc(['status', '--agents', wrong]);
      expect([wrong, code]).toEqual([wrong, 2]);
      expect(stderr).toContain('--agents');
    }
  });

  it.skipIf(process.platform !== 'linux')('lists running sessions with folder and age, and starts nothing for it', async () => {
    const child = spawn('bash', ['-c', 'exec -a claude sleep 60'], { cwd: box.cwd });
    try {
      const { pid = 0 } = child;
      while (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('claude')) await new Promise((resolve) => setTimeout(resolve, 20));
      box.write(`.claude/sessions/${pid}.json`, JSON.stringify({ pid, cwd: box.cwd, startedAt: Date.now() }));
      box.write('.claude/sessions/1.json', JSON.stringify({ pid: 1, cwd: '/', startedAt: 1 }));
      const exec = (): Exec => ({ find: () => undefined, run: () => Promise.reject(new Error('started a program')) });
      const ran = await box.orcc(['status', '--json'], { exec });
      expect(ran.json().data['sessions']).toEqual([{ pid, folder: box.cwd, ageMs: expect.any(Number) }]);
      expect((await box.orcc(['status'], { exec })).stdout).toMatch(new RegExp(`^Running sessions .*: ${box.cwd} \\(.+\\)$`, 'm'));
      expect((await box.orcc(['status', '--all'], { exec })).stdout).toMatch(new RegExp(`^${pid} .*less than a minute`, 'm'));
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('stays within a narrow terminal', async () => {
    await init('--target', 'user');
    const { stdout } = await box.orcc(['status'], { columns: 40 });
    expect(stdout).toContain('z-ai/glm-4.7');
  });
});

describe('the built program', () => {
  it('shows the status where it is called alone', async () => {
    await init('--target', 'user');
    const bare = await box.bin([]);
    expect(bare.stdout).toBe((await box.bin(['status'])).stdout);
  });
});
