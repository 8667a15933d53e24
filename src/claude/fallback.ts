/**
 * When Claude Code uses its `fallbackModel` (measured on 2.1.332 with OpenRouter's own bodies): after an unexplained 400, a 404 and any
 * 5xx; not after a 401, 403, 408, 413, 429 or a 402 of type `billing_error` (after a 402 of another type it does).
 * With CLAUDE_CODE_MAX_RETRIES=0, only after a 5xx other than 529.
 */
export const FALLBACK_NOTE =
  'a fallback answers when a model is unknown, has no provider (400, 404) or fails (5xx), but not when the problem is the credits, the key or a limit (401, 403, 429, a 402 with `billing_error`); with CLAUDE_CODE_MAX_RETRIES=0 only after a 5xx';
