import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulate } from '../simulator/support.ts';
import type { Ran, RunInBox } from '../support/box.ts';
import { variablesAfter } from '../support/in-bash.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

function init(args: readonly string[], options: RunInBox = {}): Promise<Ran> {
  return initIn(box, simulator, args, options);
}

/** Set up, switched and removed: nothing is left, and in between a new bash has the key. */
async function expectRoundTrip(args: readonly string[], env: Record<string, string>): Promise<void> {
  const before = box.tree();
  const home = env['HOME'] ?? box.home;
  expect(await init(args, { env })).toMatchObject({ code: 0 });
  expect(variablesAfter('. "$HOME/.bashrc"', { ...box.env, ...env })).toMatchObject({
    ANTHROPIC_BASE_URL: simulator.baseUrl,
    ANTHROPIC_AUTH_TOKEN: simulator.key,
  });
  const status = await box.orcc(['status', '--json'], { env });
  expect(status.json().data).toMatchObject({ connected: true, baseUrl: { value: simulator.baseUrl } });
  expect(await box.orcc(['switch', 'value', '--yes'], { env })).toMatchObject({ code: 0 });
  expect(variablesAfter('. "$HOME/.bashrc"', { ...box.env, ...env })['ANTHROPIC_DEFAULT_OPUS_MODEL']).toBe('z-ai/glm-5.3');
  expect(await box.orcc(['remove', '--yes'], { env })).toMatchObject({ code: 0 });
  expect([home, box.tree()]).toEqual([home, before]);
}

describe('homes that are not where or what one expects', () => {
  it.each(['with blanks', "o'brien", '-größe', '$HOME;x', 'back`tick"%20'])('a home folder called %s', async (name) => {
    const home = path.join(box.home, name);
    mkdirSync(home);
    await expectRoundTrip(['--target', 'bash', '--target', 'user'], { HOME: home });
  });

  it('a key folder outside the home, by XDG_CONFIG_HOME', async () => {
    const xdg = path.join(box.cwd, "xdg o'config");
    mkdirSync(xdg);
    await expectRoundTrip(['--target', 'bash', '--target', 'fish'], { XDG_CONFIG_HOME: xdg });
  });

  it('settings elsewhere, by CLAUDE_CONFIG_DIR', async () => {
    const folder = path.join(box.cwd, 'claude');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'settings.json'), '{}\n');
    const before = box.tree();
    await init(['--target', 'user'], { env: { CLAUDE_CONFIG_DIR: folder } });
    expect(box.tree()['work/claude/settings.json']).not.toBe(before['work/claude/settings.json']);
    expect(box.read('.claude/settings.json')).toBeNull();
    await box.orcc(['remove', '--yes'], { env: { CLAUDE_CONFIG_DIR: folder } });
    expect(box.tree()).toEqual(before);
  });

  it.each(['👩\u200d💻 ❤\ufe0f', 'a\nb', '\u202ezyx', '\u001b[31m'])('folders called %j are found again', async (name) => {
    const folder = path.join(box.cwd, name);
    mkdirSync(path.join(folder, 'work'), { recursive: true });
    const [further, here] = [path.join(folder, 'settings.json'), path.join(folder, 'work/.claude/settings.local.json')];
    const [env, cwd] = [{ CLAUDE_CONFIG_DIR: path.join(folder, 'claude') }, path.join(folder, 'work')];
    const before = box.tree();
    const args = ['--target', 'user', '--target', 'local', '--settings-file', further];
    expect(await init(args, { env, cwd })).toMatchObject({ code: 0 });
    const written = [readFileSync(further, 'utf8'), readFileSync(here, 'utf8')];
    expect(await box.orcc(['switch', 'value', '--yes'], { env, cwd })).toMatchObject({ code: 0 });
    expect(readFileSync(further, 'utf8')).not.toBe(written[0]);
    expect(await box.orcc(['undo', '--yes'], { env, cwd })).toMatchObject({ code: 0 });
    expect([readFileSync(further, 'utf8'), readFileSync(here, 'utf8')]).toEqual(written);
    expect(await box.orcc(['remove', '--yes'], { env })).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });

  it('profiles that are links into a dotfile folder stay links', async () => {
    mkdirSync(box.at('dotfiles/claude'), { recursive: true });
    box.write('dotfiles/bashrc', 'alias a=b\n');
    box.write('dotfiles/claude/settings.json', '{}\n', 0o644);
    box.write('.profile', '. ~/.bashrc\n');
    symlinkSync('dotfiles/bashrc', box.at('.bashrc'));
    symlinkSync('dotfiles/claude', box.at('.claude'));
    await expectRoundTrip(['--target', 'bash', '--target', 'user'], {});
  });

  it('orcc’s own folder may be a link, too', async () => {
    mkdirSync(box.at('dotfiles/orcc'), { recursive: true, mode: 0o700 });
    mkdirSync(box.at('.config'));
    symlinkSync('../dotfiles/orcc', box.at('.config/orcc'));
    expect(await init(['--target', 'bash'])).toMatchObject({ code: 0 });
    expect(box.read('dotfiles/orcc/key')).toBe(`${simulator.key}\n`);
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree()).filter((name) => !/^home\/(?:\.config|dotfiles)(?:\/orcc)?$/.test(name))).toEqual(['home', 'work']);
  });

  it('a home that moved is found by the block, which names it relative to $HOME', async () => {
    await init(['--target', 'bash']);
    const moved = path.join(box.cwd, 'moved');
    renameSync(box.home, moved);
    expect(variablesAfter('. "$HOME/.bashrc"', { ...box.env, HOME: moved })).toMatchObject({ ANTHROPIC_AUTH_TOKEN: simulator.key });
    mkdirSync(box.home);
  });
});

describe('changes of mind', () => {
  it('another base URL at a second init goes to every place', async () => {
    const other = await simulate();
    await init(['--target', 'bash', '--target', 'user']);
    expect(await init(['--base-url', other.baseUrl])).toMatchObject({ code: 0 });
    expect(variablesAfter('. "$HOME/.bashrc"', box.env)['ANTHROPIC_BASE_URL']).toBe(other.baseUrl);
    expect(box.read('.claude/settings.json')).toContain(other.baseUrl);
    expect(box.read('.claude/settings.json')).not.toContain(simulator.baseUrl);
  });

  it('another key at a second init goes to every place that held the old one', async () => {
    await init(['--target', 'bash', '--target', 'user']);
    await init([], { env: { MY_KEY: simulator.keys.free } });
    expect(box.holding(simulator.key).filter((file) => !file.includes('/history/'))).toEqual([]);
    expect(box.holding(simulator.keys.free).filter((file) => !file.includes('/history/'))).toEqual([
      '.claude/settings.json',
      '.config/orcc/key',
    ]);
  });

  it('undo after --replace brings someone else’s values back', async () => {
    box.write('.claude/settings.json', '{\n  "env": { "ANTHROPIC_MODEL": "opus" }\n}\n', 0o640);
    const settings = box.tree()['home/.claude/settings.json'];
    await init(['--target', 'user', '--replace']);
    expect(await box.orcc(['undo', '--yes'])).toMatchObject({ code: 0 });
    expect(box.tree()['home/.claude/settings.json']).toBe(settings);
    await init(['--target', 'user', '--replace']);
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(box.tree()['home/.claude/settings.json']).toBe(settings);
  });

  it('a place that is removed alone can be written again', async () => {
    await init(['--target', 'bash', '--target', 'zsh']);
    await box.orcc(['remove', '--yes', '--target', 'zsh']);
    expect(box.read('.zshrc')).toBeNull();
    expect(await init(['--target', 'zsh'])).toMatchObject({ code: 0 });
    expect(box.read('.zshrc')).toBe(box.read('.bashrc'));
  });
});
