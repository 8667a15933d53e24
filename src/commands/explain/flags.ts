import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

export const explainCommand: CommandRow = {
  name: 'explain',
  summary: 'what a finding means and how to fix it',
  arguments: [{ name: 'code', shape: '[code]', note: 'for example NO_TOOLS (default: a list of all)' }],
  flags: [SHARED.noPager, SHARED.json],
  examples: ['orcc explain', 'orcc explain NO_TOOLS', 'orcc explain KEY_BAD --json'],
  isUnguarded: true,
  load: async () => (await import('./explain.ts')).runExplainCommand,
};
