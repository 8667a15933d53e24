import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

/** `orcc run`. */
export const runCommand: CommandRow = {
  name: 'run',
  summary: 'one Claude Code session on a mapping; nothing is written',
  usage: '[options] [alias=model...] -- [argument...]',
  arguments: [{ name: 'changes', shape: '[change...]', note: 'alias=model, over the present mapping' }],
  flags: [
    { flags: '--profile <name>', note: 'start from this profile or preset' },
    SHARED.defaultAlias,
    SHARED.fromCache,
    { flags: '--force', note: 'accept a model that is not in the catalog' },
    SHARED.to,
  ],
  remark: "Everything after `--` goes to Claude Code as it is; its exit code is orcc's.",
  examples: ['orcc run opus=z-ai/glm-5.3 -- --continue', "orcc run --profile value -- -p 'say hello'"],
  load: async () => (await import('./run.ts')).runSession,
};
