import { expect, it } from 'vitest';
import { maskPresent } from '../../../src/edit/json/settings-mask.ts';
import { maskKey } from '../../../src/text/text.ts';

it.each<[name: string, path: readonly string[], value: unknown, shown: string]>([
  ['a text', ['model'], 'opus', 'opus'],
  ['no text', ['model'], '', '(empty)'],
  ['a number', ['env', 'A'], 1.5, '1.5'],
  ['an object', ['env', 'A'], { a: ['é'] }, '{"a":["é"]}'],
  ['controls', ['model'], 'a\u001b[31mb', 'ab'],
  ['a token', ['env', 'ANTHROPIC_AUTH_TOKEN'], 'secret', '(hidden, 6 characters)'],
  ['a key', ['env', 'ANTHROPIC_AUTH_TOKEN'], `sk-or-${'0123456789'.repeat(5)}`, maskKey(`sk-or-${'0123456789'.repeat(5)}`)],
  ['a short one', ['env', 'ANTHROPIC_AUTH_TOKEN'], `sk-or-${'0'.repeat(39)}`, '(hidden, 45 characters)'],
  ['a long text', ['model'], 'x '.repeat(61), `${'x '.repeat(59)}x…`],
  ['a long list', ['x'], Array.from({ length: 61 }, () => 1), `[${'1,'.repeat(59)}…`],
  ['a text of 120 characters', ['model'], 'x '.repeat(60), 'x '.repeat(60)],
])("%s of someone else's is shown", (_name, path, value, shown) => {
  expect(maskPresent(path, value)).toBe(shown);
});
