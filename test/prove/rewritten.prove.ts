import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { claudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import { useRealm } from '../support/stage.ts';
import { initWords } from '../support/use.ts';

const KEY = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`;
/** Indented by four and without a final newline: Claude Code writes it anew in its own way. */
const SETTINGS = '{\n    "theme": "dark",\n    "env": {"MINE": "1"}\n}';

describe.skipIf(claudeNeeds())('user settings that the real Claude Code rewrites after a change of orcc’s', () => {
  const realm = useRealm();

  /** Runs a program to its end; its exit must be 0. */
  async function run(box: RealmHome, file: string, ...args: readonly string[]): Promise<void> {
    const ran = await realm.run(file, args, { env: { ...box.env, ...QUIET }, cwd: box.cwd, input: KEY });
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  }

  it('lose orcc’s part alone by undo and remove, and keep what Claude Code wrote', async () => {
    const box = realm.makeHome();
    const file = path.join(box.home, '.claude', 'settings.json');
    const market = path.join(box.home, 'market');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, SETTINGS);
    mkdirSync(path.join(market, '.claude-plugin'), { recursive: true });
    writeFileSync(path.join(market, '.claude-plugin', 'marketplace.json'), '{"name": "mine", "owner": {"name": "me"}, "plugins": []}');
    const settings = (): { env: Record<string, string> } => JSON.parse(readFileSync(file, 'utf8')) as { env: Record<string, string> };

    await run(box, 'orcc', ...initWords(['--key-stdin', '--target', 'user']));
    await run(box, 'orcc', 'switch', 'value', '--yes', '--offline');
    const later = settings().env['ANTHROPIC_DEFAULT_OPUS_MODEL'];
    await run(box, 'claude', 'plugin', 'marketplace', 'add', market);
    expect(readFileSync(file, 'utf8')).toContain('extraKnownMarketplaces');
    await run(box, 'orcc', 'undo', '--yes');
    expect(settings().env['ANTHROPIC_DEFAULT_OPUS_MODEL']).toBe('z-ai/glm-4.7');
    expect(later).not.toBe('z-ai/glm-4.7');
    await run(box, 'claude', 'plugin', 'marketplace', 'remove', 'mine');
    await run(box, 'orcc', 'remove', '--yes');
    expect(settings()).toMatchObject({ theme: 'dark', env: { MINE: '1' } });
    expect(readFileSync(file, 'utf8')).not.toMatch(/ANTHROPIC|sk-or|modelSettings/);
  });
});
