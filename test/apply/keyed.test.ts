import { describe, expect, it } from 'vitest';
import { sumOfBytes } from '../../src/apply/bytes.ts';
import { readBackup } from '../../src/apply/history.ts';
import { fillKey, holdsKey, withoutKeys } from '../../src/apply/keyed.ts';
import { useTempHome } from '../support/use.ts';

const KEY = 'sk-or-v1-0123456789';
const home = useTempHome();

describe('a backup without the key', () => {
  it.each([
    ['UTF-8', (text: string) => Buffer.from(text, 'utf8')],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big-endian', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('holds none in %s, and gives the same bytes with it', (_, encode) => {
    const bytes = encode(`one\nexport A='${KEY}' B="${KEY}${KEY}"\r\nä\u{1f600}`);
    const kept = withoutKeys(bytes, [KEY]);
    expect([holdsKey(bytes, [KEY]), holdsKey(kept, [KEY])]).toEqual([true, false]);
    expect(Buffer.from(fillKey(kept, KEY))).toEqual(bytes);
  });

  it('holds none of several keys, one of which begins like another', () => {
    const kept = withoutKeys(Buffer.from(`${KEY}0 b ${KEY}`), [KEY, `${KEY}0`, '']);
    expect(Buffer.from(kept).toString()).toBe('<orcc:key> b <orcc:key>');
  });

  it('is the file itself where no key is in it, bytes that are no text too', () => {
    const bytes = Buffer.from([0, 0xff, 0xfe, 0x80, 0x0a]);
    expect(withoutKeys(bytes, [KEY, ''])).toBe(bytes);
    expect(holdsKey(bytes, [''])).toBe(false);
  });

  it('gives the file again with the key that stood in it, and nothing with another or none', () => {
    const bytes = Buffer.from(`A=${KEY}`);
    home.write('entry/0.keyed', withoutKeys(bytes, [KEY]));
    const file = { path: home.path('rc'), realPath: home.path('rc'), owner: 'bash', existed: true, keyed: '0.keyed' } as const;
    const edit = { ...file, sumBefore: sumOfBytes(bytes), sumAfter: sumOfBytes(null), modeBefore: 0o644, modeAfter: null };
    const read = (key?: string): unknown => readBackup(home.ctx, home.path('entry'), edit, key);
    expect([read(KEY), read(`${KEY}0`), read()]).toEqual([bytes, undefined, undefined]);
  });
});
