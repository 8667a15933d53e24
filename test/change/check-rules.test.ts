import { afterAll, describe, expect, it } from 'vitest';
import { checkRules } from '../../src/change/check-rules.ts';
import type { Http } from '../../src/core/context.ts';
import type { Routing } from '../../src/openrouter/routing.ts';
import { createHttp } from '../../src/system/http.ts';
import { keyed } from '../support/keyed.ts';
import { useSimulator } from '../support/use.ts';

const [GLM, QWEN] = ['z-ai/glm-4.7', 'qwen/qwen3-coder-next'];
const simulator = await useSimulator();
const real = createHttp({});
afterAll(() => real.close());

interface Given {
  readonly force?: boolean;
  /** Ends of the addresses that nobody answers. */
  readonly silent?: RegExp;
  readonly haiku?: string;
}

/** Three aliases on two models under these rules, with the addresses that were asked. */
async function check(rules: Routing, { force = false, silent, haiku = QWEN }: Given = {}) {
  const asked: string[] = [];
  const http: Http = {
    ...real,
    proxyFor: () => undefined,
    request: (request) => {
      asked.push(new URL(request.url).pathname);
      const url = silent?.test(request.url) === true ? 'http://127.0.0.1:1/' : request.url;
      return real.request({ ...request, url });
    },
  };
  const ctx = { http, version: '0', clock: { now: () => 0, sleep: () => Promise.resolve() } };
  const mapping = { models: { opus: GLM, sonnet: GLM, haiku }, defaultAlias: 'sonnet' as const };
  const checked = await checkRules(ctx, keyed(simulator.baseUrl, simulator.key), mapping, rules, { force });
  return { ...checked, asked };
}
const barred = ({ models }: Awaited<ReturnType<typeof check>>) =>
  models.map(({ model, aliases, endpoints }) => [model, aliases, endpoints?.map(({ row, barredBy }) => [row.provider_name, barredBy])]);

describe('rules for providers', () => {
  it('are held against the providers of each model, once', async () => {
    const checked = await check({ only: ['together'], ignore: ['deepinfra'] });
    expect(barred(checked)).toEqual([
      [
        GLM,
        ['opus', 'sonnet', 'fable'],
        [
          ['Z.AI', ['only']],
          ['DeepInfra', ['tools', 'only', 'ignore']],
          ['Together', []],
        ],
      ],
      [
        QWEN,
        ['haiku'],
        [
          ['Alibaba', ['only']],
          ['DeepInfra', ['tools', 'only', 'ignore']],
          ['Together', []],
        ],
      ],
    ]);
    expect(checked.remarks).toEqual([]);
    expect(checked.asked.filter((path) => path.endsWith('/providers'))).toEqual([]);
  });

  it.each<[string, Routing, string, readonly string[], string?]>([
    ['a provider that one model has', { only: ['z-ai'] }, QWEN, ['haiku']],
    ['a provider without tools', { only: ['deepinfra'] }, GLM, ['opus', 'sonnet', 'fable']],
    ['the one provider of a model', { ignore: ['anthropic'] }, 'anthropic/claude-haiku-4.5', ['haiku'], 'anthropic/claude-haiku-4.5'],
    ['no quantization that is there', { quantizations: ['int4'] }, GLM, ['opus', 'sonnet', 'fable']],
  ])('that leave %s stop with exit 2, and by force with a remark', async (_what, rules, model, aliases, haiku = QWEN) => {
    await expect(check(rules, { haiku })).rejects.toMatchObject({ exit: 'usage', code: 'ROUTING_EMPTY', data: { model, aliases } });
    const { remarks } = await check(rules, { force: true, haiku });
    expect(remarks).toEqual([expect.stringContaining(model)]);
    expect(remarks[0]?.endsWith(`: ${Object.keys(rules).join()}`)).toBe(true);
  });

  it('are not at fault where no provider of a model has tools', async () => {
    expect((await check({ ignore: ['together'] }, { haiku: 'perplexity/sonar-pro' })).remarks).toEqual([]);
  });

  it.each<[string, Routing, Given, number]>([
    ['who keeps no prompts is known', { zdr: true }, {}, 0],
    ['who keeps no prompts can not be asked', { zdr: true }, { silent: /zdr$/ }, 1],
    ['who keeps no prompts does not matter', { zdr: false }, { silent: /zdr$/ }, 0],
    ['who trains on prompts is not known', { data_collection: 'deny' }, {}, 1],
    ['who trains on prompts does not matter', { data_collection: 'allow' }, {}, 0],
    ['the providers of two models can not be asked', { zdr: true }, { silent: /\/models\// }, 1],
    ['a preset has no providers to ask for', { zdr: true }, { haiku: '@preset/cheap' }, 0],
  ])('are told of what can not be seen: %s', async (_what, rules, given, count) => {
    const { remarks, models, asked } = await check(rules, given);
    expect(remarks).toHaveLength(count);
    expect(asked.filter((path) => path.includes('preset'))).toEqual([]);
    const isAsked = !(given.silent?.test('/models/x') ?? false);
    expect(models.map(({ endpoints }) => endpoints !== null)).toEqual(models.map(({ model }) => isAsked && !model.startsWith('@')));
    if (!isAsked) for (const model of [GLM, QWEN]) expect(remarks[0]).toContain(model);
  });
});

describe('a provider in a rule', () => {
  it.each<[string, Routing]>([
    ['that a model has, whatever its capitals', { order: ['Together'], ignore: ['ALIBABA'] }],
    ['that one model has', { order: ['z-ai'] }],
  ])('%s needs no word', async (_what, rules) => {
    expect((await check(rules)).remarks).toEqual([]);
  });

  it.each<[string, Routing, string]>([
    ['order', { order: ['together', 'anthropic'] }, 'anthropic'],
    ['ignore, with a quantization', { ignore: ['Anthropic/fp8'] }, 'Anthropic/fp8'],
  ])('of %s that no mapped model has is told', async (_what, rules, word) => {
    expect((await check(rules)).remarks).toEqual([expect.stringContaining(word)]);
  });

  it.each<Routing>([{ order: ['nonsense'] }, { ignore: ['together', 'nonsense'] }, { only: ['together', 'nonsense'] }])(
    'that nobody knows stops with exit 2, and by force with a remark: %j',
    async (rules) => {
      await expect(check(rules)).rejects.toMatchObject({
        exit: 'usage',
        message: expect.stringContaining('provider `nonsense`') as string,
        hint: expect.stringContaining('together') as string,
      });
      expect((await check(rules, { force: true })).remarks).toEqual([expect.stringContaining('nonsense')]);
      expect((await check(rules, { silent: /providers$/ })).remarks).toEqual([expect.stringContaining('nonsense')]);
    },
  );
});
