import type { CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

export const loginCommand: CommandRow = {
  name: 'login',
  summary: 'get a key by logging in with the browser',
  description: "Open OpenRouter's login page, wait for you to approve, and store the key it returns.",
  flags: [
    { flags: '--no-browser', note: 'print the address and ask for the code that the page shows (for servers)' },
    { flags: '--base-url <url>', note: 'API address, if orcc is not set up yet' },
    { flags: '--timeout <seconds>', note: 'how long to wait for the browser (default 300)' },
    SHARED.to,
    SHARED.replace,
    SHARED.force,
    ...WRITING,
  ],
  examples: ['orcc login', 'orcc login --no-browser'],
  load: async () => (await import('./login.ts')).runLogin,
};
