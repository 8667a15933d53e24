import type { RequestShape } from '../claude/request-shape.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';
import type { Repairs } from './repair.ts';

/** The tool that the model is asked to call. */
export const PROBE_TOOL = 'orcc_check';

/** The members of CLAUDE_CODE_EXTRA_BODY. */
export type ExtraBody = Readonly<Record<string, unknown>>;
export type Block = Readonly<Record<string, unknown>>;
export interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly Block[];
}

/** What is asked: the arguments of the tool call, and the word that the tool returns. */
export interface ProbeTask {
  readonly call: { readonly code: string; readonly count: number; readonly words: readonly string[] };
  readonly answer: string;
}

export interface ProbeRequest {
  /** Relative to the base URL. */
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

/**
 * The conversation before the first turn.
 *
 * @param systemRole whether a message of role `system` follows the user's, as Claude Code sends it to some models
 */
export function firstTurn(task: ProbeTask, systemRole: boolean): readonly Turn[] {
  const wish = `Call the tool ${PROBE_TOOL} with exactly this JSON: ${JSON.stringify(task.call)}`;
  const reminder = 'Call one tool only, and wait for its result.';
  if (!systemRole) return [{ role: 'user', content: [{ type: 'text', text: `${wish}\n${reminder}`, cache_control: EPHEMERAL }] }];
  return [
    { role: 'user', content: [{ type: 'text', text: wish }] },
    { role: 'system', content: [{ type: 'text', text: reminder, cache_control: EPHEMERAL }] },
  ];
}

/**
 * The conversation before the second turn: the model's own blocks as they came, then the result of
 * its call. Surplus calls get a result as well, since the API wants one for each.
 */
export function secondTurn(task: ProbeTask, systemRole: boolean, answered: readonly Block[], callIds: readonly string[]): readonly Turn[] {
  const results = callIds.map((id, index) => ({
    type: 'tool_result',
    tool_use_id: id,
    content: index === 0 ? `The word is ${task.answer}. Say this word and nothing else.` : 'One call was enough.',
    ...(index === 0 ? { cache_control: EPHEMERAL } : {}),
  }));
  return [...firstTurn(task, systemRole), { role: 'assistant', content: answered }, { role: 'user', content: results }];
}

/** The shape that is left after repairs; `thinking.display` is not part of it. */
export function repairShape(shape: RequestShape, repairs: Repairs): RequestShape {
  const { effort, ...rest } = shape;
  const isBudget = repairs.has('adaptive-thinking') || (shape.thinking === 'budget' && !repairs.has('budget-thinking'));
  return {
    ...rest,
    thinking: shape.thinking === 'none' ? 'none' : isBudget ? 'budget' : 'adaptive',
    ...(effort === undefined || repairs.has('effort') ? {} : { effort }),
    systemRole: shape.systemRole && !repairs.has('system-role'),
    contextManagement: shape.contextManagement && !repairs.has('context-management'),
    deferral: shape.deferral && !repairs.has('defer-loading'),
    betas: shape.betas.filter(
      (beta) =>
        !(repairs.has('token-count') && beta.startsWith('thinking-token-count')) &&
        !(repairs.has('defer-loading') && beta.startsWith('advanced-tool-use')) &&
        !(repairs.has('system-role') && beta.startsWith('mid-conversation')),
    ),
  };
}

/** The headers of a request, honest about the sender. */
export function headersOf(
  { key, version }: { readonly key: string | undefined; readonly version: string },
  betas: readonly string[] = [],
): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': `orcc/${version}`,
    'anthropic-version': '2023-06-01',
    ...(betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') }),
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
}

/**
 * One request in the shape of Claude Code's own, honest about the sender: no billing header, no metadata, no header
 * or beta that names Claude Code.
 *
 * @param shape what Claude Code sends for this id under the settings in effect
 * @param repairs what Claude Code would leave out or change after a refusal
 */
export function buildRequest(input: {
  readonly model: string;
  readonly shape: RequestShape;
  readonly turns: readonly Turn[];
  readonly repairs: Repairs;
  /** The members that CLAUDE_CODE_EXTRA_BODY sets in every request of Claude Code. */
  readonly extraBody?: ExtraBody | undefined;
  readonly endpoint: Pick<Endpoint, 'key'>;
  readonly version: string;
}): ProbeRequest {
  const shape = repairShape(input.shape, input.repairs);
  const display = input.repairs.has('thinking-display') ? {} : { display: 'omitted' };
  const budget =
    shape.thinking === 'budget' ? { type: 'enabled', budget_tokens: Math.max(1024, shape.maxTokens - 1) } : { type: 'adaptive' };
  return {
    path: '/v1/messages?beta=true',
    headers: headersOf({ key: input.endpoint.key, version: input.version }, shape.betas),
    body: {
      model: input.model,
      messages: input.turns,
      system: SYSTEM,
      tools: shape.deferral ? TOOLS : TOOLS.filter((tool) => !('defer_loading' in tool)),
      max_tokens: shape.maxTokens,
      ...(shape.thinking === 'none' ? {} : { thinking: { ...budget, ...display } }),
      ...(shape.contextManagement ? { context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } } : {}),
      ...(shape.effort === undefined ? {} : { output_config: { effort: shape.effort } }),
      stream: true,
      ...input.extraBody,
    },
  };
}
