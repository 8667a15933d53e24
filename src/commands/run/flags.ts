import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

export const runCommand: CommandRow = {
  name: 'run',
  summary: 'start one Claude Code session on a mapping, without changing any file',
  usage: '[options] [alias=model...] -- [argument...]',
  arguments: [{ name: 'changes', shape: '[change...]', note: 'alias=model, on top of the current mapping' }],
  flags: [
    { flags: '--profile <name>', note: 'start from this profile or preset' },
    SHARED.defaultAlias,
    SHARED.fromCache,
    { flags: '--force', note: 'continue if a model is not in the catalog' },
    SHARED.to,
  ],
  remark: "Everything after `--` goes to Claude Code as it is; its exit code is orcc's.",
  examples: ['orcc run opus=z-ai/glm-5.3 -- --continue', "orcc run --profile value -- -p 'say hello'"],
  load: async () => (await import('./run.ts')).runSession,
};
