import type { Context } from './context.ts';

/** Writes all bytes at the current position: a call of the system may take a part of them only. Throws what the system says. */
export function writeAll({ fs }: Pick<Context, 'fs'>, fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += fs.write(fd, bytes, offset);
}
