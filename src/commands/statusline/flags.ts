import type { CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

export const statuslineCommand: CommandRow = {
  name: 'statusline',
  summary: "print Claude Code's status line: model, provider, context, cache, true cost",
  description: "Read Claude Code's JSON on standard input and print one line. `--install` puts it into user settings.",
  flags: [
    { flags: '--install', note: 'add it to user settings as the status line' },
    { flags: '--remove', note: 'remove it and restore the previous one' },
    { flags: '--after <command>', note: 'also run your own status line command and show its lines below' },
    {
      flags: '--format <template>',
      note: 'your own layout: {alias} {model} {provider} {context} {window} {cache} {session} {today} {left} {age}',
    },
    SHARED.replace,
    ...WRITING,
  ],
  examples: ['orcc statusline --install', "orcc statusline --install --after '~/.claude/mine.sh'", 'orcc statusline --remove'],
  // Whatever else is wrong, Claude Code must not lose its status line.
  isUnguarded: true,
  load: async () => {
    const { runStatusline } = await import('./statusline.ts');
    return (ctx, input) => runStatusline(ctx, typeof input === 'object' && input !== null ? { ...input } : {});
  },
};
