import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { claudeNeeds } from '../support/realm.ts';
import { IN_THE_WAY, FIX_ROWS, type FixPlace } from '../support/set-ups/fixes.ts';
import { initScene, openScene, see, type Scene } from '../support/set-ups/scene.ts';
import { useRealm, useSimulation } from '../support/stage.ts';

const missing = claudeNeeds();
const USER = '.claude/settings.json';
const CODER = 'qwen/qwen3-coder-next';

describe.skipIf(missing).concurrent('the real Claude Code after a change of orcc', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  const proven = { fixes: 0, aside: 0 };
  afterAll(async () => {
    console.log(`${proven.fixes} of ${Object.keys(FIX_ROWS).length} fixes; ${proven.aside} values kept empty`);
  });

  it.each(Object.entries(FIX_ROWS))(
    'works at least as well after the fix of %s, and after undo as before it',
    { timeout: 120_000 },
    async (_name, row) => {
      const scene = await openScene(realm, simulation);
      if (row.init !== undefined) await initScene(scene, row.init.join(' '));
      row.breaks(placeOf(scene));
      const before = await look(scene);
      const fixed = await scene.type(`orcc doctor --offline --fix ${row.code} --yes`);
      const after = await look(scene);
      const told = fixed.stdout + fixed.stderr + after.said;
      expect(after.works, told).toBeGreaterThanOrEqual(before.works);
      expect(after.leaks, told).toBeLessThanOrEqual(before.leaks);
      if (row.init !== undefined) expect([after.asks, after.works], told).toEqual([CODER, 1]);
      if (row.isFinal !== true) {
        await scene.type('orcc undo --yes');
        const { said: _said, others: _others, ...back } = await look(scene);
        expect(back).toEqual({ asks: before.asks, bearer: before.bearer, apiKey: before.apiKey, works: before.works, leaks: before.leaks });
      }
      proven.fixes += 1;
    },
  );

  it.each(Object.entries(IN_THE_WAY))(
    'asks as the set-up says in spite of %s, which --replace keeps empty',
    { timeout: 120_000 },
    async (name, value) => {
      for (const [where, flags] of [
        ['user settings', '--target user'],
        ['the environment', '--target user'],
        ['the environment', '--target bash'],
      ] as const) {
        // No settings file takes these two out of the environment, and orcc does not promise it.
        const stays = ['ANTHROPIC_UNIX_SOCKET', 'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST'].includes(name);
        if (where === 'the environment' && flags === '--target user' && stays) continue;
        const scene = await openScene(realm, simulation);
        const env = where === 'the environment' ? { [name]: value } : {};
        if (where === 'user settings') scene.write(USER, { env: { [name]: value } });
        await scene.type(`orcc init --yes --key-stdin --preset guide --base-url ${scene.url} --no-test ${flags} --replace`, {
          env,
          input: scene.key,
        });
        const seen = await look(scene, name === 'CLAUDE_CODE_SUBAGENT_MODEL' ? 'claude -p "agent: hello"' : undefined, env);
        expect([where, flags, seen.asks, seen.bearer, seen.apiKey, seen.works], seen.said).toEqual([where, flags, CODER, 'KEY', 'none', 1]);
        expect(seen.others.filter((model) => !model.includes('/'))).toEqual([]);
        proven.aside += 1;
      }
    },
  );

  it("asks no other program's helper for a key", { timeout: 120_000 }, async () => {
    const scene = await openScene(realm, simulation);
    scene.write(USER, { apiKeyHelper: 'echo sk-ant-api03-of-a-helper' });
    await initScene(scene, '--target user');
    expect((await look(scene)).apiKey).toBe('other');
    await initScene(scene, '--target user --replace');
    expect(await look(scene)).toMatchObject({ asks: CODER, bearer: 'KEY', apiKey: 'none', works: 1 });
    proven.aside += 1;
  });
});

function placeOf(scene: Scene): FixPlace {
  const at = (name: string): string => path.join(name.startsWith('./') ? scene.cwd : scene.home, name);
  return {
    url: scene.url,
    key: scene.key,
    write(name, text, mode) {
      scene.write(name, text, mode);
      chmodSync(at(name), mode);
    },
    read: (name) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : ''),
    startGit: () => void execFileSync('git', ['init', '-q', scene.cwd], { env: { ...process.env, HOME: scene.home } }),
  };
}

/** What one run of the client shows: whom it asks and as whom, whether it gets an answer, and how many credentials leave that are not the key. */
async function look(scene: Scene, ask = 'claude -p hi', env = {}) {
  const { asks, then, bearer, apiKey, said } = await see(scene, { ask: `${ask}; echo "ended $?"`, env });
  const leaks = [bearer, apiKey].filter((whose) => whose !== 'KEY' && whose !== 'none').length;
  return {
    asks,
    bearer,
    apiKey,
    works: said.includes('ended 0') ? 1 : 0,
    leaks,
    said,
    others: [then].filter((model) => model !== 'nobody'),
  };
}
