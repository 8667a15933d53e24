import type { CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

export const doctorCommand: CommandRow = {
  name: 'doctor',
  summary: 'find what is wrong and say how to fix it',
  flags: [
    { flags: '--offline', note: 'skip the checks that need OpenRouter' },
    { flags: '--all', note: 'show the checks that passed, too' },
    SHARED.to,
    {
      flags: '--fix [code]',
      note: 'fix every finding that has a safe fix, or only this one; shows the change first, and `orcc undo` reverts it',
    },
    { flags: '--report <file>', note: 'write everything a maintainer needs to a file, without keys or the name of your home folder' },
    ...WRITING,
  ],
  examples: ['orcc doctor', 'orcc doctor --fix', 'orcc doctor --report report.md'],
  isUnguarded: true,
  load: async () => (await import('./doctor-command.ts')).runDoctorCommand,
};
