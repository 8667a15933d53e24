import { errnoOf } from '../core/errno.ts';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
  type Stats,
} from 'node:fs';
import type { FileStat, FileSystem } from '../core/context.ts';

/** The real file port: Node's synchronous calls, one system call each. */
export function createFileSystem(): FileSystem {
  return {
    lstat: (path) => absentAsUndefined(() => lstatSync(path, QUIET)),
    stat: (path) => absentAsUndefined(() => statSync(path, QUIET)),
    readlink: (path) => readlinkSync(path),
    realpath: (path) => realpathSync.native(path),
    readFile: (path) => naming(path, () => readFileSync(path)),
    readdir: (path) => readdirSync(path),
    access: (path, want) => {
      try {
        accessSync(path, want === 'read' ? constants.R_OK : constants.W_OK);
        return true;
      } catch {
        return false;
      }
    },
    mkdir: (path, mode) => {
      mkdirSync(path, { mode });
    },
    openExclusive: (path, mode) => openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, mode),
    openExisting: (path) => openSync(path, constants.O_WRONLY),
    openReading: (path) => openSync(path, constants.O_RDONLY),
    readAll: (fd) => readFileSync(fd),
    read: (fd, into, position) => readSync(fd, into, 0, into.length, position),
    // Windows can't open a folder for fsync; NTFS journals renames itself.
    openFolder: (path) => (process.platform === 'win32' ? undefined : openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)),
    write: (fd, bytes, offset) => writeSync(fd, bytes, offset),
    ftruncate: (fd, length) => ftruncateSync(fd, length),
    fchmod: (fd, mode) => fchmodSync(fd, mode),
    fchown: (fd, uid, gid) => fchownSync(fd, uid, gid),
    fsync: (fd) => fsyncSync(fd),
    fsyncAll: async (fds) => {
      const errors = await Promise.all(fds.map((fd) => new Promise<Error | null>((ended) => fsync(fd, ended))));
      const error = errors.find((each) => each !== null);
      if (error !== undefined) throw error;
    },
    close: (fd) => closeSync(fd),
    rename: (from, to) => renameSync(from, to),
    unlink: (path) => unlinkSync(path),
    rmdir: (path) => rmdirSync(path),
    chmod: (path, mode) => chmodSync(path, mode),
  };
}

/** Creating an error for each of the many missing files would take longer than the call itself. */
const QUIET = { throwIfNoEntry: false } as const;

/** ENOENT and ENOTDIR mean "nothing there"; every other failure is thrown. */
function absentAsUndefined(call: () => Stats | undefined): FileStat | undefined {
  try {
    const stat = call();
    return stat && toFileStat(stat);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** Names the path in an error of `call`: Node names none where a folder opens, but can't be read. */
function naming<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw error instanceof Error && errnoOf(error) !== undefined && !('path' in error) ? Object.assign(error, { path }) : error;
  }
}

function toFileStat(stat: Stats): FileStat {
  const { size, uid, gid, ino, dev, nlink, mtimeMs } = stat;
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'link' : 'other';
  return { kind, size, mode: stat.mode & 0o7777, uid, gid, ino, dev, nlink, mtimeMs };
}
