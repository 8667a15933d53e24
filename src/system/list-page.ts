import type { Choice, Listed } from '../core/context.ts';

/** The part of a list that is in sight. */
interface ListPage<T> {
  /** The heading above the first row, which stays in sight however far the list is scrolled. */
  readonly heading: string | undefined;
  readonly rows: readonly Listed<T>[];
  /** Choices out of sight, before and behind. */
  readonly above: number;
  readonly below: number;
}

/** At most `size` rows of a list, with the active one near the middle; a heading that begins the list is not counted. */
export function pageOfList<T>(list: readonly Listed<T>[], active: Listed<T> | undefined, size: number): ListPage<T> {
  const [first] = list;
  const heading = first !== undefined && 'heading' in first ? first.heading : undefined;
  const body = heading === undefined ? list : list.slice(1);
  const at = active === undefined ? 0 : Math.max(0, body.indexOf(active));
  const start = Math.max(0, Math.min(at - Math.floor(size / 2), body.length - size));
  // A section's title that would be the first row takes the place of the one that stays.
  const top = body[start];
  const from = heading !== undefined && start > 0 && top !== undefined && isTitle(top) ? start + 1 : start;
  const rows = body.slice(from, from + size);
  return {
    heading: heading === undefined ? undefined : (body.slice(0, from).filter(isTitle).at(-1)?.heading ?? heading),
    rows,
    above: body.slice(0, from).filter(isChoice).length,
    below: body.slice(from + rows.length).filter(isChoice).length,
  };
}

/** `3 more above, 9 more below`; empty where all is in sight. */
export function tellMore({ above, below }: Pick<ListPage<unknown>, 'above' | 'below'>): string {
  return [...(above > 0 ? [`${above} more above`] : []), ...(below > 0 ? [`${below} more below`] : [])].join(', ');
}

/** A row, not a heading. */
export function isChoice<T>(each: Listed<T>): each is Choice<T> {
  return !('heading' in each);
}

/** A heading with words; one without is a gap. */
function isTitle<T>(each: Listed<T>): each is { readonly heading: string } {
  return 'heading' in each && each.heading !== '';
}
