import { afterEach, describe, expect, it } from 'vitest';

import { type ProbeResult, probeModel } from '../../src/probe/probe.ts';
import { serve, type TestServer } from '../support/http-servers.ts';
import { event, makeDeps, type ProbeDeps, START, STOP, textEvents, toolEvents, withoutWaiting } from './support.ts';
import { keyed } from '../support/keyed.ts';

interface Body {
  readonly messages: ReadonlyArray<{ readonly role: string; readonly content: ReadonlyArray<Record<string, unknown>> }>;
  readonly tools: readonly unknown[];
  readonly thinking: { readonly type: string };
  readonly context_management?: unknown;
}
type Reply = { readonly status?: number; readonly type?: string; readonly body: string };

let server: TestServer;
let deps: ProbeDeps;
let bodies: Body[];
afterEach(async () => {
  await deps.close();
  await server.close();
});

/** Probes a server whose answers are made from each request's body. */
async function probe(
  reply: (body: Body, call: number) => Reply,
  more: Partial<Parameters<typeof probeModel>[1]> = {},
): Promise<ProbeResult> {
  bodies = [];
  server = await serve((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      const body = JSON.parse(text) as Body;
      bodies.push(body);
      const answer = reply(body, bodies.length);
      response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'text/event-stream' }).end(answer.body);
    });
  });
  deps = makeDeps();
  return probeModel(withoutWaiting(deps), {
    endpoint: keyed(`http://127.0.0.1:${server.port}/api`, 'sk-or-v1-x'),
    model: 'a/b',
    maxTokens: 32000,
    timeoutMs: 4000,
    ...more,
  });
}

/** The arguments that the first turn asks for. */
function asked(body: Body): string {
  return /JSON: (\{.*\})/.exec(String(body.messages[0]?.content[0]?.['text']))?.[1] ?? '';
}
/** The word of the tool result. */
function word(body: Body): string {
  return /word-[0-9a-f]+/.exec(JSON.stringify(body.messages.at(-1)))?.[0] ?? '';
}
const isSecond = (body: Body): boolean => JSON.stringify(body.messages).includes('tool_result');
const good = (body: Body): Reply => ({
  body: START + (isSecond(body) ? textEvents(word(body)) : toolEvents('orcc_check', asked(body))) + STOP,
});
const refuse = (message: string): Reply => ({
  status: 400,
  type: 'application/json',
  body: JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }),
});

const THINKING =
  event('content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } }) +
  event('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } }) +
  event('content_block_delta', { index: 0, delta: { type: 'signature_delta', signature: 'c2ln' } }) +
  event('content_block_stop', { index: 0 });

describe('the tool call', () => {
  it.each<[string, (body: Body) => string, string]>([
    ['another tool', (body) => toolEvents('orcc_read', asked(body)), 'TOOL_CALL_WRONG'],
    ['changed arguments', (body) => toolEvents('orcc_check', asked(body).replace('alpha', 'gamma')), 'TOOL_CALL_WRONG'],
    ['a number as text', (body) => toolEvents('orcc_check', asked(body).replace(/"count":(\d+)/, '"count":"$1"')), 'TOOL_CALL_WRONG'],
    ['an argument too many', (body) => toolEvents('orcc_check', asked(body).replace('{', '{"more":1,')), 'TOOL_CALL_WRONG'],
    ['arguments that break off', (body) => toolEvents('orcc_check', asked(body).slice(0, -4)), 'TOOL_CALL_WRONG'],
    ['no id', (body) => toolEvents('orcc_check', asked(body), 0, ''), 'TOOL_CALL_WRONG'],
    ['text instead', (body) => textEvents(`I would call orcc_check with ${asked(body)}`), 'TOOL_CALL_MISSING'],
  ])('%s gives its own finding', async (_what, events, code) => {
    const result = await probe((body) => ({ body: START + events(body) + STOP }));
    expect(result).toMatchObject({ verdict: 'failed', turns: 1, finding: { code } });
    expect(result.toolCall).toEqual({ made: code === 'TOOL_CALL_WRONG', correct: false });
  });

  it('may come after text and thinking, which go back unchanged with its result', async () => {
    const result = await probe((body) =>
      isSecond(body) ? good(body) : { body: START + THINKING + textEvents('Well.', 1) + toolEvents('orcc_check', asked(body), 2) + STOP },
    );
    expect(result).toMatchObject({ verdict: 'ok', thinking: true });
    expect(bodies[1]?.messages.map(({ role }) => role)).toEqual(['user', 'system', 'assistant', 'user']);
    expect(bodies[1]?.messages[2]?.content).toMatchObject([
      { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
      { type: 'text', text: 'Well.' },
      { type: 'tool_use', id: 'toolu_1' },
    ]);
    expect(bodies[1]?.messages[3]?.content).toMatchObject([{ type: 'tool_result', tool_use_id: 'toolu_1' }]);
  });

  it('a second call in the same answer gets a result as well', async () => {
    const result = await probe((body) =>
      isSecond(body)
        ? good(body)
        : { body: START + toolEvents('orcc_check', asked(body)) + toolEvents('orcc_read', '{"file_path":"/x"}', 1, 'toolu_2') + STOP },
    );
    expect(result.verdict).toBe('ok');
    expect(bodies[1]?.messages[3]?.content).toMatchObject([{ tool_use_id: 'toolu_1' }, { tool_use_id: 'toolu_2' }]);
  });
});

describe('the answer to the tool result', () => {
  it.each<[string, string, string]>([
    ['nothing at all', '', 'STOPS_AFTER_TOOL'],
    ['blanks', textEvents('  \n'), 'STOPS_AFTER_TOOL'],
    ['another text', textEvents('What can I do for you?'), 'TOOL_RESULT_LOST'],
  ])('%s gives its own finding', async (_what, events, code) => {
    const result = await probe((body) => (isSecond(body) ? { body: START + events + STOP } : good(body)));
    expect(result).toMatchObject({ verdict: 'failed', finding: { code }, toolCall: { made: true, correct: true } });
  });

  it('a refused second turn is named, though the first one passed', async () => {
    const raw = JSON.stringify({ error: { message: 'insufficient tool messages following tool_calls message' } });
    const body = JSON.stringify({ error: { message: 'Provider returned error', code: 400, metadata: { raw, provider_name: 'DeepSeek' } } });
    const result = await probe((request) => (isSecond(request) ? { status: 400, type: 'application/json', body } : good(request)));
    expect(result).toMatchObject({ verdict: 'failed', turns: 1, finding: { code: 'TRANSLATION_400', data: { provider: 'DeepSeek' } } });
  });
});

describe('what Claude Code would repair', () => {
  it('is repaired, noted, and a warning', async () => {
    const result = await probe((body) => {
      if (body.context_management !== undefined) return refuse('context_management: Extra inputs are not permitted');
      if (body.messages.some(({ role }) => role === 'system')) return refuse("messages.1.role: Input should be 'user' or 'assistant'");
      if (body.thinking.type === 'adaptive') return refuse('adaptive thinking is not supported on this model');
      if (body.tools.length === 3) return refuse('tools.2.custom.defer_loading: Extra inputs are not permitted');
      return good(body);
    });
    expect(result).toMatchObject({ verdict: 'ok', turns: 2, retries: 0, warnings: [{ code: 'REPAIRED', severity: 'warning' }, {}] });
    expect(result.repairs).toHaveLength(4);
    // Three known ones, then the ladder: two more before the deferred tools go.
    expect(bodies).toHaveLength(8);
    expect(result.warnings[0]?.cause).toMatch(/\b6 refused\b/);
    expect(result.warnings[0]?.fix).toContain('ENABLE_TOOL_SEARCH=false');
  });

  it('deferred tools are refused three times, as OpenRouter does for models that are not of Anthropic', async () => {
    const deferred = 'Deferred custom tools are only supported on Anthropic models. Received a/b-20260101.';
    const result = await probe((body) => (body.tools.length === 3 ? refuse(deferred) : good(body)));
    expect(result).toMatchObject({ verdict: 'ok', repairs: [expect.stringContaining('deferred')] });
    expect(bodies).toHaveLength(5);
    await deps.close();
    await server.close();
    const spared = await probe((body) => (body.tools.length === 3 ? refuse(deferred) : good(body)), { toolSearch: false });
    expect(spared).toMatchObject({ verdict: 'ok', repairs: [] });
    expect(spared.warnings.map(({ code }) => code)).not.toContain('REPAIRED');
    expect(bodies).toHaveLength(2);
  });

  it('its own thinking is taken out where the provider refuses it, which blames no user', async () => {
    const message = 'messages.2.content.0: Invalid `signature` in `thinking` block';
    const thinks = (body: Body): Reply =>
      isSecond(body) ? good(body) : { body: START + THINKING + toolEvents('orcc_check', asked(body), 1) + STOP };
    const hasThinking = (body: Body): boolean => JSON.stringify(body.messages).includes('"thinking"');
    const result = await probe((body) => (hasThinking(body) ? refuse(message) : thinks(body)));
    expect(result).toMatchObject({ verdict: 'ok', repairs: [expect.stringContaining('thinking')] });
    await deps.close();
    await server.close();
    const stubborn = await probe((body) => (isSecond(body) ? refuse(message) : thinks(body)), { alias: 'opus' });
    expect(stubborn).toMatchObject({ verdict: 'failed', turns: 1, finding: { code: 'THINKING_REFUSED' } });
    expect(`${stubborn.finding?.cause ?? ''} ${stubborn.finding?.fix ?? ''}`).not.toMatch(/session|clear/);
    expect(bodies).toHaveLength(3);
  });

  it.each([
    [true, 6],
    [false, 3],
  ])('a hopeless 400 ends red after as many tries as the client makes (tools deferred: %s)', async (toolSearch, tries) => {
    const result = await probe(() => refuse('Provider returned error'), { toolSearch });
    expect(result).toMatchObject({ verdict: 'failed', repairs: [], warnings: [], finding: { code: 'TRANSLATION_400' } });
    expect(bodies).toHaveLength(tries);
    expect(result.finding?.evidence.join()).toMatch(new RegExp(`\\brefused ${String(tries)} `));
  });

  it('a text that it can read is answered once', async () => {
    const result = await probe(() => refuse('context_management: Extra inputs are not permitted'));
    expect(result).toMatchObject({ verdict: 'failed', finding: { code: 'TRANSLATION_400' } });
    expect(bodies).toHaveLength(2);
  });

  it('a refused output_config ends it at once, as in Claude Code', async () => {
    const result = await probe(() => refuse('output_config: Extra inputs are not permitted'));
    expect(result).toMatchObject({ verdict: 'failed', repairs: [], finding: { code: 'EFFORT_UNSUPPORTED' } });
    expect(bodies).toHaveLength(1);
  });

  it('an answer without streaming is taken and noted', async () => {
    const result = await probe((body) => {
      const content = isSecond(body)
        ? [{ type: 'text', text: word(body) }]
        : [{ type: 'tool_use', id: 't1', name: 'orcc_check', input: JSON.parse(asked(body)) }];
      return {
        type: 'application/json',
        body: JSON.stringify({
          id: 'gen-2',
          type: 'message',
          role: 'assistant',
          model: 'served/model',
          content,
          stop_reason: 'end_turn',
          usage: { input_tokens: 1, output_tokens: 2, cost: 0.01 },
        }),
      };
    });
    expect(result).toMatchObject({ verdict: 'ok', answeredModel: 'served/model', cost: 0.02, requestId: 'gen-2' });
    expect(result.repairs).toEqual([expect.stringContaining('streaming')]);
  });
});

describe('reading the stream', () => {
  it('passes over comments, pings, unknown events and what comes after the end', async () => {
    const noise = ': OPENROUTER PROCESSING\n\n' + event('ping') + event('something_new', { x: 1 });
    const result = await probe((body) => ({ body: noise + good(body).body + 'event: data\ndata: not json\n\n' }));
    expect(result.verdict).toBe('ok');
  });

  it('takes CRLF, a stream under a wrong type, and pieces of any size', async () => {
    expect((await probe((body) => ({ body: good(body).body.replaceAll('\n', '\r\n') }))).verdict).toBe('ok');
    await deps.close();
    await server.close();
    expect((await probe((body) => ({ type: 'text/plain', body: good(body).body }))).verdict).toBe('ok');
  });

  it('takes the fields that the wire leaves out', async () => {
    const bare = event('message_start', { message: { content: [] } });
    const result = await probe((body) => ({
      body: bare + (isSecond(body) ? textEvents(word(body)) : toolEvents('orcc_check', asked(body))) + event('message_stop'),
    }));
    expect(result).toMatchObject({ verdict: 'ok', answeredModel: null, provider: null, cost: null });
  });

  it.each<[string, string, string]>([
    ['content before the start', textEvents('x') + STOP, 'STREAM_MALFORMED'],
    [
      'a delta without its block',
      START + event('content_block_delta', { index: 4, delta: { type: 'text_delta', text: 'x' } }) + STOP,
      'STREAM_MALFORMED',
    ],
    ['JSON without a type', 'data: {"x":1}\n\n', 'STREAM_MALFORMED'],
    [
      'a thousand blocks',
      START +
        Array.from({ length: 1000 }, (_, index) => event('content_block_start', { index, content_block: { type: 'text', text: '' } })).join(
          '',
        ) +
        STOP,
      'STREAM_MALFORMED',
    ],
    ['a line of two megabytes', `${START}data: ${'x'.repeat(2_000_000)}`, 'STREAM_MALFORMED'],
    [
      "OpenRouter's plain error in the middle",
      `${START}data: {"error":{"message":"x","code":502,"metadata":{"error_type":"provider_unavailable"}}}\n\n`,
      'PROVIDER_ERROR',
    ],
    ['an empty body', '', 'EMPTY_ANSWER'],
    [
      'a refusal',
      `${START}${textEvents('No.')}${event('message_delta', { delta: { stop_reason: 'refusal' } })}${event('message_stop')}`,
      'REFUSAL',
    ],
  ])('%s gives its own finding', async (_what, body, code) => {
    expect((await probe(() => ({ body }))).finding?.code).toBe(code);
  });

  it('a JSON error with a 200 is judged by what it says', async () => {
    const result = await probe(() => ({
      type: 'application/json',
      body: '{"error":{"message":"Insufficient credits. Add more","code":402}}',
    }));
    expect(result.finding?.code).toBe('NO_CREDITS');
  });

  it('is cut off after 2000 tokens, with what was learnt', async () => {
    const long = textEvents('word '.repeat(10_000));
    const result = await probe(() => ({ body: START + long }));
    expect(result).toMatchObject({ verdict: 'inconclusive', finding: { code: 'ANSWER_TOO_LONG' }, answeredModel: 'm' });
  });

  it('a long last answer that holds the word is fine', async () => {
    const result = await probe((body) =>
      isSecond(body) ? { body: START + textEvents(word(body)) + textEvents('and so on '.repeat(2000), 1) + STOP } : good(body),
    );
    expect(result.verdict).toBe('ok');
  });

  it('terminal escapes in names are not passed on', async () => {
    const start = event('message_start', {
      message: { content: [], id: 'gen-\u001b[31m', model: '\u001b[2Jm', provider: '\u001b]0;x\u0007p' },
    });
    const result = await probe((body) => ({ body: good(body).body.replace(START, start) }));
    expect(result).toMatchObject({ answeredModel: 'm', provider: 'p', requestId: 'gen-' });
  });
});

it('an error event in another form than any other ends the answer in its own words', async () => {
  const result = await probe(() => ({ body: START + event('error', { error: 'boom' }) }));
  expect(result.finding?.code).toBe('UNKNOWN_FAILURE');
  expect(result.finding?.cause).toContain('boom');
});
