import type { CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

/** `orcc remove`. */
export const removeCommand: CommandRow = {
  name: 'remove',
  summary: 'take everything of orcc away',
  description: "Takes orcc's lines out of every file it wrote to, then its own folder with the key. Final.",
  flags: [
    { flags: '--target <target>', note: 'only this target; key and configuration stay (repeatable)', isRepeatable: true },
    { ...SHARED.settingsFile, note: 'only this further settings file; key and configuration stay (repeatable)' },
    { flags: '--keep-key', note: 'keep the key' },
    { flags: '--keep-config', note: 'keep the configuration (and the key)' },
    SHARED.force,
    ...WRITING,
  ],
  examples: ['orcc remove', 'orcc remove --target zsh --yes'],
  load: async () => (await import('./remove.ts')).runRemove,
};
