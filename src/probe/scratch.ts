import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';
import { tempFolder } from '../core/folder.ts';
import { removeTree } from '../core/remove-tree.ts';
import { writeNew } from '../core/write-all.ts';

/** A temporary folder of our own, readable by nobody else. */
export interface Scratch {
  readonly root: string;
  /** Where the program runs; empty apart from what `write` puts there. */
  readonly work: string;
  readonly home: string;
  /** CLAUDE_CONFIG_DIR */
  readonly config: string;
  /** For the program's own temporary files, so that they are removed as well. */
  readonly temp: string;
  /** Writes a file into `work` and returns its path. */
  write(name: string, text: string): string;
  /** Removes `root` and everything below it; links are removed, not followed. Never throws. */
  remove(): void;
}

type Deps = Pick<Context, 'fs' | 'env' | 'random' | 'platform'>;

/** Creates the folder below the system's temporary one. Throws an ErrnoException, or OrccError if there is no such folder. */
export function makeScratch({ fs, env, random, platform }: Deps): Scratch {
  const { join } = pathsOf(platform);
  const root = join(tempFolder({ fs, env, platform }), `orcc-claude-${Buffer.from(random(8)).toString('hex')}`);
  fs.mkdir(root, 0o700);
  const [work, home, config, temp] = [join(root, 'work'), join(root, 'home'), join(root, 'config'), join(root, 'temp')];
  for (const folder of [work, home, config, temp]) fs.mkdir(folder, 0o700);
  return {
    root,
    work,
    home,
    config,
    temp,
    write(name, text) {
      const path = join(work, name);
      writeNew({ fs }, path, Buffer.from(text));
      return path;
    },
    remove: () => removeTree({ fs, platform }, root),
  };
}
