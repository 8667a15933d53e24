import type { SetUp } from './scene.ts';

const USER = '.claude/settings.json';
const CODER = 'qwen/qwen3-coder-next';
const BASH = ['--target', 'bash'];
const EDITOR = '.config/Code/User/settings.json';

/** What stands around a terminal, and values that a settings file takes to the letter. */
export const AROUND_SET_UPS: readonly SetUp[] = [
  {
    name: 'an alias named claude asks for a model of its own',
    code: 'CLAUDE_REPLACED',
    init: BASH,
    breaks: ({ edit }) => edit('.bashrc', (text) => `${text}alias claude='claude --model minimax/minimax-m3'\n`),
    // An alias counts from the next line on.
    ask: 'eval "claude -p hi"',
    wrong: { asks: 'minimax/minimax-m3', bearer: 'KEY' },
    evidence: /\/\.bashrc:\d+ makes an alias of it/,
    byHand: {
      fix: '`unalias claude`',
      mend: ({ edit }) => edit('.bashrc', (text) => text.replace(/^alias claude=.*\n/m, '')),
    },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'a tmux server hands an old model for subagents to every pane',
    code: 'TMUX_STALE',
    init: BASH,
    breaks: async ({ edit, type }) => {
      // A server of this home's own, which ends with its only session.
      edit('.bashrc', (text) => `export TMUX_TMPDIR=$HOME\n${text}`);
      await type('CLAUDE_CODE_SUBAGENT_MODEL=minimax/minimax-m3 tmux -f /dev/null new-session -d "sleep 100"');
    },
    ask: `tmux new-window -d "bash -ic 'claude -p \\"agent: hello\\" >~/said 2>&1'; tmux wait-for -S asked"; tmux wait-for asked; cat ~/said`,
    wrong: { asks: CODER, then: 'minimax/minimax-m3' },
    evidence: /CLAUDE_CODE_SUBAGENT_MODEL: the tmux server has/,
    byHand: {
      fix: 'tmux set-environment -gu CLAUDE_CODE_SUBAGENT_MODEL',
      mend: ({ type }) => type('tmux set-environment -gu CLAUDE_CODE_SUBAGENT_MODEL'),
    },
    right: { asks: CODER, then: CODER },
  },
  {
    name: "VS Code's settings give Claude Code a default of their own",
    code: 'EDITOR_VARIABLES',
    init: BASH,
    breaks: ({ write }) =>
      write(EDITOR, '{\n  "claudeCode.environmentVariables": [\n    { "name": "ANTHROPIC_MODEL", "value": "haiku" }\n  ]\n}\n'),
    // As the extension does: its entries over what the editor was started with.
    ask: `eval "$(sed -n 's/.*"name": "\\(.*\\)", "value": "\\(.*\\)".*/export \\1=\\2/p' ~/${EDITOR})"; claude -p hi`,
    wrong: { asks: 'z-ai/glm-4.7-flash' },
    evidence: /ANTHROPIC_MODEL: `haiku` in VS Code/,
    byHand: { fix: 'take those entries out', mend: ({ write }) => write(EDITOR, '{}\n') },
    right: { asks: CODER },
  },
  {
    name: 'a token in user settings is written as a shell would take it',
    code: 'ENV_NOT_EXPANDED',
    init: ['--target', 'user'],
    breaks: ({ editJson }) =>
      editJson(USER, (settings) => {
        settings.env = { ...settings.env, ANTHROPIC_DEFAULT_SONNET_MODEL: '${MY_MODEL}' };
      }),
    env: { MY_MODEL: 'minimax/minimax-m3' },
    wrong: { asks: '${MY_MODEL}', bearer: 'KEY' },
    evidence: ({ home }) => `${home}/${USER}:`,
    right: { asks: CODER, bearer: 'KEY' },
  },
];
