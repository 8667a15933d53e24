import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IMAGE_RULES } from '../../src/claude/image-rules.ts';
import { createBox, type Box, type Ran } from '../support/box.ts';
import { initIn, useSimulator } from '../support/use-simulator.ts';

const simulator = await useSimulator();
let box: Box;
beforeEach(() => {
  box = createBox();
});
afterEach(() => box.dispose());

const SETTINGS = '{\n\t"permissions": { "deny": ["Read(secret)"], "allow": [] },\n\t"theme": "dark"\n}';
const FILE = '.claude/settings.json';
const orcc = (...args: string[]): Promise<Ran> => box.orcc(args);
const denied = (): readonly string[] =>
  (JSON.parse(box.read(FILE) ?? '{}') as { permissions?: { deny?: string[] } }).permissions?.deny ?? [];
const found = async (): Promise<unknown> =>
  ((await orcc('doctor', '--offline', '--json')).json().findings ?? []).find(({ code }) => code === 'IMAGES_UNGUARDED');
/** Every mapped model takes text alone. */
const setUp = async (target: string): Promise<void> => {
  box.write('.bashrc', '# mine\n');
  box.write(FILE, SETTINGS, 0o644);
  const ran = await initIn(box, simulator, ['--target', target]);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stderr).toContain('`orcc doctor --fix IMAGES_UNGUARDED`');
};
const fix = (...more: string[]): Promise<Ran> => orcc('doctor', '--offline', '--fix', ...more, '--yes', '--json');

describe.each(['user', 'bash'])('rules against images, beside a set-up in %s', (target) => {
  it('are offered as a note, brought where they are asked for by name alone, and gone with remove, byte for byte', async () => {
    await setUp(target);
    expect(await found()).toMatchObject({ severity: 'info', fix: expect.stringContaining('Ctrl+V') as string });
    await fix();
    expect(denied()).toEqual(['Read(secret)']);
    expect(await fix('IMAGES_UNGUARDED')).toMatchObject({ code: 0 });
    expect(denied()).toEqual(['Read(secret)', ...IMAGE_RULES]);
    expect(await found()).toBeUndefined();
    expect(await orcc('remove', '--yes')).toMatchObject({ code: 0 });
    expect(box.read(FILE)).toBe(SETTINGS);
    expect(box.read('.bashrc')).toBe('# mine\n');
  });

  it('are taken back by undo', async () => {
    await setUp(target);
    const before = box.read(FILE);
    await fix('IMAGES_UNGUARDED');
    expect(await orcc('undo', '--yes')).toMatchObject({ code: 0 });
    expect(box.read(FILE)).toBe(before);
    expect(await found()).toBeDefined();
  });

  it('stay while models of text alone are mapped, and leave with the first one that takes images', async () => {
    await setUp(target);
    await fix('IMAGES_UNGUARDED');
    await orcc('switch', 'haiku=z-ai/glm-4.7-flash', '--yes');
    expect(denied()).toEqual(['Read(secret)', ...IMAGE_RULES]);
    await initIn(box, simulator, ['--target', target]);
    expect(denied()).toEqual(['Read(secret)', ...IMAGE_RULES]);
    expect(await orcc('switch', 'opus=anthropic/claude-opus-5.5', '--yes')).toMatchObject({ code: 0 });
    expect(denied()).toEqual(['Read(secret)']);
    await orcc('switch', 'opus=z-ai/glm-4.7', '--yes');
    expect(denied()).toEqual(['Read(secret)']);
  });

  it('are no rules of native Claude Code', async () => {
    await setUp(target);
    await fix('IMAGES_UNGUARDED');
    await orcc('switch', '--native', '--yes');
    expect(denied()).toEqual(['Read(secret)']);
    await orcc('switch', '--back', '--yes');
    expect(denied()).toEqual(['Read(secret)', ...IMAGE_RULES]);
  });
});

describe('rules against images', () => {
  it('are not offered where one alias takes images, or a person denies them already', async () => {
    await setUp('user');
    const text = box.read(FILE) ?? '';
    box.write(FILE, text.replace('"Read(secret)"', IMAGE_RULES.map((rule) => JSON.stringify(rule)).join(', ')));
    expect(await found()).toBeUndefined();
    box.write(FILE, text);
    await orcc('switch', 'haiku=anthropic/claude-haiku-5.5', '--yes');
    expect(await found()).toBeUndefined();
  });
});
