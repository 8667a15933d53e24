import { structuredPatch } from 'diff';
import { type Edit, isTargetOwner } from '../apply/types.ts';
import { formatMode } from '../text/format.ts';
import type { Style } from '../text/style.ts';
import { tryJson } from '../text/json.ts';
import { clip, redact, stripControls, shortPath } from '../text/text.ts';
import { replaceNamed, SECRET_SHAPE } from '../text/secret-names.ts';
import { attempt } from '../text/attempt.ts';

/**
 * One file's change as people read it: path, mode where it changes, and a unified diff with two
 * lines of context. Every key is masked; other control characters are dropped, a CR at the
 * line's end is shown. Text that is not UTF-8 is shown as Latin-1: this view is
 * for reading, the bytes themselves are not touched by it.
 */
export function renderEdit(edit: Edit, style: Style, secrets: readonly string[], home: string): string {
  const path = shortPath(edit.path, home);
  const about = describeMode(edit);
  const head = `${style.bold(path)}${about === '' ? '' : `  ${style.dim(about)}`}`;
  const raw = [decode(edit.before), decode(edit.after)] as const;
  const isLong = raw.some(isPacked);
  const [before, after] = isLong ? [unpack(raw[0]), unpack(raw[1])] : raw;
  if (before === after || edit.owner === 'key') return `${head}${style.dim(`: ${edit.summary}`)}`;
  const patch = structuredPatch(path, path, before, after, undefined, undefined, { context: 2 });
  const lines = patch.hunks.flatMap((hunk, index) => {
    const separator = index === 0 ? [] : [style.dim('  ...')];
    return [...separator, ...hunk.lines.filter((line) => !line.startsWith('\\')).map((line) => paint(line, style, secrets, isLong))];
  });
  return [head, ...lines].join('\n');
}

/** Longest readable line, in characters. */
const LONGEST_LINE = 200;

/** JSON without line breaks: its diff would show the whole file twice. */
function isPacked(text: string): boolean {
  return text.split('\n').some((line) => line.length > LONGEST_LINE) && tryJson(text) !== undefined;
}

/** One member per line, for display only; text that is not JSON stays as it is. */
function unpack(text: string): string {
  const value = tryJson(text);
  return value === undefined ? text : JSON.stringify(value, null, 2);
}

/** How many lines a file gains and loses. */
export function countLines(edit: Pick<Edit, 'before' | 'after'>): { readonly added: number; readonly removed: number } {
  const { hunks } = structuredPatch('', '', decode(edit.before), decode(edit.after), undefined, undefined, { context: 0 });
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return { added: lines.filter((line) => line.startsWith('+')).length, removed: lines.filter((line) => line.startsWith('-')).length };
}

function paint(line: string, style: Style, secrets: readonly string[], isLong: boolean): string {
  const text = stripControls(maskLine(redact(line.slice(1).replace(/\r$/, ''), secrets)));
  const shown = `${line[0] ?? ' '} ${isLong ? clip(text, LONGEST_LINE) : text}`;
  if (line.startsWith('+')) return style.green(`  ${shown}`);
  if (line.startsWith('-')) return style.red(`  ${shown}`);
  return style.dim(`  ${shown}`);
}

function describeMode(edit: Edit): string {
  const mode = edit.mode ?? edit.modeBefore;
  const shown = mode === null ? '' : `mode ${formatMode(mode)}`;
  if (edit.after === null) return 'deleted';
  // Without a mode it gets the one that every new file gets.
  if (edit.before === null) return shown === '' ? 'new file' : `new file, ${shown}`;
  if (edit.mode !== null && edit.modeBefore !== null && edit.mode !== edit.modeBefore) {
    const why = (edit.mode & 0o077) === 0 && isTargetOwner(edit.owner) ? ', since it will hold the key' : '';
    return `mode ${formatMode(edit.modeBefore)} -> ${shown.slice('mode '.length)}${why}`;
  }
  return '';
}

/** UTF-16 by its byte order mark, else UTF-8, else Latin-1. */
function decode(bytes: Uint8Array | null): string {
  if (bytes === null) return '';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return attempt(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)) ?? Buffer.from(bytes).toString('latin1');
}

/** A settings member whose command provides a credential, which may be in the command itself. */
const HELPER = /("\w*(?:Helper|AuthRefresh|CredentialExport)"\s*:\s*")((?:[^"\\]|\\.)*)/g;
const PRINTS = /\b(echo|printf|print|Write-(?:Output|Host)|cat\s*<<<?)(?=\s|\\|$).*$/;

/**
 * A line of a user's file as a diff may show it: with secrets hidden. References (`$NAME`, `${…}`, `$(…)`), empty values and what is
 * already masked stay.
 */
export function maskLine(line: string): string {
  const open = line.replace(HELPER, (_whole, before: string, command: string) => before + command.replace(PRINTS, '$1 (hidden)'));
  return replaceNamed(open, (bare) => (isOpen(bare) ? bare : '(hidden)')).replace(SECRET_SHAPE, (found, at: number, all: string) =>
    all.startsWith('...', at + found.length) ? found : '(hidden)',
  );
}

/** Whether there is no secret to hide: nothing, a switch, a reference, a masked value, or shell syntax (a redirection, a bracket). */
function isOpen(bare: string): boolean {
  return (
    /^(?:[01]|true|false)?$/i.test(bare) ||
    /^[<>|&\])}$]/.test(bare) ||
    bare.startsWith('(hidden') ||
    /^(?:sk-\S{3,12})?\.\.\.\S{4}$/.test(bare)
  );
}
