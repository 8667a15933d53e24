import { AUTH_TOKEN, BASE_URL } from '../claude/variables.ts';
import { inspectText, decodeStartup, type FoundBlock } from '../edit/shell/block.ts';
import { readBody, type BlockAssignment } from '../edit/shell/read-body.ts';
import type { KeySource, ShellId, ShellPlace } from '../edit/shell/types.ts';

/** What orcc's own block assigns to one variable: a value, or the key from its source. `line` counts from 1 in the file. */
type OwnAssignment = BlockAssignment & { readonly line: number };

/**
 * Returns what orcc's block in a start-up file assigns, in order, without starting
 * a shell. If there are several blocks, the last one counts. Empty if there is none
 * or it is damaged. `value` may be the key if its storage is the profile.
 */
export function readBlockAssignments(bytes: Uint8Array, shell: ShellId, place: ShellPlace): readonly OwnAssignment[] {
  const decoded = decodeStartup(bytes, shell);
  const inspection = decoded.ok ? inspectText(decoded.text, shell) : undefined;
  return inspection?.kind === 'blocks' ? assignmentsOf(inspection.blocks, shell, place) : [];
}

/** Like `readBlockAssignments`, for blocks that were already found. */
export function assignmentsOf(blocks: readonly FoundBlock[], shell: ShellId, place: ShellPlace): readonly OwnAssignment[] {
  const block = blocks.at(-1);
  return block === undefined ? [] : readBody(block.body, shell, place).map((each) => ({ ...each, line: block.line + 1 + each.index }));
}

/** Placeholder for a key from a command, where nothing may be started to ask for it (design D18). It has blanks, so it can't be sent. */
export const COMMAND_TOKEN = "(the command's answer)";

/** What orcc's block exports when it runs; nothing at all if `keyOf` gives '' for the token's source (design D4). Values may be keys. */
export function blockExports(
  own: readonly OwnAssignment[],
  keyOf: (source: KeySource) => string,
): ReadonlyArray<{ readonly name: string; readonly line: number; readonly value: string }> {
  const exports = own.map((each) => ({ name: each.name, line: each.line, value: 'value' in each ? each.value : keyOf(each.keyRef) }));
  const hasNoKey = exports.some(({ name, value }) => name === AUTH_TOKEN && value === '') && exports.some(({ name }) => name === BASE_URL);
  return hasNoKey ? [] : exports;
}
