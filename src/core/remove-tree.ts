import { attempt } from '../text/attempt.ts';
import { pathsOf } from './paths-of.ts';
import type { Context } from './context.ts';

/** Deletes a temporary folder of orcc's own and everything in it, links themselves and not what they lead to. What resists is the system's to clean: never throws. */
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
