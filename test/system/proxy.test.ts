import { describe, expect, it } from 'vitest';

import { chooseProxy, describeProxy } from '../../src/system/proxy.ts';

const choose = (env: Record<string, string>, url = 'https://openrouter.ai/api/v1/key'): string | undefined =>
  chooseProxy(env, new URL(url));
const PROXY = 'http://proxy.corp:3128';

describe('the choice of a proxy', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['nothing set', {}, undefined],
    ['HTTPS_PROXY', { HTTPS_PROXY: PROXY }, PROXY],
    ['https_proxy', { https_proxy: PROXY }, PROXY],
    ['small letters first', { https_proxy: PROXY, HTTPS_PROXY: 'http://other' }, PROXY],
    ['HTTP_PROXY for https too', { HTTP_PROXY: PROXY }, PROXY],
    ['an empty value', { HTTPS_PROXY: '', HTTP_PROXY: '' }, undefined],
    ['no scheme', { HTTPS_PROXY: 'proxy.corp:3128' }, PROXY],
    ['another scheme', { HTTPS_PROXY: 'socks5://proxy.corp:1080' }, 'socks5://proxy.corp:1080'],
  ])('takes %s', (_name, env, expected) => {
    expect(choose(env)).toBe(expected);
  });

  it.each([
    'openrouter.ai',
    '.openrouter.ai',
    '*.openrouter.ai',
    'ai',
    'x.com, openrouter.ai',
    'x.com openrouter.ai',
    '*',
    'openrouter.ai:443',
    'OPENROUTER.AI',
  ])('goes direct where NO_PROXY is %j', (list) => {
    expect(choose({ HTTPS_PROXY: PROXY, NO_PROXY: list })).toBeUndefined();
  });

  it.each(['', 'router.ai', 'openrouter.ai:80', 'api.openrouter.ai', 'openrouter.ai.evil'])('does not where NO_PROXY is %j', (list) => {
    expect(choose({ HTTPS_PROXY: PROXY, NO_PROXY: list })).toBe(PROXY);
  });

  it.each(['http://localhost:8080/api', 'http://127.0.0.1:1/', 'http://127.9.9.9/', 'http://[::1]:8080/'])(
    'never leads %s through one',
    (url) => {
      expect(choose({ HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY }, url)).toBeUndefined();
    },
  );

  it('is shown without user, password or path', () => {
    expect(describeProxy('http://anna:s3cret@proxy.corp:3128/x?y')).toBe('http://proxy.corp:3128');
    expect(describeProxy('::::anna:s3cret')).not.toContain('s3cret');
  });
});
