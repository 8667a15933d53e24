import type { CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

export const removeCommand: CommandRow = {
  name: 'remove',
  summary: 'remove orcc completely',
  description: "Remove orcc's lines from every file it wrote to, then its own folder with the key. This can't be undone.",
  flags: [
    { flags: '--target <target>', note: 'only this target; keeps the key and the configuration (repeatable)', isRepeatable: true },
    { ...SHARED.settingsFile, note: 'only this further settings file; keeps the key and the configuration (repeatable)' },
    { flags: '--keep-key', note: 'keep the key' },
    { flags: '--keep-config', note: 'keep the configuration (and the key)' },
    SHARED.force,
    ...WRITING,
  ],
  examples: ['orcc remove', 'orcc remove --target zsh --yes'],
  load: async () => (await import('./remove.ts')).runRemove,
};
