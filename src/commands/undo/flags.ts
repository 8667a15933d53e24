import type { CommandRow } from '../../core/command.ts';
import { WRITING } from '../shared-flags.ts';

/** `orcc undo`. */
export const undoCommand: CommandRow = {
  name: 'undo',
  summary: 'give back the files of the last change, byte for byte',
  arguments: [{ name: 'steps', shape: '[steps]', note: 'how many changes to take back (default 1)' }],
  flags: [
    { flags: '--list', note: 'list the changes that can be undone' },
    { flags: '--force', note: 'also where a file was changed since; a copy of it is kept' },
    ...WRITING,
  ],
  examples: ['orcc undo --dry-run', 'orcc undo --yes'],
  load: async () => (await import('./undo.ts')).runUndo,
};
