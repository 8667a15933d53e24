import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { partOf } from '../support/part.ts';
import { CLAUDE, claudeNeeds, olderClaude, olderClaudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import { openTmux, type Tmux } from '../support/tmux.ts';
import { makeKnownHome, setUpIn, useRealm, useSimulation, useWitness } from '../support/stage.ts';

const MODELS = { opus: 'openai/gpt-oss-120b', sonnet: 'z-ai/glm-4.5', haiku: 'z-ai/glm-4.7-flash', fable: 'z-ai/glm-5.3-flash' };
type Alias = keyof typeof MODELS;
const ALIASES: readonly Alias[] = ['opus', 'sonnet', 'haiku', 'fable'];

const CLIENTS = ['2.1.212', '2.1.231', '2.1.246', 'newest'].map((version, index) => ({
  version,
  // Between them the older ones have each alias.
  aliases: version === 'newest' ? ALIASES : partOf(ALIASES, 3, index),
  program: version === 'newest' ? CLAUDE : olderClaude(version),
  missing: version === 'newest' ? claudeNeeds({ program: 'tmux' }) : olderClaudeNeeds(version),
}));

describe.each(CLIENTS)('Claude Code $version with what orcc writes', ({ version, aliases, program, missing }) => {
  describe.skipIf(missing)('has the million-token mode on no model that it starts with', () => {
    const realm = useRealm({ claude: program });
    const simulation = useSimulation(realm);
    const witness = useWitness(realm, simulation);
    let tmux: Tmux | undefined;
    afterEach(async () => {
      await tmux?.kill();
      tmux = undefined;
    });

    const init = (alias: Alias): Promise<RealmHome> => {
      const flags = Object.entries(MODELS).flatMap(([name, id]) => [`--${name}`, id]);
      return setUpIn(realm, witness, [...flags, '--default', alias, '--no-auto-mode', '--target', 'user'], makeKnownHome(realm));
    };

    /** The models that were asked since the last time, with `[1m]` where the million-token mode was on. */
    function takeModels(): readonly string[] {
      const asked = witness.takeAsked().filter((each) => !each.path.includes('count_tokens'));
      return asked.map(({ model, betas }) => `${model ?? ''}${(betas ?? '').includes('context-1m') ? '[1m]' : ''}`);
    }

    async function ask(box: RealmHome): Promise<readonly string[]> {
      const { code, stderr } = await realm.run('claude', ['-p', 'hi'], { env: { ...box.env, ...QUIET }, cwd: box.cwd, input: '' });
      expect(code, stderr).toBe(0);
      return takeModels();
    }

    it.each(aliases)('with %s as the default', async (alias) => {
      expect(await ask(await init(alias))).toEqual([MODELS[alias]]);
    });

    it('with a saved pick of opus, which the default outranks', async () => {
      const box = await init('sonnet');
      const file = path.join(box.home, '.claude/settings.json');
      const settings: object = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...settings, model: 'opus' }));
      expect(await ask(box)).toEqual([MODELS.sonnet]);
    });

    it('after `/model opus`; the row "Default" has it below 2.1.246, where ANTHROPIC_DEFAULT_MODEL counts for nothing', async () => {
      const box = await init('sonnet');
      tmux = await openTmux(realm, ['claude'], { ...box.env, ...QUIET }, box.cwd);
      await tmux.waitFor(/mode on|\? for shortcuts/, 60_000);
      await tmux.type('/model opus');
      await tmux.waitFor('/model opus');
      await tmux.pressUntil('Enter', `Set model to ${MODELS.opus}`);
      await tmux.type('hi');
      await tmux.press('Enter');
      await tmux.waitFor('Hello from');
      expect(takeModels()).toContain(MODELS.opus);
      await tmux.type('/model');
      await tmux.press('Enter');
      const rows = await tmux.waitFor(/default model \(currently \S+\)/);
      const isOld = version === '2.1.212' || version === '2.1.231';
      expect(/default model \(currently (\S+)\)/.exec(rows)?.[1]).toBe(isOld ? `${MODELS.opus}[1m]` : MODELS.sonnet);
      expect(rows).toMatch(/gpt-oss-120b .* opus, 128K, \$0\.03 in, \$0\.17 out per M/);
    });
  });
});
