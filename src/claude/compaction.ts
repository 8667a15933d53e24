/** Tokens that Claude Code asks for per answer where nothing is set, and the most that leaves a turn room to compact (measured on 2.1.330). */
export const USUAL_OUTPUT = 32_000;

/**
 * Tokens of Claude Code's first request, before the user's first word, with what orcc writes: system prompt and all 21 tools, since
 * none is deferred (77.6 KB of JSON at 4 bytes a token; measured on 2.1.332).
 */
export const FIRST_REQUEST_TOKENS = 19_500;

/**
 * The window to name for a model so that its last turn before compaction and the compaction
 * itself still fit: measured on 2.1.330, exact for windows from 64k to 262k.
 * @param window the model's real window, tokens
 * @param maxOutput the max_tokens that is asked for, tokens
 */
export function usableWindow(window: number, maxOutput: number): number {
  return Math.min(window, window - maxOutput + 26_000);
}

/** How many used tokens make Claude Code compact, for the window it believes in (measured, exact to one token). */
export function compactsAt(window: number, maxOutput: number): number {
  return window - Math.min(maxOutput, 20_000) - 13_000;
}

/**
 * The smallest window of use: in a smaller one compaction would start below the first request, so that each turn compacts and
 * nothing gets done.
 * @param maxOutput the max_tokens that is asked for, tokens
 */
export function smallestWindow(maxOutput: number): number {
  const own = FIRST_REQUEST_TOKENS + Math.min(maxOutput, 20_000) + 13_000;
  return own + Math.max(0, maxOutput - 26_000);
}

/**
 * Tokens of a usual request in the middle of a session, for what a model costs: half way from the first request to the
 * compaction in a window of 200k, which most models have at least.
 */
export const SESSION_REQUEST_TOKENS = Math.round(
  (FIRST_REQUEST_TOKENS + compactsAt(usableWindow(200_000, USUAL_OUTPUT), USUAL_OUTPUT)) / 2,
);
