/**
 * The values that Claude Code accepts as `modelSettings.<id>.effortLevel`; it silently ignores any other (2.1.332).
 * CLAUDE_CODE_EFFORT_LEVEL also accepts `unset`, which requests no effort at all.
 */
export const EFFORT_LEVELS = ['low', 'medium', 'high', 'xhigh'] as const;
