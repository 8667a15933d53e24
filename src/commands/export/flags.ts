import type { CommandRow } from '../../core/command.ts';
import { SHARED } from '../shared-flags.ts';

/** `orcc export`. */
export const exportCommand: CommandRow = {
  name: 'export',
  summary: 'print the mapping for administrators, a team or an editor',
  flags: [
    { flags: '--managed', note: 'as managed-settings.json of Claude Code' },
    { flags: '--team', note: 'as orcc.json, to be committed' },
    { flags: '--vscode', note: "as claudeCode.environmentVariables of VS Code's settings.json" },
    { flags: '--action', note: 'as the step of a GitHub workflow (anthropics/claude-code-action), its key a secret of the repository' },
    { flags: '--profile <name>', note: 'of this profile or preset instead of the present mapping' },
    { flags: '--api-key-helper <command>', note: 'with --managed: the command that prints the key on each machine' },
    { flags: '--to <file>', note: 'write it there; a file that is there is replaced only after a question' },
    SHARED.json,
  ],
  examples: [
    'orcc export --team --to orcc.json',
    'orcc export --action --profile value',
    "orcc export --managed --api-key-helper '/opt/company/openrouter-key'",
  ],
  load: async () => (await import('./export.ts')).runExport,
};
