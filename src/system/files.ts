import { errnoOf } from '../core/errno.ts';
import * as fs from 'node:fs';
import type { FileStat, FileSystem } from '../core/context.ts';

/** The real file port: Node's synchronous calls, one system call each. */
export function createFileSystem(): FileSystem {
  return {
    lstat: (path) => absentAsUndefined(() => fs.lstatSync(path, QUIET)),
    stat: (path) => absentAsUndefined(() => fs.statSync(path, QUIET)),
    readlink: (path) => fs.readlinkSync(path),
    realpath: (path) => fs.realpathSync.native(path),
    readFile: (path) => fs.readFileSync(path),
    readdir: (path) => fs.readdirSync(path),
    access: (path, want) => {
      try {
        fs.accessSync(path, want === 'read' ? fs.constants.R_OK : fs.constants.W_OK);
        return true;
      } catch {
        return false;
      }
    },
    mkdir: (path, mode) => {
      fs.mkdirSync(path, { mode });
    },
    openExclusive: (path, mode) => fs.openSync(path, fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_WRONLY, mode),
    openExisting: (path) => fs.openSync(path, fs.constants.O_WRONLY),
    openReading: (path) => fs.openSync(path, fs.constants.O_RDONLY),
    readAll: (fd) => fs.readFileSync(fd),
    read: (fd, into, position) => fs.readSync(fd, into, 0, into.length, position),
    // Windows can't open a folder for fsync; NTFS journals renames itself.
    openFolder: (path) => (process.platform === 'win32' ? undefined : fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY)),
    write: (fd, bytes, offset) => fs.writeSync(fd, bytes, offset),
    ftruncate: (fd, length) => fs.ftruncateSync(fd, length),
    fchmod: (fd, mode) => fs.fchmodSync(fd, mode),
    fchown: (fd, uid, gid) => fs.fchownSync(fd, uid, gid),
    fsync: (fd) => fs.fsyncSync(fd),
    close: (fd) => fs.closeSync(fd),
    rename: (from, to) => fs.renameSync(from, to),
    unlink: (path) => fs.unlinkSync(path),
    rmdir: (path) => fs.rmdirSync(path),
    chmod: (path, mode) => fs.chmodSync(path, mode),
  };
}

/** An error for each of the many files that are not there takes longer than the call. */
const QUIET = { throwIfNoEntry: false } as const;

/** ENOENT and ENOTDIR mean "nothing there"; every other failure is thrown. */
function absentAsUndefined(call: () => fs.Stats | undefined): FileStat | undefined {
  try {
    const stat = call();
    return stat && toFileStat(stat);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

function toFileStat(stat: fs.Stats): FileStat {
  const { size, uid, gid, ino, dev, nlink, mtimeMs } = stat;
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'link' : 'other';
  return { kind, size, mode: stat.mode & 0o7777, uid, gid, ino, dev, nlink, mtimeMs };
}
