import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesToPaste } from '../../src/edit/shell/print-only.ts';
import { AWKWARD } from '../support/printable.ts';
import { needs } from '../support/prove.ts';
import { runLines } from '../support/real-shells.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
const SET = {
  ANTHROPIC_API_KEY: '',
  ANTHROPIC_AUTH_TOKEN: KEY,
  ANTHROPIC_BASE_URL: 'https://openrouter.ai/api',
  ANTHROPIC_MODEL: 'sonnet',
};

type Content = Parameters<typeof linesToPaste>[1];

let home = '';
beforeAll(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'orcc-paste-')));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What a child of the shell has of ours after the lines to paste. */
function after(program: string, more: Partial<Content>, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const content: Content = {
    baseUrl: 'https://openrouter.ai/api',
    key: { kind: 'file', path: path.join(home, 'key') },
    variables: [{ name: 'ANTHROPIC_MODEL', value: 'sonnet' }],
    ...more,
  };
  const lines = linesToPaste(program, content, { home, platform: process.platform })?.lines ?? [];
  const base = { PATH: process.env['PATH'] ?? '', HOME: home, LC_ALL: 'C.UTF-8', ANTHROPIC_API_KEY: 'sk-ant-real', ...env };
  const result = runLines(program, lines, home, base);
  return Object.fromEntries([...result.env].filter(([name]) => /^(?:ANTHROPIC_|orcc|V\d)/.test(name)).sort());
}

describe.each(['tcsh', 'elvish', 'nu', 'xonsh', 'ksh', 'mksh', 'yash', 'dash'])('the lines to paste for %s', (program) => {
  describe.skipIf(needs({ program }))('really run,', () => {
    const NONE = { ANTHROPIC_API_KEY: 'sk-ant-real' };

    it('set exactly the variables with a key and none without', () => {
      for (const bytes of [KEY, `${KEY}\n`]) {
        writeFileSync(path.join(home, 'key'), bytes);
        expect(after(program, {})).toEqual(SET);
      }
      for (const bytes of ['', '\n', undefined]) {
        rmSync(path.join(home, 'key'));
        if (bytes !== undefined) writeFileSync(path.join(home, 'key'), bytes);
        expect([bytes, after(program, {})]).toEqual([bytes, NONE]);
        if (bytes === undefined) break;
      }
    });

    it('take the key from a variable of the user’s, and set none where it is missing or empty', () => {
      const key = { kind: 'env', name: 'MY_KEY' } as const;
      expect(after(program, { key }, { MY_KEY: KEY })).toEqual(SET);
      expect(after(program, { key })).toEqual(NONE);
      expect(after(program, { key }, { MY_KEY: '' })).toEqual(NONE);
    });

    it('hand every awkward value to a child byte for byte', () => {
      const variables = AWKWARD.map((value, index) => ({ name: `V${index}`, value }));
      writeFileSync(path.join(home, 'key'), KEY);
      const found = after(program, { variables });
      expect(AWKWARD.map((_, index) => found[`V${index}`])).toEqual([...AWKWARD]);
    });

    it('read the key from a path with every awkward character in it', () => {
      const folder = path.join(home, `a b'c"d$e\`f\\g!h(é’)[i]*`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'key'), `${KEY}\n`);
      expect(after(program, { key: { kind: 'file', path: path.join(folder, 'key') } })).toEqual(SET);
    });
  });
});
