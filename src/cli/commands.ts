import { checkCommand } from '../commands/check/flags.ts';
import { completeCommand, completionCommand } from '../commands/completion/flags.ts';
import { demoCommand } from '../commands/demo/flags.ts';
import { doctorCommand } from '../commands/doctor/flags.ts';
import { envCommand } from '../commands/env/flags.ts';
import { explainCommand } from '../commands/explain/flags.ts';
import { exportCommand } from '../commands/export/flags.ts';
import { initCommand } from '../commands/init/flags.ts';
import { keyCommand } from '../commands/key/flags.ts';
import { loginCommand } from '../commands/login/flags.ts';
import { modelsCommand } from '../commands/models/flags.ts';
import { profileCommand } from '../commands/profile/flags.ts';
import { removeCommand } from '../commands/remove/flags.ts';
import { routeCommand } from '../commands/route/flags.ts';
import { runCommand } from '../commands/run/flags.ts';
import { simulateCommand } from '../commands/simulate/flags.ts';
import { statusCommand } from '../commands/status/flags.ts';
import { statuslineCommand } from '../commands/statusline/flags.ts';
import { switchCommand } from '../commands/switch/flags.ts';
import { testCommand } from '../commands/test/flags.ts';
import { undoCommand } from '../commands/undo/flags.ts';
import { usageCommand } from '../commands/usage/flags.ts';
import type { CommandRow } from '../core/command.ts';

const helpCommand: CommandRow = {
  name: 'help',
  summary: 'help on a command, or on the exit codes',
  examples: ['orcc help switch', 'orcc help key set', 'orcc help exit-codes'],
  arguments: [{ name: 'words', shape: '[topic...]', note: 'a command, such as `key set`, or `exit-codes`' }],
  flags: [],
  isUnguarded: true,
  load: async () => (await import('./help.ts')).runHelp,
};

/** The whole surface, in the order of the help: parser, help, completion and manual page are made from it. */
export const PROGRAM: CommandRow = {
  name: 'orcc',
  summary: '',
  description: "Puts Claude Code on OpenRouter's models: set up once, test each alias, switch, undo.",
  flags: [],
  remark: 'Run `orcc COMMAND --help` for flags and examples, `orcc help exit-codes` for exit codes.',
  load: async () => (await import('../commands/bare/bare.ts')).runBare,
  commands: [
    ...under('Every day:', [initCommand, testCommand, switchCommand, statusCommand]),
    ...under('When something is wrong:', [doctorCommand, undoCommand, removeCommand, explainCommand]),
    ...under('The rest:', [
      modelsCommand,
      routeCommand,
      usageCommand,
      statuslineCommand,
      envCommand,
      loginCommand,
      keyCommand,
      profileCommand,
      runCommand,
      checkCommand,
      exportCommand,
      completionCommand,
      completeCommand,
      demoCommand,
      simulateCommand,
      helpCommand,
    ]),
  ],
};

function under(group: string, commands: readonly CommandRow[]): readonly CommandRow[] {
  return commands.map((command) => ({ ...command, group }));
}
