import { describe, expect, it } from 'vitest';
import { Screen } from './screen.ts';

function shown(...pieces: string[]): string {
  const screen = new Screen(20, 5);
  for (const piece of pieces) screen.write(piece);
  return screen.text();
}

describe('the terminal of the tests', () => {
  it('shows lines as they were written, without their colours', () => {
    expect(shown('\x1b[1;32mgreen\x1b[0m\r\nplain')).toBe('green\nplain');
  });

  it('overwrites after a carriage return and erases to the end of the line', () => {
    expect(shown('working 10%\rdone\x1b[K')).toBe('done');
  });

  it('repaints above, as prompts do', () => {
    expect(shown('? question\r\n  one\r\n  two', '\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2K\x1b[G', 'answered')).toBe('answered');
  });

  it('understands a sequence that arrives in two pieces', () => {
    expect(shown('ab\x1b', '[', '2', 'Dx')).toBe('xb');
    expect(shown('a\x1b]0;tit', 'le\x07b')).toBe('ab');
  });

  it('wraps a long line and keeps what scrolled away', () => {
    expect(shown('x'.repeat(25))).toBe(`${'x'.repeat(20)}\n${'x'.repeat(5)}`);
    expect(shown(Array.from({ length: 8 }, (_, index) => `line ${index}`).join('\r\n'))).toContain('line 0');
  });

  it('erases below the cursor only', () => {
    expect(shown('one\r\ntwo\r\nthree\x1b[1A\r\x1b[J')).toBe('one');
  });
});
