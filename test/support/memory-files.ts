import { Buffer } from 'node:buffer';
import path from 'node:path';
import type { FileStat, FileSystem } from '../../src/core/context.ts';

export interface MemoryFile {
  readonly text?: string;
  readonly bytes?: Uint8Array;
  /** Target of a link; not followed by `stat`. */
  readonly link?: string;
  /** Errno that reading it gives. */
  readonly fails?: string;
  readonly mode?: number;
}

/** The reading half of the file port over a table of absolute paths. Every writing call throws. */
export function memoryFiles(table: Readonly<Record<string, string | MemoryFile>>, platform: NodeJS.Platform = 'linux'): FileSystem {
  const { dirname, basename } = platform === 'win32' ? path.win32 : path.posix;
  const files = new Map(Object.entries(table).map(([name, file]) => [name, typeof file === 'string' ? { text: file } : file]));
  const folders = new Map<string, Set<string>>();
  for (const name of files.keys()) {
    for (let at = name; dirname(at) !== at; at = dirname(at)) {
      const entries = folders.get(dirname(at)) ?? new Set();
      folders.set(dirname(at), entries.add(basename(at)));
    }
  }
  const fail = (code: string, name: string): never => {
    throw Object.assign(new Error(`${code}: ${name}`), { code });
  };
  const stat = (name: string): FileStat | undefined => {
    const file: MemoryFile | undefined = files.get(name);
    if (file === undefined && !folders.has(name)) return undefined;
    const kind = file === undefined ? 'directory' : file.link === undefined ? 'file' : 'link';
    const size = file?.bytes?.length ?? file?.text?.length ?? 0;
    return { kind, size, mode: file?.mode ?? 0o644, uid: 1000, gid: 1000, ino: 1, dev: 1, nlink: 1, mtimeMs: 0 };
  };
  const refuse = (): never => {
    throw new Error('this must not write');
  };
  return {
    lstat: stat,
    stat,
    readlink: (name) => files.get(name)?.link ?? fail('EINVAL', name),
    realpath: (name) => name,
    readFile: (name) => {
      const file: MemoryFile = files.get(name) ?? fail(folders.has(name) ? 'EISDIR' : 'ENOENT', name);
      if (file.fails !== undefined) fail(file.fails, name);
      return file.bytes ?? Buffer.from(file.text ?? '');
    },
    readdir: (name) => [...(folders.get(name) ?? fail('ENOENT', name))],
    access: (name) => files.has(name) || folders.has(name),
    mkdir: refuse,
    openExclusive: refuse,
    openExisting: refuse,
    openReading: refuse,
    readAll: refuse,
    read: refuse,
    openFolder: refuse,
    write: refuse,
    ftruncate: refuse,
    fchmod: refuse,
    fchown: refuse,
    fsync: refuse,
    fsyncAll: refuse,
    close: refuse,
    rename: refuse,
    unlink: refuse,
    rmdir: refuse,
    chmod: refuse,
  };
}
