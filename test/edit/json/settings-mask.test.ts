import { expect, it } from 'vitest';
import { maskPresent } from '../../../src/edit/json/settings-mask.ts';

it.each<[name: string, path: readonly string[], value: unknown, shown: string]>([
  ['a text', ['model'], 'opus', 'opus'],
  ['no text', ['model'], '', '(empty)'],
  ['a number', ['env', 'A'], 1.5, '1.5'],
  ['an object', ['env', 'A'], { a: ['é'] }, '{"a":["é"]}'],
  ['controls', ['model'], 'a\u001b[31mb', 'ab'],
  ['a token', ['env', 'ANTHROPIC_AUTH_TOKEN'], 'secret', '(hidden, 6 characters)'],
  ['a long text', ['model'], 'x '.repeat(61), `${'x '.repeat(59)}x…`],
  ['a long list', ['x'], Array.from({ length: 61 }, () => 1), `[${'1,'.repeat(59)}…`],
  ['a text of 120 characters', ['model'], 'x '.repeat(60), 'x '.repeat(60)],
])("%s of someone else's is shown", (_name, path, value, shown) => {
  expect(maskPresent(path, value)).toBe(shown);
});
