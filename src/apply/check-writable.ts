import { largerThan, LARGEST_FILE } from '../core/look.ts';
import { pathsOf } from '../core/paths-of.ts';
import type { Context, FileStat } from '../core/context.ts';
import { asRefusal } from '../core/errno.ts';
import { refuse, resolvePlace, type Place } from './place.ts';

type Slice = Pick<Context, 'fs' | 'uid' | 'platform' | 'home'>;

/**
 * Checks, without writing, for everything that prevents writing a file (or deleting it, or changing
 * its mode): circular links, folders, devices, pipes, read-only and immutable files, the Nix store,
 * missing permission, a home that belongs to someone else. Throws exit 6 with path, reason and
 * what to do instead; returns where the bytes will go.
 */
export function checkWritable(ctx: Slice, path: string, want: 'write' | 'delete' | 'mode' = 'write'): Place {
  try {
    return check(ctx, path, want);
  } catch (error) {
    throw asRefusal(error, path, 'nothing was written');
  }
}

function check(ctx: Slice, path: string, want: 'write' | 'delete' | 'mode'): Place {
  const place = resolvePlace(ctx, path);
  refuseForeignHome(ctx, place);
  if (/^\/nix\/store\//.test(place.real)) {
    throw refuse(
      path,
      'it is in the Nix store',
      path.endsWith('.json')
        ? 'Let Nix provide managed settings (`orcc export --managed` prints them), or use a shell as the target: `--target bash`'
        : 'Add the lines to your home-manager configuration (`programs.<shell>.initExtra`); `orcc env` prints them',
    );
  }
  if (place.stat === undefined) {
    const above = place.missing[0] === undefined ? place.folder : pathsOf(ctx.platform).dirname(place.missing[0]);
    if (!ctx.fs.access(above, 'write'))
      throw refuse(path, `no permission to write to \`${above}\``, 'Check the owner and mode of that folder');
    return place;
  }
  refuseKind(path, place.stat);
  if (want === 'mode') refuseForeignMode(ctx, path, place.stat);
  else refuseReadOnly(ctx, path, place, place.stat, want);
  return place;
}

function refuseKind(path: string, stat: FileStat): void {
  const hint = 'orcc only writes ordinary files: move it away, or choose another target';
  if (stat.kind === 'directory') throw refuse(path, 'it is a folder', hint);
  if (stat.kind !== 'file') throw refuse(path, 'it is a pipe, a socket or a device, not an ordinary file', hint);
  if (stat.size > LARGEST_FILE) throw refuse(path, `it ${largerThan(LARGEST_FILE)}`, 'Choose another target');
}

function refuseReadOnly(ctx: Slice, path: string, place: Place, stat: FileStat, want: 'write' | 'delete'): void {
  // Root may write to anything; a read-only mode is still a wish to be left alone.
  if ((stat.mode & 0o222) === 0) {
    throw refuse(path, 'it is read-only', 'Make it writable (`chmod u+w`) if you want orcc to change it, or choose another target');
  }
  if (!ctx.fs.access(place.real, 'write')) {
    throw refuse(
      path,
      'no permission to write to it',
      'Check its owner and mode, whether it is immutable (`lsattr`), and whether its file system is read-only',
    );
  }
  if (want === 'delete' && !ctx.fs.access(place.folder, 'write')) {
    throw refuse(path, `no permission to delete it from \`${place.folder}\``, 'Check the owner and mode of that folder');
  }
}

function refuseForeignMode(ctx: Slice, path: string, stat: FileStat): void {
  if (ctx.uid !== undefined && ctx.uid !== 0 && ctx.uid !== stat.uid) {
    throw refuse(path, 'only its owner can change its mode', 'Ask its owner to run `chmod`');
  }
}

/** sudo keeps HOME on many systems, so root would end up owning files in someone's home. */
function refuseForeignHome(ctx: Slice, place: Place): void {
  if (ctx.uid === undefined) return;
  const home = ctx.fs.stat(ctx.home);
  if (home === undefined || home.uid === ctx.uid) return;
  const p = pathsOf(ctx.platform);
  const below = p.relative(ctx.fs.realpath(ctx.home), place.real);
  if (below.startsWith('..')) return;
  throw refuse(
    place.path,
    `the home folder \`${ctx.home}\` belongs to another user (${home.uid}, and you are ${ctx.uid})`,
    'Run orcc as its owner, without sudo',
  );
}
