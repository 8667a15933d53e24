import type { TestEnv } from './sandbox.ts';

/** `HERE` and `THERE` are two base URLs, `KEY` the key that works at both. */
export interface Arrangement {
  readonly name: string;
  readonly shell?: TestEnv;
  readonly user?: Settings;
  readonly project?: Settings;
  readonly local?: Settings;
  readonly managed?: Readonly<Record<string, Settings>>;
  /** Where CLAUDE_CONFIG_DIR leads, below the home; `user` is written there. */
  readonly configDir?: string;
  /** Which folder it is started in, below the work folder or as `home`. */
  readonly from?: string;
  /** The model of a start without `--model`, and who is asked; what the real client does, written down. */
  readonly wanted: readonly [model: string, asks: 'here' | 'there' | 'nobody'];
  /** It is tried on older versions too, where `aliases` asks for each alias by name. */
  readonly core?: true | 'aliases';
  /** The model that versions below these ask for instead, oldest first. */
  readonly before?: readonly (readonly [version: string, model: string])[];
}

/** The whole text of a file, or its JSON. */
export type Settings = string | Record<string, unknown>;

const SHELL: TestEnv = {
  ANTHROPIC_BASE_URL: 'HERE',
  ANTHROPIC_AUTH_TOKEN: 'KEY',
  ANTHROPIC_API_KEY: '',
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen/qwen3-coder-next',
  ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-4.7-flash',
  ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-5.3',
};
const SONNET = { ...SHELL, ANTHROPIC_MODEL: 'sonnet' };
const env = (variables: Record<string, unknown>): Settings => ({ env: variables });
const OPUS_BEFORE = [
  ['2.1.260', 'claude-opus-4-8'],
  ['2.1.300', 'claude-opus-5'],
] as const;
const MINIMAX = 'minimax/minimax-m3';

/** Every way of setting things that the layer model was written down for. */
export const ARRANGEMENTS: readonly Arrangement[] = [
  { name: 'the shell alone', core: true, shell: SONNET, wanted: ['qwen/qwen3-coder-next', 'here'] },
  { name: 'the shell alone, no default: opus with its million', core: 'aliases', shell: SHELL, wanted: ['z-ai/glm-4.7', 'here'] },
  { name: 'nothing at all', core: 'aliases', wanted: ['claude-opus-5-5', 'nobody'], before: OPUS_BEFORE },
  {
    name: 'user settings beat the shell, variable by variable',
    core: true,
    shell: SONNET,
    user: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }),
    wanted: [MINIMAX, 'here'],
  },
  { name: 'user settings alone', user: env({ ...SONNET, ANTHROPIC_MODEL: 'haiku' }), wanted: ['z-ai/glm-4.7-flash', 'here'] },
  {
    name: 'the project beats the user, the local file the project',
    core: true,
    user: env(SONNET),
    project: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX, ANTHROPIC_DEFAULT_HAIKU_MODEL: MINIMAX, ANTHROPIC_BASE_URL: 'THERE' }),
    local: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'moonshotai/kimi-k3' }),
    wanted: ['moonshotai/kimi-k3', 'there'],
  },
  {
    name: 'managed settings beat them all',
    core: true,
    shell: SONNET,
    local: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX, ANTHROPIC_BASE_URL: 'THERE' }),
    managed: { 'managed-settings.json': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'z-ai/glm-5.2', ANTHROPIC_BASE_URL: 'HERE' }) },
    wanted: ['z-ai/glm-5.2', 'here'],
  },
  {
    name: 'of the managed drop-in files the last name wins, and each beats the base file',
    core: true,
    shell: SONNET,
    managed: {
      'managed-settings.json': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'z-ai/glm-5.2', ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-5.2' }),
      'managed-settings.d/10-one.json': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'z-ai/glm-5.3' }),
      'managed-settings.d/20-two.json': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }),
      'managed-settings.d/30-not-read.txt': env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'moonshotai/kimi-k3' }),
    },
    wanted: [MINIMAX, 'here'],
  },
  {
    name: 'an empty string in the project blanks URL and token',
    core: true,
    user: env(SONNET),
    project: env({ ANTHROPIC_BASE_URL: '', ANTHROPIC_AUTH_TOKEN: '' }),
    wanted: ['qwen/qwen3-coder-next', 'nobody'],
  },
  {
    name: 'an empty string in user settings blanks a model',
    core: true,
    shell: SONNET,
    user: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: '', ANTHROPIC_DEFAULT_OPUS_MODEL: '' }),
    wanted: ['claude-sonnet-5-5', 'here'],
    before: [['2.1.300', 'claude-sonnet-5']],
  },
  {
    name: 'an empty string of the folder switches off what the shell and user settings switch on: another cloud',
    core: true,
    shell: { ...SONNET, CLAUDE_CODE_USE_VERTEX: '1' },
    user: env({ CLAUDE_CODE_USE_BEDROCK: '1' }),
    local: env({ CLAUDE_CODE_USE_BEDROCK: '', CLAUDE_CODE_USE_VERTEX: '' }),
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'an empty apiKeyHelper of the folder is none, whatever user settings name',
    core: true,
    shell: { ...SONNET, ANTHROPIC_AUTH_TOKEN: '' },
    user: { apiKeyHelper: 'echo KEY' },
    local: { apiKeyHelper: '' },
    wanted: ['qwen/qwen3-coder-next', 'nobody'],
  },
  {
    name: 'a trailing comma drops the whole file',
    core: true,
    shell: SONNET,
    user: `{"env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "${MINIMAX}",}}`,
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a comment drops the whole file',
    shell: SONNET,
    user: `// mine\n{"env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "${MINIMAX}"}}`,
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a known member of the wrong type drops the whole file',
    core: true,
    shell: SONNET,
    user: { model: 7, ...(env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }) as object) },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a byte order mark does no harm',
    core: true,
    shell: SONNET,
    user: `\ufeff{"env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "${MINIMAX}"}}`,
    wanted: [MINIMAX, 'here'],
  },
  {
    name: 'CLAUDE_CONFIG_DIR moves the user settings',
    core: true,
    shell: SONNET,
    configDir: 'elsewhere',
    user: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }),
    wanted: [MINIMAX, 'here'],
  },
  {
    name: 'a subfolder does not see the project',
    core: true,
    shell: SONNET,
    project: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: MINIMAX }),
    from: 'sub',
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'in the home folder the local file counts, and the project is the user',
    shell: SONNET,
    from: 'home',
    user: env({ ANTHROPIC_DEFAULT_HAIKU_MODEL: MINIMAX }),
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'ANTHROPIC_MODEL beats the setting `model`',
    core: true,
    shell: SONNET,
    user: { model: 'haiku' },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'the setting `model` beats ANTHROPIC_DEFAULT_MODEL',
    core: true,
    shell: { ...SHELL, ANTHROPIC_DEFAULT_MODEL: MINIMAX },
    user: { model: 'haiku' },
    wanted: ['z-ai/glm-4.7-flash', 'here'],
  },
  { name: 'the setting `model`: opus gets its million', shell: SHELL, user: { model: 'opus' }, wanted: ['z-ai/glm-4.7', 'here'] },
  {
    name: 'the project’s `model` beats the user’s',
    shell: SHELL,
    user: { model: 'opus' },
    project: { model: 'sonnet' },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: "Anthropic's own ids through the gateway",
    core: true,
    shell: {
      ...SHELL,
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'anthropic/claude-opus-5.5',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'anthropic/claude-sonnet-4.6',
      ANTHROPIC_MODEL: 'sonnet',
    },
    wanted: ['anthropic/claude-sonnet-4.6', 'here'],
  },
  {
    name: 'ANTHROPIC_DEFAULT_MODEL takes an id',
    core: true,
    shell: { ...SHELL, ANTHROPIC_DEFAULT_MODEL: MINIMAX },
    wanted: [MINIMAX, 'here'],
    before: [['2.1.246', 'z-ai/glm-4.7']],
  },
  {
    name: 'ANTHROPIC_DEFAULT_MODEL=haiku is passed over',
    shell: { ...SHELL, ANTHROPIC_DEFAULT_MODEL: 'haiku' },
    wanted: ['z-ai/glm-4.7', 'here'],
  },
  {
    name: 'the million is switched off in user settings',
    shell: SHELL,
    user: env({ CLAUDE_CODE_DISABLE_1M_CONTEXT: '1' }),
    wanted: ['z-ai/glm-4.7', 'here'],
  },
  {
    name: 'a [1m] tag in a mapped id',
    shell: { ...SHELL, ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen/qwen3-coder-next[1m]', ANTHROPIC_MODEL: 'sonnet' },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'blanks around names and values',
    shell: { ...SHELL, ANTHROPIC_MODEL: ' sonnet ', ANTHROPIC_AUTH_TOKEN: ' KEY ' },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  { name: 'ANTHROPIC_MODEL=opusplan', shell: { ...SHELL, ANTHROPIC_MODEL: 'opusplan' }, wanted: ['qwen/qwen3-coder-next', 'here'] },
  {
    name: 'ANTHROPIC_MODEL=best',
    core: true,
    shell: { ...SHELL, ANTHROPIC_MODEL: 'best' },
    wanted: ['z-ai/glm-4.7', 'here'],
    before: [['2.1.321', 'z-ai/glm-5.3']],
  },
  { name: 'ANTHROPIC_MODEL in capitals', shell: { ...SHELL, ANTHROPIC_MODEL: 'HAIKU' }, wanted: ['z-ai/glm-4.7-flash', 'here'] },
  {
    name: 'the legacy `anthropic` block counts for nothing',
    user: { anthropic: { baseURL: 'HERE', apiKey: 'KEY' } },
    wanted: ['claude-opus-5-5', 'nobody'],
    before: OPUS_BEFORE,
  },
  {
    name: 'a number as a value',
    shell: SONNET,
    user: env({ CLAUDE_CODE_DISABLE_1M_CONTEXT: 1, ANTHROPIC_DEFAULT_HAIKU_MODEL: 7 }),
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a reference in a value is not expanded',
    shell: SONNET,
    user: env({ ANTHROPIC_DEFAULT_SONNET_MODEL: '${ANTHROPIC_DEFAULT_HAIKU_MODEL}' }),
    wanted: ['${ANTHROPIC_DEFAULT_HAIKU_MODEL}', 'here'],
  },
  {
    name: 'of two members with one name the last counts, whole',
    user: '{"env":{"ANTHROPIC_BASE_URL":"THERE","ANTHROPIC_AUTH_TOKEN":"KEY"},"env":{"ANTHROPIC_MODEL":"opus","ANTHROPIC_MODEL":"haiku"}}',
    shell: SHELL,
    wanted: ['z-ai/glm-4.7-flash', 'here'],
  },
  {
    name: 'apiKeyHelper in place of a token',
    core: true,
    shell: { ...SONNET, ANTHROPIC_AUTH_TOKEN: '' },
    user: { apiKeyHelper: 'printf %s KEY' },
    wanted: ['qwen/qwen3-coder-next', 'here'],
  },
  {
    name: 'a token and no base URL in the project’s scope',
    user: env({ ANTHROPIC_BASE_URL: 'HERE', ANTHROPIC_MODEL: MINIMAX }),
    local: env({ ANTHROPIC_AUTH_TOKEN: 'KEY' }),
    wanted: [MINIMAX, 'here'],
  },
];
