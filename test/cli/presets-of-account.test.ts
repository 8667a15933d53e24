import { describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { initIn, useSetUp, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useSetUp(async (box) => {
  expect(await initIn(box, simulator, ['--target', 'user', '--haiku', '@preset/cheap'])).toMatchObject({ code: 0 });
});

const orcc = (...args: string[]): Promise<Ran> => box.orcc(args);
const haiku = (ran: Ran): unknown => (ran.json().data['aliases'] as { alias: string }[]).find(({ alias }) => alias === 'haiku');
const codes = (ran: Ran): readonly string[] => (ran.json().findings ?? []).map(({ code }) => code);

describe('a preset of the account alone', () => {
  it('has the window and price of its model in status, without a call', async () => {
    const before = simulator.requests.length;
    expect(haiku(await orcc('status', '--json'))).toMatchObject({
      model: '@preset/cheap',
      window: 131_072,
      inputPrice: 0.0605,
      images: false,
    });
    expect(simulator.requests.length).toBe(before);
  });

  it('has its limits in export, and in a switch offline', async () => {
    await orcc('switch', 'sonnet=@preset/cheap', '--yes');
    const managed = (await orcc('export', '--managed', '--json')).json().data['content'] as { env: Record<string, string> };
    // The smallest window counts for all where no user settings name single ones.
    expect(Number(managed.env['CLAUDE_CODE_MAX_CONTEXT_TOKENS'])).toBeLessThan(131_072);
    expect(await orcc('switch', 'opus=z-ai/glm-5.3', '--offline', '--yes')).toMatchObject({ code: 0 });
    expect(haiku(await orcc('status', '--json'))).toMatchObject({ window: 131_072 });
    expect(box.read('.config/orcc/config.json')).toContain('"@preset/cheap": "z-ai/glm-4.7-flash"');
  });

  it('is judged by doctor as its model is, by what OpenRouter says of it now', async () => {
    const ran = await orcc('doctor', '--json');
    expect(codes(ran)).not.toContain('CONTEXT_MISMATCH');
    expect(simulator.requests.some(({ url }) => url.endsWith('/presets/cheap'))).toBe(true);
    await orcc('switch', 'haiku=@preset/claude', '--yes');
    const hidden = await orcc('doctor', '--offline', '--json');
    expect(hidden.json().findings).toContainEqual(
      expect.objectContaining({ code: 'MODEL_NAME_HIDES', fix: '`orcc switch haiku=anthropic/claude-haiku-4.5@preset/claude`' }),
    );
    await orcc('switch', 'haiku=anthropic/claude-haiku-4.5@preset/claude', '--yes');
    expect(codes(await orcc('doctor', '--offline', '--json'))).not.toContain('MODEL_NAME_HIDES');
  });

  it('that hides a Claude is told at switch, and so is a full name', async () => {
    for (const [id, better] of [
      ['@preset/claude', 'anthropic/claude-haiku-4.5@preset/claude'],
      ['anthropic/claude-4.5-haiku-20251015', 'anthropic/claude-haiku-4.5'],
    ] as const) {
      const ran = await orcc('switch', `haiku=${id}`, '--yes', '--force');
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.stderr.split('\n').find((line) => line.includes(`haiku -> ${id}: `))).toContain(` ${better} `);
    }
  });

  it('that is switched off stops a switch, and by force is taken with a remark', async () => {
    expect(await orcc('switch', 'haiku=@preset/retired', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('[PRESET_MISSING]') as string,
    });
    const forced = await orcc('switch', 'haiku=@preset/retired', '--yes', '--force');
    expect(forced).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/warning: haiku -> @preset\/retired: ./) as string,
    });
  });
});

describe('orcc models show of a preset', () => {
  it('shows the model after it', async () => {
    const ran = await orcc('models', 'show', '@preset/cheap');
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(/^@preset\/cheap\n[^]*\s{2}z-ai\/glm-4\.7-flash\n/);
    expect((await orcc('models', 'show', '@preset/claude')).stderr).toContain('anthropic/claude-haiku-4.5@preset/claude');
  });

  it('knows offline what was mapped, and says so of the others', async () => {
    expect(await orcc('models', 'show', '@preset/cheap', '--offline')).toMatchObject({ code: 0 });
    expect(await orcc('models', 'show', '@preset/claude', '--offline')).toMatchObject({ code: 2 });
  });

  it.each([
    ['@preset/none', '[PRESET_MISSING]'],
    ['@preset/retired', '[PRESET_MISSING]'],
    ['@preset/private', 'does not name a model'],
    ['z-ai/glm-4.7@preset/', 'author/slug@preset/name'],
    ['z-ai/glm-4.7@preset/a b', 'space'],
    ['@preset/', 'author/slug@preset/name'],
  ])('%s: exit 2 with the reason', async (id, text) => {
    const ran = await orcc('models', 'show', id);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(text);
  });
});

describe('a preset without a name', () => {
  it.each(['z-ai/glm-4.7@preset/', '@preset/', 'z-ai/glm-4.7@preset', 'z-ai/glm-4.7@preset/a/b', 'z-ai/glm-4.7@preset/-x'])(
    '%s is refused by switch and init with the form, and nothing is written',
    async (id) => {
      const before = box.read('.claude/settings.json');
      for (const args of [
        ['switch', `haiku=${id}`, '--yes'],
        ['switch', `haiku=${id}`, '--yes', '--force'],
        ['init', '--yes', '--haiku', id, '--no-test'],
        ['run', '--', 'x'].slice(0, 1).concat(`haiku=${id}`),
      ]) {
        const ran = await box.orcc(args);
        expect(ran.code).toBe(2);
        expect(ran.stderr).toContain('author/slug@preset/name');
      }
      expect(box.read('.claude/settings.json')).toBe(before);
    },
  );
});
