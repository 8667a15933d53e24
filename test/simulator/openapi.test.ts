/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- answers are read loosely: the assertion is the check */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { API_FAULTS } from '../../src/simulator/faults.ts';
import { readMessagesRequest } from '../../src/simulator/request-schema.ts';
import { sharedFile } from '../support/shared.ts';
import { ASK_TOOL, get, parseEvents, post, request, simulate, TOOL } from './support.ts';

const description = sharedFile('openrouter/openapi.yaml');
const shape = sharedFile('openrouter/claude-code-request.shape.json');

/** JSON read loosely: the validator is the check. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

describe.skipIf(description === undefined)("against OpenRouter's OpenAPI description (skipped where the file is absent)", () => {
  let ajv: Ajv2020;
  const validators = new Map<string, ValidateFunction>();

  beforeAll(() => {
    ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
    // Both are CommonJS with a default export, which the two ways of loading them see differently.
    const addFormats = formats as unknown as { default?: (to: Ajv2020) => void } & ((to: Ajv2020) => void);
    (addFormats.default ?? addFormats)(ajv);
    ajv.addFormat('double', true);
    ajv.addSchema({ ...(parse(readFileSync(description ?? '', 'utf8')) as object), $id: 'or' });
  });

  /** Where `value` breaks the description at `pointer`; undefined where it fits. */
  function breaks(pointer: string, value: unknown): string | undefined {
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `or#${pointer}` });
    validators.set(pointer, validate);
    return validate(value) ? undefined : ajv.errorsText(validate.errors).slice(0, 400);
  }

  const schema = (name: string): string => `/components/schemas/${name}`;
  const answerOf = (path: string, method: string, status: number): string =>
    `/paths/${path.replaceAll('/', '~1')}/${method}/responses/${String(status)}/content/application~1json/schema`
      .replaceAll('{', '%7B')
      .replaceAll('}', '%7D');

  it('notices a wrong answer (so that the rest can fail)', () => {
    expect(breaks(schema('ModelsListResponse'), { data: [{ id: 1 }] })).toBeDefined();
    expect(breaks(answerOf('/key', 'get', 200), { data: {} })).toBeDefined();
  });

  it.each([
    ['/models', '/models'],
    ['/models?limit=3&offset=2', '/models'],
    ['/models/user', '/models/user'],
    ['/models/count', '/models/count'],
    ['/model/z-ai/glm-4.7', '/model/{author}/{slug}'],
    ['/model/~anthropic/claude-opus-latest', '/model/{author}/{slug}'],
    ['/models/z-ai/glm-4.7/endpoints', '/models/{author}/{slug}/endpoints'],
    ['/models/openrouter/auto/endpoints', '/models/{author}/{slug}/endpoints'],
    ['/key', '/key'],
    ['/providers', '/providers'],
  ])('GET %s', async (path, route) => {
    const simulator = await simulate();
    const { json } = await get(simulator, `/v1${path}`, { key: simulator.key });
    expect(breaks(answerOf(route, 'get', 200), json)).toBeUndefined();
  });

  it('GET /key of every key that exists, and GET /credits', async () => {
    const simulator = await simulate();
    for (const name of ['good', 'expired', 'management', 'no-credit', 'low-credit', 'capped', 'free'] as const) {
      expect(
        breaks(answerOf('/key', 'get', 200), (await get(simulator, '/v1/key', { key: simulator.keys[name] })).json),
        name,
      ).toBeUndefined();
    }
    expect(
      breaks(answerOf('/credits', 'get', 200), (await get(simulator, '/v1/credits', { key: simulator.keys.management })).json),
    ).toBeUndefined();
  });

  const asks = [
    ['text', {}],
    ['a tool call', { tools: [TOOL], messages: [{ role: 'user', content: ASK_TOOL }] }],
    ['text after thinking', { thinking: { type: 'adaptive' } }],
    ['a cut text', { max_tokens: 1 }],
    ['a cached prompt', { system: [{ type: 'text', text: 'x'.repeat(400), cache_control: { type: 'ephemeral' } }] }],
    ['an alias', { model: '~anthropic/claude-haiku-latest' }],
    ['a router', { model: 'openrouter/auto' }],
  ] as const;

  it.each(asks)('POST /messages: %s as JSON and its generation', async (_title, body) => {
    const simulator = await simulate();
    const { json } = await post(simulator, request(body), { headers: { 'x-openrouter-metadata': 'enabled' } });
    expect(breaks(schema('MessagesResult'), json)).toBeUndefined();
    const { json: generation } = await get(simulator, `/v1/generation?id=${json.id}`, { key: simulator.key });
    expect(breaks(schema('GenerationResponse'), generation)).toBeUndefined();
  });

  it.each(asks)('POST /messages: every event of a full stream of %s', async (_title, body) => {
    const simulator = await simulate();
    const { text } = await post(simulator, request({ ...body, stream: true }), { headers: { 'x-openrouter-metadata': 'enabled' } });
    const events = parseEvents(text).filter(({ data }) => data !== '[DONE]');
    expect(events.length).toBeGreaterThan(4);
    for (const event of events) {
      expect(breaks(schema('MessagesStreamingResponse'), event), event.event).toBeUndefined();
      expect((event.data as { type: string }).type).toBe(event.event);
    }
  });

  it.each(['empty', 'refusal', 'midstream-error'])('POST /messages: every event of the fault %s', async (code) => {
    const simulator = await simulate({ faults: [{ code }] });
    const { text } = await post(simulator, request({ stream: true }));
    for (const event of parseEvents(text).filter(({ data }) => data !== '[DONE]')) {
      expect(breaks(schema('MessagesStreamingResponse'), event), event.event).toBeUndefined();
    }
  });

  it.each(API_FAULTS.filter(({ page }) => page !== true).map((fault) => [fault.id, fault] as const))(
    'the refusal %s in both shapes',
    async (id, fault) => {
      const inEnvelope = await simulate({ faults: [{ code: id }] });
      const { json } = await post(inEnvelope, request());
      if (fault.envelope !== null) expect(breaks(schema('AnthropicMessagesErrorResponse'), json)).toBeUndefined();
      const plain = await simulate({ faults: [{ code: id, path: '/v1/generation' }] });
      const { json: body } = await get(plain, '/v1/generation?id=x', { key: plain.key });
      const named = (
        {
          400: 'BadRequest',
          401: 'Unauthorized',
          402: 'PaymentRequired',
          403: 'Forbidden',
          404: 'NotFound',
          429: 'TooManyRequests',
        } as Record<number, string>
      )[fault.status];
      expect(breaks(schema(`${named ?? 'InternalServer'}Response`), body)).toBeUndefined();
    },
  );

  it('the exchange of a login code and its refusals', async () => {
    const simulator = await simulate();
    const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url');
    const page = await fetch(new URL(`/auth?code_challenge=${challenge}&code_challenge_method=S256`, simulator.baseUrl));
    const code = /<pre id="code">([^<]+)</.exec(await page.text())?.[1];
    const exchange = async (body: unknown) => (await post(simulator, body, { path: '/v1/auth/keys' })).json as unknown;
    expect(breaks(answerOf('/auth/keys', 'post', 403), await exchange({ code, code_verifier: 'x' }))).toBeUndefined();
    expect(breaks(answerOf('/auth/keys', 'post', 200), await exchange({ code, code_verifier: 'v'.repeat(43) }))).toBeUndefined();
    expect(breaks(answerOf('/auth/keys', 'post', 400), await exchange({}))).toBeUndefined();
  });

  const claude: Loose = shape === undefined ? undefined : (JSON.parse(readFileSync(shape, 'utf8')) as { body: unknown }).body;

  it.skipIf(shape === undefined)('takes the request of the real Claude Code', async () => {
    const simulator = await simulate();
    const { status, text } = await post(simulator, { ...claude, model: 'z-ai/glm-4.7' });
    expect(status).toBe(200);
    expect(text).toContain('message_stop');
  });

  /** Requests near the border, and what the description says of each is what the simulator must say. */
  const changes: [string, (body: Loose) => void][] = [
    ['as it is', () => undefined],
    ['no model', (body) => delete body.model],
    ['model as a number', (body) => (body.model = 7)],
    ['no messages', (body) => delete body.messages],
    ['messages null', (body) => (body.messages = null)],
    ['messages empty', (body) => (body.messages = [])],
    ['a role of its own', (body) => (body.messages[0].role = 'developer')],
    ['content as text', (body) => (body.messages[0].content = 'hi')],
    ['content null', (body) => (body.messages[0].content = null)],
    ['no content', (body) => delete body.messages[0].content],
    ['a text block without text', (body) => delete body.messages[0].content[0].text],
    ['a block without type', (body) => delete body.messages[0].content[0].type],
    ['an unknown block', (body) => (body.messages[0].content[0].type = 'hologram')],
    ['a cache mark of another kind', (body) => (body.messages[1].content[0].cache_control.type = 'for ever')],
    ['a cache mark for 1h', (body) => (body.messages[1].content[0].cache_control.ttl = '1h')],
    ['a cache mark for 2h', (body) => (body.messages[1].content[0].cache_control.ttl = '2h')],
    ['a tool result', (body) => body.messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: 'y' }] })],
    [
      'a tool result of blocks',
      (body) =>
        body.messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: [{ type: 'text', text: 'y' }] }] }),
    ],
    ['a tool result without id', (body) => body.messages.push({ role: 'user', content: [{ type: 'tool_result', content: 'y' }] })],
    [
      'a tool result of numbers',
      (body) => body.messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: [1] }] }),
    ],
    ['a tool call', (body) => body.messages.push({ role: 'assistant', content: [{ type: 'tool_use', id: 'x', name: 'y', input: {} }] })],
    ['a tool call without name', (body) => body.messages.push({ role: 'assistant', content: [{ type: 'tool_use', id: 'x', input: {} }] })],
    [
      'thinking sent back',
      (body) => body.messages.push({ role: 'assistant', content: [{ type: 'thinking', thinking: '', signature: 'x' }] }),
    ],
    ['thinking without signature', (body) => body.messages.push({ role: 'assistant', content: [{ type: 'thinking', thinking: '' }] })],
    ['redacted thinking', (body) => body.messages.push({ role: 'assistant', content: [{ type: 'redacted_thinking', data: 'x' }] })],
    ['a compaction', (body) => body.messages.push({ role: 'assistant', content: [{ type: 'compaction', content: null }] })],
    ['system as text', (body) => (body.system = 'be brief')],
    ['system as a number', (body) => (body.system = 1)],
    ['a system block of another type', (body) => (body.system[0].type = 'image')],
    ['max_tokens as text', (body) => (body.max_tokens = '32000')],
    ['max_tokens with a fraction', (body) => (body.max_tokens = 1.5)],
    ['no max_tokens', (body) => delete body.max_tokens],
    ['max_tokens null', (body) => (body.max_tokens = null)],
    ['a tool without a name', (body) => delete body.tools[0].name],
    ['a tool without a schema', (body) => delete body.tools[0].input_schema],
    ['a server tool', (body) => body.tools.push({ type: 'web_search_20250305', name: 'web_search', max_uses: 8 })],
    ['tools as an object', (body) => (body.tools = {})],
    ['tool_choice auto', (body) => (body.tool_choice = { type: 'auto' })],
    ['tool_choice of a tool without name', (body) => (body.tool_choice = { type: 'tool' })],
    ['tool_choice as text', (body) => (body.tool_choice = 'auto')],
    ['thinking with a budget', (body) => (body.thinking = { type: 'enabled', budget_tokens: 1024 })],
    ['thinking without its budget', (body) => (body.thinking = { type: 'enabled' })],
    ['thinking of another type', (body) => (body.thinking = { type: 'deep' })],
    ['an unknown effort', (body) => (body.output_config = { effort: 'gigantic' })],
    ['an unknown edit', (body) => (body.context_management.edits[0].type = 'clear_all')],
    ['context_management null', (body) => (body.context_management = null)],
    ['stream as text', (body) => (body.stream = 'yes')],
    ['temperature as text', (body) => (body.temperature = '1')],
    ['top_k with a fraction', (body) => (body.top_k = 0.5)],
    ['stop_sequences as text', (body) => (body.stop_sequences = 'x')],
    ['metadata as text', (body) => (body.metadata = 'x')],
    ['models of numbers', (body) => (body.models = [1])],
    ['a member of its own', (body) => (body.safeguards = [{ type: 'dangerous_tool_use' }])],
    ['a session_id that is too long', (body) => (body.session_id = 'x'.repeat(257))],
  ];

  it.skipIf(shape === undefined).each(changes)('agrees with the description on a request with: %s', (_title, change) => {
    const body: Loose = structuredClone(claude);
    change(body);
    const problem = breaks(schema('MessagesRequest'), body);
    expect('problem' in readMessagesRequest(body), problem).toBe(problem !== undefined);
  });
});
