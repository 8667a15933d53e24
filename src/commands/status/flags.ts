import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

export const statusCommand: CommandRow = {
  name: 'status',
  summary: 'show what Claude Code will use, and where each value comes from',
  flags: [
    { flags: '--all', note: 'show every variable and what it overrides, every subagent and running session' },
    { flags: '--agents <json>', note: 'include these subagents: JSON or a JSON file, as for `claude --agents`' },
    { flags: '--verify', note: 'ask Claude Code and the shell; exit with 1 if they disagree' },
    SHARED.json,
  ],
  examples: ['orcc status', 'orcc status --all --agents agents.json', 'orcc status --verify --json'],
  load: async () => (await import('./status.ts')).runStatus,
};
