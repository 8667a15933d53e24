import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

export const envCommand: CommandRow = {
  name: 'env',
  summary: 'print the variables for `eval`, direnv or a CI file',
  flags: [
    { flags: '--shell <shell>', note: 'syntax', choices: ['bash', 'zsh', 'fish', 'powershell', 'github', 'dotenv'] },
    { flags: '--with-key', note: 'print the key instead of a reference to its file' },
    SHARED.to,
    SHARED.json,
  ],
  examples: ['eval "$(orcc env)"', 'orcc env --shell fish | source'],
  load: async () => (await import('./env.ts')).runEnv,
};
