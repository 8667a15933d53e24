import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FixRequest } from '../../src/doctor/check.ts';
import type { FindingCode } from '../../src/diagnose/table.ts';
import { createBox, type Box } from '../support/box.ts';
import { initIn, useSimulator } from '../support/use-simulator.ts';

const simulator = await useSimulator();
let box: Box;
beforeEach(() => {
  box = createBox();
});
afterEach(() => box.dispose());

const USER = '.claude/settings.json';
const RC = 'alias ll="ls -l"\n';

interface Row {
  readonly kinds: readonly FixRequest['kind'][];
  readonly code: FindingCode;
  /** Flags of the `orcc init` before; absent where orcc was never run. */
  readonly init?: readonly string[];
  readonly breaks: () => void;
  /** What a start-up file of orcc's holds once everything is taken away, where that is not what it held before. */
  readonly bashrc?: string;
  /** What keeps what it changed: a key that lay open. */
  readonly isFinal?: true;
}

const url = (): string => simulator.baseUrl;
const settings = (value: unknown, mode = 0o600): void => void box.write(USER, `${JSON.stringify(value, null, 4)}\n`, mode);
const local = (text: string, mode = 0o600): void => {
  const file = path.join(box.cwd, '.claude', 'settings.local.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
};
const edit = (name: string, change: (text: string) => string): void => {
  const before = box.read(name) ?? '';
  if (change(before) === before) throw new Error(`nothing to change in ${name}`);
  box.write(name, change(before));
};
const byHand = (more: object = {}): object => ({
  env: { ANTHROPIC_BASE_URL: url(), ANTHROPIC_AUTH_TOKEN: simulator.key, ...more },
  permissions: { disableAutoMode: 'disable' },
});

const ROWS: Readonly<Record<string, Row>> = {
  'a real key beside the token': {
    kinds: ['set-member'],
    code: 'API_KEY_PRESENT',
    breaks: () => settings(byHand({ ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789' })),
  },
  'no empty key beside the token': { kinds: ['set-member'], code: 'API_KEY_UNGUARDED', breaks: () => settings(byHand()) },
  'auto mode, set up by hand': {
    kinds: ['set-member'],
    code: 'AUTO_MODE_BLOCKED',
    breaks: () =>
      box.write(
        USER,
        JSON.stringify({ env: { ANTHROPIC_BASE_URL: url(), ANTHROPIC_AUTH_TOKEN: simulator.key, ANTHROPIC_API_KEY: '' } }),
        0o600,
      ),
  },
  'an address that ends in an endpoint': {
    kinds: ['set-member'],
    code: 'BASE_URL_WRONG',
    breaks: () => settings(byHand({ ANTHROPIC_BASE_URL: `${url()}/v1/messages`, ANTHROPIC_API_KEY: '' })),
  },
  'the first member of several beats the profile': {
    kinds: ['remove-member'],
    code: 'SETTINGS_OVERRIDE',
    init: ['--target', 'bash'],
    breaks: () => box.write(USER, '{\n  "env": { "ANTHROPIC_MODEL" : "opus" ,\n\n    "OTHER":"1"},\n  "theme": "dark"\n}', 0o640),
  },
  'the only member beats the profile': {
    kinds: ['remove-member'],
    code: 'SETTINGS_OVERRIDE',
    init: ['--target', 'bash'],
    breaks: () => box.write(USER, '{"env": {  "ANTHROPIC_DEFAULT_OPUS_MODEL":"claude-opus-4-5"  }}', 0o644),
  },
  'several members beat the profile, in several files': {
    kinds: ['remove-member'],
    code: 'SETTINGS_OVERRIDE',
    init: ['--target', 'bash'],
    breaks: () => {
      settings({
        a: 1,
        env: { A: '1', ANTHROPIC_MODEL: 'opus', B: '2', ANTHROPIC_DEFAULT_HAIKU_MODEL: 'x/y', ANTHROPIC_DEFAULT_OPUS_MODEL: 'x/y' },
        b: 2,
      });
      local('{\t"env":{"ANTHROPIC_DEFAULT_SONNET_MODEL":"x/y", "C":"3"}}', 0o644);
    },
  },
  'another cloud is switched on, in several files': {
    kinds: ['set-member'],
    code: 'SETTINGS_OVERRIDE',
    init: ['--target', 'bash'],
    breaks: () => {
      settings({ a: 1, env: { CLAUDE_CODE_USE_BEDROCK: '1', A: '1' } });
      local('{ "env": { "CLAUDE_CODE_USE_BEDROCK" : "true" } }', 0o644);
    },
  },
  'two credentials, in several files': {
    kinds: ['set-member'],
    code: 'AUTH_CONFLICT',
    init: ['--target', 'bash'],
    breaks: () => {
      settings({ apiKeyHelper: 'cat /nowhere', b: 2 });
      local('{ "apiKeyHelper" : "cat /elsewhere" }', 0o600);
    },
  },
  'a credential among the headers, in several files': {
    kinds: ['set-member'],
    code: 'CREDENTIAL_ADDED',
    init: ['--target', 'bash'],
    breaks: () => {
      settings({ env: { A: '1', ANTHROPIC_CUSTOM_HEADERS: 'x-api-key: sk-ant-api03-0123456789' } });
      local('{"env" :{"ANTHROPIC_CUSTOM_HEADERS": "X-Title: a\\nx-api-key: sk-ant-api03-0123456789"}}', 0o600);
    },
  },
  'a base URL without a token, set up by hand': {
    kinds: ['remove-member'],
    code: 'URL_WITHOUT_TOKEN',
    breaks: () => settings({ env: { A: '1', ANTHROPIC_BASE_URL: 'https://gateway.example' } }),
  },
  'the key in the wrong variable': {
    kinds: ['key-to-token'],
    code: 'API_KEY_PRESENT',
    breaks: () =>
      settings({ env: { ANTHROPIC_API_KEY: simulator.key, ANTHROPIC_BASE_URL: url() }, permissions: { disableAutoMode: 'disable' } }),
  },
  "the guide's block": {
    kinds: ['legacy-to-env'],
    code: 'LEGACY_ANTHROPIC_BLOCK',
    breaks: () =>
      settings({
        theme: 'dark',
        anthropic: {
          baseURL: url(),
          authToken: simulator.key,
          apiKey: '',
          defaultModels: { opus: 'z-ai/glm-4.7', sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7' },
        },
        permissions: { disableAutoMode: 'disable' },
      }),
  },
  'a file with a key that others can read': {
    kinds: ['chmod'],
    code: 'MODE_TOO_OPEN',
    breaks: () => settings(byHand({ ANTHROPIC_API_KEY: '' }), 0o644),
  },
  'local settings with a key that git would commit': {
    kinds: ['gitignore'],
    code: 'SETTINGS_NOT_IGNORED',
    breaks: () => {
      execFileSync('git', ['init', '-q', box.cwd], { env: { ...process.env, ...box.env } });
      writeFileSync(path.join(box.cwd, '.gitignore'), 'node_modules');
      local(JSON.stringify(byHand({ ANTHROPIC_API_KEY: '' })));
    },
  },
  'the end of the block is gone': {
    kinds: ['repair-block', 'rewrite'],
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: () => edit('.bashrc', (text) => text.replace(/^fi\n[^]*$/m, '')),
  },
  'a line of the block was changed': {
    kinds: ['rewrite'],
    code: 'BLOCK_DAMAGED',
    init: ['--target', 'bash'],
    breaks: () => edit('.bashrc', (text) => text.replace("'z-ai/glm-4.7'", "'z-ai/glm-4.8'")),
  },
  'an export by hand after the block': {
    kinds: ['adopt'],
    code: 'FOREIGN_EXPORT',
    init: ['--target', 'bash'],
    breaks: () => edit('.bashrc', (text) => `${text}export ANTHROPIC_MODEL=opus\nalias x=y\n`),
    bashrc: `${RC}export ANTHROPIC_MODEL=opus\nalias x=y\n`,
  },
  'a key in the history of a shell': {
    kinds: ['scrub-lines'],
    code: 'KEY_EXPOSED',
    init: ['--target', 'bash'],
    breaks: () => box.write('.bash_history', `ls\nexport ANTHROPIC_AUTH_TOKEN=${simulator.key}\npwd\n`, 0o600),
    isFinal: true,
  },
};

/** The errors and warnings that doctor finds, with what they are about. */
async function find(): Promise<ReadonlySet<string>> {
  const ran = await box.orcc(['doctor', '--offline', '--json']);
  const findings = ran.json().findings as readonly { code: string; severity: string; subject?: string }[];
  return new Set(findings.flatMap(({ code, severity, subject = '' }) => (severity === 'info' ? [] : [`${code} ${subject}`])));
}

const ofUser = (tree: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tree).filter(([name]) => !/^(?:home\/)?(?:\.config)?(?:\/orcc.*)?$|\.config/.test(name) && !name.includes('.git/')),
  );

describe.each(Object.entries(ROWS))('a mend: %s', (_name, row) => {
  async function open(): Promise<{
    readonly before: Record<string, string>;
    readonly broken: Record<string, string>;
    /** What doctor finds before anything is broken: a broken file may hide it. */
    readonly healthy: ReadonlySet<string>;
  }> {
    box.write('.bashrc', RC, 0o644);
    const before = box.tree();
    if (row.init !== undefined) expect((await initIn(box, simulator, row.init)).code).toBe(0);
    const healthy = row.init === undefined ? new Set<string>() : await find();
    const set = box.tree();
    row.breaks();
    const broken = box.tree();
    const theirs = Object.entries(broken).filter(
      ([name, sum]) => set[name] !== sum && !(row.init !== undefined && set[name] !== undefined),
    );
    return { before: { ...before, ...Object.fromEntries(theirs) }, broken, healthy };
  }
  const fix = async (): Promise<void> => {
    const ran = await box.orcc(['doctor', '--offline', '--fix', row.code, '--yes', '--json']);
    expect(ran.stderr).not.toContain('not fixed');
  };

  it('finds nothing afterwards that was not there before, and no longer what it mended', async () => {
    const { healthy } = await open();
    const found = await find();
    expect([...found].map((each) => each.split(' ')[0])).toContain(row.code);
    await fix();
    const left = [...(await find())];
    expect(left.filter((each) => !found.has(each) && !healthy.has(each))).toEqual([]);
    expect(left.map((each) => each.split(' ')[0])).not.toContain(row.code);
  });

  it.skipIf(row.isFinal)('is taken back by undo, byte for byte and with the modes', async () => {
    const { broken } = await open();
    await fix();
    expect((await box.orcc(['undo', '--yes'])).code).toBe(0);
    expect(ofUser(box.tree())).toEqual(ofUser(broken));
  });

  it.skipIf(row.isFinal)('is taken back by remove, byte for byte and with the modes', async () => {
    const { before } = await open();
    await fix();
    const ran = await box.orcc(['remove', '--yes']);
    expect([0, 1], ran.stderr).toContain(ran.code);
    if (row.bashrc === undefined) expect(ofUser(box.tree())).toEqual(ofUser(before));
    else expect(box.read('.bashrc')).toBe(row.bashrc);
    expect(box.tree()['home/.config/orcc'] ?? box.tree()['.config/orcc']).toBeUndefined();
  });
});

describe('the test of mends', () => {
  it('knows every kind of mend', () => {
    const kinds: Readonly<Record<FixRequest['kind'], true>> = {
      ...{ 'set-member': true, 'remove-member': true, 'legacy-to-env': true, 'key-to-token': true, chmod: true, 'scrub-lines': true },
      ...{ 'delete-backup': true, gitignore: true, 'repair-block': true, adopt: true, rewrite: true, 'deny-images': true },
    };
    const tried = new Set(Object.values(ROWS).flatMap((row) => row.kinds));
    // Of a backup that holds a key nothing may come back (test/keys/exposures); images are no error or warning (test/cli/images).
    expect(Object.keys(kinds).filter((kind) => !tried.has(kind as FixRequest['kind']))).toEqual(['delete-backup', 'deny-images']);
  });
});
