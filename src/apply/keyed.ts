/** Replaces the key in a backup. */
const PLACEHOLDER = '<orcc:key>';
/** Start-up files of PowerShell may be in UTF-16. */
const ENCODINGS: ReadonlyArray<(text: string) => Buffer> = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(text, 'utf16le').swap16(),
];

/** Whether bytes hold one of these keys, in UTF-8 or UTF-16. */
export function holdsKey(bytes: Uint8Array, keys: readonly string[]): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return keys.some((key) => key !== '' && ENCODINGS.some((encode) => text.includes(encode(key))));
}

/** The bytes with a placeholder for each of these keys, for a backup that is kept. `fillKey` restores them if they held only one key. */
export function withoutKeys(bytes: Uint8Array, keys: readonly string[]): Uint8Array {
  // The longest first: one key may be a prefix of another.
  const sorted = keys.filter((key) => key !== '').toSorted((a, b) => b.length - a.length);
  return sorted.reduce((rest, key) => replaceAll(rest, key, PLACEHOLDER), bytes);
}

/** A backup with the key filled in. Only the file's sum tells whether these are the original bytes. */
export function fillKey(bytes: Uint8Array, key: string): Uint8Array {
  return replaceAll(bytes, PLACEHOLDER, key);
}

function replaceAll(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return ENCODINGS.reduce((rest, encode) => replaceBytes(rest, encode(from), encode(to)), bytes);
}

function replaceBytes(bytes: Uint8Array, from: Buffer, to: Buffer): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let start = 0;
  for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, start)) {
    parts.push(text.subarray(start, at), to);
    start = at + from.length;
  }
  if (start === 0) return bytes;
  return Buffer.concat([...parts, text.subarray(start)]);
}
