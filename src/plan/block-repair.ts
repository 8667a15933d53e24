import { isOwnLine } from '../shells/read-body.ts';
import { shellOf } from '../shells/list.ts';
import type { ShellId, ShellPlace } from '../shells/types.ts';
import { decodeStartup } from './block-encoding.ts';
import { inspectText, type Inspection } from './block.ts';

export type Repair =
  /** `removed`: lines that were taken out, counted from 1 in the file as it was. */
  { readonly ok: true; readonly after: Uint8Array; readonly removed: readonly number[] } | { readonly ok: false; readonly reason: string };

type Damage = Extract<Inspection, { readonly kind: 'damaged' }>;

/**
 * Takes damaged markers out of a start-up file (`doctor --fix`), until none is left.
 * Of a start without an end: that line and those directly below it that orcc's own
 * generator writes. Of an end without a start: that line. Of blocks inside each other: everything of orcc's from the
 * first start to the last end. Someone else's lines stay, and so do well-formed blocks.
 */
export function repairBlock(bytes: Uint8Array, shell: ShellId, place: ShellPlace): Repair {
  const decoded = decodeStartup(bytes, shell);
  if (!decoded.ok) return { ok: false, reason: decoded.reason };
  const lines = decoded.text.split('\n').map((text, index) => ({ text, number: index + 1 }));
  const removed: number[] = [];
  for (;;) {
    const found = inspectText(lines.map(({ text }) => text).join('\n'));
    if (found.kind === 'newer') return { ok: false, reason: 'was written by a newer orcc' };
    if (found.kind !== 'damaged') break;
    const gone = linesOfDamage(
      lines.map(({ text }) => text.replace(/\r$/, '')),
      found,
      shell,
      place,
    );
    for (const index of gone.toReversed()) removed.push(...lines.splice(index, 1).map(({ number }) => number));
  }
  if (removed.length === 0) return { ok: false, reason: 'holds no damaged block' };
  return { ok: true, after: decoded.encode(lines.map(({ text }) => text).join('\n')), removed: removed.sort((a, b) => a - b) };
}

const isMarker = (line: string): boolean => /^(?:\xef\xbb\xbf)?# (?:>>> orcc >>>(?:\s|$)|<<< orcc <<<\s*$)/.test(line);

/** Indexes of the lines to take out, rising; never empty. */
function linesOfDamage(lines: readonly string[], found: Damage, shell: ShellId, place: ShellPlace): number[] {
  const first = found.line - 1;
  if (found.damage === 'no-begin') return [first];
  const read = (index: number) => shellOf(shell).readLine(lines[index] ?? '', place);
  if (found.damage === 'nested') {
    const last = first + found.lineCount - 1;
    return lines.flatMap((line, index) => (index >= first && index <= last && (isMarker(line) || isOwnLine(read(index))) ? [index] : []));
  }
  const gone = [first];
  let lastLine: string | undefined;
  for (let index = first + 1; index < lines.length && isOwnLine(read(index)); index += 1) {
    gone.push(index);
    const line = read(index);
    // The body's last line is known once its source is: what follows it may look alike and be the user's.
    if (line?.kind === 'key') lastLine = shellOf(shell).body({ baseUrl: '', key: line.source, variables: [] }, place).at(-1);
    if (lines[index] === lastLine) break;
  }
  return gone;
}
