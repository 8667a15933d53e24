import type { Context } from './context.ts';

/** Writes all bytes at the current position, in several calls if the system takes only a part. Throws Node's ErrnoException. */
export function writeAll({ fs }: Pick<Context, 'fs'>, fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += fs.write(fd, bytes, offset);
}

/** Writes a private file (0600) that must not exist yet; `settle` is called before it is closed. Throws Node's ErrnoException. */
export function writeNew(ctx: Pick<Context, 'fs'>, file: string, bytes: Uint8Array, settle?: (fd: number) => void): void {
  const fd = ctx.fs.openExclusive(file, 0o600);
  try {
    writeAll(ctx, fd, bytes);
    settle?.(fd);
  } finally {
    ctx.fs.close(fd);
  }
}
