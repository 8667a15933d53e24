/** Tokens: the output that Claude Code requests by default, and the most that leaves room to compact (measured on 2.1.330). */
export const USUAL_OUTPUT = 32_000;

/** Tokens: the smallest window that can be set. Claude Code silently ignores a smaller `autoCompactWindow` (measured on 2.1.330). */
export const SMALLEST_SETTING = 100_000;

/**
 * Tokens of Claude Code's first request, without the user's prompt, under orcc's settings: system prompt and all 21 tools, since
 * none is deferred (77.6 KB of JSON at 4 bytes a token; measured on 2.1.332).
 */
export const FIRST_REQUEST_TOKENS = 19_500;

/** Tokens of output for which there is always room, so that only a larger limit takes from the window. */
const COMPACTION_ROOM = 26_000;

/**
 * The window to configure for a model so that the last turn before compaction, and the compaction
 * itself, still fit (measured on 2.1.330, exact for windows from 64k to 262k).
 * @param window the model's real window, tokens
 * @param maxOutput the max_tokens of requests
 */
export function usableWindow(window: number, maxOutput: number): number {
  return Math.min(window, window - maxOutput + COMPACTION_ROOM);
}

/** The number of used tokens at which Claude Code compacts, for the window that it assumes (measured, exact to one token). */
export function compactsAt(window: number, maxOutput: number): number {
  return window - keptFree(maxOutput);
}

/**
 * The smallest window that works, in tokens: in a smaller one even the first request exceeds the threshold for compaction, so that
 * every turn compacts and nothing gets done.
 * @param maxOutput the max_tokens of requests
 */
export function smallestWindow(maxOutput: number): number {
  return FIRST_REQUEST_TOKENS + keptFree(maxOutput) + Math.max(0, maxOutput - COMPACTION_ROOM);
}

/** Tokens of the window that Claude Code keeps free for the answer and the compaction. */
function keptFree(maxOutput: number): number {
  return Math.min(maxOutput, 20_000) + 13_000;
}

/**
 * Tokens of a typical request in the middle of a session, for estimating prices: half way between the first request and
 * compaction in a window of 200k, since most models have at least that.
 */
export const SESSION_REQUEST_TOKENS = Math.round(
  (FIRST_REQUEST_TOKENS + compactsAt(usableWindow(200_000, USUAL_OUTPUT), USUAL_OUTPUT)) / 2,
);
