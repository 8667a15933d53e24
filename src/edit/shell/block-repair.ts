import { generatedLike, isOwnLine } from './read-body.ts';
import { shellOf } from './list.ts';
import type { ShellId, ShellPlace } from './types.ts';
import { removeBlock } from './block-edit.ts';
import { inspectText, type FoundBlock, type Inspection, decodeStartup } from './block.ts';
import { firstExit } from './shell-placement.ts';

export type Repair =
  /** `removed`: removed lines, counted from 1 in the file as it was. */
  { readonly ok: true; readonly after: Uint8Array; readonly removed: readonly number[] } | { readonly ok: false; readonly reason: string };

type Damage = Extract<Inspection, { readonly kind: 'damaged' }>;

/**
 * Removes all damaged markers from a start-up file (`doctor --fix`).
 * For a start without an end, that is its line and those directly below it that orcc's own generator writes; for an end without a start,
 * its line and a whole body of orcc's directly above it; for nested blocks, everything of orcc's from the first start to the last end.
 * Someone else's lines stay, and so do well-formed blocks, except one that is never reached: it is removed so that it can be written
 * where it runs.
 */
export function repairBlock(bytes: Uint8Array, shell: ShellId, place: ShellPlace): Repair {
  const decoded = decodeStartup(bytes, shell);
  if (!decoded.ok) return { ok: false, reason: decoded.reason };
  const lines = decoded.text.split('\n').map((text, index) => ({ text, number: index + 1 }));
  const removed: number[] = [];
  for (;;) {
    const found = inspectText(lines.map(({ text }) => text).join('\n'), shell);
    if (found.kind !== 'damaged') break;
    const gone = linesOfDamage(
      lines.map(({ text }) => text.replace(/\r$/, '')),
      found,
      shell,
      place,
    );
    for (const index of gone.toReversed()) removed.push(...lines.splice(index, 1).map(({ number }) => number));
  }
  const text = lines.map((line) => line.text).join('\n');
  const lost = removed.length === 0 ? unreachedBlock(text, shell) : undefined;
  if (lost !== undefined) return { ok: true, after: decoded.encode(removeBlock(text, lost, [])), removed: [lost.line] };
  if (removed.length === 0) return { ok: false, reason: 'holds no damaged block' };
  return { ok: true, after: decoded.encode(text), removed: removed.sort((a, b) => a - b) };
}

/** The file's only block, if it is as orcc wrote it and below a line that always ends the file; else undefined. */
export function unreachedBlock(text: string, shell: ShellId): FoundBlock | undefined {
  const found = inspectText(text, shell);
  if (found.kind !== 'blocks' || found.blocks.length > 1 || found.blocks[0].edited) return undefined;
  return firstExit(text.slice(0, found.blocks[0].start), shell) === undefined ? undefined : found.blocks[0];
}

/** Whether lines are exactly a body as this orcc or an earlier one writes it. */
function isWhole(lines: readonly string[], body: readonly string[], shell: ShellId): boolean {
  return [body, withoutAdded(body, shell)].some((each) => each.join('\n') === lines.join('\n'));
}

/** Whether the body that these lines begin with is an earlier orcc's. */
function isEarlier(lines: readonly string[], shell: ShellId): boolean {
  return shellOf(shell).addedSince.every((line) => line !== lines[0]);
}

/** The lines that an earlier orcc wrote for the same content. */
function withoutAdded(body: readonly string[], shell: ShellId): readonly string[] {
  return body.filter((line) => !shellOf(shell).addedSince.includes(line));
}

/** Indexes of the lines to remove, ascending; never empty. */
function linesOfDamage(lines: readonly string[], found: Damage, shell: ShellId, place: ShellPlace): number[] {
  const first = found.line - 1;
  const gone = [first];
  if (found.damage === 'no-begin') {
    // A body without its first marker: removed only if it is exactly what the generator writes.
    const above = lines.slice(0, first);
    const own = above.findLastIndex((line) => !isOwnLine(shellOf(shell).readLine(line, place)));
    const body = above.findIndex((_, index) => {
      const each = above.slice(index);
      return index > own && isWhole(each, generatedLike(each, shell, place), shell);
    });
    return body === -1 ? gone : [...lines.keys()].slice(body, found.line);
  }
  const below = lines.slice(found.line);
  let lastLine: string | undefined;
  for (const text of below) {
    const line = shellOf(shell).readLine(text, place);
    if (!isOwnLine(line)) break;
    gone.push(first + gone.length);
    // Once the key's source is known, so is the body's last line: lines after it may look alike and be the user's.
    if (line?.kind === 'key') {
      const whole = shellOf(shell).body({ baseUrl: '', key: line.source, variables: [] }, place);
      lastLine = (isEarlier(below, shell) ? withoutAdded(whole, shell) : whole).at(-1);
    }
    if (text === lastLine || text === shellOf(shell).addedSince.at(-1)) break;
  }
  return gone;
}
