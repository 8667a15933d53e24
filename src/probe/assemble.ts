import * as z from 'zod/mini';

import { clip, stripControls } from '../text/text.ts';
import type { Block } from './request.ts';
import { tryJson, countOf } from '../text/json.ts';

/** Tokens and money of one or more calls, as the answers state them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** USD that OpenRouter charges; null if no answer stated it. */
  readonly cost: number | null;
  /** USD that a provider charges to the account's own key (BYOK); null if no such key was used. */
  readonly ownKeyCost: number | null;
}

export interface ToolUse {
  readonly id: string;
  readonly name: string;
  /** undefined if the arguments are not JSON. */
  readonly input: unknown;
}

/** What has arrived of an answer so far. */
export interface Answer {
  /** As they are sent back in the next turn. */
  readonly blocks: readonly Block[];
  readonly text: string;
  readonly toolUses: readonly ToolUse[];
  readonly thinking: boolean;
  readonly model: string | undefined;
  readonly provider: string | undefined;
  /** `gen-…` */
  readonly id: string | undefined;
  readonly stopReason: string | undefined;
  readonly usage: Usage;
}

const MOST_BLOCKS = 100;
const optional = z.optional(z.unknown());
/** Members that may hold anything, or be absent. */
const loose = <Name extends string>(...names: readonly Name[]): Record<Name, typeof optional> =>
  Object.fromEntries(names.map((name) => [name, optional])) as Record<Name, typeof optional>;
const messageSchema = z.looseObject(loose('id', 'model', 'provider', 'usage', 'content', 'stop_reason'));
const blockSchema = z.looseObject({ type: z.string(), ...loose('id', 'name', 'input', 'text', 'thinking', 'signature', 'data') });
const deltaSchema = z.looseObject({
  type: z.optional(z.string()),
  ...loose('text', 'thinking', 'partial_json', 'signature', 'stop_reason'),
});
const eventSchema = z.looseObject({
  type: z.string(),
  index: z.optional(z.number()),
  ...loose('message', 'content_block', 'delta', 'usage'),
});
const usageSchema = z.looseObject({
  ...loose('input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens', 'cost', 'is_byok'),
  cost_details: z.catch(z.optional(z.nullable(z.looseObject(loose('upstream_inference_cost')))), undefined),
});

interface OpenBlock {
  readonly start: z.infer<typeof blockSchema>;
  text: string;
  json: string;
  signature: string;
  closed: boolean;
}

/** The blocks that accept each kind of delta; Claude Code drops an answer in which they do not fit. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  text_delta: ['text'],
  thinking_delta: ['thinking'],
  signature_delta: ['thinking'],
};

/**
 * Puts the events of a Messages stream together. Lenient about fields that OpenRouter leaves out although its
 * description calls them required (seen on the wire), but not about those without which Claude Code can't use
 * the answer (measured on 2.1.332): `index`, `content_block_stop`, a tool call's arguments in deltas.
 */
export class Assembler {
  started = false;
  stopped = false;
  /** `message_delta` has given the stop reason: whatever follows it, or is missing, changes nothing. */
  ended = false;
  #blocks = new Map<number, OpenBlock>();
  #whole = false;
  #characters = 0;
  #model: string | undefined;
  #provider: string | undefined;
  #id: string | undefined;
  #stopReason: string | undefined;
  #usage: z.infer<typeof usageSchema> = {};

  /**
   * Takes one event. Returns what it brought; `broken` if it does not follow the API.
   * Unknown event types are `nothing`, as the API asks of clients.
   */
  take(value: unknown): 'content' | 'progress' | 'nothing' | 'broken' {
    const parsed = eventSchema.safeParse(value);
    if (!parsed.success) return 'broken';
    const event = parsed.data;
    if (!this.started && event.type.startsWith('content_block')) return 'broken';
    switch (event.type) {
      case 'message_start':
        return this.#start(event.message) ? 'progress' : 'broken';
      case 'content_block_start':
        return event.index === undefined ? 'broken' : this.#open(event.index, event.content_block);
      case 'content_block_delta':
        return event.index === undefined ? 'broken' : this.#add(event.index, event.delta);
      case 'content_block_stop':
        return this.#close(event.index);
      case 'message_delta': {
        const delta = deltaSchema.safeParse(event.delta);
        if (delta.success) this.#stopReason = word(delta.data.stop_reason) ?? this.#stopReason;
        this.ended ||= this.#stopReason !== undefined;
        this.#count(event.usage);
        return 'progress';
      }
      case 'message_stop':
        this.stopped = true;
        return 'progress';
      default:
        return 'nothing';
    }
  }

  /** Takes a whole message (an answer without streaming); false if it is not a message. */
  takeMessage(value: unknown): boolean {
    const message = messageSchema.safeParse(value);
    if (!message.success || !Array.isArray(message.data.content) || !this.#start(value)) return false;
    for (const [index, block] of message.data.content.entries()) {
      if (this.#open(index, block) === 'broken') return false;
      this.#close(index);
    }
    this.#whole = true;
    this.#stopReason = word(message.data.stop_reason);
    this.stopped = true;
    return true;
  }

  /** Characters of text, thinking and arguments so far. */
  get characters(): number {
    return this.#characters;
  }

  /** What is missing from a stream that has ended; undefined if nothing is. */
  get lack(): string | undefined {
    const blocks = [...this.#blocks.values()];
    if (blocks.some(({ closed }) => !closed)) return 'a block without its content_block_stop';
    if (!this.#whole && blocks.some(isCallWithoutDeltas))
      return 'a tool call whose arguments are in content_block_start, where Claude Code does not read them';
    return undefined;
  }

  /** As the answer states them so far. */
  get outputTokens(): number {
    return countOf(this.#usage.output_tokens) ?? 0;
  }

  get answer(): Answer {
    const blocks = [...this.#blocks.entries()].sort(([a], [b]) => a - b).map(([, block]) => block);
    return {
      blocks: blocks.flatMap((block) => closeBlock(block)),
      text: blocks.map((block) => (block.start.type === 'text' ? block.text : '')).join(''),
      toolUses: blocks.filter((block) => block.start.type === 'tool_use').map(readToolUse),
      thinking: blocks.some((block) => block.start.type === 'thinking' || block.start.type === 'redacted_thinking'),
      model: this.#model,
      provider: this.#provider,
      id: this.#id,
      stopReason: this.#stopReason,
      usage: {
        inputTokens: countOf(this.#usage.input_tokens) ?? 0,
        outputTokens: countOf(this.#usage.output_tokens) ?? 0,
        cacheReadTokens: countOf(this.#usage.cache_read_input_tokens) ?? 0,
        cacheWriteTokens: countOf(this.#usage.cache_creation_input_tokens) ?? 0,
        cost: countOf(this.#usage.cost) ?? null,
        ownKeyCost: this.#usage.is_byok === true ? (countOf(this.#usage.cost_details?.upstream_inference_cost) ?? null) : null,
      },
    };
  }

  #start(value: unknown): boolean {
    const message = messageSchema.safeParse(value);
    if (!message.success) return false;
    this.started = true;
    this.#model = word(message.data.model);
    this.#provider = word(message.data.provider);
    this.#id = word(message.data.id);
    this.#count(message.data.usage);
    return true;
  }

  #open(index: number, value: unknown): 'content' | 'progress' | 'broken' {
    const block = blockSchema.safeParse(value);
    if (!block.success || this.#blocks.size >= MOST_BLOCKS) return 'broken';
    const text = string(block.data.text) + string(block.data.thinking);
    this.#blocks.set(index, { start: block.data, text, json: '', signature: string(block.data.signature), closed: false });
    this.#characters += text.length;
    return text === '' && block.data.type !== 'tool_use' ? 'progress' : 'content';
  }

  #add(index: number, value: unknown): 'content' | 'progress' | 'broken' {
    const delta = deltaSchema.safeParse(value);
    const block = this.#blocks.get(index);
    if (!delta.success || block === undefined) return 'broken';
    if (TAKES[delta.data.type ?? '']?.includes(block.start.type) === false) return 'broken';
    const text = string(delta.data.text) + string(delta.data.thinking);
    const json = string(delta.data.partial_json);
    block.text += text;
    block.json += json;
    block.signature += string(delta.data.signature);
    this.#characters += text.length + json.length;
    return text === '' && json === '' ? 'progress' : 'content';
  }

  #close(index: number | undefined): 'progress' | 'broken' {
    const block = index === undefined ? undefined : this.#blocks.get(index);
    if (block === undefined) return 'broken';
    block.closed = true;
    return 'progress';
  }

  /** Adds figures: later ones replace earlier ones; a null or a missing one replaces nothing. */
  #count(value: unknown): void {
    const usage = usageSchema.safeParse(value);
    if (!usage.success) return;
    const told = Object.entries(usage.data).filter(
      ([, each]) => countOf(each) !== undefined || each === true || (typeof each === 'object' && each !== null),
    );
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) };
  }
}

function isCallWithoutDeltas({ start, json }: OpenBlock): boolean {
  if (start.type !== 'tool_use' || json !== '') return false;
  return typeof start.input === 'object' && start.input !== null && Object.keys(start.input).length > 0;
}

function closeBlock(block: OpenBlock): Block[] {
  const { start } = block;
  switch (start.type) {
    case 'text':
      return block.text === '' ? [] : [{ type: 'text', text: block.text }];
    case 'thinking':
      return [{ type: 'thinking', thinking: block.text, signature: block.signature }];
    case 'redacted_thinking':
      return [{ type: 'redacted_thinking', data: string(start.data) }];
    case 'tool_use': {
      const use = readToolUse(block);
      return [{ type: 'tool_use', id: use.id, name: use.name, input: use.input ?? {} }];
    }
    default:
      return [];
  }
}

function readToolUse(block: OpenBlock): ToolUse {
  const { start, json } = block;
  return { id: string(start.id), name: string(start.name), input: json === '' ? start.input : tryJson(json) };
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A short word from the network, safe to print. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? clip(stripControls(value), 256) : undefined;
}

/** The sum of two usages; a cost that one of them lacks is left out of the sum. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    cost: addKnown(a.cost, b.cost),
    ownKeyCost: addKnown(a.ownKeyCost, b.ownKeyCost),
  };
}

const addKnown = (a: number | null, b: number | null): number | null => (a === null ? b : a + (b ?? 0));

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, cost: null, ownKeyCost: null };
