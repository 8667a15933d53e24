import { ALIASES } from '../../claude/aliases.ts';
import { PRESET_NAMES } from '../../claude/presets.ts';
import type { CommandRow } from '../../core/command.ts';
import { ROUTING_FLAGS } from '../route/flags.ts';
import { SHARED, TARGET_WORDS, WRITING } from '../shared-flags.ts';

export const initCommand: CommandRow = {
  name: 'init',
  summary: 'set up Claude Code for OpenRouter on this machine, then test it',
  description: 'Ask for a key and a model for each alias, show what would be written, write it, and test each alias with a live call.',
  flags: [
    SHARED.keyStdin,
    SHARED.keyEnv,
    { flags: '--preset <name>', note: `take the mapping from a preset: ${PRESET_NAMES.join(', ')}` },
    ...ALIASES.map(({ id, role }) => ({ flags: `--${id} <id>`, note: `model for ${id}: ${role}` })),
    SHARED.defaultAlias,
    { flags: '--target <target>', note: `where to write: ${TARGET_WORDS} (repeatable)`, isRepeatable: true },
    SHARED.settingsFile,
    { flags: '--base-url <url>', note: 'API address (a gateway, a region, the simulator)' },
    SHARED.to,
    { flags: '--key-storage <kind>', note: 'where to keep the key: file, profile, env:NAME, helper, keychain, command:LINE' },
    SHARED.eachStart,
    { flags: '--limits <how>', note: 'derived: set output and context limits from the models; none: leave them out' },
    {
      flags: '--no-auto-mode',
      note: "turn Claude Code's auto mode off in user settings, since a gateway can't answer its check",
    },
    SHARED.fallback,
    { flags: '--pin <ids>', note: "models that get a row of their own in Claude Code's /model" },
    SHARED.effort,
    SHARED.autoModeModel,
    ...ROUTING_FLAGS,
    { flags: '--install-claude', note: 'install Claude Code with npm if it is missing' },
    { flags: '--no-test', note: 'do not test the models afterwards' },
    { flags: '--no-check', note: 'do not check the key and the models online' },
    { flags: '--quick', note: 'test with one turn instead of two' },
    SHARED.timeout,
    { flags: '--replace', note: 'replace values that orcc did not write (`orcc remove` restores them)' },
    SHARED.adopt,
    { flags: '--force', note: 'continue if a block was edited by hand or a model is not in the catalog' },
    ...WRITING,
  ],
  examples: [
    'orcc init',
    'orcc init --yes --key-env OPENROUTER_API_KEY --preset value --no-training --fallback haiku',
    'echo "$KEY" | orcc init --yes --key-stdin --preset value --target user --no-auto-mode',
  ],
  load: async () => (await import('./init.ts')).runInit,
};
