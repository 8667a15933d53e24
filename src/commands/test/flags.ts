import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

export const testCommand: CommandRow = {
  name: 'test',
  summary: 'call the model behind each alias, as Claude Code would',
  description:
    'Send a real tool call through every alias in effect, and say which ones work, how fast and at what cost, and why the others fail.',
  arguments: [{ name: 'aliases', shape: '[alias...]', note: 'aliases to test (default: all)' }],
  flags: [
    { flags: '--quick', note: 'one turn instead of two' },
    { flags: '--fallback', note: 'test the fallback models, not the aliases' },
    { flags: '--timeout <seconds>', note: 'time limit of each call (default 120)' },
    { flags: '--repeat <times>', note: 'call each model several times; gives median and spread' },
    { flags: '--via <client>', note: '`claude` runs the installed Claude Code instead' },
    SHARED.to,
    { flags: '--junit <file>', note: 'write a JUnit report for CI' },
    { flags: '--verbose', note: "also show each request's id, for OpenRouter's support" },
    { flags: '--dry-run', note: 'show what would be called and what it could cost' },
    SHARED.json,
  ],
  examples: ['orcc test', 'orcc test haiku --quick', 'orcc test --fallback --via claude'],
  load: async () => (await import('./test-command.ts')).runTestCommand,
};
