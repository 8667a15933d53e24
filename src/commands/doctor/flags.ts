import type { CommandRow } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

/** `orcc doctor`. */
export const doctorCommand: CommandRow = {
  name: 'doctor',
  summary: 'find what is wrong and say how to fix it',
  flags: [
    { flags: '--offline', note: 'leave out what needs OpenRouter' },
    { flags: '--all', note: 'show what is fine, too' },
    SHARED.to,
    {
      flags: '--fix [code]',
      note: 'fix what has a safe fix, or one finding alone; shown first, and `orcc undo` takes it back',
    },
    { flags: '--report <file>', note: 'write all that a maintainer needs to a file, without keys or names of your home' },
    ...WRITING,
  ],
  examples: ['orcc doctor', 'orcc doctor --fix', 'orcc doctor --report report.md'],
  isUnguarded: true,
  load: async () => (await import('./doctor-command.ts')).runDoctorCommand,
};
