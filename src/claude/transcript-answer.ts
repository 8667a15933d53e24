import { isObject, tryJsonObject } from '../text/json.ts';

/** One answer of a model as a transcript of Claude Code has it; none of its text. Measured on 2.1.332. */
export interface Answer {
  /** OpenRouter's generation id (`gen-…`), Anthropic's message id (`msg_…`). */
  readonly id: string;
  /** The name under which it was answered: OpenRouter's dated one, Anthropic's own. */
  readonly model: string;
  /** What was asked for, variant included; as `model` where the line does not say. */
  readonly requested: string;
  /** Who served it, as OpenRouter says; undefined elsewhere. */
  readonly provider: string | undefined;
  /** The session that asked: a fork holds copies of another session's answers. */
  readonly session: string;
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** A subagent's. */
  readonly isSidechain: boolean;
  readonly tokens: AnswerTokens;
}

/** Tokens by bucket; each token stands in one. */
export interface AnswerTokens {
  /** Neither read from a cache nor written to one. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly webSearches: number;
}

/** Who answered: OpenRouter, Anthropic itself (native Claude Code), or another gateway, of whose prices orcc knows nothing. */
export type Origin = 'openrouter' | 'anthropic' | 'other';

/** Who answered, as the answer's own members tell. */
export function originOf({ id, model, provider }: Pick<Answer, 'id' | 'model' | 'provider'>): Origin {
  if (provider !== undefined || id.startsWith('gen-')) return 'openrouter';
  return model.startsWith('claude-') ? 'anthropic' : 'other';
}

/** What Claude Code itself writes in a model's place: its own errors, which nobody charges. */
const SYNTHETIC = '<synthetic>';

/**
 * Reads one line that may hold an answer. Checked without zod, which would take longer than the reading of a hundred thousand lines.
 *
 * @param share gives one copy of each name: a hundred thousand answers name the same few models and folders
 * @returns null for a line that holds none; undefined for one that is broken
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

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Absent counts are 0: versions differ in what they write. A count that is no whole number makes the line a broken one. */
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

/** No window is within a hundredth of this: a damaged line must not be the whole sum. */
const MOST_TOKENS = 1_000_000_000;

/** -1 for what is no count. */
function countOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS ? value : -1;
}
