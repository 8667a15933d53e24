import { describe, expect, it } from 'vitest';
import type { Listed } from '../../src/core/context.ts';
import { pageOfList, tellMore } from '../../src/system/list-prompt.ts';

const choices = (from: number, to: number): Listed<number>[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ value: from + index, name: `row ${from + index}` }));
const titled: readonly Listed<number>[] = [{ heading: 'titles' }, ...choices(1, 6), { heading: 'section' }, ...choices(7, 12)];
/** What is in sight, by value or words. */
const shown = (list: readonly Listed<number>[], value: number, size: number): unknown => {
  const active = list.find((each) => 'value' in each && each.value === value);
  const { heading, rows, above, below } = pageOfList(list, active, size);
  return [heading, rows.map((row) => ('heading' in row ? row.heading : row.value)), above, below];
};

describe('a page of a list', () => {
  it('is all of it where there is room, without a word of more', () => {
    expect(shown(choices(1, 3), 2, 10)).toEqual([undefined, [1, 2, 3], 0, 0]);
    expect(tellMore({ above: 0, below: 0 })).toBe('');
  });

  it('keeps the active row in sight, the titles above it, and counts the rest', () => {
    expect(shown(titled, 1, 4)).toEqual(['titles', [1, 2, 3, 4], 0, 8]);
    expect(shown(titled, 5, 4)).toEqual(['titles', [3, 4, 5, 6], 2, 6]);
    expect(tellMore({ above: 2, below: 6 })).toBe('2 more above, 6 more below');
  });

  it("shows a section's title in place of the first one once its rows stand alone", () => {
    expect(shown(titled, 7, 4)).toEqual(['titles', [6, 'section', 7, 8], 5, 4]);
    expect(shown(titled, 8, 4)).toEqual(['section', [7, 8, 9, 10], 6, 2]);
    expect(shown(titled, 12, 4)).toEqual(['section', [9, 10, 11, 12], 8, 0]);
  });

  it.each([3, 4, 7, 12])('of %i rows has each active row in sight', (size) => {
    for (let value = 1; value <= 12; value += 1) {
      const [, rows, above, below] = shown(titled, value, size) as [unknown, readonly unknown[], number, number];
      expect(rows).toContain(value);
      expect(above + below + rows.filter((row) => typeof row === 'number').length).toBe(12);
    }
  });
});
