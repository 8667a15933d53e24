import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canMount, claudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import type { RunResult } from '../support/sandbox.ts';
import { startWitness } from '../support/witness.ts';
import { setUpIn, useRealm, useSimulation } from '../support/stage.ts';
import { OUR_VARIABLES } from '../../src/claude/variables.ts';
import { OTHER_PROVIDERS } from '../../src/claude/watched.ts';

const missing = claudeNeeds();
const noManaged = claudeNeeds({ fact: canMount(), factName: 'private mounts (unshare -rnm), for the managed settings in /etc' });

describe.skipIf(missing)('orcc run with the real Claude Code', () => {
  const realm = useRealm({ managed: noManaged === undefined });
  const here = useSimulation(realm);
  const there = useSimulation(realm);
  let box: RealmHome;
  beforeAll(async () => {
    box = await setUpIn(realm, here, ['--subagent', 'z-ai/glm-4.7', '--target', 'user', '--no-auto-mode']);
    here.takeCalls();
  });

  const orcc = (args: readonly string[], more: Record<string, string> = {}): Promise<RunResult> =>
    realm.run('orcc', args, { env: { ...box.env, ...QUIET, ...more }, cwd: box.cwd, timeout: 60_000 });
  const managedFolder = (): string => path.join(realm.folder, 'etc', 'claude-code');
  const temporary = (): string[] => readdirSync(box.env['TMPDIR'] ?? '').filter((name) => name.startsWith('orcc-run-'));

  it.each([
    ['sonnet', 'minimax/minimax-m3'],
    ['opus', 'z-ai/glm-4.7'],
    ['fable', 'z-ai/glm-5.3'],
    ['haiku', 'z-ai/glm-4.7-flash'],
  ])('asks for the model of this session behind %s', async (alias, model) => {
    const ran = await orcc(['run', 'sonnet=minimax/minimax-m3', 'fable=z-ai/glm-5.3', '--', '-p', 'hi', '--model', alias]);
    expect(ran).toMatchObject({ code: 0 });
    expect(here.takeCalls().map((call) => call.model)).toEqual([model]);
    expect(temporary()).toEqual([]);
  });

  it('beats the shell, the project and the local settings, and another provider', async () => {
    mkdirSync(path.join(box.cwd, '.claude'), { recursive: true });
    writeFileSync(
      path.join(box.cwd, '.claude', 'settings.local.json'),
      JSON.stringify({ env: { ANTHROPIC_BASE_URL: there.baseUrl, ANTHROPIC_MODEL: 'opus' } }),
    );
    const shell = { ANTHROPIC_BASE_URL: there.baseUrl, ANTHROPIC_API_KEY: 'sk-ant-shell', CLAUDE_CODE_USE_BEDROCK: '1' };
    const ran = await orcc(['run', '--profile', 'value', '--', '-p', 'hi'], shell);
    rmSync(path.join(box.cwd, '.claude'), { recursive: true });
    expect(ran).toMatchObject({ code: 0 });
    expect(here.takeCalls().map((call) => call.model)).toEqual(['deepseek/deepseek-v4-flash-0731']);
    expect(there.takeCalls()).toEqual([]);
  });

  it('may keep a name empty: each of them counts as unset then', async () => {
    const witness = await startWitness(realm, here.baseUrl);
    const set = {
      ANTHROPIC_BASE_URL: witness.baseUrl,
      ANTHROPIC_AUTH_TOKEN: here.key,
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_MODEL: 'z-ai/glm-4.7',
    };
    const asked = async (env: Readonly<Record<string, string>>): Promise<unknown> => {
      const fresh = realm.makeHome();
      const given = ['--settings', JSON.stringify({ env: { ...set, ...env } }), '-p', 'hi'];
      const ran = await realm.run('claude', given, { env: { ...fresh.env, ...QUIET }, cwd: box.cwd, input: '' });
      expect(ran).toMatchObject({ code: 0 });
      return witness.takeAsked().map(({ model, maxTokens, betas, deferred, display, effort, provider }) => ({
        ...{ model, maxTokens, betas, deferred, display, effort, provider },
      }));
    };
    const names = [...OUR_VARIABLES, ...OTHER_PROVIDERS].filter((name) => !Object.hasOwn(set, name));
    const plain = await asked({});
    expect(plain).not.toEqual([]);
    expect(await asked(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(plain);
    witness.stop();
    here.takeCalls();
  });

  it("asks no helper of someone else's, whose key would be sent along", async () => {
    const file = path.join(box.cwd, '.claude', 'settings.local.json');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ apiKeyHelper: `touch '${path.join(box.home, 'asked')}'; echo other-key` }));
    const ran = await orcc(['run', '--', '-p', 'hi']);
    rmSync(path.join(box.cwd, '.claude'), { recursive: true });
    expect(ran).toMatchObject({ code: 0 });
    expect(here.takeCalls()).toHaveLength(1);
    expect(readdirSync(box.home)).not.toContain('asked');
  });

  it("keeps the user's own --settings beside its values", async () => {
    const ran = await orcc(['run', '--', '--settings', '{"env":{"ANTHROPIC_MODEL":"opus"},"model":"haiku"}', '-p', 'hi']);
    expect(ran).toMatchObject({ code: 0 });
    expect(here.takeCalls().map((call) => call.model)).toEqual(['qwen/qwen3-coder-next']);
  });

  it("ends with Claude Code's exit code", async () => {
    expect(await orcc(['run', '--', '-p', 'hi', '--no-such-flag'])).toMatchObject({ code: 1 });
    expect((await orcc(['run', '--', '--version'])).stdout).toContain('Claude Code');
  });

  describe.skipIf(noManaged)('under an administrator', () => {
    const manage = (env: Record<string, string>): void => {
      rmSync(managedFolder(), { recursive: true, force: true });
      mkdirSync(managedFolder());
      writeFileSync(path.join(managedFolder(), 'managed-settings.json'), JSON.stringify({ env }));
    };
    afterAll(() => rmSync(managedFolder(), { recursive: true, force: true }));

    it('says which of its values lose, and Claude Code indeed takes the others', async () => {
      manage({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'z-ai/glm-5.2' });
      const ran = await orcc(['run', 'sonnet=minimax/minimax-m3', '--', '-p', 'hi']);
      expect(ran.stderr).toContain('ANTHROPIC_DEFAULT_SONNET_MODEL=z-ai/glm-5.2');
      expect(here.takeCalls().map((call) => call.model)).toEqual(['z-ai/glm-5.2']);
    });

    it('starts nothing where the key would go elsewhere', async () => {
      manage({ ANTHROPIC_BASE_URL: there.baseUrl });
      const ran = await orcc(['run', '--', '-p', 'hi']);
      expect(ran.code).toBe(6);
      expect(there.takeCalls()).toEqual([]);
      expect(temporary()).toEqual([]);
    });
  });
});
