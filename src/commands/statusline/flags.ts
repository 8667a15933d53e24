import type { CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

/** `orcc statusline`. */
export const statuslineCommand: CommandRow = {
  name: 'statusline',
  summary: "one line for Claude Code's status line: model, provider, context, cache, true cost",
  description: "Reads Claude Code's JSON on standard input and prints one line. `--install` puts it into user settings.",
  flags: [
    { flags: '--install', note: 'write it into user settings as the status line' },
    { flags: '--remove', note: 'take it out again; what stood there before comes back' },
    { flags: '--after <command>', note: 'run this status line command of yours, too, and show its lines below' },
    {
      flags: '--format <template>',
      note: 'the line in your words: {alias} {model} {provider} {context} {window} {cache} {session} {today} {left} {age}',
    },
    SHARED.replace,
    ...WRITING,
  ],
  examples: ['orcc statusline --install', "orcc statusline --install --after '~/.claude/mine.sh'", 'orcc statusline --remove'],
  // Nothing that is wrong anywhere may cost Claude Code its status line.
  isUnguarded: true,
  load: async () => {
    const { runStatusline } = await import('./statusline.ts');
    return (ctx, input) => runStatusline(ctx, typeof input === 'object' && input !== null ? { ...input } : {});
  },
};
