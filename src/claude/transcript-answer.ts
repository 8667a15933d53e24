import { isObject, tryJsonObject, textOf } from '../text/json.ts';

/** A model's answer as recorded in a transcript of Claude Code, without its text. Measured on 2.1.332. */
export interface Answer {
  /** OpenRouter's generation id (`gen-…`) or Anthropic's message id (`msg_…`). */
  readonly id: string;
  /** The model's name in the answer: OpenRouter's dated name or Anthropic's own. */
  readonly model: string;
  /** The requested model, with its variant; same as `model` if the line does not say. */
  readonly requested: string;
  /** The provider that OpenRouter names; undefined for other origins. */
  readonly provider: string | undefined;
  /** The session that made the request: a forked session's file also contains answers of the other. */
  readonly session: string;
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** True for an answer to a subagent. */
  readonly isSidechain: boolean;
  readonly tokens: AnswerTokens;
}

/** Token counts by bucket; each token is counted in exactly one. */
export interface AnswerTokens {
  /** Input tokens neither read from a cache nor written to one. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly webSearches: number;
}

/** Who answered: OpenRouter, Anthropic itself (native Claude Code), or another gateway, whose prices orcc doesn't know. */
export type Origin = 'openrouter' | 'anthropic' | 'other';

/** Who answered, worked out from the answer's own members. */
export function originOf({ id, model, provider }: Pick<Answer, 'id' | 'model' | 'provider'>): Origin {
  if (provider !== undefined || id.startsWith('gen-')) return 'openrouter';
  return model.startsWith('claude-') ? 'anthropic' : 'other';
}

/** The model name in lines that Claude Code writes itself, such as its own errors; they cost nothing. */
const SYNTHETIC = '<synthetic>';

/**
 * Reads a line that may contain an answer. Checked without zod, which would take longer than reading a hundred thousand lines.
 *
 * @param share returns one shared copy of each name, since a hundred thousand answers name the same few models and folders
 * @returns null for a line without an answer; undefined for a broken one
 */
export function readAnswer(line: string, share: (name: string) => string): Answer | null | undefined {
  const value = tryJsonObject(line);
  if (value === undefined) return undefined;
  if (value['type'] !== 'assistant' || value['isApiErrorMessage'] === true) return null;
  const { message, timestamp } = value;
  if (!isObject(message)) return undefined;
  const { id, model, provider, usage } = message;
  if (model === SYNTHETIC || usage === undefined || usage === null) return null;
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  const tokens = isObject(usage) ? readTokens(usage) : undefined;
  if (typeof id !== 'string' || typeof model !== 'string' || tokens === undefined || Number.isNaN(at)) return undefined;
  return {
    id,
    model: share(model),
    requested: share(textOf(value['requestedModel']) ?? model),
    provider: typeof provider === 'string' ? share(provider) : undefined,
    session: share(textOf(value['requestSessionId']) ?? textOf(value['sessionId']) ?? ''),
    cwd: share(textOf(value['cwd']) ?? ''),
    at,
    isSidechain: value['isSidechain'] === true,
    tokens,
  };
}

/** Absent counts are 0, since versions differ in what they write. Undefined if any count is invalid: the line is then broken. */
function readTokens(usage: Readonly<Record<string, unknown>>): AnswerTokens | undefined {
  const creation = isObject(usage['cache_creation']) ? usage['cache_creation'] : {};
  const tools = isObject(usage['server_tool_use']) ? usage['server_tool_use'] : {};
  const counts = {
    input: countOf(usage['input_tokens']),
    output: countOf(usage['output_tokens']),
    cacheRead: countOf(usage['cache_read_input_tokens']),
    written: countOf(usage['cache_creation_input_tokens']),
    hour: countOf(creation['ephemeral_1h_input_tokens']),
    webSearches: countOf(tools['web_search_requests']),
  };
  const { input, output, cacheRead, written, hour, webSearches } = counts;
  if (Object.values(counts).some((count) => count < 0)) return undefined;
  const cacheWrite1h = Math.min(hour, written);
  return { input, output, cacheRead, cacheWrite: written - cacheWrite1h, cacheWrite1h, webSearches };
}

/** A hundred times more than any window: keeps a damaged line from dominating the sum. */
const MOST_TOKENS = 1_000_000_000;

/** A token count; -1 if it is not a valid one. */
function countOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS ? value : -1;
}
