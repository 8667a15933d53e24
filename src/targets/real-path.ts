import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';
import { attempt } from '../text/attempt.ts';

/** As many links as Linux follows before it says ELOOP. */
const MOST_LINKS = 40;

/**
 * Where the bytes of a path would go: links followed in every part of it, also where the file or folders above it are not there
 * yet, and for a link to nowhere the file that it would make. Links in a circle give the path as it is.
 */
export function realPath(ctx: Pick<Context, 'fs' | 'platform'>, path: string): string {
  return follow(ctx, path, 0) ?? path;
}

function follow(ctx: Pick<Context, 'fs' | 'platform'>, path: string, links: number): string | undefined {
  const p = pathsOf(ctx.platform);
  if (links > MOST_LINKS) return undefined;
  const real = attempt(() => ctx.fs.realpath(path));
  if (real !== undefined) return real;
  // Not there, a link to nowhere, or out of reach: part by part then.
  const above = p.dirname(path);
  if (above === path) return path;
  const folder = follow(ctx, above, links + 1);
  if (folder === undefined) return undefined;
  const here = p.join(folder, p.basename(path));
  const target = attempt(() => (ctx.fs.lstat(here)?.kind === 'link' ? ctx.fs.readlink(here) : undefined));
  return target === undefined ? here : follow(ctx, p.resolve(folder, target), links + 1);
}
