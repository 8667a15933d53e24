import type { ShellId } from '../shells/types.ts';
import { decodeStartup } from './block-encoding.ts';
import { inspectText, type Inspection } from './block.ts';
import { scanStartupText } from './shell-assignments.ts';
import { refused, type ShellEdit, type ShellNote } from './shell-refusals.ts';
import type { Assignment } from './shell-scan.ts';

/** Put before a line that orcc switched off; the rest of the line is the user's, byte for byte. */
export const DISABLED = '# orcc: disabled: ';

export interface AdoptedText {
  readonly text: string;
  /** Lines that were changed, counted from 1 in the text given. */
  readonly lines: readonly number[];
}

/** Hand-written assignments of `names`, those inside orcc's own blocks left out. */
export function handWritten(text: string, shell: ShellId, names: readonly string[], found: Inspection = inspectText(text)): Assignment[] {
  // Reading a big file word by word is worth it only where there is something to find. PowerShell's names may have small letters.
  const starts = [...new Set(names.map((name) => name.slice(0, 9)))];
  const hasAny = outsideBlocks(text, found).some((part) => {
    const searched = shell === 'powershell' ? part.toUpperCase() : part;
    return starts.some((start) => searched.includes(start));
  });
  return hasAny ? [...scanStartupText(withoutBlocks(text, found), shell, names).assignments] : [];
}

/** The stretches of a text that are not orcc's. */
function outsideBlocks(text: string, found: Inspection): string[] {
  const blocks = found.kind === 'blocks' ? found.blocks : [];
  return [...blocks, undefined].map((block, index) => text.slice(blocks[index - 1]?.end ?? 0, block?.start ?? text.length));
}

/** The text with orcc's own blocks blanked, every offset and line kept. */
function withoutBlocks(text: string, found: Inspection): string {
  if (found.kind !== 'blocks') return text;
  return found.blocks.reduce(
    (rest, { start, end }) => rest.slice(0, start) + rest.slice(start, end).replace(/[^\r\n]/g, ' ') + rest.slice(end),
    text,
  );
}

/**
 * Comments out every hand-written assignment of `names` that stands alone on its
 * line and runs in any case; the others are left. A second call changes nothing.
 */
export function disableAssignments(text: string, shell: ShellId, names: readonly string[]): AdoptedText {
  const byLine = new Map(
    handWritten(text, shell, names)
      .filter((each) => each.adoptable)
      .map((each) => [each.line, each.offset]),
  );
  let result = '';
  let copied = 0;
  for (const offset of byLine.values()) {
    const start = text.lastIndexOf('\n', offset - 1) + 1;
    result += text.slice(copied, start) + DISABLED;
    copied = start;
  }
  return { text: result + text.slice(copied), lines: [...byLine.keys()] };
}

/** The inverse of `disableAssignments`: brings back exactly those lines. */
export function restoreAssignments(text: string): AdoptedText {
  const lines: number[] = [];
  let line = 0;
  const restored = text.includes(DISABLED)
    ? text
        .split('\n')
        .map((each) => {
          line += 1;
          if (!each.startsWith(DISABLED)) return each;
          lines.push(line);
          return each.slice(DISABLED.length);
        })
        .join('\n')
    : text;
  return { text: restored, lines };
}

/**
 * A start-up file that holds no block of orcc's (one that a profile reads in, or that runs after it) with its
 * assignments of `names` commented out. `planShellFile` with `desired: null` on the same file brings them back.
 */
export function planAdoption(path: string, shell: ShellId, before: Uint8Array, names: readonly string[]): ShellEdit {
  const decoded = decodeStartup(before, shell);
  if (!decoded.ok) return refused('ENCODING', `\`${path}\` ${decoded.reason}`, decoded.hint);
  const { text, lines } = disableAssignments(decoded.text, shell, names);
  return { ok: true, after: lines.length === 0 ? before : decoded.encode(text), notes: lines.map((line) => adoptedNote(path, line)) };
}

/** What the user is told of a line that was commented out. */
export function adoptedNote(path: string, line: number): ShellNote {
  return { kind: 'adopted', line, text: `\`${path}\` line ${line}: commented out; \`orcc remove\` brings it back` };
}
