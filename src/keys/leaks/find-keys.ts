/** A key in a text. */
export interface FoundKey {
  readonly key: string;
  /** Counted from 1. */
  readonly line: number;
}

/** OpenRouter's keys, and others with its prefix, shorter or longer; `isLikelyKey` sorts out placeholders like `sk-or-v1-your-key-here`. */
const LIKELY = /\bsk-or-[A-Za-z0-9_-]{32,200}/g;

/**
 * Finds OpenRouter keys in a text, and the `known` ones from 16 characters on (a gateway's may have any shape), each with its line.
 * A key that is on one line twice is returned once.
 */
export function findKeys(text: string, known: readonly string[] = []): readonly FoundKey[] {
  const hits = [...text.matchAll(LIKELY)].map(({ 0: key, index }) => ({ key, index })).filter(({ key }) => isLikelyKey(key));
  for (const key of known.filter((each) => each.length >= 16)) {
    for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + key.length)) {
      if (!hits.some((hit) => hit.index === at)) hits.push({ key, index: at });
    }
  }
  hits.sort((a, b) => a.index - b.index);
  const found: FoundKey[] = [];
  let line = 1;
  let seen = 0;
  for (const { key, index } of hits) {
    for (let at = text.indexOf('\n', seen); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) {
      line += 1;
      seen = at + 1;
    }
    if (!found.some((each) => each.key === key && each.line === line)) found.push({ key, line });
  }
  return found;
}

/** Whether it is random: many different characters, several digits and no repetition, unlike `xxxx…`, `0123456789abcdef…` and prose. */
function isLikelyKey(key: string): boolean {
  const rest = key.replace(/^sk-or-(?:v\d+-)?/, '');
  return rest.length >= 32 && !/^(.{1,20})\1+$/.test(rest) && new Set(rest).size >= 10 && (rest.match(/\d/g)?.length ?? 0) >= 4;
}

/** A file's bytes as text in which ASCII can be found: UTF-16 by its byte order mark, else one character per byte. */
export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return buffer.toString('utf16le', 2);
  if (buffer[0] === 0xfe && buffer[1] === 0xff)
    return Buffer.from(buffer.subarray(2, buffer.length - (buffer.length % 2)))
      .swap16()
      .toString('utf16le');
  return buffer.toString('latin1');
}
