import type { ArgumentRow, CommandRow, RunCommand } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

const list = async (): Promise<RunCommand> => (await import('./profile.ts')).runProfileList;
const ofProfile: ArgumentRow = { name: 'name', shape: '<name>', note: 'name of the profile' };

export const profileCommand: CommandRow = {
  name: 'profile',
  summary: 'named mappings: list, save, show, delete, rename, export, import',
  description: 'Mappings that orcc remembers under a name; `orcc switch NAME` uses one.',
  flags: [SHARED.json],
  examples: ['orcc profile save work', 'orcc profile export work --to work.json', 'orcc profile import https://example.com/team.json'],
  load: list,
  commands: [
    {
      name: 'list',
      summary: 'list all profiles, and the presets that come with orcc',
      flags: [SHARED.json],
      examples: ['orcc profile list', 'orcc profile list --json'],
      load: list,
    },
    {
      name: 'save',
      summary: 'remember the current mapping under a name',
      arguments: [ofProfile],
      flags: [{ flags: '--key <name>', note: 'named key to use with it (`orcc key list`)' }, ...WRITING],
      examples: ['orcc profile save work', 'orcc profile save work --key work'],
      load: async () => (await import('./profile.ts')).runProfileSave,
    },
    {
      name: 'show',
      summary: 'show the mapping of a profile or preset',
      arguments: [{ name: 'name', shape: '<name>', note: 'profile or preset' }],
      flags: [SHARED.json],
      examples: ['orcc profile show value'],
      load: async () => (await import('./profile.ts')).runProfileShow,
    },
    {
      name: 'delete',
      summary: 'delete a profile',
      arguments: [ofProfile],
      flags: WRITING,
      examples: ['orcc profile delete work'],
      load: async () => (await import('./profile.ts')).runProfileDelete,
    },
    {
      name: 'rename',
      summary: 'rename a profile',
      arguments: [
        { name: 'name', shape: '<name>', note: 'its current name' },
        { name: 'newName', shape: '<new>', note: 'its new name' },
      ],
      flags: WRITING,
      examples: ['orcc profile rename work day'],
      load: async () => (await import('./profile.ts')).runProfileRename,
    },
    {
      name: 'export',
      summary: 'print profiles as JSON, without keys',
      arguments: [{ name: 'names', shape: '[name...]', note: 'profiles (default: all)' }],
      flags: [{ flags: '--to <file>', note: 'write to this file instead' }, { flags: '--force', note: 'overwrite that file' }, SHARED.json],
      examples: ['orcc profile export', 'orcc profile export work --to work.json'],
      load: async () => (await import('./profile-files.ts')).runProfileExport,
    },
    {
      name: 'import',
      summary: 'import profiles from a file, an https URL or standard input',
      arguments: [{ name: 'source', shape: '<source>', note: 'file, https URL, or `-`' }],
      flags: WRITING,
      examples: ['orcc profile import work.json --dry-run', 'orcc profile import - --yes < work.json'],
      load: async () => (await import('./profile-files.ts')).runProfileImport,
    },
  ],
};
