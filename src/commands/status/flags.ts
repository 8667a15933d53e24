import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

/** `orcc status`. */
export const statusCommand: CommandRow = {
  name: 'status',
  summary: 'what Claude Code will use, and where each value comes from',
  flags: [
    { flags: '--all', note: 'every variable, with what it beats; every subagent and running session' },
    { flags: '--agents <json>', note: 'also these subagents: JSON, or a file of it, as `claude --agents` takes them' },
    { flags: '--verify', note: 'ask Claude Code and the shell themselves; exit 1 where they say otherwise' },
    SHARED.json,
  ],
  examples: ['orcc status', 'orcc status --all --agents agents.json', 'orcc status --verify --json'],
  load: async () => (await import('./status.ts')).runStatus,
};
