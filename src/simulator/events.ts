import { type Json, withoutNulls } from './json.ts';
import type { Reply } from './reply.ts';

/** Tokens and money of one call. */
export interface Usage {
  /** Input tokens that no cache served. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly thinking: number;
  /** USD. */
  readonly inputCost: number;
  readonly outputCost: number;
}

/** One finished answer of the model, before it becomes a message or events. */
export interface Generation {
  readonly id: string;
  readonly model: string;
  readonly provider: string;
  readonly reply: Reply;
  /** undefined: the model did not think; '' : it did, and the text is withheld. */
  readonly thinking: string | undefined;
  readonly stopReason: 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal';
  readonly toolUseId: string;
  readonly usage: Usage;
  readonly metadata: Json | undefined;
}

/** `full` has every member of the OpenAPI description; `lean` leaves out the nulls, as the wire does. */
export type MessageShape = 'full' | 'lean';

/** One server-sent event as it goes over the wire. */
export function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** What a signature looks like; nothing checks it. */
const SIGNATURE = 'c2ltdWxhdG9yLXNpZ25hdHVyZQ==';

function usageBody(usage: Usage, output: number): Json {
  return {
    input_tokens: usage.input,
    output_tokens: output,
    output_tokens_details: usage.thinking > 0 ? { thinking_tokens: usage.thinking } : null,
    cache_creation: null,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    inference_geo: null,
    server_tool_use: null,
    service_tier: 'standard',
  };
}

function money(usage: Usage): Json {
  return {
    cost: costOf(usage),
    cost_details: {
      upstream_inference_cost: null,
      upstream_inference_prompt_cost: round(usage.inputCost),
      upstream_inference_completions_cost: round(usage.outputCost),
    },
    is_byok: false,
  };
}

/** Without the noise of binary fractions. */
const round = (usd: number): number => Number(usd.toFixed(12));

/** What the account is charged, in USD. */
export function costOf({ inputCost, outputCost }: Usage): number {
  return round(inputCost + outputCost);
}

function shapeOf(shape: MessageShape, body: Json): Json {
  return shape === 'full' ? body : withoutNulls(body);
}

function messageBody(generation: Generation, content: readonly Json[], stopReason: string | null, usage: Json, shape: MessageShape): Json {
  return shapeOf(shape, {
    id: generation.id,
    type: 'message',
    role: 'assistant',
    container: null,
    content,
    model: generation.model,
    provider: generation.provider,
    stop_reason: stopReason,
    stop_details: null,
    stop_sequence: null,
    usage: shapeOf(shape, usage),
  });
}

function toolBlock(generation: Generation, name: string, input: Json, shape: MessageShape): Json {
  return { type: 'tool_use', id: generation.toolUseId, name, input, ...(shape === 'full' ? { caller: { type: 'direct' } } : {}) };
}

/** The answer to a request without `stream`. */
export function messageJson(generation: Generation, shape: MessageShape): Json {
  const { reply, thinking } = generation;
  const content: Json[] = thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: SIGNATURE }];
  if (reply.kind === 'text') content.push(shapeOf(shape, { type: 'text', text: reply.text, citations: null }));
  if (reply.kind === 'tool') content.push(toolBlock(generation, reply.name, reply.input, shape));
  const usage = { ...usageBody(generation.usage, generation.usage.output), ...money(generation.usage) };
  const body = messageBody(generation, content, generation.stopReason, usage, shape);
  return generation.metadata === undefined ? body : { ...body, openrouter_metadata: generation.metadata };
}

/** The same answer as server-sent events, including OpenRouter's `[DONE]` at the end. */
export function messageEvents(generation: Generation, shape: MessageShape): string[] {
  const { reply, thinking, usage } = generation;
  const events = [
    eventText('message_start', { type: 'message_start', message: messageBody(generation, [], null, usageBody(usage, 1), shape) }),
    eventText('ping', { type: 'ping' }),
  ];
  let index = 0;
  const block = (start: Json, deltas: readonly Json[]): void => {
    events.push(eventText('content_block_start', { type: 'content_block_start', index, content_block: start }));
    for (const delta of deltas) events.push(eventText('content_block_delta', { type: 'content_block_delta', index, delta }));
    events.push(eventText('content_block_stop', { type: 'content_block_stop', index }));
    index += 1;
  };
  if (thinking !== undefined) {
    const deltas = cutUp(thinking, 40).map((text) => ({ type: 'thinking_delta', thinking: text }));
    block({ type: 'thinking', thinking: '', signature: '' }, [...deltas, { type: 'signature_delta', signature: SIGNATURE }]);
  }
  if (reply.kind === 'text') {
    const deltas = cutUp(reply.text, 24).map((text) => ({ type: 'text_delta', text }));
    block(shapeOf(shape, { type: 'text', text: '', citations: null }), deltas);
  } else if (reply.kind === 'tool') {
    const deltas = cutUp(JSON.stringify(reply.input), 16).map((json) => ({ type: 'input_json_delta', partial_json: json }));
    block(toolBlock(generation, reply.name, {}, shape), deltas);
  }
  const delta = { container: null, stop_reason: generation.stopReason, stop_details: null, stop_sequence: null };
  const total: Json = { ...usageBody(usage, usage.output), ...money(usage) };
  const { inference_geo, service_tier, ...counted } = total;
  events.push(
    eventText('message_delta', { type: 'message_delta', delta: shapeOf(shape, delta), usage: shapeOf(shape, counted) }),
    eventText('message_stop', {
      type: 'message_stop',
      ...(generation.metadata === undefined ? {} : { openrouter_metadata: generation.metadata }),
    }),
    eventText('data', '[DONE]'),
  );
  return events;
}

/** Cuts a text into pieces of `size` code units, one more where that would split a surrogate pair. */
function cutUp(text: string, size: number): string[] {
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length) {
    let end = Math.min(text.length, at + size);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end += 1;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
