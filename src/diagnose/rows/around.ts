import { type FindingRow, place } from '../row.ts';

/** What stands between the settings and a started client: aliases, tmux, editors, tools of a folder. */
export const AROUND_ROWS = [
  {
    code: 'CLAUDE_REPLACED',
    severity: 'warning',
    title: 'Something else runs under the name `claude`',
    recognised: 'an alias or a function named `claude`; an alias that gives settings, a model or a variable of its own is a warning',
    cause: (a) =>
      `${place(a, 'a start-up file')} makes ${a.variable === 'function' ? 'a function' : 'an alias'} named \`claude\`, which runs in place of the program and may have its own say`,
    fix: (a) =>
      a.variable === 'function'
        ? '`command claude` runs the program itself; `unset -f claude` (fish: `functions -e claude`) ends it for this terminal'
        : '`command claude` runs the program itself; `unalias claude` (fish: `functions -e claude`) ends it for this terminal, taking the line out for good',
  },
  {
    code: 'ENV_LEFT_OVER',
    severity: 'warning',
    title: 'This terminal still has the variables of before',
    recognised: 'Claude Code was taken back to Anthropic (`orcc switch --native`), and this process still has the base URL',
    cause: () => 'this terminal was started before `orcc switch --native`: Claude Code started in it still goes where it went then',
    fix: (a) => `open a new terminal, or \`${a.command ?? 'unset ANTHROPIC_BASE_URL ANTHROPIC_AUTH_TOKEN'}\``,
  },
  {
    code: 'TMUX_STALE',
    severity: 'warning',
    title: 'The tmux server gives new panes old variables',
    recognised: '`tmux show-environment -g` names variables of Claude Code that neither a start-up file nor a settings file sets',
    cause: () => 'the tmux server was started with other variables than new terminals have, and gives them to every new pane',
    fix: (a) => `\`${a.command ?? 'tmux set-environment -gu ANTHROPIC_BASE_URL'}\`, then open a new pane`,
  },
  {
    code: 'EDITOR_VARIABLES',
    severity: 'warning',
    title: "VS Code's settings give Claude Code other variables",
    recognised: '`claudeCode.environmentVariables` has another value than new terminals, and no settings file of Claude Code decides',
    cause: (a) => `\`claudeCode.environmentVariables\` in ${place(a, "VS Code's settings")} says something else than new terminals have`,
    fix: () => 'take those entries out there; `orcc init --target user` reaches terminals and editors alike',
  },
  {
    code: 'FOLDER_VARIABLES',
    severity: 'warning',
    title: 'A tool gives this folder variables of its own',
    recognised: "DIRENV_DIFF or __MISE_DIFF of this environment names variables of Claude Code, with other values than new terminals'",
    cause: (a) =>
      `\`${a.variable ?? 'direnv'}\` sets variables of Claude Code in this folder${a.file === undefined ? '' : `, from ${place(a, '')}`}`,
    fix: () => 'if that is not meant, take them out of the file that it reads (`.envrc`, `mise.toml`)',
  },
] as const satisfies readonly FindingRow[];
