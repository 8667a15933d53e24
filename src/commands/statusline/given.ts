import type { Env } from '../../core/context.ts';
import { ALIASES } from '../../claude/aliases.ts';
import { isObject, tryJsonObject, textOf, countOf } from '../../text/json.ts';
import { clip, stripControls } from '../../text/text.ts';

/** What orcc uses of the JSON that Claude Code passes to a status line; measured on 2.1.332. Any of it may be missing. */
export interface Given {
  /** The id; without one Claude Code's display name, else the model of the environment. */
  readonly model: string;
  readonly alias: string | undefined;
  readonly session: string | undefined;
  readonly transcript: string | undefined;
  /** Tokens of the last prompt. */
  readonly contextTokens: number | undefined;
  /** The context window that Claude Code assumes, in tokens. */
  readonly window: number | undefined;
  /** Cache hit ratio of the session so far, 0 to 1. */
  readonly hitRatio: number | undefined;
}

const ABSOLUTE = /^(?:\/|[A-Za-z]:[\\/]|\\\\)[^\0]*$/;

/** Reads a status line's standard input. Input that is not JSON, or has another form, yields whatever can be used. Never throws. */
export function readGiven(text: string, env: Env): Given {
  const value = tryJsonObject(text) ?? {};
  const model = memberOf(value, 'model');
  const context = memberOf(value, 'context_window');
  const id = textOf(model['id']) ?? textOf(model['display_name']) ?? modelInEnv(env);
  return {
    model: clip(stripControls(id), 120),
    alias: ALIASES.find(({ variable }) => env[variable] === id)?.id,
    session: textOf(value['session_id']),
    transcript: ABSOLUTE.exec(textOf(value['transcript_path']) ?? '')?.[0],
    contextTokens: promptTokens(memberOf(context, 'current_usage')),
    window: countOf(context['context_window_size']),
    hitRatio: countOf(memberOf(value, 'prompt_cache')['hit_ratio']),
  };
}

/** The model that a session would start with: the best guess if Claude Code named none. */
function modelInEnv(env: Env): string {
  const named = env['ANTHROPIC_MODEL'] ?? '';
  const row = ALIASES.find(({ id }) => id === named);
  return (row === undefined ? named : (env[row.variable] ?? named)) || 'no model';
}

function memberOf(value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const member = value[name];
  return isObject(member) ? member : {};
}

function promptTokens(usage: Readonly<Record<string, unknown>>): number | undefined {
  const counts = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'].map((name) => countOf(usage[name]));
  return counts.every((count) => count === undefined) ? undefined : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
