import { isSecretVariable } from '../../claude/variables.ts';
import { maskKey, redact } from '../../text/text.ts';
import type { ShellId } from './types.ts';
import { inspectText, sumOf, withoutBlocks, type FoundBlock, type Inspection, decodeStartup } from './block.ts';
import { scanStartupText } from './shell-assignments.ts';
import { noteAt, refused, type ShellEdit, type ShellNote } from './shell-refusals.ts';
import type { Assignment } from './shell-scan.ts';

/** Put before a line that orcc switched off; the rest of the line is the user's, byte for byte. */
const DISABLED = '# orcc: disabled: ';

/** The same for a line that held a key: the rest is masked, and the line itself is among what orcc replaced, under this sum. */
const HIDDEN = /^[ \t]*# orcc: disabled, its key kept apart \(([0-9a-f]{8})\): /;

/** Lines that orcc switched off, as they were, by their sum: no other comes back. They may hold keys, and are for orcc's private file alone. */
export type HiddenLines = Readonly<Record<string, string>>;

interface AdoptedText {
  readonly text: string;
  /** Lines that were changed, counted from 1 in the text given. */
  readonly lines: readonly number[];
  readonly hidden: HiddenLines;
}

/** A line switched off, with its key masked; undefined where no key stands in it. */
function hideLine(line: string, assignments: readonly Assignment[]): { readonly sum: string; readonly text: string } | undefined {
  const bare = line.replace(/\r$/, '');
  const masked = redact(
    assignments.reduce((rest, { name, value }) => {
      if (!isSecretVariable(name) || value === undefined || value === '') return rest;
      // PowerShell's names may have small letters.
      const from = rest.search(new RegExp(name, 'i')) + name.length;
      const at = rest.indexOf(value, from);
      // A value in pieces (`'ab'"cd"`) goes with all that follows it.
      return at === -1
        ? rest.slice(0, from) + maskKey(rest.slice(from))
        : rest.slice(0, at) + maskKey(value) + rest.slice(at + value.length);
    }, bare),
  );
  if (masked === bare) return undefined;
  const sum = sumOf([bare]);
  return { sum, text: `# orcc: disabled, its key kept apart (${sum}): ${masked}${line.slice(bare.length)}` };
}

/** The sum of a line that was switched off and had its key hidden. */
function hiddenSum(line: string): string | undefined {
  return HIDDEN.exec(line)?.[1];
}

/** A line as it was before orcc switched it off; itself where it was not, undefined where no record says so or its key is no longer kept. */
function originalOf(line: string, hidden: HiddenLines): string | undefined {
  const plain = plainOf(line);
  if (plain !== undefined) return hidden[sumOf([plain])] === undefined ? undefined : line.slice(DISABLED.length);
  const sum = hiddenSum(line);
  if (sum === undefined) return line;
  return hidden[sum] === undefined ? undefined : hidden[sum] + (line.endsWith('\r') ? '\r' : '');
}

/** A line that was switched off with nothing hidden, as it was but for its line break; undefined for any other. */
function plainOf(line: string): string | undefined {
  return line.startsWith(DISABLED) ? line.slice(DISABLED.length).replace(/\r$/, '') : undefined;
}

/** Hand-written assignments of `names`, those inside orcc's own blocks left out. */
export function handWritten(
  text: string,
  shell: ShellId,
  names: readonly string[],
  found: Inspection = inspectText(text, shell),
): Assignment[] {
  // Reading a big file word by word is worth it only where there is something to find. PowerShell's names may have small letters.
  const blocks = found.kind === 'blocks' ? found.blocks : [];
  const starts = [...new Set(names.map((name) => name.slice(0, 9)))];
  const hasAny = outsideBlocks(text, blocks).some((part) => {
    const searched = shell === 'powershell' ? part.toUpperCase() : part;
    return starts.some((start) => searched.includes(start));
  });
  if (!hasAny) return [];
  return scanStartupText(withoutBlocks(text, blocks), shell, names).assignments.filter(({ kind }) => kind === 'set' || kind === 'unset');
}

/** The stretches of a text that are not orcc's, none of them copied: a text without its blocks is a copy of all of it. */
function outsideBlocks(text: string, blocks: readonly FoundBlock[]): string[] {
  return [...blocks, undefined].map((block, index) => text.slice(blocks[index - 1]?.end ?? 0, block?.start ?? text.length));
}

/**
 * Comments out every hand-written assignment of `names` that stands alone on its
 * line and runs in any case; the others are left. A second call changes nothing.
 */
export function disableAssignments(text: string, shell: ShellId, names: readonly string[]): AdoptedText {
  const byLine = new Map<number, Assignment[]>();
  for (const each of handWritten(text, shell, names)) {
    if (each.adoptable) byLine.set(each.line, [...(byLine.get(each.line) ?? []), each]);
  }
  const hidden: Record<string, string> = {};
  let result = '';
  let copied = 0;
  for (const all of byLine.values()) {
    const start = text.lastIndexOf('\n', all[0]?.offset) + 1;
    const newline = text.indexOf('\n', start);
    const line = text.slice(start, newline === -1 ? text.length : newline);
    const secret = hideLine(line, all);
    const bare = line.replace(/\r$/, '');
    hidden[sumOf([bare])] = bare;
    result += text.slice(copied, start) + (secret?.text ?? DISABLED + line);
    copied = start + line.length;
  }
  return { text: result + text.slice(copied), lines: [...byLine.keys()], hidden };
}

interface RestoredText {
  readonly text: string;
  /** Lines that are back, counted from 1 in the text given. */
  readonly lines: readonly number[];
  /** Lines whose key is no longer kept, and the base URL that went with it (design D4): they stay as they are. */
  readonly lost: readonly number[];
  /** Lines that look switched off and of which no record says so: they stay as they are. */
  readonly foreign: readonly number[];
}

/** The inverse of `disableAssignments`: brings back exactly the lines that `hidden` records. */
export function restoreAssignments(text: string, hidden: HiddenLines = {}): RestoredText {
  const lines: number[] = [];
  const lost: number[] = [];
  const foreign: number[] = [];
  if (!text.includes('# orcc: disabled')) return { text, lines, lost, foreign };
  const isLostKey = (line: string): boolean => hiddenSum(line) !== undefined && originalOf(line, hidden) === undefined;
  const isCut = text.split('\n').some(isLostKey);
  const restored = text.split('\n').map((each, index) => {
    const original = originalOf(each, hidden);
    if (original === each) return each;
    const isLost = isLostKey(each) || (isCut && original?.includes('ANTHROPIC_BASE_URL') === true);
    (isLost ? lost : original === undefined ? foreign : lines).push(index + 1);
    return isLost || original === undefined ? each : original;
  });
  return { text: restored.join('\n'), lines, lost, foreign };
}

/** Whether a record says that orcc switched this line off. */
export function isRecorded(line: string, hidden: HiddenLines): boolean {
  const plain = plainOf(line.replace(/\n$/, ''));
  const sum = plain === undefined ? hiddenSum(line) : sumOf([plain]);
  return sum !== undefined && hidden[sum] !== undefined;
}

/** Every line of a file that is switched off with nothing hidden, as records from before they were kept by line have it. */
export function recordsOfAll(bytes: Uint8Array | null, shell: ShellId): HiddenLines {
  const decoded = decodeStartup(bytes ?? new Uint8Array(), shell);
  const lines = decoded.ok ? decoded.text.split('\n').flatMap((line) => plainOf(line) ?? []) : [];
  return Object.fromEntries(lines.map((line) => [sumOf([line]), line]));
}

/** Brings back the lines that a change had switched off, as the text before that change has them. */
export function restoreFrom(text: string, former: string): string {
  if (!text.includes('# orcc: disabled')) return text;
  const lines = new Set(former.split('\n'));
  const hidden = Object.fromEntries([...lines].map((line) => line.replace(/\r$/, '')).map((line) => [sumOf([line]), line]));
  return text
    .split('\n')
    .map((line) => (lines.has(line) ? line : (originalOf(line, hidden) ?? line)))
    .join('\n');
}

/** Of the lines that are kept, those that still stand in the text, switched off. */
export function stillHidden(text: string, hidden: HiddenLines): HiddenLines {
  return Object.fromEntries(Object.entries(hidden).filter(([sum, line]) => text.includes(`(${sum}): `) || text.includes(DISABLED + line)));
}

/**
 * A start-up file that holds no block of orcc's (one that a profile reads in, or that runs after it) with its
 * assignments of `names` commented out. `planShellFile` with `desired: null` on the same file brings them back.
 * `kept`: lines that were commented out earlier.
 */
export function planAdoption(path: string, shell: ShellId, before: Uint8Array, names: readonly string[], kept: HiddenLines): ShellEdit {
  const decoded = decodeStartup(before, shell);
  if (!decoded.ok) return refused('ENCODING', `\`${path}\` ${decoded.reason}`, decoded.hint);
  const { text, lines, hidden } = disableAssignments(decoded.text, shell, names);
  return {
    ok: true,
    after: decoded.encode(text),
    notes: lines.map((line) => adoptedNote(path, line)),
    hidden: stillHidden(text, { ...kept, ...hidden }),
  };
}

/** What the user is told of a line that was commented out. */
export function adoptedNote(path: string, line: number): ShellNote {
  return noteAt(path, 'adopted', line, 'commented out; `orcc remove` restores it');
}
