import { isOpenRouter } from '../../../src/core/hosts.ts';
import { describe, expect, it } from 'vitest';
import { loginAddress, parseCode } from '../../../src/commands/login/login-address.ts';
import { hasBrowser, openBrowser } from '../../../src/commands/login/open-browser.ts';
import { addressOf, makeStage, type StageOptions } from '../../login/support.ts';

const login = { challenge: 'abc-_', callback: 'http://127.0.0.1:4567/orcc-x', label: 'orcc' };

describe('the address of the login page', () => {
  it.each([
    ['https://openrouter.ai/api', 'https://openrouter.ai/auth'],
    ['https://eu.openrouter.ai/api', 'https://eu.openrouter.ai/auth'],
    ['https://gw.example/or/api', 'https://gw.example/or/auth'],
    ['https://gw.example', 'https://gw.example/auth'],
    ['http://127.0.0.1:8787/api', 'http://127.0.0.1:8787/auth'],
  ])('of %s is %s', (baseUrl, wanted) => {
    const url = new URL(loginAddress(baseUrl, login));
    expect(url.origin + url.pathname).toBe(wanted);
    expect(url.searchParams.get('callback_url')).toBe(login.callback);
  });

  it('has no callback where the code is pasted', () => {
    expect(loginAddress('https://openrouter.ai/api', { challenge: 'x', label: 'orcc' })).not.toContain('callback');
  });

  it.each([
    ['https://openrouter.ai/api', true],
    ['https://us.openrouter.ai/api', true],
    ['https://openrouter.ai.evil.example/api', false],
    ['https://notopenrouter.ai/api', false],
  ])('%s is OpenRouter: %s', (baseUrl, wanted) => {
    expect(isOpenRouter(baseUrl)).toBe(wanted);
  });
});

describe('the opener', () => {
  const address = 'https://openrouter.ai/auth?a=1&b=2';
  // Where other users can read its arguments, it is given a file.
  const cases: [string, StageOptions, string | undefined, 'file'?][] = [
    ['macOS', { platform: 'darwin' }, '/usr/bin/open', 'file'],
    ['macOS over ssh', { platform: 'darwin', env: { SSH_TTY: '/dev/tty1' } }, undefined],
    ['Windows', { platform: 'win32' }, 'rundll32.exe'],
    ['a Linux desktop', { env: { WAYLAND_DISPLAY: 'wayland-0' }, programs: ['xdg-open'] }, '/bin/sh', 'file'],
    ['a Linux server', { programs: ['xdg-open'] }, undefined],
    ['a bare Linux desktop', { env: { DISPLAY: ':0' } }, undefined],
    ['WSL', { env: { WSL_DISTRO_NAME: 'Debian' }, programs: ['rundll32.exe'] }, '/usr/bin/rundll32.exe'],
    ['WSL with wslu', { env: { WSL_DISTRO_NAME: 'Debian' }, programs: ['wslview', 'rundll32.exe'] }, '/usr/bin/wslview'],
  ];
  it.each(cases)('of %s', async (_name, options, wanted, kind) => {
    const stage = makeStage(options);
    expect(hasBrowser(stage)).toBe(wanted !== undefined);
    expect((await openBrowser(stage, address)).isOpen).toBe(wanted !== undefined);
    expect(stage.started.map((each) => each.file)).toEqual(wanted === undefined ? [] : [wanted]);
    // One argument, whole: no shell may read the & in it.
    if (wanted === undefined) return;
    const given = stage.started[0]?.args.at(-1) ?? '';
    expect(given).toBe(kind === 'file' ? `${stage.home}/.config/orcc/login.html` : address);
    expect(addressOf(given)).toBe(address);
  });

  it('gives the browser no key', async () => {
    const stage = makeStage({
      env: { DISPLAY: ':0', ANTHROPIC_AUTH_TOKEN: 'x', MY_KEY: `sk-or-v1-${'0a'.repeat(32)}`, LANG: 'C' },
      programs: ['xdg-open'],
    });
    await openBrowser(stage, address);
    expect(stage.started[0]?.env).toEqual({ DISPLAY: ':0', LANG: 'C' });
  });
});

describe('a pasted code', () => {
  it.each([
    ['auth_code_1', 'auth_code_1'],
    ['  auth_code_1\r\n', 'auth_code_1'],
    ['http://127.0.0.1:1234/x?code=abc&y=1', 'abc'],
    ['https://example.com/', undefined],
    ['', undefined],
    ['a b', undefined],
    ['\x1b[2J', undefined],
    ['x'.repeat(1025), undefined],
  ])('%j is %j', (text, wanted) => {
    expect(parseCode(text)).toBe(wanted);
  });
});
