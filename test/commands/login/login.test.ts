import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES } from '../../../src/commands/login/wait-for-key.ts';
import type { Ran } from '../../support/box.ts';
import { addFakeKeychain } from '../../support/fake-keychain.ts';
import { serve } from '../../support/http-servers.ts';
import { DEFAULT } from '../../support/scripted-ask.ts';
import { initIn, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

/** An `xdg-open` that goes to the page and presses its button, as its user would. */
const BROWSER = `#!${process.execPath}
const page = require('node:fs').readFileSync(process.argv[2], 'utf8');
fetch(/url=([^"]*)"/.exec(page)[1].replaceAll('&#38;', '&')).then((page) => page.text()).then((text) => {
  const href = /id="approve"[^>]*href="([^"]*)"/.exec(text)[1].replaceAll('&#38;', '&');
  return fetch(href);
}).then((page) => page.text()).then((text) => require('node:fs').writeFileSync(process.env.HOME + '/page.html', text));
`;
const SCREEN = { DISPLAY: ':0' };

function addBrowser(): void {
  const programs = box.env['PATH'] ?? '';
  fs.writeFileSync(path.join(programs, 'xdg-open'), BROWSER, { mode: 0o755 });
  for (const folder of ['/usr/bin', '/bin']) {
    if (fs.existsSync(`${folder}/nohup`) && !fs.existsSync(path.join(programs, 'nohup')))
      fs.symlinkSync(`${folder}/nohup`, path.join(programs, 'nohup'));
  }
}
const login = (...args: string[]): Promise<Ran> => box.orcc(['login', '--to', simulator.baseUrl, ...args], { env: SCREEN });
const setUp = async (...more: string[]): Promise<void> => {
  const { code, stderr } = await initIn(box, simulator, more);
  expect(code, stderr).toBe(0);
};
const storedKey = (): string => (box.read('.config/orcc/key') ?? '').trim();

describe('orcc login', () => {
  it('stores the key of a first login, and says how to go on', async () => {
    addBrowser();
    const { code, stderr } = await login('--base-url', simulator.baseUrl);
    expect(code, stderr).toBe(0);
    expect(storedKey()).toMatch(/^sk-or-v1-[0-9a-f]{64}$/);
    expect(box.mode('.config/orcc/key')).toBe(0o600);
    expect(stderr).not.toContain(storedKey());
    expect(stderr).toContain('orcc init');
    expect(box.holding(storedKey())).toEqual(['.config/orcc/key']);
    expect((await box.orcc(['key', 'show', '--offline'])).code).toBe(0);
  });

  it('puts the new key wherever the old one stood, and leaves no copy of that', async () => {
    addBrowser();
    await setUp('--target', 'bash', '--target', 'user');
    const { code, stderr } = await login();
    expect(code, stderr).toBe(0);
    expect(storedKey()).not.toBe(simulator.key);
    expect(box.holding(storedKey())).toEqual(['.claude/settings.json', '.config/orcc/key']);
    expect(box.holding(simulator.key)).toEqual([]);
    expect((await box.orcc(['test', 'haiku', '--quick'])).code).toBe(0);
    expect(box.read('page.html')).toContain(PAGES.done.text);
  });

  it('gives one JSON document, and the address on stderr', async () => {
    addBrowser();
    await setUp('--target', 'user');
    const { stdout, stderr } = await login('--json');
    expect(JSON.parse(stdout)).toMatchObject({ command: 'login', ok: true, data: { kind: 'applied', storage: 'file' } });
    expect(stdout + stderr).not.toContain(storedKey());
    expect(stderr).toContain('/auth?');
  });

  it('is taken by `key rotate --login` too', async () => {
    addBrowser();
    await setUp('--target', 'user');
    const { code, stderr } = await box.orcc(['key', 'rotate', '--login', '--yes', '--to', simulator.baseUrl], { env: SCREEN });
    expect(code, stderr).toBe(0);
    expect(box.holding(simulator.key)).toEqual([]);
  });

  it('goes into the keychain where the key lives there', async () => {
    addBrowser();
    const keychain = addFakeKeychain(box);
    const env = { ...SCREEN, ...keychain.env };
    await initIn(box, simulator, ['--target', 'user', '--key-storage', 'keychain'], { env });
    expect((await box.orcc(['login', '--to', simulator.baseUrl], { env })).code).toBe(0);
    const [stored] = Object.values(keychain.items());
    expect(stored).toMatch(/^sk-or-v1-/);
    expect(stored).not.toBe(simulator.key);
    expect(box.holding(stored ?? '')).toEqual([]);
  });

  it.each([
    ['the time limit', ['--timeout', '1'], 5],
    ['--no-browser without a terminal', ['--no-browser'], 2],
    ['a time of 0', ['--timeout', '0'], 2],
    ['another address', ['--base-url', 'https://gateway.example/api'], 2],
    ['a bad address', ['--base-url', 'ftp://x'], 2],
  ])('changes nothing at %s', async (_name, args, exit) => {
    await setUp('--target', 'user');
    const before = box.traces();
    expect((await login(...args)).code).toBe(exit);
    expect(box.traces()).toEqual(before);
  });

  it('opens nothing with --dry-run', async () => {
    addBrowser();
    const before = box.traces();
    const asked = simulator.requests.length;
    expect((await login('--dry-run', '--base-url', simulator.baseUrl)).code).toBe(0);
    expect(box.traces()).toEqual(before);
    expect(simulator.requests.length).toBe(asked);
  });

  it.each(['key set', 'key rotate', 'key add work'])(
    'nor does `%s --login`, which would leave a key that nothing stores',
    async (words) => {
      addBrowser();
      await setUp('--target', 'user');
      const before = box.traces();
      const asked = simulator.requests.length;
      const { code, stdout, json } = await box.orcc([...words.split(' '), '--login', '--dry-run', '--json'], { env: SCREEN });
      expect(code, stdout).toBe(0);
      expect(json().data).toMatchObject({ kind: 'dry-run', baseUrl: simulator.baseUrl, decision: {} });
      expect(box.traces()).toEqual(before);
      expect(simulator.requests.length).toBe(asked);
    },
  );

  it('refuses before the browser opens where the key could not be stored', async () => {
    addBrowser();
    await initIn(box, simulator, ['--target', 'bash', '--key-storage', 'env:MINE'], { env: { MINE: simulator.key } });
    const { code, stderr } = await box.orcc(['login'], { env: { ...SCREEN, MINE: simulator.key } });
    expect([code, stderr]).toEqual([6, expect.stringContaining('MINE')]);
    expect(box.read('page.html')).toBeNull();
    box.write(
      '.config/orcc/config.json',
      (box.read('.config/orcc/config.json') ?? '').replace(/"keyStorage": \{[^}]*\}/, '"keyStorage": { "kind": "file" }'),
      0o600,
    );
    fs.mkdirSync(box.at('.config/orcc/key'));
    expect((await login()).code).toBe(6);
    expect(box.read('page.html')).toBeNull();
  });

  it('tells of a key that was made and could not be stored', async () => {
    addBrowser();
    await setUp('--target', 'user');
    const mine = box.settings();
    mine.env['ANTHROPIC_AUTH_TOKEN'] = 'changed-by-hand-0123456789';
    box.write('.claude/settings.json', JSON.stringify(mine), 0o600);
    const { code, stderr } = await login();
    expect(code).toBe(6);
    expect(stderr).toMatch(/hint: .*\bsk-or-v1-\w{3}\.\.\.\w{4}\b/);
    expect(storedKey()).toBe(simulator.key);
  });

  it('tells a gateway without a login page apart', async () => {
    const gateway = await serve((_request, response) => response.writeHead(404).end('{}'));
    const { code, stderr } = await box.orcc(['login', '--base-url', `http://127.0.0.1:${gateway.port}/api`], { env: SCREEN });
    expect([code, stderr]).toEqual([2, expect.stringContaining('[NO_LOGIN]')]);
    await gateway.close();
  });
});

describe('orcc init on a terminal', () => {
  it('takes Enter alone for the browser, and the key from there; the recap says whose it is', async () => {
    addBrowser();
    const { code, stderr, questions } = await box.orcc(
      ['init', '--no-test', '--base-url', simulator.baseUrl, '--preset', 'guide', '--target', 'user', '--no-auto-mode'],
      {
        env: SCREEN,
        answers: [
          { to: /OpenRouter key.*Enter for the browser/, give: '' },
          { to: /Write this/, give: 'write' },
        ],
      },
    );
    expect(code, stderr).toBe(0);
    expect(questions).toHaveLength(2);
    expect(stderr).toMatch(/^Key: .*\buser_simulator\b/m);
    expect(box.holding(storedKey())).toEqual(['.claude/settings.json', '.config/orcc/key']);
  });

  it('asks again after a login that failed', async () => {
    const { code, stderr } = await box.orcc(
      ['init', '--no-test', '--base-url', simulator.baseUrl, '--preset', 'guide', '--target', 'user', '--no-auto-mode'],
      {
        answers: [
          { to: /OpenRouter key/, give: '' },
          { to: /code/, give: 'auth_code_wrong' },
          { to: /code/, give: 'auth_code_wrong' },
          { to: /code/, give: 'auth_code_wrong' },
          { to: /OpenRouter key/, give: simulator.key },
          { to: /Write this/, give: 'write' },
        ],
      },
    );
    expect(code, stderr).toBe(0);
    expect(storedKey()).toBe(simulator.key);
  });

  it('takes the key that is in use without a word, and marks it where another one is wanted', async () => {
    await setUp('--target', 'user');
    const { questions } = await box.orcc(['init', '--no-test', '--preset', 'guide', '--target', 'user'], {
      answers: [
        { to: /And now/, give: 'change' },
        { to: /Change what/, give: 'key' },
        { to: /Which OpenRouter key/, give: DEFAULT },
        { to: /And now/, give: 'write' },
      ],
    });
    expect(questions[2]?.preset).toBe(simulator.key);
    expect(questions[2]?.choices[0]?.name).toContain('(in use)');
  });
});
