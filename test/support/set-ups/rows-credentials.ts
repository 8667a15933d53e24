import { ANTHROPIC_KEY, LOGIN, logIn, type SetUp } from './scene.ts';

const USER = '.claude/settings.json';
const CODER = 'qwen/qwen3-coder-next';

const MODELS = {
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_DEFAULT_SONNET_MODEL: CODER,
  ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-4.7-flash',
  ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_MODEL: 'sonnet',
};

/** What goes out as whom. */
export const CREDENTIAL_SET_UPS: readonly SetUp[] = [
  {
    name: 'a base URL without a token sends the saved claude.ai login there',
    code: 'URL_WITHOUT_TOKEN',
    init: ['--target', 'user'],
    breaks: (scene) => {
      logIn(scene);
      scene.editJson(USER, ({ env = {} }) => void delete env['ANTHROPIC_AUTH_TOKEN']);
    },
    wrong: { asks: CODER, bearer: 'LOGIN' },
    evidence: ({ home }) => `${home}/${USER}:`,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'the same by hand, without orcc: the base URL goes',
    code: 'URL_WITHOUT_TOKEN',
    breaks: (scene) => {
      logIn(scene);
      scene.write(USER, { env: { ANTHROPIC_BASE_URL: scene.url, ANTHROPIC_AUTH_TOKEN: '' } });
    },
    wrong: { bearer: 'LOGIN' },
    evidence: ({ home }) => `${home}/${USER}:3 sets ANTHROPIC_BASE_URL`,
    // It goes to Anthropic again, whom nobody reaches here.
    right: { asks: 'nobody', says: /Can't reach|Unable to connect|ENOTFOUND|EAI_AGAIN|FailedToOpenSocket/ },
  },
  {
    name: 'a login in a variable goes to a base URL without a token',
    code: 'URL_WITHOUT_TOKEN',
    env: { CLAUDE_CODE_OAUTH_TOKEN: LOGIN },
    breaks: ({ write, url }) => write(USER, { env: { ANTHROPIC_BASE_URL: url, ...MODELS } }),
    wrong: { asks: CODER, bearer: 'LOGIN' },
    evidence: /this terminal sets CLAUDE_CODE_OAUTH_TOKEN/,
    right: { asks: 'nobody' },
  },
  {
    name: 'an exported key of Anthropic goes along where settings do not blank it',
    code: 'API_KEY_PRESENT',
    init: ['--target', 'user'],
    breaks: ({ editJson }) => editJson(USER, ({ env = {} }) => void delete env['ANTHROPIC_API_KEY']),
    env: { ANTHROPIC_API_KEY: ANTHROPIC_KEY },
    wrong: { asks: CODER, bearer: 'KEY', apiKey: 'ANTHROPIC' },
    evidence: /this terminal sets it/,
    right: { asks: CODER, bearer: 'KEY', apiKey: 'none' },
  },
  {
    name: 'a key of Anthropic exported in the start-up file, settings by hand',
    code: 'API_KEY_PRESENT',
    breaks: (scene) => {
      scene.edit('.bashrc', (text) => `${text}export ANTHROPIC_API_KEY='${ANTHROPIC_KEY}'\n`);
      scene.write(USER, { env: { ANTHROPIC_BASE_URL: scene.url, ANTHROPIC_AUTH_TOKEN: scene.key, ...MODELS } });
    },
    wrong: { asks: CODER, bearer: 'KEY', apiKey: 'ANTHROPIC' },
    evidence: ({ home }) => `${home}/.bashrc:3 sets it`,
    right: { asks: CODER, bearer: 'KEY', apiKey: 'none' },
    leaves: ['CONTEXT_MISMATCH'],
  },
  {
    name: 'the key in the wrong variable: it goes out as x-api-key, and no login with it',
    code: 'API_KEY_PRESENT',
    breaks: (scene) => {
      logIn(scene);
      scene.write(USER, { env: { ANTHROPIC_BASE_URL: scene.url, ANTHROPIC_API_KEY: scene.key, ...MODELS } });
    },
    wrong: { bearer: 'none', apiKey: 'KEY' },
    evidence: ({ home }) => `${home}/${USER}:4 sets it`,
    right: { asks: CODER, bearer: 'KEY', apiKey: 'none' },
    leaves: ['CONTEXT_MISMATCH'],
  },
  {
    name: 'apiKeyHelper beside a token: two credentials',
    code: 'AUTH_CONFLICT',
    init: ['--target', 'user'],
    breaks: ({ editJson }) => editJson(USER, (value) => void (value['apiKeyHelper'] = `printf %s ${ANTHROPIC_KEY}`)),
    wrong: { bearer: 'KEY', apiKey: 'ANTHROPIC' },
    evidence: ({ home }) => `${home}/${USER}:`,
    right: { bearer: 'KEY', apiKey: 'none' },
  },
  {
    name: 'the key file is empty',
    code: 'KEY_MISSING',
    init: ['--target', 'bash'],
    breaks: ({ write }) => write('.config/orcc/key', ''),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: ({ home }) => `${home}/.config/orcc/key`,
    byHand: { fix: '`orcc key set`', act: ({ type, key, url }) => type(`orcc key set --key-stdin --yes --to ${url}`, { input: key }) },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'a key that OpenRouter does not take',
    code: 'KEY_BAD',
    init: ['--target', 'bash'],
    breaks: ({ write }) => write('.config/orcc/key', 'sk-or-v1-long-gone-0000000000000000000000000000\n'),
    wrong: { asks: CODER, bearer: 'other', says: /401/ },
    evidence: /./,
    byHand: { fix: '`orcc key set`', act: ({ type, key, url }) => type(`orcc key set --key-stdin --yes --to ${url}`, { input: key }) },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'the base URL ends in /v1, by hand',
    code: 'BASE_URL_WRONG',
    breaks: ({ write, url, key }) => write(USER, { env: { ANTHROPIC_BASE_URL: `${url}/v1/`, ANTHROPIC_AUTH_TOKEN: key, ...MODELS } }),
    wrong: { path: '/api/v1/v1/messages' },
    evidence: ({ home }) => `${home}/${USER}:3: `,
    right: { asks: CODER, path: '/api/v1/messages' },
    leaves: ['CONTEXT_MISMATCH'],
  },
  {
    name: 'the base URL ends in /v1',
    code: 'BASE_URL_WRONG',
    init: ['--target', 'user'],
    breaks: ({ editJson, url }) => editJson(USER, ({ env = {} }) => void (env['ANTHROPIC_BASE_URL'] = `${url}/v1`)),
    wrong: { path: '/api/v1/v1/messages', says: /404|issue with the selected model|malformed/ },
    evidence: ({ home }) => `${home}/${USER}:`,
    right: { asks: CODER, path: '/api/v1/messages' },
  },
  {
    name: 'the base URL is the whole address of an endpoint, of a gateway',
    code: 'BASE_URL_WRONG',
    breaks: ({ write, url, key }) =>
      write(USER, { env: { ANTHROPIC_BASE_URL: `${url}/v1/messages`, ANTHROPIC_AUTH_TOKEN: key, ...MODELS } }),
    wrong: { path: '/api/v1/messages/v1/messages' },
    evidence: ({ home }) => `${home}/${USER}:3: `,
    right: { asks: CODER, path: '/api/v1/messages' },
    leaves: ['CONTEXT_MISMATCH'],
  },
];
