import { renderBlock, type Eol, type FoundBlock } from './block.ts';

/** The more frequent line ending of a text; `fallback` if it has none or as many of each. */
export function majorityEol(text: string, fallback: Eol): Eol {
  const all = text.split('\n').length - 1;
  const withCr = text.split('\r\n').length - 1;
  if (withCr * 2 > all) return '\r\n';
  return withCr * 2 === all ? fallback : '\n';
}

/** Inserts a new block at the start of a line, or at the text's end, with a line break before it if the last line has none. */
export function insertBlock(text: string, offset: number, body: readonly string[], eol: Eol): string {
  const isSeparated = offset === text.length && text !== '' && !text.endsWith('\n');
  return text.slice(0, offset) + (isSeparated ? eol : '') + renderBlock(body, eol, isSeparated) + text.slice(offset);
}

/**
 * Replaces a block's body in place. `kept` are lines that someone wrote
 * between the markers, with their line breaks: they follow the block.
 */
export function replaceBlock(text: string, block: FoundBlock, body: readonly string[], eol: Eol, kept: readonly string[]): string {
  return text.slice(0, block.start) + renderBlock(body, eol, block.separated) + kept.join('') + text.slice(block.end);
}

/**
 * Removes a block, with the line break that orcc put before it unless
 * something now follows the block and needs it. `kept` lines take its place.
 */
export function removeBlock(text: string, block: FoundBlock, kept: readonly string[]): string {
  const isLast = block.end === text.length && kept.length === 0;
  const hasOwnBreak = block.separated && isLast && text.slice(0, block.start).endsWith(block.eol);
  const start = hasOwnBreak ? block.start - block.eol.length : block.start;
  return text.slice(0, start) + kept.join('') + text.slice(block.end);
}

/**
 * Whether the block is all that is between two keywords of a POSIX shell that someone has put around it (`if …; then`, the block, `fi`):
 * without a command there the file would have a syntax error. fish and PowerShell allow an empty body.
 */
export function isWholeBody(text: string, { start, end }: Pick<FoundBlock, 'start' | 'end'>): boolean {
  const above = text.slice(0, start).split('\n').findLast(isCode);
  if (above === undefined || !/(?:^|[\s;&|(])(?:then|else|do|\{)\s*(?:#.*)?\s*$/.test(above)) return false;
  const below = text.slice(end).split('\n').find(isCode);
  return below !== undefined && /^\s*(?:fi|done|elif|else|\})(?![\w-])/.test(below);
}

const isCode = (line: string): boolean => !/^\s*(?:#|$)/.test(line);
