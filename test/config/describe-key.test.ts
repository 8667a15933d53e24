import { describe, expect, it } from 'vitest';
import { describeKey } from '../../src/config/describe-key.ts';
import { keySchema } from '../../src/openrouter/schemas.ts';

const told = (data: object): string => describeKey(keySchema.parse({ data }).data, Date.parse('2026-11-27T12:00:00Z'));

describe('what OpenRouter says of a key, in one line', () => {
  it.each([
    ['nothing at all, which is not 0', {}, 'spending not stated, no limit'],
    ['nothing spent', { usage: 0, limit: null }, '$0.00 spent, no limit'],
    ['a limit alone', { usage: null, limit: 5, limit_remaining: null }, 'limit $5.00, what is left not stated'],
    ['what was spent', { usage: 3 }, '$3.00 spent, no limit'],
    ['money of own provider keys', { usage: 3, byok_usage: 1.5 }, '$3.00 spent, no limit, $1.50 on your own provider keys'],
    ['a limit', { limit: 5, limit_remaining: 2, limit_reset: 'monthly' }, '$2.00 of $5.00 left (monthly)'],
    ['members of a wrong type', { usage: 'x', byok_usage: null, limit: 'x', label: 7, expires_at: 5 }, 'spending not stated, no limit'],
  ])('%s', (_name, data, text) => {
    expect(told(data)).toBe(text);
  });
});
