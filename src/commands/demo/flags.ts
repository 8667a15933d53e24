import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

export const demoCommand: CommandRow = {
  name: 'demo',
  summary: 'see init, test and switch at work without a key or a network',
  flags: [SHARED.json],
  examples: ['orcc demo', 'npx orcc demo'],
  isUnguarded: true,
  load: async () => (await import('./demo.ts')).runDemo,
};
