import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createFileSystem } from '../../src/system/files.ts';
import type { Box } from '../support/box.ts';
import { initIn, useBox } from '../support/use.ts';

const OWN = ['.config/orcc/config.json', '.config/orcc/state.json'];
const SETTINGS = '.claude/settings.json';
const LOCK = '.config/orcc/locks/change.lock';
const KEY = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`;
const box = useBox();

const orcc = (...args: string[]): ReturnType<Box['orcc']> => box.orcc([...args, '--yes']);
const opus = (): unknown =>
  (JSON.parse(readFileSync(box.at(SETTINGS), 'utf8')) as { env: Record<string, string> }).env['ANTHROPIC_DEFAULT_OPUS_MODEL'];

/** What user settings and orcc's own files hold before and after another orcc's switch; the files are as before then. */
async function switched(): Promise<{ readonly settings: string; readonly own: readonly string[] }> {
  await initIn(box, { key: KEY }, ['--target', 'user']);
  const files = [SETTINGS, ...OWN];
  const before = files.map((name) => box.read(name) ?? '');
  expect((await orcc('switch', 'opus=z-ai/glm-5.3', '--offline')).code).toBe(0);
  const [settings = '', ...own] = files.map((name) => box.read(name) ?? '');
  files.forEach((name, i) => box.write(name, before[i] ?? '', 0o600));
  return { settings, own };
}

describe('a file that another orcc has written, whose records it has not yet,', () => {
  it('is none that was edited by hand: the change waits and is planned anew', async () => {
    const { settings, own } = await switched();
    const real = createFileSystem();
    let looks = 0;
    // The other one is between its files at the moment in which this one observes them, orcc's own first.
    const readFile = (name: string): Uint8Array => {
      if (name.endsWith('/settings.json')) looks += 1;
      if (name.endsWith('/settings.json') && looks === 2) {
        box.write(LOCK, JSON.stringify({ pid: process.ppid, host: hostname(), at: Date.now(), token: 'other' }), 0o600);
        box.write(SETTINGS, settings, 0o600);
        setTimeout(() => {
          OWN.forEach((each, i) => box.write(each, own[i] ?? '', 0o600));
          rmSync(box.at(LOCK));
        }, 500);
      }
      return real.readFile(name);
    };
    const args = ['switch', 'sonnet=z-ai/glm-4.7', '--offline', '--yes'];
    const { code, stderr } = await box.orcc(args, { fs: { ...real, readFile } });
    expect([looks > 2, code], stderr).toEqual([true, 0]);
    expect(opus()).toBe('z-ai/glm-5.3');
    expect(JSON.parse(box.read(OWN[0] ?? '') ?? '')).toMatchObject({ mapping: { opus: 'z-ai/glm-5.3', sonnet: 'z-ai/glm-4.7' } });
  });

  it('is one where nobody is at work', async () => {
    box.write(SETTINGS, (await switched()).settings, 0o600);
    const { code, stderr } = await orcc('switch', 'sonnet=z-ai/glm-4.7', '--offline');
    expect([code, stderr]).toEqual([6, expect.stringContaining('EDITED')]);
    expect(opus()).toBe('z-ai/glm-5.3');
  });
});
