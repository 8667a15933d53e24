import type { FileSystem } from '../../src/core/context.ts';

/** What the process that "was killed" throws at every call from then on. */
export class Killed extends Error {}

export type Fault =
  /** The call fails once, without having done anything. */
  | { readonly at: number; readonly errno: string }
  /** The process dies before or after the call, or in the middle of a write. */
  | { readonly at: number; readonly kill: 'before' | 'after' | 'half' };

export interface FaultFs {
  readonly fs: FileSystem;
  /** Names of the calls so far, each with its first argument. */
  readonly calls: string[];
}

/**
 * Wraps a file port so that its n-th call (from 0) fails once, or so that the process dies there: from then on
 * every call throws and does nothing, as nothing is done by a process that is dead.
 */
export function faultFs(inner: FileSystem, fault?: Fault, die?: () => never): FaultFs {
  const calls: string[] = [];
  let isDead = false;
  const kill = (): never => {
    isDead = true;
    if (die !== undefined) die();
    throw new Killed('killed');
  };
  const wrap = <Args extends readonly unknown[], Result>(name: string, call: (...args: Args) => Result): ((...args: Args) => Result) => {
    return (...args) => {
      if (isDead) throw new Killed('dead');
      const isHere = fault !== undefined && calls.length === fault.at;
      calls.push(`${name} ${String(args[0])}`);
      if (!isHere) return call(...args);
      if ('errno' in fault) {
        // The port says that `access` never throws.
        if (name === 'access') return false as Result;
        throw Object.assign(new Error(`${fault.errno}: injected`), { code: fault.errno });
      }
      if (fault.kill === 'before') return kill();
      if (fault.kill === 'half' && name === 'write') {
        const [fd, bytes, offset] = args as unknown as [number, Uint8Array, number];
        inner.write(fd, bytes.subarray(0, offset + Math.ceil((bytes.length - offset) / 2)), offset);
        return kill();
      }
      try {
        call(...args);
      } catch {
        // A call that fails is over, too.
      }
      return kill();
    };
  };
  const fsync = wrap('fsync', inner.fsync);
  return {
    calls,
    fs: {
      lstat: wrap('lstat', inner.lstat),
      stat: wrap('stat', inner.stat),
      readlink: wrap('readlink', inner.readlink),
      realpath: wrap('realpath', inner.realpath),
      readFile: wrap('readFile', inner.readFile),
      readdir: wrap('readdir', inner.readdir),
      access: wrap('access', inner.access),
      mkdir: wrap('mkdir', inner.mkdir),
      openExclusive: wrap('openExclusive', inner.openExclusive),
      openExisting: wrap('openExisting', inner.openExisting),
      openReading: wrap('openReading', inner.openReading),
      readAll: wrap('readAll', inner.readAll),
      read: wrap('read', inner.read),
      openFolder: wrap('openFolder', inner.openFolder),
      write: wrap('write', inner.write),
      ftruncate: wrap('ftruncate', inner.ftruncate),
      fchmod: wrap('fchmod', inner.fchmod),
      fchown: wrap('fchown', inner.fchown),
      fsync,
      // One after the other, so that a fault meets each of them.
      fsyncAll: async (fds) => fds.forEach((fd) => fsync(fd)),
      close: wrap('close', inner.close),
      rename: wrap('rename', inner.rename),
      unlink: wrap('unlink', inner.unlink),
      rmdir: wrap('rmdir', inner.rmdir),
      chmod: wrap('chmod', inner.chmod),
    },
  };
}
