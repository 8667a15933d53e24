import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { WHY_SHARED } from '../../src/commands/doctor/shared-files.ts';
import type { Answer } from '../support/scripted-ask.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const PROJECT = '../work/.claude/settings.json';
const LOCAL = '../work/.claude/settings.local.json';
const USER = '.claude/settings.json';
const IGNORE = '../work/.gitignore';

const git = (...args: readonly string[]): void =>
  void execFileSync('git', ['-C', box.cwd, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    env: { ...process.env, ...box.env },
    stdio: 'ignore',
  });
const commit = (text: string): void => {
  box.write(PROJECT, text, 0o644);
  git('init', '-q');
  git('add', '.claude/settings.json');
};
const fix = (code: string, answers?: readonly Answer[]) =>
  box.orcc(['doctor', '--offline', '--fix', code, ...(answers === undefined ? ['--yes'] : [])], answers === undefined ? {} : { answers });
const found = async (): Promise<readonly string[]> =>
  (await box.orcc(['doctor', '--offline', '--json']))
    .json()
    .findings.flatMap(({ code, severity }) => (severity === 'info' || code === 'CLAUDE_MISSING' ? [] : [code]));

describe('a settings file that git tracks is left alone', () => {
  const TEAM = '{ "env": {"ANTHROPIC_MODEL": "opus"}, "model": "opus" }\n';

  it('on a terminal too: settings.local.json is offered, wins for the user alone, and goes with remove', async () => {
    expect((await initIn(box, simulator, ['--target', 'user'])).code).toBe(0);
    commit(TEAM);
    expect(await found()).toEqual(['SETTINGS_OVERRIDE']);
    const ran = await fix('SETTINGS_OVERRIDE', [
      { to: /Leave it as it is, and set your own values/, give: true },
      { to: /Fix these/, give: true },
    ]);
    expect(ran.stderr).toContain(`.claude/settings.json: ${WHY_SHARED.tracked ?? 'no reason'}`);
    expect(box.read(PROJECT)).toBe(TEAM);
    expect(box.settings(LOCAL)).toEqual({ env: { ANTHROPIC_MODEL: 'sonnet' } });
    expect(await found()).toEqual([]);
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect([box.read(PROJECT), box.read(LOCAL)]).toEqual([TEAM, null]);
  });

  it('a no changes nothing', async () => {
    expect((await initIn(box, simulator, ['--target', 'user'])).code).toBe(0);
    commit(TEAM);
    const ran = await fix('SETTINGS_OVERRIDE', [{ to: /Leave it as it is/, give: false }]);
    expect(ran.stderr).toContain('orcc init --target local');
    expect([box.read(PROJECT), box.read(LOCAL)]).toEqual([TEAM, null]);
  });

  it("a team's gateway is never half of a set-up of one's own: no question, and what would do it", async () => {
    expect((await initIn(box, simulator, ['--target', 'user'])).code).toBe(0);
    const gateway = '{"env": {"ANTHROPIC_BASE_URL": "https://gateway.example", "ANTHROPIC_AUTH_TOKEN": "team"}}';
    commit(gateway);
    const ran = await fix('SETTINGS_OVERRIDE', []);
    expect(ran.stderr).toContain('orcc init --target local');
    expect([box.read(PROJECT), box.read(LOCAL)]).toEqual([gateway, null]);
  });

  it('user settings in a repository of dotfiles are asked about, and no is the default', async () => {
    expect((await initIn(box, simulator, ['--target', 'bash'])).code).toBe(0);
    const text = '{"env": {"ANTHROPIC_MODEL": "opus"}}';
    box.write(USER, text);
    execFileSync('git', ['init', '-q', box.home], { env: { ...process.env, ...box.env } });
    execFileSync('git', ['-C', box.home, 'add', USER], { env: { ...process.env, ...box.env } });
    const ran = await fix('SETTINGS_OVERRIDE', [{ to: /Change ~\/\.claude\/settings\.json anyway/, give: false }]);
    expect(ran.questions[0]?.preset).toBe(false);
    expect(box.read(USER)).toBe(text);
    await fix('SETTINGS_OVERRIDE', [
      { to: /Change ~\/\.claude\/settings\.json anyway/, give: true },
      { to: /Fix these/, give: true },
    ]);
    expect(box.read(USER)).not.toContain('opus');
  });
});

describe("the guide's block in a project's file goes where the user says, whole, or stays", () => {
  const block = (): string =>
    `${JSON.stringify(
      {
        theme: 'dark',
        anthropic: {
          baseURL: simulator.baseUrl,
          authToken: simulator.key,
          defaultModels: { opus: 'z-ai/glm-4.7', sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7' },
        },
      },
      null,
      2,
    )}\n`;
  const CODE = 'LEGACY_ANTHROPIC_BLOCK';
  const to = (give: string): readonly Answer[] => [
    { to: /Where do URL, key and models/, give },
    { to: /Fix these/, give: true },
  ];

  it('without a terminal it stays', async () => {
    box.write(PROJECT, block(), 0o644);
    expect((await fix(CODE)).code).toBe(1);
    expect([box.read(PROJECT), box.read(USER)]).toEqual([block(), null]);
  });

  it.each(['user', 'local'])('to %s settings, with nothing new to find; remove gives it back', async (place) => {
    box.write(PROJECT, block(), 0o640);
    const before = await found();
    await fix(CODE, to(place));
    const file = place === 'user' ? USER : LOCAL;
    expect(box.settings(PROJECT)).toEqual({ theme: 'dark' });
    expect(box.settings(file)).toMatchObject({
      env: {
        ANTHROPIC_BASE_URL: simulator.baseUrl,
        ANTHROPIC_AUTH_TOKEN: simulator.key,
        ANTHROPIC_API_KEY: '',
        ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-4.7',
      },
      permissions: { disableAutoMode: 'disable' },
    });
    expect(box.mode(file)).toBe(0o600);
    // That local settings alone are not seen from subfolders stands in the choice.
    expect((await found()).filter((code) => !before.includes(code))).toEqual(place === 'user' ? [] : ['LOCAL_ALONE']);
    expect(await found()).not.toContain(CODE);
    const ran = await box.orcc(['remove', '--yes']);
    expect([ran.code, box.read(PROJECT), box.mode(PROJECT), box.read(file)]).toEqual([0, block(), 0o640, null]);
  });

  it('of a file that git tracks the block stays, and local settings are ignored first', async () => {
    commit(block());
    await fix(CODE, to('local'));
    expect(box.read(PROJECT)).toBe(block());
    expect(box.read(IGNORE)).toContain('settings.local.json');
    expect(box.settings(LOCAL)).toMatchObject({ env: { ANTHROPIC_AUTH_TOKEN: simulator.key } });
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect([box.read(PROJECT), box.read(LOCAL), box.read(IGNORE)]).toEqual([block(), null, null]);
  });

  it('leaving it is an answer', async () => {
    box.write(PROJECT, block(), 0o644);
    const ran = await fix(CODE, [{ to: /Where do URL, key and models/, give: 'leave' }]);
    expect(ran.code).toBe(1);
    expect([box.read(PROJECT), box.read(USER), box.read(LOCAL)]).toEqual([block(), null, null]);
  });

  it('it is no matter of two where user settings have an address already', async () => {
    box.write(PROJECT, block(), 0o644);
    box.write(USER, '{"env": {"ANTHROPIC_BASE_URL": "https://gateway.example", "ANTHROPIC_AUTH_TOKEN": "x"}}', 0o600);
    const ran = await fix(CODE, [{ to: /Where do URL, key and models/, give: 'leave' }]);
    expect(ran.questions[0]?.choices.map(({ value, disabled }) => [value, disabled !== undefined])).toEqual([
      ['user', true],
      ['local', false],
      ['leave', false],
    ]);
    expect(box.read(PROJECT)).toBe(block());
  });
});
