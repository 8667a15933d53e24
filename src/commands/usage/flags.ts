import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

/** `orcc usage`. */
export const usageCommand: CommandRow = {
  name: 'usage',
  summary: 'what the key has spent and what is left',
  flags: [SHARED.to, SHARED.json],
  examples: ['orcc usage', 'orcc usage --json'],
  load: async () => (await import('./usage-command.ts')).runUsageCommand,
};
