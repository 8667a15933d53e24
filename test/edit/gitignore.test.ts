import { describe, expect, it } from 'vitest';
import { addIgnoreLine, removeIgnoreLine } from '../../src/edit/gitignore.ts';

const LINE = '.claude/settings.local.json';
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (found: Uint8Array | undefined): string | undefined => found && Buffer.from(found).toString('latin1');

describe('the line in .gitignore', () => {
  it.each([
    ['no file', null, `${LINE}\n`],
    ['an empty file', '', `${LINE}\n`],
    ['lines', 'dist\n', `${LINE}\n`],
    ['a last line without an end', 'dist', `\n${LINE}\n`],
    ['a single character', 'a', `\n${LINE}\n`],
    ['lines with CRLF', 'dist\r\n', `${LINE}\r\n`],
    ['lines with CRLF, the last one without an end', 'a\r\ndist', `\r\n${LINE}\r\n`],
    ['bytes that are no UTF-8', 'd\xe9\xff\n', `${LINE}\n`],
  ])('goes behind %s with that file’s line ends, and goes again without a trace', (_what, before, added) => {
    const found = addIgnoreLine(before === null ? null : bytes(before));
    expect(found.added).toBe(added);
    expect(text(found.after)).toBe(`${before ?? ''}${added}`);
    expect(text(removeIgnoreLine(found.after, found.added))).toBe(before ?? '');
  });

  it.each([
    ['at the front', `${LINE}\ndist\n`, 'dist\n'],
    ['in the middle', `a\n${LINE}\ndist\n`, 'a\ndist\n'],
    ['with CRLF', `a\r\n${LINE}\r\ndist\r\n`, 'a\r\ndist\r\n'],
    ['between bytes that are no UTF-8', `\xe9\n${LINE}\n\xff\n`, '\xe9\n\xff\n'],
  ])('that someone wrote more behind goes alone: %s', (_what, now, after) => {
    expect(text(removeIgnoreLine(bytes(now), `\n${LINE}\n`))).toBe(after);
  });

  it('goes with the line end before it where nothing else is left', () => {
    expect(text(removeIgnoreLine(bytes(`\n${LINE}\n`), `\n${LINE}\n`))).toBe('');
  });

  it.each([
    ['', 'gone'],
    [LINE.slice(1), 'shorter than it'],
    [`x${LINE}\n`, 'the end of another'],
    [`# ${LINE}\n`, 'in a comment'],
    [`${LINE}/\n`, 'the front of another'],
    [`xclaude/settingsxlocal.json\n`, 'only like it'],
  ])('is not found in %j, where it is %s', (now) => {
    expect(removeIgnoreLine(bytes(now), `\n${LINE}\n`)).toBeUndefined();
  });
});
