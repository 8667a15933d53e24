import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { useBox, useSimulator } from '../support/use.ts';

const TEAM = {
  schemaVersion: 1,
  mapping: { opus: 'z-ai/glm-5.3', sonnet: 'minimax/minimax-m3', haiku: 'z-ai/glm-4.7-flash' },
  defaultAlias: 'opus',
  presets: { cheap: { mapping: { opus: 'z-ai/glm-4.7', sonnet: 'z-ai/glm-4.7-flash', haiku: 'z-ai/glm-4.7-flash' } } },
};

const simulator = await useSimulator();
const box = useBox('file');
let repo: string;
let below: string;
beforeAll(() => {
  repo = path.join(box.cwd, 'repo');
  below = path.join(repo, 'src', 'deep');
  mkdirSync(below, { recursive: true });
  execFileSync('git', ['init', '-q', repo], { env: { ...box.env, PATH: process.env['PATH'] ?? '' } });
});
beforeEach(() => {
  commit(TEAM);
  rmSync(path.join(box.home, '.config'), { recursive: true, force: true });
  rmSync(path.join(box.home, '.claude'), { recursive: true, force: true });
});

const commit = (value: unknown): void =>
  writeFileSync(path.join(repo, 'orcc.json'), typeof value === 'string' ? value : JSON.stringify(value));
const init = (args: readonly string[] = [], cwd = box.cwd): Promise<Ran> =>
  box.orcc(['init', '--yes', '--key-env', 'K', '--base-url', simulator.baseUrl, '--no-test', '--target', 'user', ...args], {
    env: { K: simulator.key },
    cwd,
  });
const check = (cwd = repo, env: Record<string, string> = {}): Promise<Ran> => box.orcc(['check', '--json'], { cwd, env });
const document = (ran: Ran) =>
  JSON.parse(ran.stdout) as { data: { differences: { what: string; found: string | null }[] }; findings: { code: string; fix: string }[] };
const whats = (ran: Ran): string[] => document(ran).data.differences.map(({ what }) => what);

describe('orcc check', () => {
  it('says on a bare machine that nothing is as the repository asks, with exit 1', async () => {
    const ran = await check();
    expect(ran.code).toBe(1);
    expect(whats(ran)).toEqual(['connection', 'opus', 'sonnet', 'haiku', 'fable', 'default']);
    expect(document(ran).findings.map(({ code }) => code)).toEqual(['TEAM_DIFFERS']);
  });

  it('is content after orcc init in that repository, which says where it has the mapping from', async () => {
    const ran = await init([], below);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('orcc.json');
    expect(await check()).toMatchObject({ code: 0 });
    expect(await check(below)).toMatchObject({ code: 0 });
  });

  it('names the alias that differs, and is content after orcc switch there', async () => {
    await init(['--preset', 'guide']);
    expect(whats(await check())).toEqual(['opus', 'sonnet', 'fable', 'default']);
    const ran = await box.orcc(['switch', '--yes'], { cwd: below });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('orcc.json');
    expect(await check()).toMatchObject({ code: 0 });
  });

  it('says what to take out where a file of this folder wins over all that orcc can write', async () => {
    await init([], below);
    mkdirSync(path.join(repo, '.claude'), { recursive: true });
    const local = path.join(repo, '.claude', 'settings.local.json');
    writeFileSync(local, '{"env": {"ANTHROPIC_DEFAULT_OPUS_MODEL": "z-ai/glm-4.7"}}');
    const ran = await check();
    expect(whats(ran)).toContain('opus');
    expect(document(ran).findings[0]?.fix).toMatch(/settings\.local\.json:1.*wins.*orcc switch --yes/);
    // What would win once that is out is named with it, unless it is right.
    const shared = path.join(repo, '.claude', 'settings.json');
    writeFileSync(shared, '{"env": {"ANTHROPIC_DEFAULT_OPUS_MODEL": "a/b"}}');
    expect(document(await check()).findings[0]?.fix).toMatch(/settings\.local\.json:1`.*settings\.json:1`.*orcc switch --yes/);
    rmSync(local);
    expect(document(await check()).findings[0]?.fix).not.toContain('local.json');
    rmSync(shared);
    expect(await check()).toMatchObject({ code: 0 });
  });

  it('compares the environment of a CI job, without any file of orcc', async () => {
    const env = {
      ANTHROPIC_BASE_URL: simulator.baseUrl,
      ANTHROPIC_AUTH_TOKEN: simulator.key,
      ANTHROPIC_MODEL: 'opus',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-5.3',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'minimax/minimax-m3',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-4.7-flash',
      ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-5.3',
    };
    expect(await check(repo, env)).toMatchObject({ code: 0 });
    expect(whats(await check(repo, { ...env, ANTHROPIC_AUTH_TOKEN: '' }))).toEqual(['connection']);
    expect(whats(await check(repo, { ...env, CLAUDE_CODE_SUBAGENT_MODEL: 'a/b' }))).toEqual(['subagent']);
  });

  it('sees the settings of the repository itself, and writes nothing', async () => {
    await init([], repo);
    mkdirSync(path.join(repo, '.claude'), { recursive: true });
    writeFileSync(path.join(repo, '.claude', 'settings.json'), '{"env":{"ANTHROPIC_DEFAULT_HAIKU_MODEL":"a/b"}}');
    const before = box.traces();
    expect(whats(await check())).toEqual(['haiku']);
    expect(box.traces()).toEqual(before);
    rmSync(path.join(repo, '.claude'), { recursive: true });
  });

  it('ends with 3 where there is no orcc.json, and looks no further up than the repository', async () => {
    writeFileSync(path.join(box.cwd, 'orcc.json'), JSON.stringify(TEAM));
    rmSync(path.join(repo, 'orcc.json'));
    expect(await check(below)).toMatchObject({ code: 3 });
    expect((await check(box.cwd)).code).toBe(1);
    const outside = path.join(box.cwd, 'outside');
    mkdirSync(outside, { recursive: true });
    expect(await check(outside)).toMatchObject({ code: 3 });
    rmSync(path.join(box.cwd, 'orcc.json'));
  });

  it.each([
    ['an unknown member', { ...TEAM, extra: true }, 2, '`extra`'],
    ['a key', { ...TEAM, mapping: { ...TEAM.mapping, opus: 'sk-or-v1-00112233445566778899' } }, 2, '`mapping.opus`'],
    ['a base URL', { ...TEAM, baseUrl: 'https://evil.example/api' }, 2, '`baseUrl`'],
    ['not a model id', { ...TEAM, mapping: { ...TEAM.mapping, opus: 'glm 4.7' } }, 2, '`mapping.opus`'],
    ['no JSON', '{', 2, ':1:2'],
    ['a newer schema', { ...TEAM, schemaVersion: 9 }, 6, 'newer'],
    ['a newer orcc', { ...TEAM, minimumVersion: '99.0.0', unheardOf: 1 }, 6, '99.0.0'],
    ['a preset named like an alias', { ...TEAM, presets: { opus: TEAM.presets.cheap } }, 2, '`presets.opus`'],
  ])('refuses an orcc.json with %s, as init and switch there do', async (_what, file, code, place) => {
    await init(['--preset', 'guide']);
    commit(file);
    const before = box.traces();
    for (const ran of [
      await box.orcc(['check'], { cwd: repo }),
      await init([], repo),
      await box.orcc(['switch', '--yes'], { cwd: repo }),
    ]) {
      expect(ran.code).toBe(code);
      expect(ran.stderr).toContain(place);
      expect(ran.stderr).not.toContain('00112233445566778899');
    }
    expect(box.traces()).toEqual(before);
  });

  it('lets init, switch and run take the presets of the repository', async () => {
    await init(['--preset', 'cheap'], repo);
    expect(box.read('.claude/settings.json')).toContain('"ANTHROPIC_DEFAULT_SONNET_MODEL": "z-ai/glm-4.7-flash"');
    await box.orcc(['switch', 'guide', '--yes'], { cwd: repo });
    expect(await box.orcc(['switch', 'cheap', '--yes'])).toMatchObject({ code: 2 });
    expect(await box.orcc(['switch', 'cheap', '--yes'], { cwd: below })).toMatchObject({ code: 0 });
    expect(box.read('.claude/settings.json')).toContain('"ANTHROPIC_DEFAULT_SONNET_MODEL": "z-ai/glm-4.7-flash"');
  });
});

describe('the efforts that a repository asks for', () => {
  const efforts = async (env: Record<string, string> = {}): Promise<unknown> => {
    const { data } = document(await check(repo, env));
    return data.differences.map(({ what, found }) => [what, found]);
  };

  it('are there after orcc init, and differ where a folder says otherwise, not by a variable of this terminal', async () => {
    commit({ ...TEAM, extras: { effort: { all: 'high', opus: 'low' } } });
    await init([], below);
    expect(await efforts()).toEqual([]);
    expect(await efforts({ CLAUDE_CODE_EFFORT_LEVEL: 'high' })).toEqual([]);
    const local = path.join(repo, '.claude', 'settings.local.json');
    mkdirSync(path.dirname(local), { recursive: true });
    writeFileSync(local, JSON.stringify({ modelSettings: { 'minimax/minimax-m3': { effortLevel: 'max' } } }));
    expect(await efforts()).toEqual([['effort of sonnet', 'max']]);
    writeFileSync(local, JSON.stringify({ env: { CLAUDE_CODE_EFFORT_LEVEL: 'high' } }));
    expect(await efforts()).toEqual([['effort of opus', 'high']]);
    rmSync(local);
    commit({ ...TEAM, extras: { effort: { all: 'high' } } });
    expect(await efforts()).toEqual([['effort', null]]);
  });
});
