import { clip, maskKey } from '../../text/text.ts';
import { lineAt, type Inspection } from './block.ts';
import { handWritten } from './shell-adopt.ts';
import { scanStartupText } from './shell-assignments.ts';
import { firstExit } from './shell-placement.ts';
import { noteAt, type ShellNote } from './shell-refusals.ts';
import type { ShellEditInput } from './types.ts';

/** Notes for the user on a file that now has orcc's block: what sets the same names after it, and what keeps it from running. */
export function notesOn(
  text: string,
  inspection: Extract<Inspection, { readonly kind: 'blocks' }>,
  { path, shell, desired }: Pick<ShellEditInput, 'path' | 'shell' | 'desired'>,
  names: readonly string[],
): ShellNote[] {
  const [block] = inspection.blocks;
  const notes: ShellNote[] = [];

  for (const found of handWritten(text, shell, names, inspection).filter(({ offset }) => offset > block.start)) {
    const value = found.kind === 'unset' ? 'taken away' : `set to ${describeValue(found.name, found.value)}`;
    const how = found.adoptable ? '`--adopt` comments it out' : 'remove the line by hand';
    const cases = found.conditions.length > 0 ? ' in some cases' : '';
    notes.push(noteAt(path, 'overridden', found.line, `${found.name} is ${value} after orcc's block${cases}; ${how}`));
  }
  const exit = firstExit(text.slice(0, block.start), shell);
  if (exit !== undefined) {
    const line = lineAt(text, exit);
    notes.push({
      kind: 'unreachable',
      line,
      text: `\`${path}\` line ${line} ends the file before orcc's block at line ${block.line}: \`orcc doctor --fix\` puts the block above it`,
    });
  }
  if (shell === 'sh' && /^[^\n]*\r\n/.test(text))
    notes.push({
      kind: 'crlf',
      line: 1,
      text: `\`${path}\` has Windows line endings, which this shell may not run; orcc's own lines have none`,
    });
  if (desired?.key.kind === 'env') {
    const { name } = desired.key;
    const later = scanStartupText(text, shell, [name]).assignments.find((each) => each.kind === 'set' && each.offset > block.start);
    const late = `${name}, which holds the key, is set after orcc's block at line ${block.line}, so nothing is exported; move that line above it`;
    if (later !== undefined) notes.push(noteAt(path, 'key-later', later.line, late));
  }
  return notes;
}

/** A value for a message: keys masked, long text cut. */
function describeValue(name: string, value: string | undefined): string {
  if (value === undefined) return 'something computed';
  if (value === '') return 'nothing';
  return /TOKEN|KEY|SECRET|HEADERS/.test(name) || /^sk-/.test(value) ? maskKey(value) : `\`${clip(value, 80)}\``;
}

/** Texts that are said once if they apply to several lines. */
const SHARED_TEXTS: Partial<Record<ShellNote['kind'], string>> = {
  adopted: 'commented out; `orcc remove` restores them',
  restored: 'your own lines are restored',
};

/** The texts of the notes on one file, with one sentence for all lines that were commented out and one for all that were restored. */
export function textsOfNotes(notes: readonly ShellNote[], path: string): readonly string[] {
  const isShared = ({ kind }: ShellNote): boolean =>
    SHARED_TEXTS[kind] !== undefined && notes.filter((each) => each.kind === kind).length > 1;
  const kinds = [...new Set(notes.filter(isShared).map(({ kind }) => kind))];
  const shared = kinds.map((kind) => {
    const lines = notes.flatMap((each) => (each.kind === kind && each.line !== undefined ? [each.line] : []));
    return `\`${path}\` lines ${listRuns(lines)}: ${SHARED_TEXTS[kind] ?? ''}`;
  });
  return [...shared, ...notes.filter((each) => !isShared(each)).map(({ text }) => text)];
}

/** Numbers as `1-6, 9`, consecutive ones joined. */
function listRuns(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers.toSorted((one, other) => one - other)) {
    const run = runs.at(-1);
    if (run !== undefined && number <= run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}
