import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

export const checkCommand: CommandRow = {
  name: 'check',
  summary: 'compare this machine and folder with the committed orcc.json',
  description:
    "Exit with 0 if Claude Code started here would use the mapping in this repository's `orcc.json`, and with 1 if not. Models that the account's privacy settings or guardrails block are listed, but do not change the exit code.",
  flags: [{ flags: '--offline', note: 'do not ask OpenRouter whether the account allows the models' }, SHARED.json],
  examples: ['orcc check', 'orcc check --json'],
  load: async () => (await import('./check.ts')).runCheck,
};
