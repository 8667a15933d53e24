const LINE = '.claude/settings.local.json';

/**
 * Adds the line that keeps settings.local.json out of git. Returns the new bytes and exactly
 * what was added, so that it can be removed again without a trace.
 */
export function addIgnoreLine(before: Uint8Array | null): { readonly after: Uint8Array; readonly added: string } {
  const old = Buffer.from(before ?? new Uint8Array());
  const eol = old.includes('\r\n') ? '\r\n' : '\n';
  const isOpen = old.length > 0 && old.at(-1) !== 0x0a;
  const added = `${isOpen ? eol : ''}${LINE}${eol}`;
  return { after: Buffer.concat([old, Buffer.from(added)]), added };
}

/**
 * Removes what `addIgnoreLine` added: the exact bytes if the file still ends with them,
 * else only the line. Returns undefined if the line is already gone.
 */
export function removeIgnoreLine(now: Uint8Array, added: string): Uint8Array | undefined {
  const bytes = Buffer.from(now);
  const exact = Buffer.from(added);
  const start = bytes.length - exact.length;
  if (bytes.subarray(start).equals(exact)) return bytes.subarray(0, start);
  const text = bytes.toString('latin1');
  const found = /(?<=^|\n)\.claude\/settings\.local\.json\r?\n/.exec(text);
  return found === null ? undefined : Buffer.from(text.slice(0, found.index) + text.slice(found.index + found[0].length), 'latin1');
}
