import { type FindingRow, place, quoteSaid } from '../row.ts';

/** Claude Code itself. */
export const CLIENT_ROWS = [
  {
    code: 'CLAUDE_MISSING',
    severity: 'warning',
    title: '`claude` is not on PATH',
    recognised: '`claude` is not found on PATH',
    cause: (a) =>
      a.file === undefined
        ? "`claude` is not on this terminal's PATH"
        : `Claude Code is installed as \`${a.file}\`, but its folder is not on this terminal's PATH`,
    fix: (a) =>
      a.file === undefined
        ? 'install it (`npm install -g @anthropic-ai/claude-code`), or open a new terminal if you just did'
        : `open a new terminal if you just installed it; otherwise add its folder to PATH, or start it as \`${a.file}\``,
  },
  {
    code: 'CLAUDE_TOO_OLD',
    severity: 'warning',
    title: 'Claude Code is old',
    recognised: '`claude --version` below 2.1.212 (limited from 2.1.54, unsupported below)',
    cause: (a) => `Claude Code ${a.version ?? 'before 2.1.212'} ${a.reason ?? 'does not support everything that the settings need'}`,
    fix: () => '`claude update`',
  },
  {
    code: 'DEFAULT_NEVER_COMPACTS',
    severity: 'info',
    title: 'The row "Default" in /model never compacts',
    recognised: 'Claude Code below 2.1.246, and a model behind opus that it does not know and that has less than a million tokens',
    cause: (a) =>
      `in Claude Code ${a.version ?? 'below 2.1.246'} the row "Default" in \`/model\` treats ${a.model === undefined ? "opus's model" : `\`${a.model}\``} as having a million tokens and never compacts it; other rows are fine`,
    fix: () => 'run `claude update`; until then choose another row',
  },
  {
    code: 'ONBOARDING_GATE',
    severity: 'warning',
    title: 'The first start asks for a login',
    recognised: '`.claude.json` lacks `hasCompletedOnboarding`, and only project or local settings set the base URL',
    cause: () => 'the first start of Claude Code contacts Anthropic before it reads the settings of a project',
    fix: () => 'put the settings where the first start reads them: `orcc init --target user`',
    hidden: 'it says "Unable to connect to Anthropic services"',
  },
  {
    code: 'PROJECT_UNTRUSTED',
    severity: 'warning',
    title: 'The folder is not trusted yet',
    recognised: 'settings in the `.claude/` of a folder without `hasTrustDialogAccepted`',
    cause: (a) => `Claude Code reads ${place(a, 'the settings of this folder')} only after you trust the folder`,
    fix: () => 'start `claude` here and answer its question',
  },
  {
    code: 'SESSIONS_RUNNING',
    severity: 'info',
    title: 'Running sessions keep the old models',
    recognised: 'Claude Code processes that were started before the settings changed',
    cause: (a) =>
      a.count === 1
        ? 'one session of Claude Code still runs with the models it was started with'
        : `${a.count ?? 'some'} sessions of Claude Code still run with the models they were started with`,
    fix: () => "exit and start them again (`claude --continue` resumes the conversation; another model's thinking may be refused)",
  },
  {
    code: 'CLAUDE_FAILED',
    title: 'Claude Code itself failed',
    recognised: "`claude -p` failed or ran into its time limit, although orcc's probe passed",
    cause: (a) => `the real Claude Code failed${quoteSaid(a)}`,
    fix: () => 'check what is in effect with `orcc status --verify` and `orcc doctor`',
  },
  {
    code: 'CLAUDE_DIFFERS',
    severity: 'warning',
    title: 'Claude Code used another model',
    recognised: 'the model that served `claude -p`, or that `claude -p /model` names, is not the one that orcc asked for',
    cause: (a) =>
      `Claude Code was served by ${a.value === undefined ? 'another model' : `\`${a.value}\``}, where ${a.model === undefined ? 'the mapping names another' : `\`${a.model}\` was expected`}`,
    fix: () => 'check which layer wins with `orcc status --all`',
  },
  {
    code: 'STATUSLINE_DEAD',
    severity: 'warning',
    title: "orcc's status line can't be started",
    recognised: 'the Node or orcc path that `orcc statusline --install` recorded no longer exists: an update moved one of them',
    cause: (a) => `Claude Code starts ${a.file ?? 'a program'} for its status line, but that does not exist, so it shows nothing`,
    fix: () => 'run `orcc statusline --install` again with the same flags, or `orcc statusline --remove`',
  },
  {
    code: 'COST_OVERSTATED',
    severity: 'info',
    title: "Claude Code's own cost figures are too high",
    recognised: 'a mapped model that Claude Code does not know; `orcc status` shows it',
    cause: () =>
      'Claude Code prices unknown models at $5 and $25 per million tokens: its `/cost`, the cost it passes to a status line and `--max-budget-usd` are 10 to 50 times too high',
    fix: () =>
      '`orcc usage --by day` and `orcc statusline --install` show what is charged; `orcc export --managed` includes the real prices for managed settings, the only place Claude Code accepts them',
  },
  {
    code: 'STATUS_DIFFERS',
    title: 'Claude Code disagrees with orcc',
    recognised:
      '`orcc status --verify`: `claude -p /model` or `claude auth status` names another model, credential or base URL than orcc works out from the files, or other settings files that did not load',
    cause: (a) =>
      a.value === undefined
        ? 'Claude Code uses other values than orcc works out from the files'
        : `Claude Code${a.version === undefined ? '' : ` ${a.version}`} uses ${a.value}, where orcc works out ${a.reason ?? 'something else'}`,
    fix: () => 'trust what Claude Code says; `orcc status --all` shows what orcc read, `orcc doctor` what may interfere',
  },
  {
    code: 'SHELL_DIFFERS',
    title: 'A new shell has other values than its files set',
    recognised: '`orcc status --verify`: the shell exports other values than orcc reads in its start-up files',
    cause: (a) => `a new ${a.shell ?? 'shell'} has other values than orcc reads in its start-up files`,
    fix: () => 'find what sets or unsets these variables: a command in a start-up file, or a file that only some shells read',
  },
  {
    code: 'NOT_VERIFIED',
    severity: 'warning',
    title: 'A check got no usable answer',
    recognised: '`orcc status --verify`: Claude Code or the shell gave no answer within its time limit, or none that orcc understands',
    cause: (a) => `${a.variable === undefined ? 'a question' : `\`${a.variable}\``} had no usable answer${quoteSaid(a)}`,
    fix: () => 'run it by hand, or look for the cause with `orcc doctor`',
  },
] as const satisfies readonly FindingRow[];
