import { pathsOf } from '../core/paths-of.ts';
import type { Context, FileStat } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { escapeInvisible } from '../text/text.ts';
import { errnoOf, meaningOf } from '../core/errno.ts';

/** Where the bytes of a path really go, links resolved. */
export interface Place {
  /** As the user knows it. */
  readonly path: string;
  readonly real: string;
  /** Of `real`; undefined where nothing is there yet. */
  readonly stat: FileStat | undefined;
  /** The folder that `real` lies in. */
  readonly folder: string;
  /** Folders that must be made first, outermost first. */
  readonly missing: readonly string[];
}

/** As many links as Linux follows before it says ELOOP. */
const MOST_LINKS = 40;

/** A refusal to touch a file: exit 6, nothing was written. */
export function refuse(path: string, reason: string, hint: string): OrccError {
  return new OrccError('refused', `\`${escapeInvisible(path)}\`: ${reason}`, {
    hint: `${hint}; nothing was written`,
    data: { path },
  });
}

function inCircle(path: string): OrccError {
  const { reason = '', hint = '' } = meaningOf('ELOOP') ?? {};
  return refuse(path, reason, hint);
}

/**
 * Follows links by hand, so that a dangling link leads to the file that a write through it would
 * create. Throws exit 6 for circular links, for a link into a missing folder, and for a path
 * through something that is not a folder.
 */
export function resolvePlace(ctx: Pick<Context, 'fs' | 'platform'>, path: string): Place {
  const p = pathsOf(ctx.platform);
  const { fs } = ctx;
  let at = path;
  try {
    for (let links = 0; ; links += 1) {
      if (links > MOST_LINKS) throw inCircle(path);
      // A relative link counts from the folder that really holds it.
      if (fs.stat(p.dirname(at)) !== undefined) at = p.join(fs.realpath(p.dirname(at)), p.basename(at));
      const stat = fs.lstat(at);
      if (stat?.kind === 'link') {
        at = p.resolve(p.dirname(at), fs.readlink(at));
        continue;
      }
      const missing = stat === undefined ? missingFolders(ctx, path, p.dirname(at)) : [];
      if (missing.length > 0 && links > 0) throw refuse(path, `it is a link to \`${at}\`, whose folder does not exist`, 'Fix the link');
      return { path, real: at, stat, folder: p.dirname(at), missing };
    }
  } catch (error) {
    if (errnoOf(error) === 'ELOOP') throw inCircle(path);
    throw error;
  }
}

/** The folders above that do not exist, outermost first. */
function missingFolders(ctx: Pick<Context, 'fs' | 'platform'>, path: string, folder: string): string[] {
  const p = pathsOf(ctx.platform);
  const missing: string[] = [];
  for (let at = folder; ; at = p.dirname(at)) {
    const stat = ctx.fs.stat(at);
    if (stat?.kind === 'directory') return missing;
    if (stat !== undefined || ctx.fs.lstat(at) !== undefined) {
      throw refuse(path, `\`${at}\` is not a folder`, 'Move it away, or choose another target');
    }
    if (p.dirname(at) === at) return missing;
    missing.unshift(at);
  }
}
