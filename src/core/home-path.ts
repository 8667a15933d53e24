import { tildePath } from '../text/text.ts';

/** The home that the paths in orcc's own records are relative to. */
export interface HomePlace {
  readonly home: string;
  /** The home at the time absolute paths were written (schema 1), if it has moved since. Paths below it now mean the present home. */
  readonly former?: string | undefined;
}

/** A path as orcc's records keep it: `~/…` below the home, so that the home can be moved; absolute elsewhere. */
export const storedPath = tildePath;

/** The inverse of `storedPath`; absolute paths below a former home are moved below the present one. */
export function pathFromStored(stored: string, { home, former }: HomePlace): string {
  if (stored === '~' || stored.startsWith('~/') || stored.startsWith('~\\')) return home + stored.slice(1);
  if (former === undefined) return stored;
  const short = tildePath(stored, former);
  return short === stored ? stored : home + short.slice(1);
}

/**
 * The home at the time orcc's own folder was at `then`; the folder is at `now` today. Undefined if the home is still the same,
 * or if the paths don't tell.
 */
export function formerHome(then: string | undefined, now: string, home: string): string | undefined {
  const below = tildePath(now, home);
  if (then === undefined || then === now || below === now) return undefined;
  const rest = below.slice(1);
  return then.endsWith(rest) && then.length > rest.length ? then.slice(0, -rest.length) : undefined;
}
