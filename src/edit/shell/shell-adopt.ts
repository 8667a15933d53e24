import { isSecretVariable, BASE_URL } from '../../claude/variables.ts';
import { maskKey, redact } from '../../text/text.ts';
import type { ShellId, HiddenLines } from './types.ts';
import { inspectText, sumOf, withoutBlocks, type FoundBlock, type Inspection, decodeStartup } from './block.ts';
import { scanStartupText } from './shell-assignments.ts';
import { noteAt, refused, type ShellEdit, type ShellNote } from './shell-refusals.ts';
import type { Assignment } from './shell-scan.ts';

/** Every line that orcc disables begins with this, in whatever way. */
export const DISABLED_MARK = '# orcc: disabled';
/** Prefix of a line that orcc disabled; the rest of the line is the user's, byte for byte. */
const DISABLED = `${DISABLED_MARK}: `;

/** The same for a line that held a key: the rest is masked, and orcc's record of what it replaced has the line itself, under this sum. */
const HIDDEN = /^[ \t]*# orcc: disabled, its key kept apart \(([0-9a-f]{8})\): /;

interface AdoptedText {
  readonly text: string;
  /** Lines that were changed, counted from 1 in the text given. */
  readonly lines: readonly number[];
  readonly hidden: HiddenLines;
}

/** A line disabled with its key masked; undefined if there is no key in it. */
function hideLine(line: string, assignments: readonly Assignment[]): { readonly sum: string; readonly text: string } | undefined {
  const bare = line.replace(/\r$/, '');
  const masked = redact(
    assignments.reduce((rest, { name, value }) => {
      if (!isSecretVariable(name) || value === undefined || value === '') return rest;
      // PowerShell's names may have lower-case letters.
      const from = rest.search(new RegExp(name, 'i')) + name.length;
      const at = rest.indexOf(value, from);
      // If the value is in pieces (`'ab'"cd"`), everything after the name is masked.
      return at === -1
        ? rest.slice(0, from) + maskKey(rest.slice(from))
        : rest.slice(0, at) + maskKey(value) + rest.slice(at + value.length);
    }, bare),
  );
  if (masked === bare) return undefined;
  const sum = sumOf([bare]);
  return { sum, text: `${DISABLED_MARK}, its key kept apart (${sum}): ${masked}${line.slice(bare.length)}` };
}

/** The sum in a line that was disabled with its key masked; undefined for any other. */
function hiddenSum(line: string): string | undefined {
  return HIDDEN.exec(line)?.[1];
}

/** A line as it was before orcc disabled it; itself if it is not disabled, undefined if there is no record of it any more. */
function originalOf(line: string, hidden: HiddenLines): string | undefined {
  const plain = plainOf(line);
  if (plain !== undefined) return hidden[sumOf([plain])] === undefined ? undefined : line.slice(DISABLED.length);
  const sum = hiddenSum(line);
  if (sum === undefined) return line;
  return hidden[sum] === undefined ? undefined : hidden[sum] + (line.endsWith('\r') ? '\r' : '');
}

/** The original of a line that was disabled without masking, without its CR; undefined for any other. */
function plainOf(line: string): string | undefined {
  return line.startsWith(DISABLED) ? line.slice(DISABLED.length).replace(/\r$/, '') : undefined;
}

/** Hand-written assignments of `names`, without those inside orcc's own blocks. */
export function handWritten(
  text: string,
  shell: ShellId,
  names: readonly string[],
  found: Inspection = inspectText(text, shell),
): Assignment[] {
  // Parsing a big file is worth it only if there is something to find. PowerShell's names may have lower-case letters.
  const blocks = found.kind === 'blocks' ? found.blocks : [];
  const starts = [...new Set(names.map((name) => name.slice(0, 9)))];
  const hasAny = outsideBlocks(text, blocks).some((part) => {
    const searched = shell === 'powershell' ? part.toUpperCase() : part;
    return starts.some((start) => searched.includes(start));
  });
  if (!hasAny) return [];
  return scanStartupText(withoutBlocks(text, blocks), shell, names).assignments.filter(({ kind }) => kind === 'set' || kind === 'unset');
}

/** The parts of a text outside orcc's blocks. Unlike `withoutBlocks`, this does not copy the text. */
function outsideBlocks(text: string, blocks: readonly FoundBlock[]): string[] {
  return [...blocks, undefined].map((block, index) => text.slice(blocks[index - 1]?.end ?? 0, block?.start ?? text.length));
}

/**
 * Comments out every hand-written assignment of `names` that is alone on its line
 * and always runs; leaves the others. A second call changes nothing.
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
  /** Restored lines, counted from 1 in the text given. */
  readonly lines: readonly number[];
  /** Lines whose key is no longer kept, and the base URL that goes with it (design D4): they stay as they are. */
  readonly lost: readonly number[];
  /** Lines that look disabled but of which there is no record: they stay as they are. */
  readonly foreign: readonly number[];
}

/** The inverse of `disableAssignments`: restores exactly the lines that `hidden` records. */
export function restoreAssignments(text: string, hidden: HiddenLines = {}): RestoredText {
  const lines: number[] = [];
  const lost: number[] = [];
  const foreign: number[] = [];
  if (!text.includes(DISABLED_MARK)) return { text, lines, lost, foreign };
  const isLostKey = (line: string): boolean => hiddenSum(line) !== undefined && originalOf(line, hidden) === undefined;
  const isCut = text.split('\n').some(isLostKey);
  const restored = text.split('\n').map((each, index) => {
    const original = originalOf(each, hidden);
    if (original === each) return each;
    const isLost = isLostKey(each) || (isCut && original?.includes(BASE_URL) === true);
    (isLost ? lost : original === undefined ? foreign : lines).push(index + 1);
    return isLost || original === undefined ? each : original;
  });
  return { text: restored.join('\n'), lines, lost, foreign };
}

/** Whether `hidden` records that orcc disabled this line. */
export function isRecorded(line: string, hidden: HiddenLines): boolean {
  const plain = plainOf(line.replace(/\n$/, ''));
  const sum = plain === undefined ? hiddenSum(line) : sumOf([plain]);
  return sum !== undefined && hidden[sum] !== undefined;
}

/** A record of every line in a file that is disabled without masking, for files from before each line was recorded. */
export function recordsOfAll(bytes: Uint8Array | null, shell: ShellId): HiddenLines {
  const decoded = decodeStartup(bytes ?? new Uint8Array(), shell);
  const lines = decoded.ok ? decoded.text.split('\n').flatMap((line) => plainOf(line) ?? []) : [];
  return Object.fromEntries(lines.map((line) => [sumOf([line]), line]));
}

/** Restores the lines that a change disabled, as they are in the text from before that change. */
export function restoreFrom(text: string, former: string): string {
  if (!text.includes(DISABLED_MARK)) return text;
  const lines = new Set(former.split('\n'));
  const hidden = Object.fromEntries([...lines].map((line) => line.replace(/\r$/, '')).map((line) => [sumOf([line]), line]));
  return text
    .split('\n')
    .map((line) => (lines.has(line) ? line : (originalOf(line, hidden) ?? line)))
    .join('\n');
}

/** Those of the recorded lines that are still in the text, disabled. */
export function stillHidden(text: string, hidden: HiddenLines): HiddenLines {
  return Object.fromEntries(Object.entries(hidden).filter(([sum, line]) => text.includes(`(${sum}): `) || text.includes(DISABLED + line)));
}

/**
 * Comments out the assignments of `names` in a start-up file that holds no block of orcc's (one that a profile
 * sources, or that runs after it). `planShellFile` with `desired: null` on the same file restores them.
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

/** The note on a line that was commented out. */
export function adoptedNote(path: string, line: number): ShellNote {
  return noteAt(path, 'adopted', line, 'commented out; `orcc remove` restores it');
}
