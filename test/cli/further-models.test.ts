import { describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const done = async (...args: string[]): Promise<Ran> => {
  const ran = await box.orcc([...args, '--yes']);
  expect(ran.code, ran.stderr).toBe(0);
  return ran;
};
const claude = async (): Promise<void> => {
  const ran = await initIn(box, simulator, ['--target', 'user', '--preset', 'anthropic']);
  expect(ran.code, ran.stderr).toBe(0);
  expect(box.settings().env).not.toHaveProperty('ENABLE_TOOL_SEARCH');
};

describe('a model beside the mapping counts as a mapped one', () => {
  it.each([
    ['a fallback', ['switch', '--fallback', 'z-ai/glm-4.7'], ['switch', '--fallback', 'none']],
    ['a pin', ['models', 'pin', 'z-ai/glm-4.7'], ['models', 'unpin', 'z-ai/glm-4.7']],
  ])('for deferred tools and the window: %s', async (_name, put, take) => {
    await claude();
    const before = box.settings();
    await done(...put);
    // OpenRouter refuses deferred tools for it, and Claude Code takes its window for a million tokens.
    const counted = { env: { ENABLE_TOOL_SEARCH: 'false' }, modelSettings: { 'z-ai/glm-4.7': { autoCompactWindow: 198_800 } } };
    expect(box.settings()).toMatchObject(counted);
    // A second set-up keeps it.
    expect((await initIn(box, simulator, ['--target', 'user', '--preset', 'anthropic'])).code).toBe(0);
    expect(box.settings()).toMatchObject(counted);
    await done(...take);
    expect(box.settings()).toEqual(before);
  });

  it('for the output cap, and not where an alias is named', async () => {
    await claude();
    await done('switch', '--fallback', 'perplexity/sonar-pro,haiku', '--force');
    expect(box.settings().env['CLAUDE_CODE_MAX_OUTPUT_TOKENS']).toBe('8000');
    await done('switch', '--fallback', 'haiku');
    expect(box.settings().env['CLAUDE_CODE_MAX_OUTPUT_TOKENS']).toBe('32000');
    expect(box.settings().env).not.toHaveProperty('ENABLE_TOOL_SEARCH');
  });

  it('for images', async () => {
    expect((await initIn(box, simulator, ['--target', 'user'])).code).toBe(0);
    await done('doctor', '--offline', '--fix', 'IMAGES_UNGUARDED');
    expect(box.read('.claude/settings.json')).toContain('Read(//**/*.png)');
    await done('switch', '--fallback', 'anthropic/claude-haiku-5.5');
    expect(box.read('.claude/settings.json')).not.toContain('Read(//**/*.png)');
  });
});
