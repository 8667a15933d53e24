import { isObject } from '../text/json.ts';
import type { Json } from './json.ts';
import type { MessagesRequest } from './request-schema.ts';

/** What is wrong with the tool ids of a conversation, in the words of Anthropic's API. */
interface ToolIdProblem {
  readonly code: 'tool-result-orphan' | 'tool-call-unanswered' | 'tool-id-doubled';
  readonly message: string;
}

interface Turn {
  /** Index of its first message. */
  readonly at: number;
  readonly role: 'user' | 'assistant';
  readonly blocks: Json[];
}

/** Finds the first tool id without its call, without its result, or used twice; undefined if all match. */
export function findToolIdProblem(messages: MessagesRequest['messages']): ToolIdProblem | undefined {
  const turns = joinTurns(messages ?? []);
  const used = new Set<string>();
  let open: readonly string[] = [];
  for (const turn of turns) {
    const problem = turn.role === 'user' ? checkResults(turn, open) : checkCalls(turn, open, used);
    if (problem !== undefined) return problem;
    open = turn.role === 'assistant' ? idsOf(turn, 'tool_use', 'id') : [];
  }
  return open.length === 0 ? undefined : unanswered(turns.at(-1), open);
}

/** Merges consecutive messages of the same role into one turn; system messages belong to no turn. */
function joinTurns(messages: NonNullable<MessagesRequest['messages']>): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [at, { role, content }] of messages.entries()) {
    if (role === 'system') continue;
    const blocks = Array.isArray(content) ? content.filter(isObject) : [];
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ at, role, blocks: [...blocks] });
  }
  return turns;
}

function idsOf(turn: Turn, type: string, member: string): string[] {
  return turn.blocks.filter((block) => block['type'] === type).map((block) => String(block[member]));
}

function checkResults(turn: Turn, open: readonly string[]): ToolIdProblem | undefined {
  const results = idsOf(turn, 'tool_result', 'tool_use_id');
  const orphan = results.find((id) => !open.includes(id));
  if (orphan !== undefined) {
    const message = `messages.${String(turn.at)}.content.0: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${orphan}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    return { code: 'tool-result-orphan', message };
  }
  const twice = results.find((id, index) => results.indexOf(id) !== index);
  if (twice !== undefined) {
    const message = `messages.${String(turn.at)}.content.1: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${twice}`;
    return { code: 'tool-id-doubled', message };
  }
  const missing = open.filter((id) => !results.includes(id));
  return missing.length === 0 ? undefined : unanswered({ ...turn, at: turn.at - 1 }, missing);
}

function checkCalls(turn: Turn, open: readonly string[], used: Set<string>): ToolIdProblem | undefined {
  if (open.length > 0) return unanswered(turn, open);
  for (const id of idsOf(turn, 'tool_use', 'id')) {
    if (used.has(id)) return { code: 'tool-id-doubled', message: `messages.${String(turn.at)}.content.1: \`tool_use\` ids must be unique` };
    used.add(id);
  }
  return undefined;
}

function unanswered(turn: Turn | undefined, ids: readonly string[]): ToolIdProblem {
  const message = `messages.${String(turn?.at ?? 0)}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
  return { code: 'tool-call-unanswered', message };
}
