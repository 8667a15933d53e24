import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBox, type Ran, type RunInBox } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

function init(args: readonly string[], options: RunInBox = {}): Promise<Ran> {
  return initIn(box, simulator, args, options);
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: box.cwd,
    env: {
      ...box.env,
      PATH: process.env['PATH'] ?? '',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    },
    encoding: 'utf8',
  });
}

interface Settings {
  readonly env: Record<string, string>;
  readonly modelSettings?: Record<string, { readonly autoCompactWindow: number }>;
}

const here = (name: string): string => path.join(box.cwd, name);
const read = (name: string): string => readFileSync(here(name), 'utf8');
const LINE = '.claude/settings.local.json';

describe('the target local', () => {
  it('holds URL, key and mapping in a private file of this folder', async () => {
    expect(await init(['--target', 'local'])).toMatchObject({ code: 0 });
    expect(JSON.parse(read('.claude/settings.local.json')).env).toMatchObject({
      ANTHROPIC_BASE_URL: simulator.baseUrl,
      ANTHROPIC_AUTH_TOKEN: simulator.key,
      ANTHROPIC_MODEL: 'sonnet',
    });
    expect(Object.entries(box.tree()).find(([name]) => name.endsWith('settings.local.json'))?.[1]).toMatch(/^600 /);
  });

  it('tells that it alone is not seen from subfolders', async () => {
    expect((await init(['--target', 'local'])).stderr).toMatch(/warning:.*subfolders/);
  });

  it('adds nothing to any .gitignore outside a git work tree', async () => {
    await init(['--target', 'local']);
    expect(Object.keys(box.tree()).filter((name) => name.endsWith('.gitignore'))).toEqual([]);
  });

  it.each([
    ['no .gitignore', undefined],
    ['one with a final newline', 'node_modules\n'],
    ['one without', 'node_modules'],
    ['one with CRLF', 'node_modules\r\ndist\r\n'],
  ])('adds one line to .gitignore in a work tree with %s, so that git ignores the file, and takes it back', async (_what, text) => {
    git('init', '-q');
    if (text !== undefined) writeFileSync(here('.gitignore'), text);
    const before = box.tree();
    expect(await init(['--target', 'local'])).toMatchObject({ code: 0 });
    expect(
      read('.gitignore')
        .split(/\r?\n/)
        .filter((line) => line === LINE),
    ).toHaveLength(1);
    expect(git('check-ignore', LINE).trim()).toBe(LINE);
    expect(git('status', '--porcelain')).not.toContain('settings.local.json');
    await box.orcc(['switch', 'value', '--here', '--yes']);
    expect(
      read('.gitignore')
        .split(/\r?\n/)
        .filter((line) => line === LINE),
    ).toHaveLength(1);
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });

  it('adds no line where git ignores the file already', async () => {
    git('init', '-q');
    writeFileSync(here('.gitignore'), '.claude/*.local.json\n');
    await init(['--target', 'local']);
    expect(read('.gitignore')).toBe('.claude/*.local.json\n');
  });

  it('works the same from a subfolder of the work tree', async () => {
    git('init', '-q');
    const cwd = here('packages/one');
    mkdirSync(cwd, { recursive: true });
    const before = box.tree();
    await init(['--target', 'local'], { cwd });
    expect(git('status', '--porcelain', '-uall')).not.toContain('settings.local.json');
    await box.orcc(['remove', '--yes'], { cwd });
    expect(box.tree()).toEqual(before);
  });

  it('is refused with the reason where git tracks the file', async () => {
    git('init', '-q');
    mkdirSync(here('.claude'));
    writeFileSync(here('.claude/settings.local.json'), '{}\n');
    git('add', '-f', LINE);
    const before = box.tree();
    const ran = await init(['--target', 'local', '--target', 'user']);
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('git');
    expect(ran.stderr).toContain('SETTINGS_NOT_IGNORED');
    expect(box.tree()).toEqual(before);
  });

  it('keeps a .gitignore that others added to meanwhile', async () => {
    git('init', '-q');
    await init(['--target', 'local']);
    writeFileSync(here('.gitignore'), `${read('.gitignore')}dist\n`);
    await box.orcc(['remove', '--yes']);
    expect(read('.gitignore')).toBe('dist\n');
  });
});

describe('the target project', () => {
  it('gets the mapping alone, never URL or key', async () => {
    expect(await init(['--target', 'project', '--target', 'user'])).toMatchObject({ code: 0 });
    const { env } = JSON.parse(read('.claude/settings.json')) as { env: Record<string, string> };
    expect(env).toMatchObject({ ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7', ANTHROPIC_MODEL: 'sonnet' });
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['ANTHROPIC_BASE_URL']));
    expect(read('.claude/settings.json')).not.toContain(simulator.key);
    expect(env['ANTHROPIC_API_KEY']).toBeUndefined();
    expect(env['ANTHROPIC_AUTH_TOKEN']).toBeUndefined();
  });

  it('gets the smallest window for all, since a teammate has no window for each model; doctor there finds nothing to take out', async () => {
    await init(['--preset', 'guide', '--target', 'project', '--target', 'user']);
    const ours = JSON.parse(readFileSync(box.at('.claude/settings.json'), 'utf8')) as Settings;
    const theirs = JSON.parse(read('.claude/settings.json')) as Settings;
    const [window] = Object.values(ours.modelSettings ?? {});
    expect(theirs.env['CLAUDE_CODE_MAX_CONTEXT_TOKENS']).toBe(String(window?.autoCompactWindow));
    expect(Number(ours.env['CLAUDE_CODE_MAX_CONTEXT_TOKENS'])).toBeGreaterThan(window?.autoCompactWindow ?? Infinity);
    const teammate = createBox();
    try {
      await initIn(teammate, simulator, ['--target', 'user']);
      const codes = (await teammate.orcc(['doctor', '--offline', '--json'], { cwd: box.cwd })).codes();
      expect(codes).not.toContain('SETTINGS_OVERRIDE');
      expect(codes).not.toContain('CONTEXT_MISMATCH');
    } finally {
      await teammate.dispose();
    }
  });

  it('is refused alone, before anyone is called', async () => {
    const asked = simulator.requests.length;
    const before = box.traces();
    const ran = await init(['--target', 'project']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('PROJECT_MAPPING_ALONE');
    expect(ran.stderr).toContain('--target user');
    expect(simulator.requests).toHaveLength(asked);
    expect(box.traces()).toEqual(before);
  });

  it('is fine where user settings hold the URL already', async () => {
    await init(['--target', 'user']);
    expect(await init(['--target', 'project'])).toMatchObject({ code: 0 });
  });

  it('says who else it reaches', async () => {
    expect((await init(['--target', 'project', '--target', 'local'])).stderr).toMatch(/warning:.*teammates/);
  });

  it('is refused in the home folder, where it would be the user’s own file', async () => {
    const ran = await init(['--target', 'project', '--target', 'user'], { cwd: box.home });
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('--target user');
    expect(box.read('.claude/settings.json')).toBeNull();
  });

  it('stays readable: its mode is that of before', async () => {
    mkdirSync(here('.claude'));
    writeFileSync(here('.claude/settings.json'), '{"env": {}}\n', { mode: 0o644 });
    const before = box.tree();
    await init(['--target', 'project', '--target', 'user']);
    expect(box.tree()['work/.claude/settings.json']).toMatch(/^644 /);
    await box.orcc(['remove', '--yes']);
    expect(box.tree()).toEqual(before);
  });
});

describe('orcc switch and the folder', () => {
  it('leaves this folder’s settings alone without --here, and everything else with it', async () => {
    await init(['--target', 'user', '--target', 'local', '--target', 'project']);
    const local = read('.claude/settings.local.json');
    await box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes']);
    expect(read('.claude/settings.local.json')).toBe(local);
    const user = box.read('.claude/settings.json');
    expect(await box.orcc(['switch', 'opus=z-ai/glm-5.3', '--here', '--yes'])).toMatchObject({ code: 0 });
    expect(box.read('.claude/settings.json')).toBe(user);
    for (const file of ['.claude/settings.local.json', '.claude/settings.json']) {
      // The folder had its own mapping: haiku is still the one of init.
      expect(JSON.parse(read(file)).env).toMatchObject({
        ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-5.3',
        ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-5.3',
        ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-4.7-flash',
      });
    }
    expect(JSON.parse(box.read('.config/orcc/config.json') ?? '').mapping.opus).toBe('z-ai/glm-4.7');
  });

  it('leaves a folder alone under --native, and says nothing of it is lost', async () => {
    await init(['--target', 'user', '--target', 'local']);
    const local = read('.claude/settings.local.json');
    await box.orcc(['switch', '--native', '--yes']);
    expect(read('.claude/settings.local.json')).toBe(local);
    expect(box.read('.claude/settings.json')).toBeNull();
  });
});

describe('a folder that is gone', () => {
  it('does not stop remove', async () => {
    await init(['--target', 'local', '--target', 'user']);
    rmSync(here('.claude'), { recursive: true });
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });
});
