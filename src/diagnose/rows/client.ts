import { type FindingRow, place, quoteSaid } from '../row.ts';

/** Claude Code itself. */
export const CLIENT_ROWS = [
  {
    code: 'CLAUDE_MISSING',
    severity: 'warning',
    title: 'No `claude` on the PATH',
    recognised: 'no `claude` on the PATH',
    cause: (a) =>
      a.file === undefined
        ? 'there is no `claude` on the PATH of this terminal'
        : `Claude Code is installed as \`${a.file}\`, and its folder is not on the PATH of this terminal`,
    fix: (a) =>
      a.file === undefined
        ? 'install it (`npm install -g @anthropic-ai/claude-code`), or open a new terminal if you just did'
        : `open a new terminal if you just installed it; else add its folder to the PATH, or start it as \`${a.file}\``,
  },
  {
    code: 'CLAUDE_TOO_OLD',
    severity: 'warning',
    title: 'Claude Code is old',
    recognised: '`claude --version` below 2.1.212 (limited from 2.1.54, unsupported below)',
    cause: (a) => `Claude Code ${a.version ?? 'before 2.1.212'} ${a.reason ?? 'does not do all that the settings ask for'}`,
    fix: () => '`claude update`',
  },
  {
    code: 'DEFAULT_NEVER_COMPACTS',
    severity: 'info',
    title: 'The row "Default" of /model never compacts',
    recognised: 'Claude Code below 2.1.246, and a model behind opus that it does not know and that has less than a million tokens',
    cause: (a) =>
      `in Claude Code ${a.version ?? 'below 2.1.246'} the row "Default" of \`/model\` takes ${a.model === undefined ? "opus's model" : `\`${a.model}\``} for one of a million tokens and never compacts it; other rows are fine`,
    fix: () => '`claude update`; until then pick another row',
  },
  {
    code: 'ONBOARDING_GATE',
    severity: 'warning',
    title: 'The first start asks for a login',
    recognised: '`.claude.json` lacks `hasCompletedOnboarding`, and the base URL stands in project or local settings alone',
    cause: () => 'the first start of Claude Code contacts Anthropic before it reads the settings of a project',
    fix: () => 'put the settings where the first start reads them: `orcc init --target user`',
    hidden: 'it says "Unable to connect to Anthropic services"',
  },
  {
    code: 'PROJECT_UNTRUSTED',
    severity: 'warning',
    title: 'Claude Code does not trust the folder yet',
    recognised: 'settings in `.claude/` of a folder that has no `hasTrustDialogAccepted`',
    cause: (a) => `Claude Code reads ${place(a, 'the settings of this folder')} only after you have trusted the folder`,
    fix: () => 'start `claude` here once and answer its question',
  },
  {
    code: 'SESSIONS_RUNNING',
    severity: 'info',
    title: 'Running sessions keep the old models',
    recognised: 'processes of Claude Code that were started before the settings changed',
    cause: (a) =>
      a.count === 1
        ? 'one session of Claude Code still runs with the models it was started with'
        : `${a.count ?? 'some'} sessions of Claude Code still run with the models they were started with`,
    fix: () => 'end them and start again (`claude --continue` takes up the conversation; thinking of another model may be refused)',
  },
  {
    code: 'CLAUDE_FAILED',
    severity: 'error',
    title: 'Claude Code itself failed',
    recognised: '`claude -p` ended with an error, or not within its time limit, where the probe of orcc passed',
    cause: (a) => `the real Claude Code failed${quoteSaid(a)}`,
    fix: () => 'see what is in effect with `orcc status --verify` and `orcc doctor`',
  },
  {
    code: 'CLAUDE_DIFFERS',
    severity: 'warning',
    title: 'Claude Code got another model',
    recognised: 'the model that served `claude -p`, or that `claude -p /model` names, is not the one that orcc asked for',
    cause: (a) =>
      `Claude Code was served by ${a.value === undefined ? 'another model' : `\`${a.value}\``}, where ${a.model === undefined ? 'the mapping names another' : `\`${a.model}\` was expected`}`,
    fix: () => 'see which layer wins with `orcc status --all`',
  },
  {
    code: 'STATUSLINE_DEAD',
    severity: 'warning',
    title: "orcc's status line can't be started",
    recognised:
      'the Node or the orcc that `orcc statusline --install` wrote down is no longer there: one of them was updated into another folder',
    cause: (a) => `Claude Code starts ${a.file ?? 'a program'} for its status line, which is not there, and shows nothing`,
    fix: () => '`orcc statusline --install` again, with the flags of before, or `orcc statusline --remove`',
  },
  {
    code: 'COST_OVERSTATED',
    severity: 'info',
    title: "Claude Code's own figures of cost are too high",
    recognised: 'a mapped model that Claude Code does not know; `orcc status` says it',
    cause: () =>
      'Claude Code counts models that it does not know at $5 and $25 per million tokens: its `/cost`, the cost that it hands to a status line and `--max-budget-usd` are 10 to 50 times too high',
    fix: () =>
      '`orcc usage --by day` and `orcc statusline --install` tell what is charged; `orcc export --managed` carries the true prices for managed settings, the only ones that Claude Code takes',
  },
  {
    code: 'STATUS_DIFFERS',
    severity: 'error',
    title: 'Claude Code says otherwise than orcc',
    recognised:
      '`orcc status --verify`: `claude -p /model` or `claude auth status` names another model, credential or base URL than orcc works out from the files, or other settings files that did not load',
    cause: (a) =>
      a.value === undefined
        ? 'Claude Code takes other values than orcc works out from the files'
        : `Claude Code${a.version === undefined ? '' : ` ${a.version}`} takes ${a.value}, where orcc works out ${a.reason ?? 'something else'}`,
    fix: () => 'what Claude Code says counts; `orcc status --all` shows what orcc read, and `orcc doctor` what may be in the way',
  },
  {
    code: 'SHELL_DIFFERS',
    severity: 'error',
    title: 'A new shell has other values than its files say',
    recognised: '`orcc status --verify`: the shell, asked itself, exports something else than orcc reads in its start-up files',
    cause: (a) => `a new ${a.shell ?? 'shell'} has other values than orcc reads in its start-up files`,
    fix: () => 'look for what sets or unsets these variables: a command in a start-up file, or a file that only some shells read',
  },
  {
    code: 'NOT_VERIFIED',
    severity: 'warning',
    title: 'A question had no usable answer',
    recognised: '`orcc status --verify`: Claude Code or the shell gave no answer within its time limit, or none that orcc understands',
    cause: (a) => `${a.variable === undefined ? 'a question' : `\`${a.variable}\``} had no usable answer${quoteSaid(a)}`,
    fix: () => 'ask by hand, or look for the cause with `orcc doctor`',
  },
] as const satisfies readonly FindingRow[];
