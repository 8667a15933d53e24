import fs from 'node:fs';
import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { maskLine } from '../../src/change/diff.ts';
import { initIn, initWords, useBox } from '../support/use.ts';

/** A server, a file or a name tries to get a secret or a control character printed. */
const GATEWAY_KEY = 'gateway-own-0123456789-secret';
let gateway: http.Server;
let base = '';
const box = useBox();
/** Where set, the answer is no JSON: this, and the token behind it. */
let lead: string | undefined;

beforeAll(async () => {
  // It repeats the token that it got, as some gateways do, with characters that turn and hide text.
  gateway = http.createServer((request, response) => {
    if (lead !== undefined) {
      response.writeHead(400, { 'content-type': 'text/plain' });
      response.end(`${lead} ${request.headers.authorization?.slice('Bearer '.length) ?? ''}`);
      return;
    }
    response.writeHead(403, { 'content-type': 'application/json' });
    const said = `no access for ${request.headers.authorization ?? ''} \u202eevil\u200b\u009b31m\u061c\u00ad`;
    const part = `wrong ${request.headers.authorization?.slice('Bearer '.length, -3) ?? ''}`;
    response.end(JSON.stringify({ error: { code: 403, message: said, metadata: { provider_name: part, reason: part } } }));
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const at = gateway.address();
  base = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}/api`;
});
afterAll(() => new Promise((resolve) => gateway.close(resolve)));
beforeEach(() => {
  lead = undefined;
});

const setUp = async (key = GATEWAY_KEY, ...more: string[]): Promise<void> => {
  // In this process, so that the one under attack has never heard of the key.
  const { code, stdout, stderr } = await initIn(box, { key, baseUrl: base }, ['--no-check', '--target', 'user', ...more]);
  expect(code, stderr).toBe(0);
  expect(stdout + stderr).not.toContain(key);
};

describe('a gateway’s own key', () => {
  it.each([
    'usage',
    'usage --json',
    'key show',
    'key show --json',
    'doctor',
    'doctor --json',
    'doctor --all',
    'test --quick',
    'test --quick --json',
    'status --all',
    'status --json',
    'switch haiku=deepseek/deepseek-v4-flash --dry-run --offline',
    'remove --dry-run',
    'undo --dry-run',
    'key forget --dry-run',
    'env --json --with-key',
  ])('is printed by no `orcc %s`, whatever the server says', async (command) => {
    await setUp();
    const { stdout, stderr } = await box.bin(command.split(' '));
    expect(stdout + stderr).not.toContain(GATEWAY_KEY.slice(0, 19));
    expect(stdout + stderr).not.toMatch(/[\u202e\u200b\u009b\u061c\u00ad]/);
  });

  it.each([80, 90, 100, 110, 118])('is not printed in part where a text is cut %i characters on', async (before) => {
    await setUp();
    lead = 'a'.repeat(before);
    const { stdout, stderr } = await box.bin(['test', '--quick', '--json']);
    expect(stdout + stderr).toContain('body begins');
    expect(stdout + stderr).not.toContain(GATEWAY_KEY.slice(0, 16));
  });

  it('is printed where it is asked for alone', async () => {
    await setUp();
    expect((await box.bin(['env', '--with-key', '--shell', 'dotenv'])).stdout).toContain(GATEWAY_KEY);
  });

  it('of a few letters is hidden where it is the whole value, and leaves words alone', async () => {
    await setUp('zq7');
    const { stdout } = await box.bin(['status', '--json']);
    expect(stdout).not.toContain('"zq7"');
    expect(stdout).toContain('z-ai/');
  });
});

describe('a key on the command line', () => {
  const COMMANDS = [
    ['models', 'KEY', '--offline'],
    ['models', 'show', 'KEY', '--offline'],
    ['models', 'KEY', '--json', '--offline'],
    ['route', 'KEY'],
    ['switch', 'opus=KEY', '--offline', '--dry-run'],
    ['switch', 'KEY', '--offline', '--dry-run', '--json'],
    ['switch', '--fallback', 'KEY', '--offline', '--dry-run'],
    ['explain', 'KEY'],
    ['KEY'],
    ['--KEY'],
    ['key', 'KEY'],
    ['key', 'set', 'KEY'],
    ['key', 'set', '--key-env', 'KEY'],
    ['key', 'set', '--key-stdin=KEY'],
    ['key', 'storage', 'KEY'],
    ['init', '--key-storage', 'KEY', '--yes'],
    ['init', '--preset=KEY', '--yes'],
    ['init', '--base-url', 'https://KEY', '--yes', '--dry-run'],
    ['usage', '--since', 'KEY'],
    ['usage', '--to', 'http://127.0.0.1:1/KEY'],
    ['profile', 'save', 'KEY'],
    ['profile', 'use', 'KEY'],
    ['profile', 'import', 'KEY'],
    ['completion', 'KEY'],
    ['export', '--KEY'],
    ['status', '--json', 'KEY'],
    ['doctor', '--report', 'KEY/KEY'],
    ['test', '--alias', 'KEY'],
  ];
  const SHAPED = ['sk-or-v1-'.padEnd(73, 'a1'), 'sk-ant-api03-'.padEnd(60, 'b2'), 'ghp_'.padEnd(40, 'c3'), 'AKIA0123456789ABCDEF'];

  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))('is not repeated by `orcc %s`', async (_line, words) => {
    for (const key of SHAPED) {
      const { stdout, stderr } = await box.orcc(words.map((word) => word.replaceAll('KEY', key)));
      expect(stdout + stderr, key).not.toContain(key.slice(0, 17));
    }
    // The built program knows nothing of an earlier run but what is stored.
    box.write('.config/orcc/key', `${GATEWAY_KEY}\n`, 0o600);
    fs.chmodSync(box.at('.config/orcc'), 0o700);
    const { stdout, stderr } = await box.bin(words.map((word) => word.replaceAll('KEY', GATEWAY_KEY)));
    expect(stdout + stderr).not.toContain(GATEWAY_KEY.slice(0, 17));
  });

  it.each(['profile', 'helper'])('is not repeated where its storage is `%s`', async (storage) => {
    await setUp(GATEWAY_KEY, '--key-storage', storage);
    const { stdout, stderr } = await box.bin(['models', GATEWAY_KEY, '--offline']);
    expect(stdout + stderr).not.toContain(GATEWAY_KEY.slice(0, 17));
  });

  it('is not repeated where a variable holds it, whoever’s it is', async () => {
    const { stdout, stderr } = await box.bin(['models', GATEWAY_KEY, '--offline'], { env: { ...box.env, MY_PASSPHRASE: GATEWAY_KEY } });
    expect(stdout + stderr).not.toContain(GATEWAY_KEY.slice(0, 17));
  });
});

describe('a path with characters that nobody sees', () => {
  it.each(['usage', 'doctor --offline', 'doctor --offline --json', 'status', 'switch --here opus=z-ai/glm-4.7 --dry-run --offline'])(
    'is shown with escapes by `orcc %s`',
    async (command) => {
      await setUp();
      const name = 'a\u202eb\u200bc\nok';
      box.writeHere(`${name}/.claude/settings.json`, '{"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:9/api"}}');
      const { stdout, stderr } = await box.bin(command.split(' '), { cwd: `${box.cwd}/${name}` });
      expect((stdout + stderr).replace(/\s+/g, '').replaceAll('\\\\', '\\')).toContain('a\\u202eb\\u200bc\\u000aok/.claude');
      expect(stdout + stderr).not.toMatch(/[\u202e\u200b]|^ok\b.*settings/m);
    },
  );
});

describe('a file that a command is to write', () => {
  it.each<[string, readonly string[]]>([
    ['doctor', ['doctor', '--offline', '--report', 'out']],
    ['profile export', ['profile', 'export', 'own', '--to', 'out', '--force']],
    ['test', ['test', '--quick', '--junit', 'out']],
  ])('is never followed where it is a link, by `orcc %s`', async (_command, words) => {
    await setUp();
    await box.bin(['profile', 'save', 'own']);
    box.write('precious', 'mine');
    for (const to of [box.at('precious'), box.at('not-there')]) {
      fs.symlinkSync(to, `${box.cwd}/out`);
      const { code } = await box.bin(words);
      expect(code).not.toBe(0);
      // On a terminal, where its user agrees to replace it.
      if (words[0] === 'doctor') expect((await box.orcc(words, { answers: [{ to: /Replace/, give: true }] })).code).toBe(6);
      expect([box.read('precious'), box.read('not-there')]).toEqual(['mine', null]);
      fs.unlinkSync(`${box.cwd}/out`);
    }
  });
});

describe('other people’s secrets in a diff', () => {
  it.each([
    ['export GITHUB_TOKEN=abc123', 'abc123'],
    ["export MY_API_KEY='abc 123'", 'abc 123'],
    ['  "DB_PASSWORD": "hunter2",', 'hunter2'],
    ['set -gx STRIPE_SECRET hunter2', 'hunter2'],
    ['$env:AWS_SESSION_ID = "hunter2"', 'hunter2'],
    ['"clientSecret": "hunter2"', 'hunter2'],
    ['curl -H "x: ghp_0123456789abcdefghijABCDEFGHIJ"', 'ghp_0123'],
    ['  "STRIPE": "sk_live_0123456789abcdefghij",', 'sk_live_0123'],
    ['  "GITLAB_PAT": "glpat-0123456789abcdefghij"', 'glpat-0123'],
    ['//registry.test/:x=npm_0123456789abcdefghijABCDEFGHIJ012345', 'npm_0123'],
    ['export X_PASSPHRASE=hunter2', 'hunter2'],
    ['DB_PWD=hunter2', 'hunter2'],
    ['  "sessionCookie": "hunt\\"er2",', 'er2'],
    ['SECRET_KEY_BASE=hunter2', 'hunter2'],
    ['export ANTHROPIC_CUSTOM_HEADERS="x-api-key: hunter2"', 'hunter2'],
    ['# orcc: disabled: export OTHER_TOKEN=hunter2', 'hunter2'],
    ['  "apiKeyHelper": "echo \\"hunter2\\"",', 'hunter2'],
    ['  "otelHeadersHelper": "bash -c \'printf %s hunter2\'",', 'hunter2'],
    ['  "awsCredentialExport": "/usr/bin/printf hunter2",', 'hunter2'],
  ])('%s', (line, secret) => {
    expect(maskLine(line)).not.toContain(secret);
    expect(maskLine(line)).toContain('(hidden)');
  });

  it.each([
    'export ANTHROPIC_AUTH_TOKEN="$orcc_key"',
    "export ANTHROPIC_API_KEY=''",
    "export CLAUDE_CODE_MAX_OUTPUT_TOKENS='32000'",
    '  "ANTHROPIC_AUTH_TOKEN": "sk-or-v1-aaa...bbbb",',
    '  "CLAUDE_CODE_ATTRIBUTION_HEADER": "0",',
    'alias ll="ls -l"',
    'bindkey "^R" history',
    'cd "$OLDPWD"; echo PWD=/home/u',
    '  "apiKeyHelper": "cat \'/home/u/.config/orcc/key\'",',
    '  "apiKeyHelper": "secret-tool lookup service orcc",',
  ])('%s stays', (line) => expect(maskLine(line)).toBe(line));

  it('are hidden by the built program, in lines around a change', async () => {
    box.write(
      '.claude/settings.json',
      '{\n  "env": {\n    "GITHUB_TOKEN": "hunter2-hunter2",\n    "AWS_SECRET_ACCESS_KEY": "hunter3-hunter3"\n  }\n}\n',
    );
    const args = initWords(['--key-stdin', '--no-check', '--target', 'user', '--dry-run'], base);
    const { stdout, stderr } = await box.bin(args, { input: GATEWAY_KEY });
    expect(stderr + stdout).toContain('GITHUB_TOKEN');
    expect(stderr + stdout).not.toMatch(/hunter|gateway-own/);
  });
});
