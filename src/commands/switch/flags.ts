import type { CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

export const switchCommand: CommandRow = {
  name: 'switch',
  summary: 'change the model behind an alias',
  description: 'Change the mapping wherever `orcc init` wrote it, and show the difference.',
  arguments: [{ name: 'changes', shape: '[change...]', note: 'alias=model, a preset, or a profile' }],
  flags: [
    SHARED.defaultAlias,
    SHARED.fallback,
    SHARED.effort,
    SHARED.autoModeModel,
    { flags: '--here', note: "this folder's settings only" },
    {
      flags: '--target <target>',
      note: 'with --here: project (only the mapping; the default) or local (with the key) (repeatable)',
      isRepeatable: true,
    },
    { flags: '--native', note: 'switch Claude Code back to Anthropic; keeps the key and the mapping' },
    { flags: '--back', note: 'undo --native' },
    SHARED.fromCache,
    { flags: '--test', note: 'test what changed' },
    SHARED.to,
    SHARED.timeout,
    { flags: '--replace', note: 'replace values that orcc did not write' },
    SHARED.adopt,
    { flags: '--force', note: 'continue if a model is not in the catalog or a block was edited by hand' },
    ...WRITING,
  ],
  examples: ['orcc switch haiku=deepseek/deepseek-v4-flash', 'orcc switch value --test', 'orcc switch --native'],
  load: async () => (await import('./switch.ts')).runSwitch,
};
