import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

/** What the spending of this machine can be grouped by. */
export const GROUPINGS = ['day', 'model', 'session', 'project', 'provider', 'alias'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const usageCommand: CommandRow = {
  name: 'usage',
  summary: 'show what the key has spent and what is left, and what this machine spent through Claude Code',
  description:
    'Show what the key has spent and what is left. With any flag from --by to --offline: what Claude Code on this machine really spent, read from its transcripts.',
  flags: [
    { flags: '--by <what>', note: "this machine's spending, grouped", choices: GROUPINGS },
    { flags: '--since <when>', note: 'only since then: 7d, 24h, 2w, or a day such as 2026-11-01' },
    { flags: '--exact <answers>', note: 'ask OpenRouter what this many of the newest answers cost, and show the difference' },
    { flags: '--csv', note: 'print comma-separated values' },
    { flags: '--offline', note: "use the cached catalog and skip the key's figures" },
    SHARED.to,
    SHARED.json,
  ],
  examples: ['orcc usage', 'orcc usage --by day --since 7d', 'orcc usage --by model --exact 20'],
  load: async () => (await import('./usage-command.ts')).runUsageCommand,
};
