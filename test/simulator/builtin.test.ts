import { describe, expect, it } from 'vitest';
import { BUILTIN_AS_OF, BUILTIN_MODELS } from '../../src/openrouter/builtin.ts';

const find = (id: string) => BUILTIN_MODELS.find((model) => model.id === id);

describe('the built-in list', () => {
  it('has no id twice, and only ids of the right form', () => {
    const ids = BUILTIN_MODELS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^~?[a-z0-9-]+\/[a-z0-9.-]+(:[a-z]+)?$/.test(id))).toEqual([]);
  });

  it('has a sane window, cap and price everywhere', () => {
    const odd = BUILTIN_MODELS.filter(
      ({ context, maxOutput, input, output }) =>
        context < 4096 ||
        (maxOutput !== null && (maxOutput < 1024 || maxOutput > context)) ||
        (input === null) !== (output === null) ||
        (input ?? 0) > (output ?? 0),
    );
    expect(odd.map(({ id }) => id)).toEqual([]);
  });

  it('resolves every alias to a row with the same figures', () => {
    for (const alias of BUILTIN_MODELS.filter(({ aliasTarget }) => aliasTarget !== undefined)) {
      expect(find(alias.aliasTarget ?? '')).toMatchObject({
        context: alias.context,
        maxOutput: alias.maxOutput,
        input: alias.input,
        output: alias.output,
      });
    }
  });

  it.each(['z-ai/glm-4.7', 'qwen/qwen3-coder-next', 'z-ai/glm-4.7-flash'])("knows the guide's %s, with tools", (id) => {
    expect(find(id)).toMatchObject({ tools: true });
  });

  it('has the cases that try the limits: no tools, small window, small cap, expiring, router, free', () => {
    const has = (fits: (model: (typeof BUILTIN_MODELS)[number]) => boolean) => BUILTIN_MODELS.some(fits);
    expect(has(({ tools }) => !tools)).toBe(true);
    expect(has(({ context }) => context < 45_000)).toBe(true);
    expect(has(({ maxOutput }) => maxOutput === 4096)).toBe(true);
    expect(has(({ expires }) => expires !== undefined)).toBe(true);
    expect(has(({ input }) => input === null)).toBe(true);
    expect(has(({ id, input }) => id.endsWith(':free') && input === 0)).toBe(true);
  });

  it('says of which month it is', () => {
    expect(BUILTIN_AS_OF).toMatch(/^20\d\d-\d\d$/);
  });
});
