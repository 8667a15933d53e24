import { isObject, tryJsonObject } from '../text/json.ts';
import type { Json } from './json.ts';
import { type Mood, type Reply, spoilReply } from './reply.ts';
import type { MessagesRequest } from './request-schema.ts';

/** The tools of the request by name. */
type Offered = ReadonlyMap<string, unknown>;

interface Directive {
  readonly name: string;
  readonly input: Json;
}

/**
 * What the simulated model answers, spoiled by `mood` if there is one. It does what lines of the user's text ask for, one tool
 * call per turn, and then says what came back:
 * - `Call the tool NAME with exactly this JSON: {…}` (orcc's own probe)
 * - `run: COMMAND`: a Bash call
 * - a stop sequence `</block>`: auto mode's check, to which the model answers that everything may run
 * - `agent: PROMPT`, `agent[haiku]: PROMPT`: a subagent
 * Anything else gets a short text.
 */
export function thinkUpReply(request: MessagesRequest, mood?: Mood): Reply {
  const turns = request.messages ?? [];
  const reply = honourChoice(plainReply(request, turns), request);
  return mood === undefined ? reply : spoilReply(reply, mood, holdsResult(turns.findLast((turn) => turn.role === 'user')?.content));
}

/** A tool call if `tool_choice` demands one: of the tool it names, or of the first for `any`; else the reply as it is. */
function honourChoice(reply: Reply, request: MessagesRequest): Reply {
  const choice = request.tool_choice;
  if (choice?.type !== 'any' && choice?.type !== 'tool') return reply;
  const name = choice.type === 'tool' ? choice.name : undefined;
  if (reply.kind === 'tool' && (name === undefined || reply.name === name)) return reply;
  const tool = (request.tools ?? []).find((each) => name === undefined || each.name === name);
  return tool?.name === undefined ? reply : { kind: 'tool', name: tool.name, input: sampleInput(tool['input_schema']) };
}

function plainReply(request: MessagesRequest, turns: NonNullable<MessagesRequest['messages']>): Reply {
  // The check of Claude Code's auto mode: everything may run.
  if (request.stop_sequences?.includes('</block>') === true) return { kind: 'text', text: '<block>no' };
  const asked = turns.findLastIndex((turn) => turn.role === 'user' && textOf(turn.content).trim() !== '' && !holdsResult(turn.content));
  const question = asked < 0 ? '' : textOf(turns[asked]?.content);
  const tools = request.tool_choice?.type === 'none' ? [] : (request.tools ?? []);
  const offered: Offered = new Map(tools.map((tool) => [tool.name ?? '', tool]));
  const wanted = readDirectives(question, offered);
  const made = turns
    .slice(asked + 1)
    .reduce((sum, turn) => sum + (turn.role === 'assistant' ? blocksOf(turn.content, 'tool_use').length : 0), 0);
  const next = wanted[made];
  if (next !== undefined) return { kind: 'tool', ...next };

  const result = lastResult(turns.slice(asked + 1).map((turn) => turn.content));
  if (result !== undefined) return { kind: 'text', text: `Done. The tool answered: ${firstLine(result)}` };
  return { kind: 'text', text: `Hello from the simulator: ${request.model} answers.` };
}

function readDirectives(text: string, offered: Offered): Directive[] {
  return text
    .split('\n')
    .map((line) => readDirective(line.trim(), offered))
    .filter((directive) => directive !== undefined)
    .filter((directive) => offered.has(directive.name));
}

function readDirective(line: string, offered: Offered): Directive | undefined {
  const call = /^Call the tool ([A-Za-z0-9_-]{1,128}) with exactly this JSON:\s*(\{.*\})\s*$/.exec(line);
  if (call?.[1] !== undefined && call[2] !== undefined) {
    const input = tryJsonObject(call[2]);
    return input === undefined ? undefined : { name: call[1], input };
  }
  const run = /^run:\s*(\S.*)$/.exec(line);
  if (run?.[1] !== undefined) return { name: 'Bash', input: { command: run[1], description: 'Run the command that was asked for' } };
  const agent = /^agent(?:\[([^\]\s]{1,100})\])?:\s*(\S.*)$/.exec(line);
  if (agent?.[2] !== undefined) {
    const input: Json = { description: 'Ask a subagent', prompt: agent[2], subagent_type: 'general-purpose' };
    if (agent[1] !== undefined) input['model'] = agent[1];
    // The tool was called Task in older versions of Claude Code; newer ones run it in the background unless told otherwise.
    const name = offered.has('Agent') ? 'Agent' : 'Task';
    if (hasParameter(offered.get(name), 'run_in_background')) input['run_in_background'] = false;
    return { name, input };
  }
  return undefined;
}

function hasParameter(tool: unknown, name: string): boolean {
  const schema = isObject(tool) ? tool['input_schema'] : undefined;
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return isObject(properties) && Object.hasOwn(properties, name);
}

function blocksOf(content: unknown, type: string): Json[] {
  return Array.isArray(content) ? content.filter(isObject).filter((block) => block['type'] === type) : [];
}

function holdsResult(content: unknown): boolean {
  return blocksOf(content, 'tool_result').length > 0;
}

/** The text of a message, without what the harness inserts (reminders, contents of CLAUDE.md). */
function textOf(content: unknown): string {
  const text =
    typeof content === 'string'
      ? content
      : blocksOf(content, 'text')
          .map((block) => String(block['text']))
          .join('\n');
  return text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '');
}

function lastResult(contents: readonly unknown[]): string | undefined {
  const result = contents.flatMap((content) => blocksOf(content, 'tool_result')).at(-1);
  return result === undefined ? undefined : textOf(result['content']);
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 200);
}

/** An input that a tool's `input_schema` allows: its required members, each with the smallest value of its type. */
function sampleInput(schema: unknown): Json {
  const required = isObject(schema) && Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(required.filter((name) => typeof name === 'string').map((name) => [name, sampleValue(properties[name])]));
}

function sampleValue(schema: unknown): unknown {
  if (!isObject(schema)) return 'x';
  const choices = schema['enum'];
  if (Array.isArray(choices)) return choices[0];
  switch (schema['type']) {
    case 'object':
      return sampleInput(schema);
    case 'array':
      return [];
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'null':
      return null;
    default:
      return 'x';
  }
}
