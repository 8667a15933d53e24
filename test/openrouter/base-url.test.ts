import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/core/hosts.ts';
import { parseBaseUrl } from '../../src/openrouter/base-url.ts';
import { OrccError } from '../../src/core/errors.ts';

const hintOf = (text: string): string => {
  try {
    return `taken as ${parseBaseUrl(text)}`;
  } catch (error) {
    if (error instanceof OrccError && error.exit === 'usage') return error.hint ?? '';
    throw error;
  }
};

describe('parseBaseUrl', () => {
  it.each([
    ['https://openrouter.ai/api', 'https://openrouter.ai/api'],
    ['https://openrouter.ai/api///', 'https://openrouter.ai/api'],
    ['HTTPS://OpenRouter.AI/api', 'https://openrouter.ai/api'],
    ['https://eu.openrouter.ai/api', 'https://eu.openrouter.ai/api'],
    ['https://gateway.example', 'https://gateway.example'],
    ['https://gateway.example:8443/llm/or', 'https://gateway.example:8443/llm/or'],
    ['http://127.0.0.1:8787/api', 'http://127.0.0.1:8787/api'],
    ['http://[::1]:8787/api', 'http://[::1]:8787/api'],
    ['http://sim.localhost/api', 'http://sim.localhost/api'],
  ])('%s', (given, wanted) => {
    expect(parseBaseUrl(given)).toBe(wanted);
  });

  it('shows a right form that it takes itself, whatever was wrong', () => {
    for (const bad of [
      '',
      'x',
      'openrouter.ai',
      'http://example.com',
      'http://example.com/v1',
      'https://openrouter.ai/v1',
      'https://openrouter.ai',
      'https://a:b@c.example/api',
      'https://c.example/api?k=1',
      'https://c.example/api#x',
      'https://c.example/sk-or-v1-0123456789abcdef/api',
      'https://sk-or-v1-0123456789abcdef@c.example/api',
      'https://c.example/v1/v1',
      'https://c.example/api/v1/messages',
      'https://c.example/api/v1/messages/',
      'https://c.example/messages',
      'https://c.example/v1/chat/completions',
      'file:///etc/passwd',
      'https://c.example/\u0007',
      'https://bücher.example/api',
    ]) {
      const right = /`([^`]*)`/.exec(hintOf(bad))?.[1] ?? '';
      expect([bad, hintOf(right)]).toEqual([bad, `taken as ${right}`]);
    }
  });

  it('takes no endpoint for a base URL, whoever the host is', () => {
    for (const end of ['/v1', '/v1/messages', '/v1/messages/count_tokens', '/messages', '/v1/chat/completions', '/v1/models'])
      expect(hintOf(`https://c.example/api${end}`)).toContain('`https://c.example/api`');
    expect(hintOf('https://c.example/api/v1x')).toBe('taken as https://c.example/api/v1x');
  });

  it('takes nothing that could break a line of a shell or a settings file', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (rest) => {
        const shown = hintOf(`https://gateway.example/${rest}`);
        if (!shown.startsWith('taken as ')) return;
        expect(shown).toMatch(/^taken as https:\/\/[\x21-\x7e]*$/);
        expect(shown).not.toMatch(/["\\]|\/$/);
      }),
    );
  });
});

describe('isLoopback', () => {
  it.each([
    ['localhost', true],
    ['a.localhost', true],
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['[::1]', true],
    ['127.0.0.1.example.com', false],
    ['localhost.example.com', false],
    ['notlocalhost', false],
    ['0.0.0.0', false],
    ['10.0.0.1', false],
    ['[::ffff:7f00:1]', false],
  ])('%s: %s', (host, wanted) => {
    expect(isLoopback(host)).toBe(wanted);
  });
});
