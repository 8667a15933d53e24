import type { Context } from './context.ts';

/** Writes all bytes at the current position: a call of the system may take a part of them only. Throws what the system says. */
export function writeAll({ fs }: Pick<Context, 'fs'>, fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += fs.write(fd, bytes, offset);
}

/** Writes a private file (0600) that must not exist yet; `settle` is called before it is closed. Throws what the system says. */
export function writeNew(ctx: Pick<Context, 'fs'>, file: string, bytes: Uint8Array, settle?: (fd: number) => void): void {
  const fd = ctx.fs.openExclusive(file, 0o600);
  try {
    writeAll(ctx, fd, bytes);
    settle?.(fd);
  } finally {
    ctx.fs.close(fd);
  }
}
