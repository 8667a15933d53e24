import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { createBox, type Box, type Ran } from '../support/box.ts';

let simulator: Simulator;
let box: Box;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  box = createBox();
});
afterEach(() => box.dispose());

function init(...args: string[]): Promise<Ran> {
  return box.orcc(['init', '--yes', '--key-env', 'K', '--base-url', simulator.baseUrl, '--preset', 'guide', '--no-test', ...args], {
    env: { K: simulator.key },
  });
}

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
      baseUrl: { value: simulator.baseUrl, from: '~/.bashrc:6' },
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

  it('says in the guide’s words that it is connected, and to what', async () => {
    await init('--target', 'user');
    const { stdout } = await box.orcc(['status']);
    expect(stdout).toContain('Connected to 127.0.0.1');
    expect(stdout).toContain('qwen/qwen3-coder-next');
    expect(stdout).not.toContain(simulator.key);
  });

  it('is not connected where the key file is gone: then the block sets nothing', async () => {
    await init('--target', 'bash');
    box.write('.config/orcc/key', '', 0o600);
    expect(await status()).toMatchObject({ connected: false, configured: true, baseUrl: null, key: null });
  });

  it('warns of a base URL without a key, and of a real ANTHROPIC_API_KEY', async () => {
    expect((await status({ ANTHROPIC_BASE_URL: 'https://gateway.example' }))['problems']).toHaveLength(1);
    expect(
      (
        await status({
          ANTHROPIC_BASE_URL: 'https://gateway.example',
          ANTHROPIC_AUTH_TOKEN: 'sk-or-v1-abc',
          ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789',
        })
      )['problems'],
    ).toHaveLength(1);
    const { stdout } = await box.orcc(['status', '--all'], {
      env: { ANTHROPIC_BASE_URL: 'https://gateway.example', ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789' },
    });
    expect(stdout).not.toContain('sk-ant-api03-0123456789');
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

  it('stays within a narrow terminal', async () => {
    await init('--target', 'user');
    const { stdout } = await box.orcc(['status'], { columns: 40 });
    expect(stdout).toContain('z-ai/glm-4.7');
  });
});

const MODELS = [
  ['models', 'glm', '4.7', '--offline', '--json'],
  ['models', '--offline', '--tools', '--max-price', '0.5', '--min-context', '100000', '--author', 'qwen', '--sort', 'price', '--csv'],
  ['models', 'show', 'z-ai/glm-4.7', '--offline', '--json'],
  ['models', 'compare', '--tokens-in', '100', '--tokens-out', '10', '--offline', '--json'],
  ['models', '--sort', 'nothing'],
  ['models', '--min-context', '1k'],
];

describe('the built program', () => {
  it('answers status, env and models by its short way as by the long one', async () => {
    await init('--target', 'bash', '--target', 'user');
    for (const args of [['status', '--json'], ['status'], ['env'], ['env', '--shell', 'fish'], ['env', '--json'], ...MODELS]) {
      const short = await box.bin(args);
      const long = await box.orcc(args);
      expect([args, short.code, short.stdout]).toEqual([args, long.code, long.stdout]);
    }
  });

  it('shows the status where it is called alone', async () => {
    await init('--target', 'user');
    const bare = await box.bin([]);
    expect(bare.stdout).toBe((await box.bin(['status'])).stdout);
  });
});
