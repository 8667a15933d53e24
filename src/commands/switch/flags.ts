import type { CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

/** `orcc switch`. */
export const switchCommand: CommandRow = {
  name: 'switch',
  summary: 'change the model behind an alias',
  description: 'Changes the mapping in every place where `orcc init` wrote it, and shows the difference.',
  arguments: [{ name: 'changes', shape: '[change...]', note: 'alias=model, a preset, or a profile' }],
  flags: [
    SHARED.defaultAlias,
    SHARED.fallback,
    SHARED.effort,
    SHARED.autoModeModel,
    { flags: '--here', note: "this folder's settings only" },
    {
      flags: '--target <target>',
      note: 'with --here: project (the mapping alone, default) or local (with the key; repeatable)',
      isRepeatable: true,
    },
    { flags: '--native', note: 'take Claude Code back to Anthropic; key and mapping are kept' },
    { flags: '--back', note: 'undo --native' },
    SHARED.fromCache,
    { flags: '--test', note: 'test what changed' },
    SHARED.to,
    SHARED.timeout,
    { flags: '--replace', note: "replace someone else's values" },
    SHARED.adopt,
    { flags: '--force', note: 'accept a model that is not in the catalog, or a block edited by hand' },
    ...WRITING,
  ],
  examples: ['orcc switch haiku=deepseek/deepseek-v4-flash', 'orcc switch value --test', 'orcc switch --native'],
  load: async () => (await import('./switch.ts')).runSwitch,
};
