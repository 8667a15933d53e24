import type { KeySource, ShellId } from './types.ts';
import { scanStartupText } from './shell-assignments.ts';
import { readCommands } from './shell-commands.ts';

/** Where a block goes in a file that has none. `offset` is the start of a line, or the text's length. */
export interface Placement {
  readonly offset: number;
  /** The line that the block has to come before, counted from 1; undefined at the end of the file. */
  readonly before: { readonly kind: 'guard' | 'exit'; readonly offset: number } | undefined;
}

/** What tests whether the shell is interactive: `$-`, `PS1`, a terminal. */
const INTERACTIVE = /\$-|\$\{-|\bPS1\b|\btty\b|-t\s+["']?[012]\b/;

/**
 * The place for a block in a POSIX shell file: with `beforeGuard`, before the first
 * top-level interactivity guard (bash's login shells read .bashrc too, and a guard
 * ends it for them); before the first unconditional `return`, `exit` or `exec`
 * (nothing after it runs); else at the end.
 */
export function placeInSh(text: string, beforeGuard: boolean): Placement {
  const atEnd: Placement = { offset: text.length, before: undefined };
  if (!/\b(?:return|exit|exec)\b/.test(text)) return atEnd;
  for (const command of readCommands(text)) {
    const [name] = command.words;
    if (name !== 'return' && name !== 'exit' && name !== 'exec') continue;
    if (command.inFunction || (name === 'exec' && command.words.length === 1)) continue;
    const isPlain = command.depth === 0 && !command.chained;
    const isGuard = !isPlain && name !== 'exec' && INTERACTIVE.test(text.slice(command.statement, command.start));
    if (!isPlain && !(isGuard && beforeGuard)) continue;
    const line = text.lastIndexOf('\n', command.statement) + 1;
    // Something else is before the statement on its line, so there is no place right before it.
    if (text.slice(line, command.statement).trim() !== '') continue;
    return { offset: aboveComments(text, line), before: { kind: isPlain ? 'exit' : 'guard', offset: line } };
  }
  return atEnd;
}

/**
 * The offset at which a new block goes. A key that the user exports in this very
 * file has to be set first: then the block comes after that line, not before a guard.
 */
export function placeBlock(
  text: string,
  shell: ShellId,
  placement: 'before-guard' | 'append' | undefined,
  key: KeySource | undefined,
): number {
  if (shell === 'powershell') return exitOfPowershell(text) ?? text.length;
  if (shell !== 'sh') return text.length;
  const { offset } = placeInSh(text, placement === 'before-guard');
  if (key?.kind !== 'env') return offset;
  const isSetLater = scanStartupText(text, shell, [key.name]).assignments.some((each) => each.kind === 'set' && each.offset >= offset);
  return isSetLater ? placeInSh(text, false).offset : offset;
}

/** The offset of the line with the first `return` or `exit` that always ends the file; undefined if there is none. */
function exitOfPowershell(text: string): number | undefined {
  const leave = scanStartupText(text, 'powershell', []).leaves.find(({ conditions }) => conditions.length === 0);
  if (leave === undefined) return undefined;
  const line = text.lastIndexOf('\n', leave.offset) + 1;
  return text.slice(line, leave.offset).trim() === '' ? line : undefined;
}

/** The offset of the first unconditional top-level `return`, `exit` or `exec`; undefined where there is none. */
export function firstExit(text: string, shell: ShellId = 'sh'): number | undefined {
  if (shell === 'powershell') return exitOfPowershell(text);
  if (shell === 'fish') return undefined;
  // Most files have none, and parsing a big one takes time.
  if (!/(?:^|;)[ \t]*(?:return|exit|exec)\b/m.test(text)) return undefined;
  const { before } = placeInSh(text, false);
  return before?.kind === 'exit' ? before.offset : undefined;
}

/** Start of the comment lines directly above a line, which belong to it; other tools' markers and a first line `#!…` do not. */
function aboveComments(text: string, line: number): number {
  let offset = line;
  const delimiters = delimitersIn(text.slice(0, line));
  while (offset > 0) {
    const previous = text.lastIndexOf('\n', offset - 2) + 1;
    const comment = text.slice(previous, offset).trim();
    if (delimiters.has(comment)) break;
    if (!comment.startsWith('#') || comment.startsWith('#!') || /<<<|\bend\b|endregion|^# orcc:/i.test(comment)) break;
    offset = previous;
  }
  return offset;
}

/** Lines that may end a here-document: after `<<'#STOP'`, a line `#STOP` is not a comment. */
function delimitersIn(text: string): ReadonlySet<string> {
  const found = text.matchAll(/<<-?[ \t]*((?:"[^"\n]*"|'[^'\n]*'|\\.|[^\s;&|<>()])+)/g);
  return new Set([...found].map(([, word = '']) => word.replace(/["'\\]/g, '').trim()));
}
