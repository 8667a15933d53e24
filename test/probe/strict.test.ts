import { afterAll, describe, expect, it } from 'vitest';

import { resolveAliases, isAnthropicModel, mappedModels } from '../../src/claude/aliases.ts';
import { PRESETS } from '../../src/claude/presets.ts';
import { requestShapeFor } from '../../src/claude/request-shape.ts';
import { probeAliases } from '../../src/probe/run.ts';
import { keyed } from '../support/keyed.ts';
import { useSimulator } from '../support/use.ts';
import { makeDeps, withoutWaiting } from './support.ts';

const simulator = await useSimulator({ lenient: false });

describe('behind a simulator as strict as OpenRouter', () => {
  const deps = makeDeps();
  afterAll(() => deps.close());

  it.each(PRESETS.map((preset) => [preset.name, preset] as const))(
    'every alias of the preset %s is green without a refused request',
    async (_name, preset) => {
      const { mapping } = preset;
      const before = simulator.requests.length;
      const { models } = await probeAliases(withoutWaiting(deps), {
        endpoint: keyed(simulator.baseUrl, simulator.key),
        aliases: resolveAliases(preset.mapping.models),
        maxTokens: 16_000,
        toolSearch: mappedModels(mapping).every(({ model }) => isAnthropicModel(model)),
        timeoutMs: 8000,
      });
      expect(models.map(({ model, result }) => [model, result.verdict, result.finding?.code, result.warnings, result.repairs])).toEqual(
        models.map(({ model }) => [model, 'ok', undefined, [], []]),
      );
      expect(simulator.requests.length - before).toBe(2 * models.length);
    },
  );

  it('deferred tools cost three refused requests: green, with a warning that says what spares them', async () => {
    const before = simulator.requests.length;
    const { models } = await probeAliases(withoutWaiting(deps), {
      endpoint: keyed(simulator.baseUrl, simulator.key),
      aliases: [{ alias: 'opus', model: 'z-ai/glm-4.7' }],
      maxTokens: 16_000,
      toolSearch: true,
      timeoutMs: 8000,
    });
    expect(models[0]?.result).toMatchObject({ verdict: 'ok', warnings: [{ code: 'REPAIRED', subject: 'opus' }] });
    expect(models[0]?.result.warnings[0]?.fix).toContain('ENABLE_TOOL_SEARCH=false');
    expect(simulator.requests.length - before).toBe(5);
  });

  it.each(['anthropic/claude-haiku-4.5', 'anthropic/claude-haiku-5.5', 'anthropic/claude-opus-5.5'])(
    '%s gets thinking and effort as the client sends them, which none of these refuses',
    async (model) => {
      expect(requestShapeFor(model).deferral).toBe(true);
      const { models } = await probeAliases(withoutWaiting(deps), {
        endpoint: keyed(simulator.baseUrl, simulator.key),
        aliases: [{ alias: 'opus', model }],
        maxTokens: 16_000,
        timeoutMs: 8000,
      });
      expect(models[0]?.result).toMatchObject({ verdict: 'ok', repairs: [], warnings: [] });
    },
  );
});
