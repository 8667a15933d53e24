/**
 * What Claude Code takes as `modelSettings.<id>.effortLevel`; another word there is dropped without a word (2.1.332).
 * CLAUDE_CODE_EFFORT_LEVEL takes `unset` too: then no effort is asked for at all.
 */
export const EFFORT_LEVELS = ['low', 'medium', 'high', 'xhigh'] as const;
