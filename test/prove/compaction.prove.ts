import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLAUDE, claudeNeeds, olderClaude, olderClaudeNeeds, openRealm, QUIET, type Realm } from '../support/realm.ts';
import { startSimulation, type Simulation } from '../support/simulate.ts';
import { startWitness, type Witness } from '../support/witness.ts';

const CLIENTS = [
  { version: 'newest', program: CLAUDE, missing: claudeNeeds() },
  { version: '2.1.300', program: olderClaude('2.1.300'), missing: olderClaudeNeeds('2.1.300') },
];
describe.each(CLIENTS)('Claude Code $version in a window that fills', ({ program, missing }) => {
  describe.skipIf(missing)('with the limits that orcc writes', () => {
    let realm: Realm;
    let simulation: Simulation;
    let witness: Witness;
    beforeAll(async () => {
      realm = await openRealm({ claude: program });
      simulation = await startSimulation(realm);
      witness = await startWitness(realm, simulation.baseUrl, 'strict');
    });
    afterAll(async () => {
      witness?.stop();
      simulation?.stop();
      await realm?.close();
    });

    it.each(['bash', 'user'])('compacts by itself before the window is full, and goes on: %s', async (target) => {
      const box = realm.makeHome();
      const state = { hasCompletedOnboarding: true, projects: { [box.cwd]: { hasTrustDialogAccepted: true } } };
      writeFileSync(path.join(box.home, '.claude.json'), JSON.stringify(state));
      const model = 'z-ai/glm-4.7-flash';
      const models = ['opus', 'sonnet', 'haiku'].flatMap((alias) => [`--${alias}`, model]);
      const flags = [...models, '--base-url', witness.baseUrl, '--no-test', '--no-auto-mode', '--target', target];
      const init = await realm.run('orcc', ['init', '--yes', '--key-stdin', ...flags], {
        env: box.env,
        cwd: box.cwd,
        input: simulation.key,
      });
      expect(init.code, init.stderr).toBe(0);
      const say = async (words: number, more: string): Promise<string> => {
        const input = `${'lorem ipsum dolor sit amet consectetur adipiscing elit\n'.repeat(words)}Say hello.`;
        const { code, stdout, stderr } = await realm.run('bash', ['-ic', `claude -p ${more}`], {
          env: { ...box.env, ...QUIET },
          cwd: box.cwd,
          input,
        });
        expect(code, `${stdout}${stderr}`).toBe(0);
        return stdout;
      };
      witness.takeAsked();
      const sizes: number[] = [];
      for (let round = 0; round < 6; round += 1) {
        await say(2200, round === 0 ? '' : '--continue');
        for (const { path: where, status, bytes } of witness.takeAsked()) {
          expect([where, status]).toEqual([where, 200]);
          sizes.push(bytes);
        }
      }
      console.log(`${target}: requests of ${sizes.map((bytes) => `${Math.round(bytes / 1000)} KB`).join(', ')}`);
      // What was said is gone from the request that follows a compaction, and the next one is due two rounds later.
      const compacted = sizes.filter((bytes, index) => bytes < 0.75 * (sizes[index - 1] ?? 0));
      expect(compacted.length).toBeGreaterThanOrEqual(2);
    });
  });
});
