import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';
import { tempFolder } from '../core/folder.ts';

/** A temporary folder of our own, readable by nobody else. */
export interface Scratch {
  readonly root: string;
  /** Where the program runs; empty but for what `write` puts there. */
  readonly work: string;
  readonly home: string;
  /** CLAUDE_CONFIG_DIR */
  readonly config: string;
  /** For the program's own temporary files, so that they go as well. */
  readonly temp: string;
  /** Writes a file into `work` and gives its path. */
  write(name: string, text: string): string;
  /** Removes everything below `root`, links themselves and not what they lead to. Never throws. */
  remove(): void;
}

type Deps = Pick<Context, 'fs' | 'env' | 'random' | 'platform'>;

/** Makes the folder below the system's temporary one. Throws ErrnoException. */
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
      const fd = fs.openExclusive(path, 0o600);
      try {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += fs.write(fd, bytes.subarray(at), 0));
      } finally {
        fs.close(fd);
      }
      return path;
    },
    remove() {
      try {
        removeTree(root);
      } catch {
        // A file still held open (Windows): the system's own clean-up takes it.
      }
    },
  };

  function removeTree(path: string): void {
    const stat = fs.lstat(path);
    if (stat === undefined) return;
    if (stat.kind !== 'directory') {
      fs.unlink(path);
      return;
    }
    for (const name of fs.readdir(path)) removeTree(join(path, name));
    fs.rmdir(path);
  }
}
