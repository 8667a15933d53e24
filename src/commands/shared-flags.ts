import type { FlagRow } from '../core/command.ts';
import { TARGET_IDS } from '../targets/types.ts';

/** Flags that several commands share. */
export const SHARED = {
  json: { flags: '--json', note: 'print one JSON document and never ask' },
  yes: { flags: '-y, --yes', note: 'go ahead without asking' },
  dryRun: { flags: '--dry-run', note: 'show what would change, change nothing' },
  replace: { flags: '--replace', note: 'replace values in settings files that orcc did not write' },
  force: { flags: '--force', note: 'continue if a block was edited by hand' },
  noCheck: { flags: '--no-check', note: 'do not ask OpenRouter whether the key works' },
  adopt: { flags: '--adopt', note: 'comment out lines of yours that set the same variables' },
  settingsFile: {
    flags: '--settings-file <path>',
    note: 'a further settings.json: Windows beside WSL, a container, another CLAUDE_CONFIG_DIR (repeatable)',
    isRepeatable: true,
  },
  keyStdin: { flags: '--key-stdin', note: 'read the key from standard input' },
  keyEnv: { flags: '--key-env <name>', note: 'read the key once from this variable' },
  eachStart: { flags: '--each-start', note: 'let every new shell run the command of `command:LINE` and wait for it' },
  defaultAlias: { flags: '--default <alias>', note: 'alias that Claude Code starts with' },
  timeout: { flags: '--timeout <seconds>', note: 'time limit of each test call' },
  to: { flags: '--to <url>', note: 'send the key to this base URL once, although it was stored for another one' },
  noPager: { flags: '--no-pager', note: 'print long output at once, without $PAGER or less' },
  fallback: {
    flags: '--fallback <ids>',
    note: 'models that answer when the first one does not, at most 3: ids or aliases; none removes them',
  },
  effort: { flags: '--effort <levels>', note: 'how hard models think: high, opus=high,haiku=low, unset, or default' },
  autoModeModel: {
    flags: '--auto-mode-model <id>',
    note: "experimental: the model that answers auto mode's check, about 144 KB per request; none removes it",
  },
  fromCache: { flags: '--offline', note: 'use only the cached catalog' },
} as const satisfies Readonly<Record<string, FlagRow>>;

/** The last flags of each command that writes. */
export const WRITING: readonly FlagRow[] = [SHARED.yes, SHARED.dryRun, SHARED.noPager, SHARED.json];

/** The values of `--target`: `bash, zsh, fish, …`. */
export const TARGET_WORDS = TARGET_IDS.join(', ');
