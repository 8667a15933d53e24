import { sha256 } from '../../core/hash.ts';
import type { ShellId, Stretch } from './types.ts';
import { closedQuotes } from './quoted.ts';

/** A start-up file as text. `encode(text)` turns a changed text into the file's bytes. */
interface Decoded {
  readonly text: string;
  readonly encode: (text: string) => Uint8Array;
}

type DecodeResult = ({ readonly ok: true } & Decoded) | { readonly ok: false; readonly reason: string; readonly hint: string };

const refuse = (reason: string, hint: string): DecodeResult => ({ ok: false, reason, hint });

/**
 * Decodes bytes unit by unit, so that nothing is lost in any encoding: each
 * byte becomes one character (Latin-1), except in UTF-16 with a byte order
 * mark, which only PowerShell can read. Blocks are ASCII, which every other
 * encoding of start-up files shares.
 */
export function decodeStartup(bytes: Uint8Array, shell: ShellId): DecodeResult {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = buffer[0] === 0xff && buffer[1] === 0xfe;
  const isBig = buffer[0] === 0xfe && buffer[1] === 0xff;
  if (isLittle || isBig) {
    if (shell !== 'powershell')
      return refuse(
        "is UTF-16, which this kind of shell can't run",
        'save it as UTF-8 without a byte order mark (`iconv -f UTF-16 -t UTF-8`), then run orcc again',
      );
    return decodeUtf16(buffer, isBig);
  }
  if (buffer.includes(0))
    return refuse(
      'contains NUL bytes and no byte order mark: it is not a text file',
      "find out what wrote it (PowerShell's `>>` writes UTF-16), convert it to UTF-8, then run orcc again",
    );
  return { ok: true, text: buffer.toString('latin1'), encode: (text) => Buffer.from(text, 'latin1') };
}

function decodeUtf16(buffer: Buffer, isBig: boolean): DecodeResult {
  if (buffer.length % 2 !== 0)
    return refuse('is UTF-16 with half a character at its end', 'open it in an editor and save it again, then run orcc again');
  const swap = (data: Buffer): Buffer => (isBig ? Buffer.from(data).swap16() : data);
  const text = swap(buffer.subarray(2)).toString('utf16le');
  if (text.includes('\0')) return refuse('contains NUL characters: it is not a text file', 'convert it to UTF-8, then run orcc again');
  const mark = buffer.subarray(0, 2);
  return { ok: true, text, encode: (changed) => Buffer.concat([mark, swap(Buffer.from(changed, 'utf16le'))]) };
}

export const BEGIN = '# >>> orcc >>>';
const END = '# <<< orcc <<<';
/** The version that this orcc writes; a file with a newer one is left alone. */
const BLOCK_VERSION = 1;
/** Has nothing that would run if the line ends up in a here-document or at a prompt: no backtick, `$`, `;`, `&`, `|`, quote or bracket. */
const WORDS = 'managed by orcc, changed by orcc switch, removed by orcc remove';

/** That of UTF-8, decoded as Latin-1: an editor may have put it before a block at the start of the file. */
export const BYTE_ORDER_MARK = '\xef\xbb\xbf';

export type Eol = '\n' | '\r\n';

/** A well-formed block. Offsets count units of the decoded text; lines count from 1. */
export interface FoundBlock {
  readonly start: number;
  /** After the end marker's line break, if it has one. */
  readonly end: number;
  readonly line: number;
  /** True if someone changed the lines between the markers. */
  readonly edited: boolean;
  /** True if the file had no final newline when the block was added: the line break before the block is orcc's. */
  readonly separated: boolean;
  readonly eol: Eol;
  /** The lines between the markers, without line breaks. */
  readonly body: readonly string[];
  /** The same lines with their line breaks. */
  readonly raw: readonly string[];
}

export type Inspection =
  | { readonly kind: 'none' }
  | { readonly kind: 'blocks'; readonly blocks: readonly [FoundBlock, ...FoundBlock[]] }
  | { readonly kind: 'damaged'; readonly damage: 'no-end' | 'no-begin' | 'nested'; readonly line: number }
  | { readonly kind: 'newer'; readonly version: number; readonly line: number };

/** The first eight hex digits of the SHA-256 of the body with LF line ends. */
export function sumOf(body: readonly string[]): string {
  return sha256(body.map((line) => `${line}\n`).join('')).slice(0, 8);
}

/** A whole block as text. `separated` records that the file before it had no final newline. */
export function renderBlock(body: readonly string[], eol: Eol, separated: boolean): string {
  const header = `${BEGIN} v=${BLOCK_VERSION} sum=${sumOf(body)}${separated ? ' nl=0' : ''} ${WORDS}`;
  return [header, ...body, END].map((line) => line + eol).join('');
}

interface Marker {
  readonly kind: 'begin' | 'end';
  readonly start: number;
  /** End of the line's text, before its line break. */
  readonly textEnd: number;
  /** After the line break. */
  readonly end: number;
  readonly words: string;
}

/** Finds markers at the start of a line that have it to themselves: text in a string, indented or after `echo` is not a marker. */
function findMarkers(text: string): Marker[] {
  const markers: Marker[] = [];
  for (const [kind, mark] of [
    ['begin', BEGIN],
    ['end', END],
  ] as const) {
    // Searched for without its `#`, since start-up files are full of those.
    const needle = mark.slice(2);
    for (let found = text.indexOf(needle); found !== -1; found = text.indexOf(needle, found + needle.length)) {
      const at = found - 2;
      if (!text.startsWith(mark, at)) continue;
      if (at > 0 && text[at - 1] !== '\n' && text.slice(0, at) !== BYTE_ORDER_MARK) continue;
      const newline = text.indexOf('\n', at);
      const textEnd = newline === -1 ? text.length : newline;
      const words = text.slice(at + mark.length, textEnd);
      const isMarker = kind === 'begin' ? /^(?:\s|$)/.test(words) : words.trim() === '';
      if (isMarker) markers.push({ kind, start: at, textEnd, end: newline === -1 ? text.length : newline + 1, words });
    }
  }
  return markers.sort((a, b) => a.start - b.start);
}

/** What opens a here-document, or PowerShell's here-string or comment. */
const OPENS_DOCUMENT = { sh: /<</, fish: /(?!)/, powershell: /@['"\u2018-\u201e\xe2]|<#/ } as const;

/**
 * The markers that may be orcc's: a block that is completely inside one here-document or string is just text of the user's.
 * A string that only seems to be open ends at the first quote in a real block, so the file rarely has to be parsed.
 */
function ofBlocks(text: string, shell: ShellId, markers: readonly Marker[]): readonly Marker[] {
  const isQuotable =
    !isPaired(markers) ||
    markers.some((marker, index) => {
      const body = text.slice(marker.end, markers[index + 1]?.start ?? marker.end);
      return marker.kind === 'begin' && !(body.includes("'") && body.includes('"'));
    });
  const before = text.slice(0, markers.at(-1)?.start ?? 0);
  if (!isQuotable && !OPENS_DOCUMENT[shell].test(before)) return markers;
  const { strings, documents } = closedQuotes(text, shell);
  const foreign = new Set([
    ...documents.flatMap((each) => markersIn(each, markers)),
    // An unclosed string above a block may close below it, so a block that is just as orcc wrote it still counts as orcc's.
    ...strings.flatMap((each) => blocksIn(each, markers).flatMap((pair) => (readBlock(text, ...pair).edited ? pair : []))),
  ]);
  const rest = markers.filter((marker) => !foreign.has(marker));
  if (isPaired(rest)) return rest;
  // A single marker in a string is just text if all the others come in pairs.
  const single = new Set(strings.map((each) => markersIn(each, rest)).flatMap((inside) => (inside.length === 1 ? inside : [])));
  const bare = rest.filter((marker) => !single.has(marker));
  return isPaired(bare) ? bare : rest;
}

/** Whether begin and end markers alternate. */
function isPaired(markers: readonly Marker[]): boolean {
  return markers.length % 2 === 0 && markers.every(({ kind }, index) => kind === (index % 2 === 0 ? 'begin' : 'end'));
}

function markersIn({ start, end }: Stretch, markers: readonly Marker[]): readonly Marker[] {
  return markers.filter((marker) => marker.start >= start && marker.textEnd <= end);
}

/** The pairs of markers inside a stretch. */
function blocksIn(stretch: Stretch, markers: readonly Marker[]): ReadonlyArray<readonly [Marker, Marker]> {
  const inside = markersIn(stretch, markers);
  return inside.flatMap((marker, index): Array<readonly [Marker, Marker]> => {
    const next = inside[index + 1];
    return marker.kind === 'begin' && next?.kind === 'end' ? [[marker, next]] : [];
  });
}

/** The line number of an offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function readBlock(text: string, begin: Marker, end: Marker): FoundBlock {
  const raw = text.slice(begin.end, end.start).match(/[^\n]*\n/g) ?? [];
  const body = raw.map((each) => each.replace(/\r?\n$/, ''));
  let line: number | undefined;
  return {
    start: begin.start,
    end: end.end,
    // Computed when asked for: a file may be long, and few callers need it.
    get line() {
      return (line ??= lineAt(text, begin.start));
    },
    // Likewise: loading node:crypto takes milliseconds, and `status` needs no sum.
    get edited() {
      return /\ssum=([0-9a-f]{8})(?:\s|$)/.exec(begin.words)?.[1] !== sumOf(body);
    },
    separated: /\snl=0(?:\s|$)/.test(begin.words),
    eol: text[begin.textEnd - 1] === '\r' ? '\r\n' : '\n',
    body,
    raw,
  };
}

/** Finds orcc's markers in decoded text and says what state they are in. */
export function inspectText(text: string, shell: ShellId): Inspection {
  const markers = ofBlocks(text, shell, findMarkers(text));
  for (const marker of markers) {
    const version = Number(/\sv=(\d+)(?:\s|$)/.exec(marker.words)?.[1] ?? BLOCK_VERSION);
    if (version > BLOCK_VERSION) return { kind: 'newer', version, line: lineAt(text, marker.start) };
  }
  const blocks: FoundBlock[] = [];
  for (let index = 0; ; index += 2) {
    const [first, second] = [markers[index], markers[index + 1]];
    if (first === undefined) break;
    if (first.kind === 'begin' && second?.kind === 'end') {
      blocks.push(readBlock(text, first, second));
      continue;
    }
    const damage = first.kind === 'end' ? 'no-begin' : second === undefined ? 'no-end' : 'nested';
    return { kind: 'damaged', damage, line: lineAt(text, first.start) };
  }
  const [first, ...rest] = blocks;
  return first === undefined ? { kind: 'none' } : { kind: 'blocks', blocks: [first, ...rest] };
}

/** The text with orcc's own blocks blanked, every offset and line kept. */
export function withoutBlocks(text: string, blocks: readonly FoundBlock[]): string {
  const blank = (line: string): string => ' '.repeat(line.length);
  return blocks.reduce(
    (rest, { start, end }) => rest.slice(0, start) + rest.slice(start, end).replace(/[^\r\n]+/g, blank) + rest.slice(end),
    text,
  );
}

/** `inspectText` on a file's bytes; `unreadable` if orcc can't edit their encoding. */
export function inspectBlock(bytes: Uint8Array, shell: ShellId): Inspection | { readonly kind: 'unreadable'; readonly reason: string } {
  const decoded = decodeStartup(bytes, shell);
  return decoded.ok ? inspectText(decoded.text, shell) : { kind: 'unreadable', reason: decoded.reason };
}
