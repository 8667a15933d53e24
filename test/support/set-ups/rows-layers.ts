import { ANTHROPIC_KEY, logIn, type SetUp } from './scene.ts';

const USER = '.claude/settings.json';
const CODER = 'qwen/qwen3-coder-next';
const BASH = ['--target', 'bash'];

/** Something that beats what orcc wrote, or does not reach the client. */
export const LAYER_SET_UPS: readonly SetUp[] = [
  {
    name: "a model left in user settings beats the profile's",
    code: 'SETTINGS_OVERRIDE',
    init: BASH,
    breaks: ({ write }) => write(USER, { env: { ANTHROPIC_DEFAULT_SONNET_MODEL: 'minimax/minimax-m3' } }),
    wrong: { asks: 'minimax/minimax-m3', bearer: 'KEY' },
    evidence: ({ home }) => `${home}/${USER}:3 sets ANTHROPIC_DEFAULT_SONNET_MODEL`,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'a default alias in project settings beats the one of the user',
    code: 'SETTINGS_OVERRIDE',
    init: ['--target', 'user'],
    breaks: ({ write }) => write('./.claude/settings.json', { env: { ANTHROPIC_MODEL: 'opus' } }),
    wrong: { asks: 'z-ai/glm-4.7', bearer: 'KEY' },
    evidence: ({ cwd }) => `${cwd}/${USER}:3 sets ANTHROPIC_MODEL`,
    right: { asks: CODER },
  },
  {
    name: 'a base URL in local settings leads elsewhere',
    code: 'SETTINGS_OVERRIDE',
    init: BASH,
    breaks: ({ write }) => write('./.claude/settings.local.json', { env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/api' } }),
    wrong: { asks: 'nobody', says: /Connection refused|ECONNREFUSED/ },
    evidence: ({ cwd }) => `${cwd}/.claude/settings.local.json:3 sets ANTHROPIC_BASE_URL`,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'empty strings in user settings switch the profile off',
    code: 'SETTINGS_OVERRIDE',
    init: BASH,
    breaks: ({ write }) => write(USER, { env: { ANTHROPIC_BASE_URL: '', ANTHROPIC_AUTH_TOKEN: '' } }),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: ({ home }) => `${home}/${USER}:3 sets ANTHROPIC_BASE_URL to nothing`,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: "another's token in user settings goes out in place of the key",
    code: 'SETTINGS_OVERRIDE',
    init: BASH,
    breaks: ({ write }) => write(USER, { env: { ANTHROPIC_AUTH_TOKEN: 'sk-or-v1-long-gone-000000000000000000000000' } }),
    wrong: { asks: CODER, bearer: 'other', says: /401/ },
    evidence: ({ home }) => `${home}/${USER}:3 sets ANTHROPIC_AUTH_TOKEN`,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'a switch to another cloud in user settings',
    code: 'SETTINGS_OVERRIDE',
    init: BASH,
    breaks: ({ write }) => write(USER, { env: { CLAUDE_CODE_USE_BEDROCK: '1' } }),
    wrong: { asks: 'nobody' },
    evidence: ({ home }) => `${home}/${USER}:3 sets CLAUDE_CODE_USE_BEDROCK`,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'a model for subagents in user settings that no alias leads to',
    code: 'SETTINGS_OVERRIDE',
    init: [...BASH, '--subagent', 'minimax/minimax-m3'],
    breaks: ({ write }) => write(USER, { env: { CLAUDE_CODE_SUBAGENT_MODEL: 'claude-haiku-4-5' } }),
    ask: 'claude -p "agent: hello"',
    wrong: { asks: CODER, then: 'claude-haiku-4-5' },
    evidence: ({ home }) => `${home}/${USER}:3 sets CLAUDE_CODE_SUBAGENT_MODEL`,
    right: { asks: CODER, then: 'minimax/minimax-m3' },
  },
  {
    name: 'a model for subagents that OpenRouter does not have, where orcc set none',
    code: 'MODEL_UNKNOWN',
    init: BASH,
    breaks: ({ write }) => write(USER, { env: { CLAUDE_CODE_SUBAGENT_MODEL: 'claude-haiku-4-5' } }),
    ask: 'claude -p "agent: hello"',
    wrong: { asks: CODER, then: 'claude-haiku-4-5' },
    evidence: ({ home }) => `${home}/${USER}:3 sets it`,
    byHand: {
      fix: '/.claude/settings.json:3: `anthropic/claude-haiku-4.5`',
      act: ({ edit }) => edit(USER, (text) => text.replace('claude-haiku-4-5', 'anthropic/claude-haiku-4.5')),
    },
    right: { asks: CODER, then: 'anthropic/claude-haiku-4.5' },
  },
  {
    name: 'an export by hand after the block wins over it',
    code: 'FOREIGN_EXPORT',
    init: BASH,
    breaks: ({ edit }) => edit('.bashrc', (text) => `${text}export ANTHROPIC_MODEL=haiku\n`),
    wrong: { asks: 'z-ai/glm-4.7-flash' },
    evidence: /\/\.bashrc:\d+ runs after orcc.s block/,
    right: { asks: CODER },
  },
  {
    name: 'the terminal is older than the profile',
    code: 'ENV_NOT_LOADED',
    init: BASH,
    breaks: () => undefined,
    isOld: true,
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: /ANTHROPIC_BASE_URL: new terminals get/,
    byHand: { fix: 'open a new terminal', act: () => undefined },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: "a project's models without a base URL: its ids go to Anthropic with a teammate's login",
    code: 'PROJECT_MAPPING_ALONE',
    breaks: (scene) => {
      logIn(scene);
      scene.write('./.claude/settings.json', { env: { ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-5.3', ANTHROPIC_MODEL: 'opus' } });
    },
    // Anthropic is whom it looks for, and nobody reaches it here.
    ask: 'claude -p /model; claude -p hi',
    wrong: { asks: 'nobody', says: /Current model: `z-ai\/glm-5\.3`[^]*Can't reach/ },
    evidence: ({ cwd }) => `${cwd}/${USER} sets ANTHROPIC_DEFAULT_OPUS_MODEL`,
    byHand: {
      fix: '`orcc init --target user`',
      act: ({ type, url, key }) =>
        type(`orcc init --target user --preset guide --key-stdin --yes --no-test --base-url ${url}`, { input: key }),
    },
    right: { asks: 'z-ai/glm-5.3', bearer: 'KEY' },
    // The folder's mapping is its own affair.
    leaves: ['SETTINGS_OVERRIDE', 'CONTEXT_MISMATCH'],
  },
  {
    name: 'a model saved by `/model` stays while Claude Code is on Anthropic',
    code: 'MODEL_WITHOUT_URL',
    init: ['--target', 'user'],
    breaks: async ({ editJson, type }) => {
      editJson(USER, (value) => void (value['model'] = 'minimax/minimax-m3'));
      await type('orcc switch --native --yes');
    },
    ask: 'claude -p /model; claude -p hi',
    wrong: { asks: 'nobody', says: /Current model: `minimax\/minimax-m3/ },
    evidence: ({ home }) => `${home}/${USER}:2 sets it`,
    byHand: { fix: '`orcc switch --back`', act: ({ type }) => type('orcc switch --back --yes') },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'many things at once, with one `--fix`',
    code: 'SETTINGS_OVERRIDE',
    init: BASH,
    breaks: ({ write, edit, url }) => {
      edit('.bashrc', (text) => `${text}export ANTHROPIC_MODEL=haiku\nexport ANTHROPIC_API_KEY='${ANTHROPIC_KEY}'\n`);
      write(USER, { anthropic: { baseURL: url }, env: { ANTHROPIC_DEFAULT_HAIKU_MODEL: 'minimax/minimax-m3' } });
      write('./.claude/settings.json', { env: { ANTHROPIC_DEFAULT_SONNET_MODEL: '' } });
    },
    wrong: { asks: 'minimax/minimax-m3', bearer: 'KEY', apiKey: 'ANTHROPIC' },
    evidence: /settings\.json:\d+ sets ANTHROPIC_DEFAULT_/,
    fixAll: true,
    right: { asks: CODER, bearer: 'KEY', apiKey: 'none' },
  },
  {
    name: 'local settings alone: a subfolder does not see them',
    code: 'LOCAL_ALONE',
    init: ['--target', 'local'],
    breaks: () => undefined,
    ask: 'mkdir -p sub; cd sub; claude -p hi',
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: ({ cwd }) => `${cwd}/.claude/settings.local.json:`,
    byHand: {
      fix: '`orcc init --target user`',
      act: ({ type }) => type('orcc init --target user --yes --no-test'),
    },
    right: { asks: CODER, bearer: 'KEY' },
  },
];
