import type { RepairId } from './repair.ts';

/** The tool that the model is asked to call. */
export const PROBE_TOOL = 'orcc_check';

/** Capability betas of Claude Code 2.1.330 (measured); `claude-code-20250219` names the sender and is left out. */
export const PROBE_BETAS = [
  'interleaved-thinking-2025-05-14',
  'context-management-2025-06-27',
  'mid-conversation-tool-changes-2026-07-01',
  'thinking-token-count-2026-05-13',
  'advanced-tool-use-2025-11-20',
  'effort-2025-11-24',
] as const;

export type Block = Readonly<Record<string, unknown>>;
export interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly Block[];
}

/** What is asked: the arguments of the tool call, and the word that the tool gives back. */
export interface ProbeTask {
  readonly call: { readonly code: string; readonly count: number; readonly words: readonly string[] };
  readonly answer: string;
}

export interface ProbeRequest {
  /** Below the base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

const EPHEMERAL = { type: 'ephemeral' } as const;
const SYSTEM = [
  {
    type: 'text',
    text: 'You are being tested by orcc, a program that checks whether a model works as a coding agent.',
    cache_control: EPHEMERAL,
  },
  { type: 'text', text: 'Do what the user asks with the tools you have. Answer as briefly as you can.', cache_control: EPHEMERAL },
] as const;

const TOOLS = [
  {
    name: PROBE_TOOL,
    description: 'Checks a code. Takes the code, a count and a list of words, and gives back one word.',
    input_schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        code: { description: 'The code to check', type: 'string' },
        count: { description: 'How often', type: 'integer', minimum: 0, maximum: 1000 },
        words: { description: 'Words, in order', type: 'array', items: { type: 'string' } },
      },
      required: ['code', 'count', 'words'],
      additionalProperties: false,
    },
  },
  {
    name: 'orcc_read',
    description: 'Reads a file and gives back its text.',
    input_schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        file_path: { description: 'Absolute path', type: 'string' },
        limit: { description: 'Number of lines', type: 'integer', exclusiveMinimum: 0, maximum: 9007199254740991 },
      },
      required: ['file_path'],
      additionalProperties: false,
    },
  },
  {
    name: 'orcc_later',
    description: 'A tool that is loaded later.',
    input_schema: { type: 'object', properties: {} },
    defer_loading: true,
  },
] as const;

/** A task with values that no model can guess. */
export function makeTask(random: (bytes: number) => Uint8Array): ProbeTask {
  const hex = (bytes: number): string => Buffer.from(random(bytes)).toString('hex');
  return { call: { code: hex(4), count: 3 + ((random(1)[0] ?? 0) % 90), words: ['alpha', 'beta'] }, answer: `word-${hex(2)}` };
}

/** The conversation before the first turn. The system-role message after the user's turn is Claude Code's own habit. */
export function firstTurn(task: ProbeTask, repairs: ReadonlySet<RepairId>): readonly Turn[] {
  const wish = `Call the tool ${PROBE_TOOL} with exactly this JSON: ${JSON.stringify(task.call)}`;
  const reminder = 'Call one tool only, and wait for its result.';
  if (repairs.has('system-role'))
    return [{ role: 'user', content: [{ type: 'text', text: `${wish}\n${reminder}`, cache_control: EPHEMERAL }] }];
  return [
    { role: 'user', content: [{ type: 'text', text: wish }] },
    { role: 'system', content: [{ type: 'text', text: reminder, cache_control: EPHEMERAL }] },
  ];
}

/**
 * The conversation before the second turn: the model's own blocks as they came, then the result of
 * its call. A call too many gets a result as well, since the API wants one for each.
 */
export function secondTurn(
  task: ProbeTask,
  repairs: ReadonlySet<RepairId>,
  answered: readonly Block[],
  callIds: readonly string[],
): readonly Turn[] {
  const results = callIds.map((id, index) => ({
    type: 'tool_result',
    tool_use_id: id,
    content: index === 0 ? `The word is ${task.answer}. Say this word and nothing else.` : 'One call was enough.',
    ...(index === 0 ? { cache_control: EPHEMERAL } : {}),
  }));
  return [...firstTurn(task, repairs), { role: 'assistant', content: answered }, { role: 'user', content: results }];
}

/**
 * One request in the shape of Claude Code 2.1.330's own (measured), honest about the sender:
 * no billing header, no metadata, no header that names Claude Code.
 *
 * @param repairs what Claude Code would leave out or change after a refusal
 * @param maxTokens output tokens to ask for, as Claude Code would
 */
export function buildRequest(input: {
  readonly model: string;
  readonly maxTokens: number;
  readonly turns: readonly Turn[];
  readonly repairs: ReadonlySet<RepairId>;
  readonly key: string | undefined;
  readonly version: string;
}): ProbeRequest {
  const { repairs } = input;
  const thinking = repairs.has('adaptive-thinking')
    ? { type: 'enabled', budget_tokens: Math.max(1024, input.maxTokens - 1) }
    : { type: 'adaptive', ...(repairs.has('defer-loading') ? {} : { display: 'omitted' }) };
  return {
    path: '/v1/messages?beta=true',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': `orcc/${input.version}`,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': PROBE_BETAS.join(','),
      ...(input.key === undefined ? {} : { authorization: `Bearer ${input.key}` }),
    },
    body: {
      model: input.model,
      messages: input.turns,
      system: SYSTEM,
      tools: repairs.has('defer-loading') ? TOOLS.filter((tool) => !('defer_loading' in tool)) : TOOLS,
      max_tokens: input.maxTokens,
      thinking,
      ...(repairs.has('context-management') ? {} : { context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } }),
      output_config: { effort: 'high' },
      stream: true,
    },
  };
}
