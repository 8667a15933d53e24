import { describe, expect, it } from 'vitest';

import { admitKey, admitUrl, type Agreement, type Destination } from '../../src/openrouter/endpoint.ts';

const OWN = 'https://openrouter.ai/api';
const EVIL = 'http://127.0.0.1:9999/api';
const KEY = 'sk-or-v1-0123456789abcdef';

/** Someone at a terminal who gives this answer; undefined: nobody there. */
function stage(answer?: boolean) {
  const told: string[] = [];
  return {
    told,
    interactive: answer !== undefined,
    stderr: { write: (text: string) => void told.push(text), isTty: false, columns: 80, colorLevel: 0 as const },
    ask: {
      confirm: (message: string, initial: boolean) => {
        told.push(`${message} ${String(initial)}`);
        return Promise.resolve(answer ?? false);
      },
    } as never,
  };
}

const at = (baseUrl: string): Destination => ({ baseUrl, from: 'project settings (.claude/settings.json:3)' });
const outcome = (destination: Destination, agreement: Agreement, answer?: boolean): Promise<string> =>
  admitUrl(stage(answer), destination, agreement).then(
    ({ baseUrl }) => baseUrl,
    (error: unknown) => (error as { code: string }).code,
  );

describe('a key goes where it was stored for', () => {
  it.each<[string, Destination, Agreement, string]>([
    ['its own URL', at(OWN), { storedFor: OWN }, OWN],
    ['its own with a slash and blanks', at(` ${OWN}/ `), { storedFor: OWN }, OWN],
    ['a gateway that it was stored for', at(EVIL), { storedFor: EVIL }, EVIL],
    ['a new key at OpenRouter', at(OWN), {}, OWN],
    ['another one', at(EVIL), { storedFor: OWN }, 'KEY_OTHER_ADDRESS'],
    ['a new key elsewhere', at(EVIL), {}, 'KEY_OTHER_ADDRESS'],
    ['a gateway’s key at OpenRouter', at(OWN), { storedFor: EVIL }, 'KEY_OTHER_ADDRESS'],
    ['the same host, another path', at('http://127.0.0.1:9999/v2/api'), { storedFor: EVIL }, 'KEY_OTHER_ADDRESS'],
    ['a URL that --to names', at(EVIL), { storedFor: OWN, to: EVIL }, EVIL],
    ['a URL that --to does not name', at(EVIL), { storedFor: OWN, to: 'http://127.0.0.1:9/api' }, 'KEY_OTHER_ADDRESS'],
    ['its own URL, where --to names another', at(OWN), { storedFor: OWN, to: EVIL }, 'KEY_OTHER_ADDRESS'],
    ['user and password in it', at('http://u:p@127.0.0.1:9999/api'), { storedFor: OWN }, 'BASE_URL_WRONG'],
    ['user and password of its own host', at('https://openrouter.ai@evil.test/api'), { storedFor: OWN }, 'BASE_URL_WRONG'],
    ['plain http elsewhere', at('http://openrouter.test/api'), { storedFor: 'http://openrouter.test/api' }, 'BASE_URL_WRONG'],
    ['no URL', at('openrouter.ai/api'), { storedFor: OWN }, 'BASE_URL_WRONG'],
    ['another protocol', at('ftp://127.0.0.1/api'), { storedFor: OWN }, 'BASE_URL_WRONG'],
  ])('%s', async (_name, destination, agreement, expected) => {
    expect(await outcome(destination, agreement)).toBe(expected);
  });

  it('on a terminal its user is asked, with the place, and No is the default', async () => {
    const yes = stage(true);
    expect((await admitUrl(yes, at(EVIL), { storedFor: OWN })).baseUrl).toBe(EVIL);
    expect(yes.told.join('\n')).toContain('.claude/settings.json:3');
    expect(yes.told.at(-1)).toMatch(/ false$/);
    expect(await outcome(at(EVIL), { storedFor: OWN }, false)).toBe('KEY_OTHER_ADDRESS');
    expect(await outcome(at('http://u:p@127.0.0.1/api'), { storedFor: OWN }, true)).toBe('BASE_URL_WRONG');
  });
});

describe('what no request carries', () => {
  it.each([
    ['sk-ant-oat01-something', 'KEY_FOREIGN'],
    ['sk-proj-something-long', 'KEY_FOREIGN'],
    ['ghp_0123456789abcdef', 'KEY_FOREIGN'],
    ['AKIAIOSFODNN7EXAMPLE', 'KEY_FOREIGN'],
    ['AIzaSyA-something', 'KEY_FOREIGN'],
    ['sk-or-v1-x\r\nx-evil: 1', 'KEY_BAD'],
    ['sk-or-v1-\u00e9', 'KEY_BAD'],
  ])('%j: %s, at a gateway too', async (key, code) => {
    for (const url of [OWN, EVIL]) {
      const refused = admitKey(stage(true), key, at(url), { storedFor: url });
      await expect(refused).rejects.toMatchObject({ code, exit: 'key' });
      await expect(refused).rejects.not.toThrow(/something|0123|EXAMPLE|x-evil/);
    }
  });

  it('a gateway’s own key goes to its gateway', async () => {
    expect((await admitKey(stage(), 'sk-1234', at(EVIL), { storedFor: EVIL })).key).toBe('sk-1234');
  });

  it('the key stands in no listing of an endpoint', async () => {
    const endpoint = await admitKey(stage(), ` ${KEY}\n`, at(OWN), { storedFor: OWN });
    expect(endpoint.key).toBe(KEY);
    expect(JSON.stringify(endpoint)).not.toContain('sk-or');
  });
});
