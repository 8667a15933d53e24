import type { SetUp } from './scene.ts';

const USER = '.claude/settings.json';
const CODER = 'qwen/qwen3-coder-next';
const USER_TARGET = ['--target', 'user'];

/** Files that the client drops, or that lost what orcc wrote. */
export const FILE_SET_UPS: readonly SetUp[] = [
  {
    name: 'the guide\'s "anthropic" block, by hand',
    code: 'LEGACY_ANTHROPIC_BLOCK',
    breaks: ({ write, url, key }) =>
      write(USER, {
        anthropic: {
          baseURL: url,
          authToken: key,
          apiKey: '',
          defaultModels: { opus: 'z-ai/glm-4.7', sonnet: CODER, haiku: 'z-ai/glm-4.7-flash' },
        },
      }),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: /it tries to set ANTHROPIC_BASE_URL/,
    right: { asks: 'z-ai/glm-4.7', bearer: 'KEY', apiKey: 'none' },
  },
  {
    name: 'a trailing comma drops the whole file',
    code: 'SETTINGS_INVALID',
    init: USER_TARGET,
    breaks: ({ edit }) => edit(USER, (text) => text.replace(/\n {2}\}/, ',\n  }')),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: new RegExp(`/${USER}:\\d+:\\d+: `),
    byHand: { fix: 'fix it by hand at line', act: ({ edit }) => edit(USER, (text) => text.replace(/,\n {2}\}/, '\n  }')) },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'a comment drops the whole file',
    code: 'SETTINGS_INVALID',
    init: USER_TARGET,
    breaks: ({ edit }) => edit(USER, (text) => `// mine\n${text}`),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: ({ home }) => `${home}/${USER}:1:1: `,
    byHand: { fix: 'fix it by hand at line 1', act: ({ edit }) => edit(USER, (text) => text.replace('// mine\n', '')) },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'a member of the wrong type drops the whole file',
    code: 'SETTINGS_INVALID',
    init: USER_TARGET,
    breaks: ({ editJson }) => editJson(USER, (value) => void (value['model'] = 7)),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: /`model` must be a string/,
    byHand: { fix: 'fix it by hand at line', act: ({ editJson }) => editJson(USER, (value) => void delete value['model']) },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'the end of the block is gone, and with it its `fi`',
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: ({ edit }) => edit('.bashrc', (text) => text.replace(/^fi\n[^]*$/m, '')),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: /\/\.bashrc:\d+` has a start and no end/,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'a line of the block was changed by hand',
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: ({ edit }) => edit('.bashrc', (text) => text.replace(`'${CODER}'`, "'qwen/qwen3-codr-next'")),
    wrong: { asks: 'qwen/qwen3-codr-next', says: /issue with the selected model|not a valid model/ },
    evidence: /\/\.bashrc:\d+` was changed by hand/,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'the profile returns before the block',
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: ({ edit }) => edit('.bashrc', (text) => `return\n${text}`),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: /\/\.bashrc:\d+` comes after a line that ends the file/,
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'the profile returns before the block on a condition, which only the shell itself can tell',
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: ({ edit }) => edit('.bashrc', (text) => `[ "$(id -u)" -ge 0 ] && return\n${text}`),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: /\/\.bashrc` is not reached/,
    byHand: { fix: 'check what the file does around it', act: ({ edit }) => edit('.bashrc', (text) => text.replace(/^.*return\n/, '')) },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'the profile returns before the block on a condition that always holds',
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: ({ edit }) => edit('.bashrc', (text) => `[ -n "$HOME" ] && return\n${text}`),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: /\/\.bashrc` is not reached/,
    byHand: { fix: 'check what the file does around it', act: ({ edit }) => edit('.bashrc', (text) => text.replace(/^.*return\n/, '')) },
    right: { asks: CODER, bearer: 'KEY' },
  },
  {
    name: 'the block got Windows line ends',
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: ({ edit }) =>
      edit('.bashrc', (text) => text.replace(/# >>> orcc[^]*<<< orcc <<<\n/, (block) => block.replaceAll('\n', '\r\n'))),
    wrong: { asks: 'nobody', says: /Not logged in/ },
    evidence: /\/\.bashrc:\d+` has Windows line endings/,
    right: { asks: CODER, bearer: 'KEY' },
  },
];
