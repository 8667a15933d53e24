import { type FindingRow, place } from '../row.ts';

/** What comes between the settings and a started client: aliases, tmux, editors, a folder's tools. */
export const AROUND_ROWS = [
  {
    code: 'CLAUDE_REPLACED',
    severity: 'warning',
    title: 'Something else runs as `claude`',
    recognised: 'an alias or a function named `claude`; an alias that sets its own settings, model or variables is a warning',
    cause: (a) =>
      `${place(a, 'a start-up file')} makes ${a.variable === 'function' ? 'a function' : 'an alias'} named \`claude\`, which runs instead of the program and may change what it does`,
    fix: (a) =>
      a.variable === 'function'
        ? '`command claude` runs the program itself; `unset -f claude` (fish: `functions -e claude`) removes it from this terminal'
        : '`command claude` runs the program itself; `unalias claude` (fish: `functions -e claude`) removes it from this terminal; remove the line for good',
  },
  {
    code: 'ENV_LEFT_OVER',
    severity: 'warning',
    title: 'This terminal still has the old variables',
    recognised: 'Claude Code was switched back to Anthropic (`orcc switch --native`), but this process still has the base URL',
    cause: () => 'this terminal was started before `orcc switch --native`: Claude Code started in it still uses the old address',
    fix: (a) => `open a new terminal, or \`${a.command ?? 'unset ANTHROPIC_BASE_URL ANTHROPIC_AUTH_TOKEN'}\``,
  },
  {
    code: 'TMUX_STALE',
    severity: 'warning',
    title: 'The tmux server gives new panes old variables',
    recognised: '`tmux show-environment -g` lists Claude Code variables that neither a start-up file nor a settings file sets',
    cause: () => 'the tmux server was started with other variables than new terminals have, and passes them to every new pane',
    fix: (a) => `\`${a.command ?? 'tmux set-environment -gu ANTHROPIC_BASE_URL'}\`, then open a new pane`,
  },
  {
    code: 'EDITOR_VARIABLES',
    severity: 'warning',
    title: "VS Code's settings change Claude Code's variables",
    recognised: '`claudeCode.environmentVariables` has another value than new terminals, and no Claude Code settings file overrides it',
    cause: (a) => `\`claudeCode.environmentVariables\` in ${place(a, "VS Code's settings")} differs from what new terminals have`,
    fix: () => 'remove those entries; `orcc init --target user` covers terminals and editors alike',
  },
  {
    code: 'FOLDER_VARIABLES',
    severity: 'warning',
    title: "A tool changes this folder's variables",
    recognised: 'DIRENV_DIFF or __MISE_DIFF in this environment lists Claude Code variables with other values than new terminals have',
    cause: (a) =>
      `\`${a.variable ?? 'direnv'}\` sets Claude Code variables in this folder${a.file === undefined ? '' : `, from ${place(a, '')}`}`,
    fix: () => 'if that is not intended, remove them from the file it reads (`.envrc`, `mise.toml`)',
  },
] as const satisfies readonly FindingRow[];
