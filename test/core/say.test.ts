import { expect, it } from 'vitest';
import { createSay, holdSay } from '../../src/core/say.ts';
import { plainStyle } from '../../src/text/style.ts';

it('leaves out the notes that its output omits, also of lines that were held back, and no other line', () => {
  const said = (omits: readonly 'no-images'[] | undefined): readonly string[] => {
    const lines: string[] = [];
    const output = { write: (text: string) => void lines.push(text.trim()), isTty: false, columns: 80, colorLevel: 0 } as const;
    const say = createSay({ ...output, ...(omits === undefined ? {} : { omits }) }, plainStyle(), false);
    const held = holdSay(say);
    for (const each of [say, held]) {
      each.line('a');
      each.note('no-images', 'b');
    }
    held.tell();
    return lines;
  };
  expect(said(undefined)).toEqual(['a', 'b', 'a', 'b']);
  expect(said(['no-images'])).toEqual(['a', 'a']);
});
