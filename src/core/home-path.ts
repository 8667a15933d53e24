import { shortPath } from '../text/text.ts';

/** Where the paths in orcc's own records count from. */
export interface HomePlace {
  readonly home: string;
  /** Where the home was when absolute paths were written (schema 1), if it was moved or copied since: they count from the present one. */
  readonly former?: string | undefined;
}

/** A path as orcc's records keep it: `~/…` below the home, so that a home can be moved, absolute elsewhere. */
export const storedPath = shortPath;

/** The inverse of `storedPath`; absolute paths below a former home come back below this one. */
export function pathFromStored(stored: string, { home, former }: HomePlace): string {
  if (stored === '~' || stored.startsWith('~/') || stored.startsWith('~\\')) return home + stored.slice(1);
  if (former === undefined) return stored;
  const short = shortPath(stored, former);
  return short === stored ? stored : home + short.slice(1);
}

/**
 * Where the home was when `then` was orcc's own folder, where it is `now` today; undefined where the home is still the same,
 * or where nothing tells.
 */
export function formerHome(then: string | undefined, now: string, home: string): string | undefined {
  const below = shortPath(now, home);
  if (then === undefined || then === now || below === now) return undefined;
  const rest = below.slice(1);
  return then.endsWith(rest) && then.length > rest.length ? then.slice(0, -rest.length) : undefined;
}
