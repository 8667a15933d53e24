/* eslint-disable @typescript-eslint/no-unsafe-call -- answers are read loosely: the assertion is the check */
import { describe, expect, it } from 'vitest';
import { requestShapeFor } from '../../src/claude/request-shape.ts';
import { BUILTIN_MODELS, type BuiltinModel } from '../../src/openrouter/builtin.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { asClaude, ASK_TOOL, post, request, simulate, TOOL } from './support.ts';

const strictly = (models: readonly BuiltinModel[] = BUILTIN_MODELS): Promise<Simulator> => simulate({ lenient: false, models });

/** A model of Anthropic's that the built-in list does not have. */
const claude = (slug: string, maxOutput: number): BuiltinModel => ({
  id: `anthropic/${slug}`,
  name: slug,
  created: 1_760_000_000,
  context: 200_000,
  maxOutput,
  input: 0.01,
  output: 0.01,
  tools: true,
  reasoning: true,
});
const CLAUDES = [
  claude('claude-fable-5.2', 128_000),
  claude('claude-opus-5-fast', 128_000),
  claude('claude-sonnet-5', 128_000),
  claude('claude-opus-4.8', 128_000),
  claude('claude-opus-4.7', 128_000),
  claude('claude-opus-4.6', 128_000),
  claude('claude-opus-4.5', 64_000),
  claude('claude-sonnet-4.5', 64_000),
  claude('claude-opus-4.1', 32_000),
  claude('claude-opus-4', 32_000),
  claude('claude-sonnet-4', 64_000),
  claude('claude-3.7-sonnet', 64_000),
  claude('claude-3.5-haiku', 8192),
];

/** Models that serve with tools and enough output for what Claude Code asks by itself. */
const usable = [...BUILTIN_MODELS, ...CLAUDES].filter(
  ({ id, tools, maxOutput, context }) =>
    tools &&
    !id.endsWith(':batch') &&
    !id.startsWith('thinkingmachines/') &&
    (maxOutput ?? Infinity) >= Math.min(32_000, requestShapeFor(id).maxTokens) &&
    context > 40_000,
);

describe('no request of Claude Code is refused for its shape', () => {
  it.each(usable.map(({ id, maxOutput }) => [id, maxOutput] as const))('%s, without tool search', async (id, maxOutput) => {
    const simulator = await strictly([...BUILTIN_MODELS, ...CLAUDES]);
    const settings = { toolSearch: false, ...(maxOutput === null ? {} : { maxOutput: Math.min(maxOutput, 32_000) }) };
    const { status, text } = await post(simulator, asClaude(id, settings));
    expect(text).not.toContain('"type":"error"');
    expect(status).toBe(200);
  });

  it.each(usable.filter(({ id }) => /^~?anthropic\//.test(id)).map(({ id }) => [id]))('%s, with tool search', async (id) => {
    const simulator = await strictly([...BUILTIN_MODELS, ...CLAUDES]);
    const { status } = await post(simulator, asClaude(id, { maxOutput: 32_000 }));
    expect(status).toBe(200);
  });
});

describe('deferred tools', () => {
  it.each([
    ['z-ai/glm-4.7', 'z-ai/glm-4.7-20251222'],
    ['z-ai/glm-4.7:nitro', 'z-ai/glm-4.7-20251222'],
    ['z-ai/glm-4.7-20251222', 'z-ai/glm-4.7-20251222'],
    ['google/gemma-4-31b-it:free', 'google/gemma-4-31b-it-20260402'],
    ['@preset/cheap', 'z-ai/glm-4.7-flash-20260119'],
    ['minimax/minimax-m3@preset/claude', 'minimax/minimax-m3-20260531'],
  ])('are refused for %s, by its dated name', async (id, slug) => {
    const { status, json } = await post(await strictly(), { ...asClaude(id, {}), max_tokens: 16_000 });
    expect(status).toBe(400);
    expect(json.error.message).toMatch(/^Deferred custom tools are only supported on Anthropic models/);
    expect(json.error.message).toContain(`Received ${slug}.`);
  });

  it.each([
    'anthropic/claude-haiku-4.5@preset/cheap',
    '@preset/claude',
    '~anthropic/claude-opus-latest',
    'anthropic/claude-4.6-sonnet-20260217',
  ])('are taken for %s', async (id) => {
    const body = request({
      model: id,
      tools: [
        { ...TOOL, defer_loading: true },
        { type: 'tool_search_tool_regex_20251119', name: 'search' },
      ],
    });
    expect((await post(await strictly(), body)).status).toBe(200);
  });

  it('are refused as a search tool too, and for a router that picks another author', async () => {
    const search = { tools: [{ type: 'tool_search_tool_bm25_20251119', name: 'search' }] };
    expect((await post(await strictly(), request(search))).status).toBe(400);
    expect((await post(await strictly(), request({ ...search, model: 'openrouter/auto' }))).status).toBe(400);
  });
});

describe('thinking and effort of older Claude models', () => {
  it.each([
    ['anthropic/claude-haiku-4.5', 400, 400],
    ['anthropic/claude-haiku-4.5:nitro', 400, 400],
    ['anthropic/claude-4.5-haiku-20251015', 400, 400],
    ['@preset/claude', 400, 400],
    ['anthropic/claude-sonnet-4.5', 400, 400],
    ['anthropic/claude-opus-4.5', 400, 200],
    ['anthropic/claude-3-haiku', 400, 400],
    ['anthropic/claude-sonnet-4.6', 200, 200],
    ['~anthropic/claude-haiku-latest', 200, 200],
    ['z-ai/glm-4.7', 200, 200],
    ['qwen/qwen3-coder-next', 200, 200],
  ])('%s: adaptive %i, effort %i', async (model, adaptive, effort) => {
    const simulator = await strictly([...BUILTIN_MODELS, ...CLAUDES]);
    const ask = (more: object): Promise<{ status: number }> => post(simulator, request({ model, max_tokens: 4096, ...more }));
    expect((await ask({ thinking: { type: 'adaptive' } })).status).toBe(adaptive);
    expect((await ask({ output_config: { effort: 'high' } })).status).toBe(effort);
    expect((await ask({})).status).toBe(200);
  });
});

describe('images', () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
  const shown = [{ role: 'user', content: [image] }];
  const read = [
    { role: 'user', content: 'look' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: TOOL.name, input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [image] }] },
  ];

  it.each([
    ['z-ai/glm-4.7', 404],
    ['deepseek/deepseek-v4-flash', 404],
    ['openai/gpt-oss-120b', 404],
    ['nvidia/nemotron-3.5-lightning:free', 404],
    ['nvidia/nemotron-3.5-super-vl:free', 200],
    ['qwen/qwen3.8-27b', 200],
    ['anthropic/claude-haiku-4.5', 200],
  ])('%s answers %i, shown or read by a tool', async (model, status) => {
    const simulator = await strictly();
    for (const messages of [shown, read]) {
      const { status: got, json } = await post(simulator, request({ model, messages, tools: [TOOL] }));
      expect(got).toBe(status);
      if (status === 404)
        expect(json.error).toMatchObject({
          message: 'No endpoints found that support image input',
          availability: { code: 'no_endpoints' },
        });
    }
  });
});

describe('ids of tool calls', () => {
  const user = (...content: object[]) => ({ role: 'user', content });
  const assistant = (...content: object[]) => ({ role: 'assistant', content });
  const call = (id: string) => ({ type: 'tool_use', id, name: TOOL.name, input: {} });
  const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'x' });
  const text = { type: 'text', text: 'hi' };
  const system = { role: 'system', content: 'Be brief.' };
  const wrong: [string, object[]][] = [
    ['a result without a call', [user(text, result('a'))]],
    ['a result for a call of another turn', [user(text), assistant(call('a')), user(result('a')), assistant(text), user(result('a'))]],
    ['a call without a result', [user(text), assistant(call('a')), user(text)]],
    ['one of two calls without a result', [user(text), assistant(call('a'), call('b')), user(result('a'))]],
    ['a call at the end', [user(text), assistant(call('a'))]],
    ['two results for one call', [user(text), assistant(call('a')), user(result('a'), result('a'))]],
    ['two calls with one id', [user(text), assistant(call('a'), call('a')), user(result('a'))]],
    ['an id used again later', [user(text), assistant(call('a')), user(result('a')), assistant(call('a')), user(result('a'))]],
  ];
  const right: [string, object[]][] = [
    ['two calls with their results', [user(text), assistant(text, call('a'), call('b')), user(result('b'), result('a'), text)]],
    ['results in messages of their own', [user(text), assistant(call('a'), call('b')), user(result('a')), user(result('b'))]],
    ['calls in messages of their own', [user(text), assistant(call('a')), assistant(call('b')), user(result('a'), result('b'))]],
    ['a system message in between', [user(text), system, assistant(call('a')), system, user(result('a')), system]],
    ['a call that the server answered', [user(text), assistant({ ...call('a'), type: 'server_tool_use' }), user(text)]],
    ['an end that the model goes on from', [user(text), assistant(text)]],
  ];

  it.each(wrong)('%s is refused, in the provider’s words', async (_title, messages) => {
    const simulator = await strictly();
    const claudes = await post(simulator, request({ model: 'anthropic/claude-haiku-4.5', messages, tools: [TOOL] }));
    expect([claudes.status, claudes.json.error.message]).toEqual([400, expect.stringMatching(/^messages\.\d+(\.content\.\d+)?: .*tool_/)]);
    const open = await post(simulator, request({ messages, tools: [TOOL] }));
    expect([open.status, open.json.error.message]).toEqual([400, 'Provider returned error']);
  });

  it.each(right)('%s is taken', async (_title, messages) => {
    const simulator = await strictly();
    for (const model of ['anthropic/claude-haiku-4.5', 'z-ai/glm-4.7'])
      expect((await post(simulator, request({ model, messages, tools: [TOOL] }))).status).toBe(200);
  });

  it.each([[[]], [null]])('no messages (%j) are refused', async (messages) => {
    expect((await post(await strictly(), request({ messages }))).status).toBe(400);
  });
});

describe('tool_choice', () => {
  const strict = {
    ...TOOL,
    input_schema: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 } },
      required: ['city', 'days'],
    },
  };
  it.each([
    [{ type: 'any' }, TOOL.name],
    [{ type: 'tool', name: 'other' }, 'other'],
  ])('%j gets a call, asked for or not', async (tool_choice, name) => {
    const { json } = await post(await strictly(), request({ tools: [strict, { ...strict, name: 'other' }], tool_choice }));
    expect(json.stop_reason).toBe('tool_use');
    expect(json.content.at(-1)).toMatchObject({ type: 'tool_use', name, input: { city: 'x', days: 3 } });
  });

  it('none gets no call where one is asked for', async () => {
    const { json } = await post(
      await strictly(),
      request({ tools: [TOOL], tool_choice: { type: 'none' }, messages: [{ role: 'user', content: ASK_TOOL }] }),
    );
    expect(json.stop_reason).toBe('end_turn');
  });

  it.each([
    [{ type: 'any' }, 404],
    [{ type: 'tool', name: TOOL.name }, 404],
    [{ type: 'auto' }, 200],
  ])('%j of a model that cannot be forced: %i', async (tool_choice, status) => {
    const body = request({ model: 'qwen/qwen-2.5-72b-instruct', max_tokens: 1000, tools: [TOOL], tool_choice });
    expect((await post(await strictly(), body)).status).toBe(status);
  });
});

describe('names of models', () => {
  it.each([
    ['z-ai/glm-4.7', 'z-ai/glm-4.7-20251222'],
    ['z-ai/glm-4.7:floor', 'z-ai/glm-4.7-20251222'],
    ['z-ai/glm-4.7-20251222', 'z-ai/glm-4.7-20251222'],
    ['anthropic/claude-haiku-4.5', 'anthropic/claude-4.5-haiku-20251015'],
    ['@preset/cheap', 'z-ai/glm-4.7-flash-20260119'],
    ['z-ai/glm-4.7@preset/private', 'z-ai/glm-4.7-20251222'],
  ])('%s is answered by %s', async (model, slug) => {
    expect((await post(await strictly(), request({ model }))).json.model).toBe(slug);
  });

  it.each([
    ['@preset/nope', 404, 'Preset not found: nope'],
    ['z-ai/glm-4.7@preset/nope', 404, 'Preset not found: nope'],
    ['@preset/retired', 404, 'Preset not found: retired'],
    ['@preset/private', 400, 'No models provided'],
    ['nobody/nothing@preset/cheap', 400, 'nobody/nothing@preset/cheap is not a valid model ID'],
  ])('%s: %i %s', async (model, status, message) => {
    const { status: got, json } = await post(await strictly(), request({ model }));
    expect([got, json.error.message]).toEqual([status, message]);
  });
});

it('takes all of it with `lenient`, and answers under the short id', async () => {
  const simulator = await simulate({ lenient: true });
  const body = request({
    tools: [{ ...TOOL, defer_loading: true }],
    messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'nowhere', content: 'x' }] }],
  });
  const { status, json } = await post(simulator, body);
  expect([status, json.model]).toEqual([200, 'z-ai/glm-4.7']);
});
