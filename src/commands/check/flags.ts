import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

/** `orcc check`. */
export const checkCommand: CommandRow = {
  name: 'check',
  summary: 'compare this machine and folder with the committed orcc.json',
  description:
    "Exit 0 where Claude Code, started here, would use the mapping that the `orcc.json` of this repository asks for, 1 where it would not. Models that the privacy settings or guardrails of the key's account bar are named, without a change of the exit code.",
  flags: [{ flags: '--offline', note: 'leave out what only OpenRouter can tell: whether the account allows the models' }, SHARED.json],
  examples: ['orcc check', 'orcc check --json'],
  load: async () => (await import('./check.ts')).runCheck,
};
