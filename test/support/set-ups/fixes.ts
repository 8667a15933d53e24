import type { FixRequest } from '../../../src/doctor/check.ts';
import type { FindingCode } from '../../../src/diagnose/table.ts';

/** Where a set-up is broken: a home, a folder to work in, and a server. */
export interface FixPlace {
  /** Base URL and key of that server. */
  readonly url: string;
  readonly key: string;
  /** Writes a file below the home, or of the work folder where it begins with `./`. */
  write(name: string, text: string, mode: number): void;
  /** The text of one below the home; empty where there is none. */
  read(name: string): string;
  /** Makes the work folder a repository of git. */
  startGit(): void;
}

const USER = '.claude/settings.json';
const LOCAL = './.claude/settings.local.json';
export const FIX_RC = 'alias ll="ls -l"\n';

/** One kind of fix, and a set-up that needs it. */
export interface FixRow {
  readonly kinds: readonly FixRequest['kind'][];
  readonly code: FindingCode;
  /** Flags of the `orcc init` before; absent where orcc was never run. */
  readonly init?: readonly string[];
  readonly breaks: (place: FixPlace) => void;
  /** What a start-up file of orcc's holds once everything is taken away, where that is not what it held before. */
  readonly bashrc?: string;
  /** What keeps what it changed: a key that lay open. */
  readonly isFinal?: true;
}

const settings = ({ write }: FixPlace, value: unknown, mode = 0o600): void => write(USER, `${JSON.stringify(value, null, 4)}\n`, mode);
const edit = ({ write, read }: FixPlace, name: string, change: (text: string) => string): void => {
  const before = read(name);
  if (change(before) === before) throw new Error(`nothing to change in ${name}`);
  write(name, change(before), 0o644);
};
const byHand = ({ url, key }: FixPlace, more: object = {}): object => ({
  env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key, ...more },
  permissions: { disableAutoMode: 'disable' },
});

/** Every kind of fix but those of a backup that holds a key and of images. */
export const FIX_ROWS: Readonly<Record<string, FixRow>> = {
  'a real key beside the token': {
    kinds: ['set-member'],
    code: 'API_KEY_PRESENT',
    breaks: (place) => settings(place, byHand(place, { ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789' })),
  },
  'no empty key beside the token': { kinds: ['set-member'], code: 'API_KEY_UNGUARDED', breaks: (place) => settings(place, byHand(place)) },
  'auto mode, set up by hand': {
    kinds: ['set-member'],
    code: 'AUTO_MODE_BLOCKED',
    breaks: ({ url, key, write }) =>
      write(USER, JSON.stringify({ env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_API_KEY: '' } }), 0o600),
  },
  'an address that ends in an endpoint': {
    kinds: ['set-member'],
    code: 'BASE_URL_WRONG',
    breaks: (place) => settings(place, byHand(place, { ANTHROPIC_BASE_URL: `${place.url}/v1/messages`, ANTHROPIC_API_KEY: '' })),
  },
  'the first member of several beats the profile': {
    kinds: ['remove-member'],
    code: 'SETTINGS_OVERRIDE',
    init: ['--target', 'bash'],
    breaks: ({ write }) => write(USER, '{\n  "env": { "ANTHROPIC_MODEL" : "opus" ,\n\n    "OTHER":"1"},\n  "theme": "dark"\n}', 0o640),
  },
  'the only member beats the profile': {
    kinds: ['remove-member'],
    code: 'SETTINGS_OVERRIDE',
    init: ['--target', 'bash'],
    breaks: ({ write }) => write(USER, '{"env": {  "ANTHROPIC_DEFAULT_OPUS_MODEL":"claude-opus-4-5"  }}', 0o644),
  },
  'several members beat the profile, in several files': {
    kinds: ['remove-member'],
    code: 'SETTINGS_OVERRIDE',
    init: ['--target', 'bash'],
    breaks: (place) => {
      settings(place, {
        a: 1,
        env: { A: '1', ANTHROPIC_MODEL: 'opus', B: '2', ANTHROPIC_DEFAULT_HAIKU_MODEL: 'x/y', ANTHROPIC_DEFAULT_OPUS_MODEL: 'x/y' },
        b: 2,
      });
      place.write(LOCAL, '{\t"env":{"ANTHROPIC_DEFAULT_SONNET_MODEL":"x/y", "C":"3"}}', 0o644);
    },
  },
  'another cloud is switched on, in several files': {
    kinds: ['set-member'],
    code: 'SETTINGS_OVERRIDE',
    init: ['--target', 'bash'],
    breaks: (place) => {
      settings(place, { a: 1, env: { CLAUDE_CODE_USE_BEDROCK: '1', A: '1' } });
      place.write(LOCAL, '{ "env": { "CLAUDE_CODE_USE_BEDROCK" : "true" } }', 0o644);
    },
  },
  'two credentials, in several files': {
    kinds: ['set-member'],
    code: 'AUTH_CONFLICT',
    init: ['--target', 'bash'],
    breaks: (place) => {
      settings(place, { apiKeyHelper: 'cat /nowhere', b: 2 });
      place.write(LOCAL, '{ "apiKeyHelper" : "cat /elsewhere" }', 0o600);
    },
  },
  'a credential among the headers, in several files': {
    kinds: ['set-member'],
    code: 'CREDENTIAL_ADDED',
    init: ['--target', 'bash'],
    breaks: (place) => {
      settings(place, { env: { A: '1', ANTHROPIC_CUSTOM_HEADERS: 'x-api-key: sk-ant-api03-0123456789' } });
      place.write(LOCAL, '{"env" :{"ANTHROPIC_CUSTOM_HEADERS": "X-Title: a\\nx-api-key: sk-ant-api03-0123456789"}}', 0o600);
    },
  },
  'a base URL without a token, set up by hand': {
    kinds: ['remove-member'],
    code: 'URL_WITHOUT_TOKEN',
    breaks: (place) => settings(place, { env: { A: '1', ANTHROPIC_BASE_URL: 'https://gateway.example' } }),
  },
  'the key in the wrong variable': {
    kinds: ['key-to-token'],
    code: 'API_KEY_PRESENT',
    breaks: (place) =>
      settings(place, {
        env: { ANTHROPIC_API_KEY: place.key, ANTHROPIC_BASE_URL: place.url },
        permissions: { disableAutoMode: 'disable' },
      }),
  },
  "the guide's block": {
    kinds: ['legacy-to-env'],
    code: 'LEGACY_ANTHROPIC_BLOCK',
    breaks: (place) =>
      settings(place, {
        theme: 'dark',
        anthropic: {
          baseURL: place.url,
          authToken: place.key,
          apiKey: '',
          defaultModels: { opus: 'z-ai/glm-4.7', sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7' },
        },
      }),
  },
  'a file with a key that others can read': {
    kinds: ['chmod'],
    code: 'MODE_TOO_OPEN',
    breaks: (place) => settings(place, byHand(place, { ANTHROPIC_API_KEY: '' }), 0o644),
  },
  'local settings with a key that git would commit': {
    kinds: ['gitignore'],
    code: 'SETTINGS_NOT_IGNORED',
    breaks: (place) => {
      place.startGit();
      place.write('./.gitignore', 'node_modules', 0o644);
      place.write(LOCAL, JSON.stringify(byHand(place, { ANTHROPIC_API_KEY: '' })), 0o600);
    },
  },
  'the end of the block is gone': {
    kinds: ['repair-block', 'rewrite'],
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: (place) => edit(place, '.bashrc', (text) => text.replace(/^fi\n[^]*$/m, '')),
  },
  'a line of the block was changed': {
    kinds: ['rewrite'],
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: (place) => edit(place, '.bashrc', (text) => text.replace("'z-ai/glm-4.7'", "'z-ai/glm-4.8'")),
  },
  'an export by hand after the block': {
    kinds: ['adopt'],
    code: 'FOREIGN_EXPORT',
    init: ['--target', 'bash'],
    breaks: (place) => edit(place, '.bashrc', (text) => `${text}export ANTHROPIC_MODEL=opus\nalias x=y\n`),
    bashrc: `${FIX_RC}export ANTHROPIC_MODEL=opus\nalias x=y\n`,
  },
  'a key in the history of a shell': {
    kinds: ['scrub-lines'],
    code: 'KEY_EXPOSED',
    init: ['--target', 'bash'],
    breaks: ({ key, write }) => write('.bash_history', `ls\nexport ANTHROPIC_AUTH_TOKEN=${key}\npwd\n`, 0o600),
    isFinal: true,
  },
};

/** Values that keep a set-up from what it says, though orcc never sets these names: one of each kind. */
export const IN_THE_WAY: Readonly<Record<string, string>> = {
  CLAUDE_CODE_USE_BEDROCK: '1',
  CLAUDE_CODE_USE_VERTEX: 'true',
  ANTHROPIC_SMALL_FAST_MODEL: 'claude-haiku-4-5',
  CLAUDE_CODE_SUBAGENT_MODEL: 'claude-haiku-4-5',
  CLAUDE_CODE_EXTRA_BODY: '{"model":"x/y"}',
  ANTHROPIC_UNIX_SOCKET: '/tmp/socket',
  CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: '1',
  ANTHROPIC_CUSTOM_HEADERS: 'x-api-key: sk-ant-api03-0123456789abcdef0123456789',
  DISABLE_AUTO_COMPACT: '1',
};
