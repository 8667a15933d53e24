import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

export const exportCommand: CommandRow = {
  name: 'export',
  summary: 'print the mapping for administrators, a team or an editor',
  flags: [
    { flags: '--managed', note: "as Claude Code's managed-settings.json" },
    { flags: '--team', note: 'as orcc.json, for the repository' },
    { flags: '--vscode', note: "as claudeCode.environmentVariables for VS Code's settings.json" },
    { flags: '--action', note: 'as a GitHub workflow step (anthropics/claude-code-action) whose key is a repository secret' },
    { flags: '--profile <name>', note: 'this profile or preset instead of the current mapping' },
    { flags: '--api-key-helper <command>', note: 'with --managed: the command that prints the key on each machine' },
    { flags: '--to <file>', note: 'write to this file; asks before replacing one' },
    SHARED.json,
  ],
  examples: [
    'orcc export --team --to orcc.json',
    'orcc export --action --profile value',
    "orcc export --managed --api-key-helper '/opt/company/openrouter-key'",
  ],
  load: async () => (await import('./export.ts')).runExport,
};
