import { deflateSync } from 'node:zlib';
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
      act: ({ edit }) => edit('.bashrc', (text) => text.replace(/^alias claude=.*\n/m, '')),
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
      act: ({ type }) => type('tmux set-environment -gu CLAUDE_CODE_SUBAGENT_MODEL'),
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
    byHand: { fix: 'remove those entries', act: ({ write }) => write(EDITOR, '{}\n') },
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
  {
    name: 'an old terminal goes on after Claude Code was taken back to Anthropic',
    code: 'ENV_LEFT_OVER',
    init: BASH,
    breaks: async ({ type }) => void (await type('orcc switch --native --yes')),
    env: ({ url, key }) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_API_KEY: '', ANTHROPIC_MODEL: CODER }),
    isOld: true,
    wrong: { asks: CODER, bearer: 'KEY' },
    evidence: /ANTHROPIC_BASE_URL: new terminals have nothing/,
    byHand: { fix: 'unset ', act: () => undefined },
    isLeft: true,
    right: { asks: 'nobody', says: /Not logged in/ },
  },
  {
    name: 'direnv gives the folder a model of its own for subagents',
    code: 'FOLDER_VARIABLES',
    init: BASH,
    breaks: () => undefined,
    env: {
      DIRENV_DIFF: deflateSync(JSON.stringify({ p: {}, n: { CLAUDE_CODE_SUBAGENT_MODEL: 'minimax/minimax-m3' } })).toString('base64'),
      DIRENV_FILE: '/srv/app/.envrc',
      CLAUDE_CODE_SUBAGENT_MODEL: 'minimax/minimax-m3',
    },
    ask: 'claude -p "agent: hello"',
    wrong: { asks: CODER, then: 'minimax/minimax-m3' },
    evidence: /CLAUDE_CODE_SUBAGENT_MODEL: `minimax\/minimax-m3` here, by direnv/,
    byHand: { fix: '.envrc', act: () => undefined },
    isLeft: true,
    right: { asks: CODER, then: CODER },
  },
  {
    name: 'no claude on the PATH of this terminal',
    code: 'CLAUDE_MISSING',
    init: BASH,
    breaks: async ({ home, type }) => {
      await type(`mkdir -p ${home}/few && ln -s "$(command -v orcc)" ${home}/few/orcc`);
    },
    env: ({ home }) => ({ PATH: `${home}/few:/usr/bin:/bin` }),
    wrong: { asks: 'nobody', says: /claude: (?:command )?not found/ },
    evidence: /`claude` is not on PATH/,
    byHand: { fix: 'open a new terminal', act: () => undefined },
    isLeft: true,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'a file that is read in by a loop exports a model after the block',
    code: 'FOREIGN_EXPORT',
    init: BASH,
    breaks: ({ edit, write }) => {
      write('.bashrc.d/tool', 'export ANTHROPIC_DEFAULT_SONNET_MODEL=minimax/minimax-m3\n');
      edit('.bashrc', (text) => `${text}for each in $(ls ~/.bashrc.d); do . ~/.bashrc.d/$each; done\n`);
    },
    wrong: { asks: 'minimax/minimax-m3', bearer: 'KEY' },
    evidence: /\.bashrc\.d\/tool:1 runs after orcc's block, so its value counts/,
    byHand: { fix: 'remove it from ', act: ({ edit }) => edit('.bashrc.d/tool', () => '') },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'another cloud, exported by the same means',
    code: 'SETTINGS_OVERRIDE',
    init: BASH,
    breaks: ({ edit, write }) => {
      write('.bashrc.d/tool', 'export ANTHROPIC_SMALL_FAST_MODEL=x CLAUDE_CODE_USE_BEDROCK=1\n');
      edit('.bashrc', (text) => `${text}for each in $(ls ~/.bashrc.d); do . ~/.bashrc.d/$each; done\n`);
    },
    wrong: { asks: 'nobody' },
    evidence: /sets CLAUDE_CODE_USE_BEDROCK, so Claude Code ignores ANTHROPIC_BASE_URL/,
    byHand: { fix: 'unset CLAUDE_CODE_USE_BEDROCK', act: ({ edit }) => edit('.bashrc.d/tool', () => '') },
    right: { asks: CODER, bearer: 'KEY' },
  },
];
