import type { CommandRow } from '../../core/command.ts';
import { WRITING } from '../shared-flags.ts';

export const undoCommand: CommandRow = {
  name: 'undo',
  summary: 'restore the files of the last change, byte for byte',
  arguments: [
    { name: 'steps', shape: '[steps]', note: 'how many changes to undo (default 1); orcc keeps the last 5 that changed your files' },
  ],
  flags: [
    { flags: '--list', note: 'list the changes that can be undone' },
    { flags: '--force', note: 'continue if a file was changed since; keeps a copy of it' },
    ...WRITING,
  ],
  examples: ['orcc undo --dry-run', 'orcc undo --yes'],
  load: async () => (await import('./undo.ts')).runUndo,
};
