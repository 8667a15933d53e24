import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();

/** Another user of the machine, who can read every argument list, brings a code of their own to the login. */
const box = useBox();

/** An `xdg-open` that notes what it was given and, of the file, the mode; `then` is what the user does in the browser. */
function addBrowser(then: string): void {
  const programs = box.env['PATH'] ?? '';
  const script = `#!${process.execPath}
const fs = require('node:fs');
const given = process.argv[2];
const parts = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).flatMap((pid) => { try { return [fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0')]; } catch { return []; } });
const seen = parts.filter((each) => each.some((part) => part.includes(${JSON.stringify(box.home)})));
const stat = (file) => (fs.statSync(file).mode & 0o777).toString(8);
fs.writeFileSync(process.env.HOME + '/seen.json', JSON.stringify({ given, seen, modes: [stat(given), stat(require('node:path').dirname(given))] }));
const address = /url=([^"]*)"/.exec(fs.readFileSync(given, 'utf8'))[1].replaceAll('&#38;', '&');
${then}
`;
  fs.writeFileSync(path.join(programs, 'xdg-open'), script, { mode: 0o755 });
  if (fs.existsSync('/usr/bin/nohup')) fs.symlinkSync('/usr/bin/nohup', path.join(programs, 'nohup'));
}
const APPROVE = `fetch(address).then((page) => page.text()).then((text) => fetch(/id="approve"[^>]*href="([^"]*)"/.exec(text)[1].replaceAll('&#38;', '&')));`;
const KEY = '.config/orcc/key';
const PAGE = '.config/orcc/login.html';
const login = (...more: string[]) =>
  box.bin(['login', '--to', simulator.baseUrl, '--base-url', simulator.baseUrl, ...more], { env: { ...box.env, DISPLAY: ':0' } });
interface Seen {
  readonly given: string;
  readonly seen: readonly (readonly string[])[];
  readonly modes: readonly string[];
}

describe.skipIf(process.platform !== 'linux')('a stranger who reads argument lists', () => {
  it('finds neither the port nor the path to bring a code to, and cannot read the file that holds them', async () => {
    addBrowser(APPROVE);
    const { code, stderr } = await login();
    expect(code, stderr).toBe(0);
    const { given, seen, modes } = JSON.parse(box.read('seen.json') ?? '{}') as Seen;
    expect(given).toBe(box.at(PAGE));
    expect(seen.length).toBeGreaterThan(0);
    expect(JSON.stringify(seen)).not.toMatch(/callback_url|code_challenge|\/orcc-[\w-]{24}/);
    expect(modes).toEqual(['600', '700']);
    expect(box.read(PAGE)).toBeNull();
  });

  it('cannot put a page of their own in its place', async () => {
    addBrowser(APPROVE);
    const elsewhere = box.write('victim', 'theirs');
    fs.mkdirSync(box.at('.config/orcc'), { recursive: true, mode: 0o700 });
    box.write(PAGE, '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/evil">');
    fs.linkSync(box.at(PAGE), box.at('held'));
    const { code, stderr } = await login();
    expect(code, stderr).toBe(0);
    // A new file, whoever holds the old one open; and what that was linked to is as it was.
    expect(box.read('held')).toContain('evil');
    expect(fs.readFileSync(elsewhere, 'utf8')).toBe('theirs');
  });

  it('is seen by their account, which is told before the key is written', async () => {
    addBrowser(APPROVE);
    const { code, stderr } = await login();
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/\buser_simulator\b/);
    expect(box.read(KEY)).toMatch(/^sk-or-v1-/);
  });

  it('leaves no browser open and no key, where the page cannot be written', async () => {
    addBrowser(APPROVE);
    box.write('.config', 'a file');
    expect((await login('--timeout', '1')).code).not.toBe(0);
    expect(box.read('seen.json')).toBeNull();
  });
});
