import { describe, expect, it } from 'vitest';
import { VARIABLES } from '../../src/claude/variables.ts';
import { isSecretName } from '../../src/text/secret-names.ts';
import { maskKey, redact, redactForeign, rememberSecret } from '../../src/text/text.ts';

const KEYS = ['sk-or-v1-'.padEnd(73, '0123456789abcdef'), 'gateway+own/0123456789?secret', 'Zq7-Zq8-x'];

const hex = (char: string): string => char.charCodeAt(0).toString(16).padStart(2, '0');
const each = (key: string, write: (char: string) => string): string => [...key].map(write).join('');
const WAYS: ReadonlyArray<readonly [string, (key: string) => string]> = [
  ['as it is', (key) => key],
  ['in capital letters, which a short one is not known by', (key) => (key.length < 16 ? key : key.toUpperCase())],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded twice', (key) => encodeURIComponent(encodeURIComponent(key))],
  ['percent-encoded letter by letter', (key) => each(key, (char) => `%${hex(char)}`)],
  ['percent-encoded here and there', (key) => each(key, (char) => (/[a-f]/.test(char) ? `%${hex(char).toUpperCase()}` : char))],
  ['as escapes of JSON', (key) => each(key, (char) => `\\u00${hex(char)}`)],
  ['as escapes of JSON in JSON', (key) => JSON.stringify(each(key, (char) => `\\u00${hex(char)}`))],
  ['as escapes of JavaScript', (key) => each(key, (char) => `\\x${hex(char)}`)],
  ['with slashes escaped', (key) => key.replaceAll('/', '\\/')],
  ['as entities of HTML', (key) => each(key, (char) => `&#${char.charCodeAt(0)};`)],
  ['as entities of HTML in hex', (key) => each(key, (char) => `&#x${hex(char)};`)],
  ['with characters between that nobody sees', (key) => each(key, (char) => `${char}\u200b`)],
  ['in base64', (key) => Buffer.from(key).toString('base64')],
  ['in base64 for URLs', (key) => Buffer.from(key).toString('base64url')],
  ['in base64 with something before and after it', (key) => Buffer.from(`Bearer ${key}\n`).toString('base64')],
  ['in base64 as Basic writes it', (key) => Buffer.from(`u:${key}`).toString('base64')],
  ['in base64 as a password of one letter’s user', (key) => Buffer.from(`${key}:x`).toString('base64')],
  ['in base64 of several lines', (key) => Buffer.from(`user:${key}`).toString('base64').replace(/.{20}/g, '$&\n')],
  ['folded into lines, which a short one is not known by', (key) => (key.length < 16 ? key : key.replace(/.{7}/g, '$&\r\n  '))],
  ['with fillers and selectors between', (key) => each(key, (char) => `${char}\ufe0f\u034f\u3164`)],
  ['as a dump of bytes', (key) => each(key, (char) => `${hex(char)} `)],
  ['as bytes with colons', (key) => [...key].map(hex).join(':')],
  ['as JSON has a Buffer', (key) => JSON.stringify([...Buffer.from(key)])],
  ['in hexadecimal digits', (key) => Buffer.from(key).toString('hex')],
];

/** The longest piece of a key that a text still tells, however it is written there. */
function told(text: string, key: string, write: (key: string) => string): number {
  for (let length = key.length; length > 0; length--) {
    for (let at = 0; at + length <= key.length; at++) if (text.includes(write(key.slice(at, at + length)))) return length;
  }
  return 0;
}

describe('a secret that is known', () => {
  it.each(WAYS.flatMap(([way, write]) => KEYS.map((key) => [way, key, write] as const)))('%s: %s is hidden', (_way, key, write) => {
    const masked = redact(`said "${write(key)}", no more`, [key]);
    expect(masked).not.toContain(write(key));
    expect(masked).toMatch(/^said "?.{0,30}.*no more$/s);
    expect(masked.length).toBeLessThan(60);
    expect(told(masked, key, write)).toBeLessThanOrEqual(12);
  });

  it('is hidden in parts too where a server’s text was cut', () => {
    const [key = ''] = KEYS;
    for (const part of [key.slice(0, 30), key.slice(20), key.slice(11, 40)]) {
      expect(told(redactForeign(`wrong key ${part}`, [key]), key, String)).toBeLessThanOrEqual(5);
    }
    expect(redactForeign(redact(key, [key]), [key])).toBe(maskKey(key));
  });

  it('is hidden in parts in all that is printed once it was sent, and no word of a secret that never leaves', () => {
    rememberSecret('gateway-9f8e7d6c5b4a-of-ours', { isSent: true });
    rememberSecret('/home/u/.config/gcloud/credentials.json');
    expect(redact('error: the key of gateway-9f8e7d6c5b4a-of is refused')).toBe('error: the key of (hidden) is refused');
    expect(redact('`/home/u/.config/gcloud/x`')).toBe('`/home/u/.config/gcloud/x`');
  });

  it('costs no time that grows with the square of a hostile text', () => {
    const started = performance.now();
    for (const char of ['\\', '%25', '&#0', '\u200b', ' ', 's', 'c2s', '\\n', `${KEYS[0]?.slice(9, 29)} `])
      redactForeign(char.repeat(200_000), KEYS);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('a key as it is shown', () => {
  it.each([
    ['sk-or-v1-'.padEnd(73, '0123456789abcdef'), 7],
    ['sk-or-'.padEnd(48, '0123456789abcdef'), 10],
    ['sk-or-'.padEnd(40, '0123456789abcdef'), 4],
    ['gateway-own-0123456789-s', 4],
    ['gateway-own-0123456789-secret-0123456789-secret-0123456789', 4],
    ['short-key-of-23-letters', 0],
  ])('tells of %s at most %i letters of what is secret, never over a quarter', (key, most) => {
    const open = key.replace(/^sk-or-(?:v1-)?/, '');
    const letters = maskKey(key)
      .replace('(hidden)', '')
      .replace('...', '')
      .replace(/^sk-or-(?:v1-)?/, '');
    expect(letters.length).toBeLessThanOrEqual(most);
    expect(letters.length * 4).toBeLessThanOrEqual(open.length);
  });
});

describe('a name that says its value is a secret', () => {
  it('is none of those that orcc writes or watches, the secret ones apart', () => {
    const open = VARIABLES.filter(({ secret }) => !secret).map(({ name }) => name);
    expect(open.filter((name) => isSecretName(name) && name !== 'ANTHROPIC_CUSTOM_HEADERS')).toEqual([]);
  });

  it.each(
    'GITHUB_TOKEN API_KEY_2 SECRET_KEY_BASE DB_PASSWORD X_PASSPHRASE PASSPHRASE DB_PASSWD DB_PWD MYSQL_PASS X_CREDENTIAL COOKIE SESSION_COOKIE RAILS_SESSION SIGNING_PRIVATE NPM_AUTH _auth _authToken APIKEY apikey authToken clientSecret sessionCookie GITLAB_PAT X_JWT AWS_SESSION_ID ANTHROPIC_CUSTOM_HEADERS TOKEN_PROD db.password x-api-key Authorization userPasswd'.split(
      ' ',
    ),
  )('%s is one', (name) => expect(isSecretName(name)).toBe(true));

  it.each(
    'PWD OLDPWD PATH MAX_OUTPUT_TOKENS CLAUDE_CODE_MAX_OUTPUT_TOKENS SSH_AUTH_SOCK XDG_SESSION_TYPE apiKeyHelper keyStorage keyUrl ANTHROPIC_MODEL bindkey monkey HISTFILE KEYMAP author compass CLAUDE_CODE_API_KEY_HELPER_TTL_MS'.split(
      ' ',
    ),
  )('%s is none', (name) => expect(isSecretName(name)).toBe(false));
});
