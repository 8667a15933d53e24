import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { IMAGE_RULES } from '../../src/claude/image-rules.ts';
import type { Ran } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const SETTINGS = '{\n\t"permissions": { "deny": ["Read(secret)"], "allow": [] },\n\t"theme": "dark"\n}';
const FILE = '.claude/settings.json';
const orcc = (...args: string[]): Promise<Ran> => box.orcc(args);
const denied = (): readonly string[] =>
  (JSON.parse(box.read(FILE) ?? '{}') as { permissions?: { deny?: string[] } }).permissions?.deny ?? [];
const found = async (cwd = box.cwd): Promise<unknown> =>
  ((await box.orcc(['doctor', '--offline', '--json'], { cwd })).json().findings ?? []).find(({ code }) => code === 'IMAGES_UNGUARDED');
/** Every mapped model takes text alone. */
const setUp = async (target: string): Promise<void> => {
  box.write('.bashrc', '# mine\n');
  box.write(FILE, SETTINGS, 0o644);
  const ran = await initIn(box, simulator, ['--target', target]);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stderr).toContain('`orcc doctor --fix IMAGES_UNGUARDED`');
};
/** That opus, among others, takes text alone. */
const NO_IMAGES = /^\W*No images: (?:\w+, )*opus\b/m;
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
    const { stderr } = await initIn(box, simulator, ['--target', target]);
    expect(stderr).toMatch(NO_IMAGES);
    expect(stderr).not.toContain('IMAGES_UNGUARDED');
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

describe.each([
  ['project', 'settings.json'],
  ['local', 'settings.local.json'],
])('rules against images of a folder whose %s settings map models of text alone', (target, name) => {
  const BEFORE = '{\n  "permissions": {"deny": ["Read(secret)"]}\n}\n';
  const BLIND = ['opus', 'sonnet', 'haiku'].map((alias) => `${alias}=z-ai/glm-4.7`);
  let folder: string;
  const here = (...args: string[]): Promise<Ran> => box.orcc(args, { cwd: folder });
  const file = (): string => path.join(folder, '.claude', name);
  const rules = (): readonly string[] => (JSON.parse(readFileSync(file(), 'utf8')) as { permissions: { deny: string[] } }).permissions.deny;
  const switchHere = (...models: string[]): Promise<Ran> => here('switch', '--here', '--target', target, ...models, '--yes');

  /** The machine's own mapping takes images. */
  async function setUpFolder(): Promise<void> {
    box.write('.bashrc', '# mine\n');
    expect(await initIn(box, simulator, ['--target', 'user', '--opus', 'anthropic/claude-opus-5.5'])).toMatchObject({ code: 0 });
    folder = path.join(box.cwd, 'folder');
    mkdirSync(path.join(folder, '.claude'), { recursive: true });
    execFileSync('git', ['init', '-q', folder], { env: { ...process.env, ...box.env } });
    writeFileSync(file(), BEFORE);
    const switched = await switchHere(...BLIND);
    expect(switched.code, switched.stderr).toBe(0);
    expect(switched.stderr).toContain('`orcc doctor --fix IMAGES_UNGUARDED`');
  }

  it('go into its own file, are shown, stay with its mapping and leave the machine alone', async () => {
    await setUpFolder();
    expect(await found()).toBeUndefined();
    expect(await found(folder)).toMatchObject({ severity: 'info' });
    expect(await here('doctor', '--offline', '--fix', 'IMAGES_UNGUARDED', '--yes', '--json')).toMatchObject({ code: 0 });
    expect(rules()).toEqual(['Read(secret)', ...IMAGE_RULES]);
    expect(denied()).toEqual([]);
    expect(await found(folder)).toBeUndefined();
    const { extras } = (await here('status', '--json')).json().data as { extras: unknown[] };
    expect(extras).toContainEqual(expect.objectContaining({ id: 'images', from: expect.stringContaining(name) as string }));
    const again = await switchHere('haiku=z-ai/glm-4.7-flash');
    expect(again).toMatchObject({ code: 0, stderr: expect.stringMatching(NO_IMAGES) as string });
    expect(again.stderr).not.toContain('IMAGES_UNGUARDED');
    await box.orcc(['switch', 'haiku=z-ai/glm-4.7-flash', '--yes']);
    expect(rules()).toEqual(['Read(secret)', ...IMAGE_RULES]);
  });

  it('leave with its mapping: with a model that takes images, with undo and with remove, byte for byte', async () => {
    await setUpFolder();
    const before = readFileSync(file(), 'utf8');
    await here('doctor', '--offline', '--fix', 'IMAGES_UNGUARDED', '--yes');
    await here('undo', '--yes');
    expect(readFileSync(file(), 'utf8')).toBe(before);
    await here('doctor', '--offline', '--fix', 'IMAGES_UNGUARDED', '--yes');
    expect(await switchHere('sonnet=anthropic/claude-sonnet-5.5')).toMatchObject({ code: 0 });
    expect(rules()).toEqual(['Read(secret)']);
    await switchHere('sonnet=z-ai/glm-4.7');
    expect(rules()).toEqual(['Read(secret)']);
    await here('doctor', '--offline', '--fix', 'IMAGES_UNGUARDED', '--yes');
    expect(rules()).toHaveLength(1 + IMAGE_RULES.length);
    expect((await here('remove', '--yes')).code).toBe(0);
    expect(readFileSync(file(), 'utf8')).toBe(BEFORE);
  });

  it("of the machine are said to hold for a folder's models that take images", async () => {
    await setUp('user');
    await fix('IMAGES_UNGUARDED');
    folder = path.join(box.cwd, 'folder');
    mkdirSync(folder);
    execFileSync('git', ['init', '-q', folder], { env: { ...process.env, ...box.env } });
    const switched = await switchHere('opus=anthropic/claude-opus-5.5');
    expect(switched.stderr.replace(/\s+/g, ' ')).toMatch(/warning: [^:]*\bimages\b[^:]*\buser settings\b/);
  });
});
