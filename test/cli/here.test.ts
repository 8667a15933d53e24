import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Box, Ran } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();
let repo: string;
beforeEach(() => {
  repo = path.join(box.cwd, 'repo');
  mkdirSync(repo);
  execFileSync('git', ['init', '-q', repo], { env: { ...box.env, PATH: process.env['PATH'] ?? '' } });
});

const init = async (...targets: string[]): Promise<void> => {
  const args = targets.flatMap((target) => ['--target', target]);
  expect((await initIn(box, simulator, args)).code).toBe(0);
};
const here = (args: readonly string[], more: Parameters<Box['orcc']>[1] = {}): Promise<Ran> =>
  box.orcc(['switch', '--here', ...args], { cwd: repo, ...more });
const settings = (name: string) => JSON.parse(readFileSync(path.join(repo, '.claude', name), 'utf8')) as { env: Record<string, string> };

describe('orcc switch --here', () => {
  it("writes the mapping without a key to the project's settings of a folder that had none; other folders keep theirs", async () => {
    await init('user');
    const user = box.read('.claude/settings.json');
    const config = box.read('.config/orcc/config.json');
    const ran = await here(['opus=z-ai/glm-5.3', '--yes']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('committed');
    const written = readFileSync(path.join(repo, '.claude', 'settings.json'), 'utf8');
    expect(written).not.toMatch(/TOKEN"|BASE_URL|sk-or/);
    expect(settings('settings.json').env).toMatchObject({
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-5.3',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen/qwen3-coder-next',
      ANTHROPIC_MODEL: 'sonnet',
    });
    expect(box.read('.claude/settings.json')).toBe(user);
    expect(JSON.parse(box.read('.config/orcc/config.json') ?? '')).toEqual(JSON.parse(config ?? ''));
    const status = JSON.parse((await box.orcc(['status', '--json'], { cwd: repo })).stdout).data;
    expect(status.aliases[0]).toMatchObject({ alias: 'opus', model: 'z-ai/glm-5.3' });
    expect(status.connected).toBe(true);
    const elsewhere = JSON.parse((await box.orcc(['status', '--json'])).stdout).data;
    expect(elsewhere.aliases[0]).toMatchObject({ alias: 'opus', model: 'z-ai/glm-4.7' });
  });

  it('changes it at a second time, undoes it, and remove takes it out again', async () => {
    await init('user');
    const before = box.tree();
    await here(['opus=z-ai/glm-5.3', '--yes']);
    expect(await here(['haiku=deepseek/deepseek-v4-flash', '--yes'])).toMatchObject({ code: 0 });
    expect(settings('settings.json').env).toMatchObject({
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-5.3',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'deepseek/deepseek-v4-flash',
    });
    expect(await box.orcc(['undo', '--yes'])).toMatchObject({ code: 0 });
    expect(settings('settings.json').env['ANTHROPIC_DEFAULT_HAIKU_MODEL']).toBe('z-ai/glm-4.7-flash');
    expect(await box.orcc(['remove', '--target', 'project', '--yes'], { cwd: repo })).toMatchObject({ code: 0 });
    expect(existsSync(path.join(repo, '.claude'))).toBe(false);
    expect(box.tree()['home/.claude/settings.json']).toBe(before['home/.claude/settings.json']);
  });

  it('writes URL and key to local with --target local, privately and out of git', async () => {
    await init('user');
    expect(await here(['opus=z-ai/glm-5.3', '--target', 'local', '--yes'])).toMatchObject({ code: 0 });
    expect(settings('settings.local.json').env).toMatchObject({
      ANTHROPIC_BASE_URL: simulator.baseUrl,
      ANTHROPIC_AUTH_TOKEN: simulator.key,
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-5.3',
    });
    expect(statSync(path.join(repo, '.claude', 'settings.local.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(repo, '.gitignore'), 'utf8')).toContain('settings.local.json');
    expect(existsSync(path.join(repo, '.claude', 'settings.json'))).toBe(false);
  });

  it('asks on a terminal before it writes to the project, and takes no for an answer', async () => {
    await init('user');
    const before = box.tree();
    expect(await here(['opus=z-ai/glm-5.3'], { answers: [{ to: /project/, give: false }] })).toMatchObject({ code: 7 });
    expect(box.tree()).toEqual(before);
  });

  it('shows the diff and writes nothing under --dry-run, and without consent', async () => {
    await init('user');
    const before = box.traces();
    const dry = await here(['opus=z-ai/glm-5.3', '--dry-run']);
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('z-ai/glm-5.3');
    expect(await here(['opus=z-ai/glm-5.3'])).toMatchObject({ code: 2 });
    expect(box.traces()).toEqual(before);
  });

  it('warns where URL and key stand in a shell alone', async () => {
    await init('bash');
    const ran = await here(['opus=z-ai/glm-5.3', '--yes']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('shell');
  });

  it('refuses what makes no sense, and writes nothing', async () => {
    await init('user');
    const before = box.traces();
    expect(await here(['opus=z-ai/glm-5.3', '--target', 'zsh', '--yes'])).toMatchObject({ code: 2 });
    expect(await here(['opus=z-ai/glm-5.3', '--target', 'projct', '--yes'])).toMatchObject({ code: 2 });
    expect(await box.orcc(['switch', 'opus=z-ai/glm-5.3', '--target', 'local', '--yes'], { cwd: repo })).toMatchObject({ code: 2 });
    expect(await here(['opus=z-ai/glm-5.3', '--yes'], { cwd: box.home })).toMatchObject({ code: 2 });
    expect(await here(['opus=z-ai/glm-9.9', '--yes'])).toMatchObject({ code: 2 });
    expect(box.traces()).toEqual(before);
  });
});
