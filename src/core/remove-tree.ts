import { attempt } from '../text/attempt.ts';
import { pathsOf } from './paths-of.ts';
import type { Context } from './context.ts';

/** Deletes one of orcc's temporary folders with everything in it; links are not followed. Never throws: the rest is left to the system. */
export function removeTree({ fs, platform }: Pick<Context, 'fs' | 'platform'>, folder: string): void {
  attempt(() => {
    for (const name of fs.readdir(folder)) {
      const each = pathsOf(platform).join(folder, name);
      if (fs.lstat(each)?.kind === 'directory') removeTree({ fs, platform }, each);
      else fs.unlink(each);
    }
    fs.rmdir(folder);
  });
}
