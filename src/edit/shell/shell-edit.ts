import { BASE_URL, AUTH_TOKEN, API_KEY } from '../../claude/variables.ts';
import { largerThan, LARGEST_STARTUP_FILE } from '../../core/look.ts';
import { shellOf } from './list.ts';
import { foreignLines } from './read-body.ts';
import type { BlockContent, ShellId, ShellPlace, HiddenLines, ShellEditInput } from './types.ts';
import { insertBlock, isWholeBody, majorityEol, removeBlock, replaceBlock } from './block-edit.ts';
import { BYTE_ORDER_MARK, inspectText, type Eol, type FoundBlock, decodeStartup } from './block.ts';
import { adoptedNote, disableAssignments, restoreAssignments, stillHidden } from './shell-adopt.ts';
import { notesOn } from './shell-notes.ts';
import { placeBlock } from './shell-placement.ts';
import { damageMessage, editedMessage, noteAt, refused, type ShellEdit, type ShellNote } from './shell-refusals.ts';

/**
 * Plans one start-up file's bytes after a change. Pure and idempotent: the same
 * input on its own output gives the same bytes. Adding and then removing gives
 * the original bytes, in every encoding. Returns a refusal that names the line
 * if the file can't be edited safely. Throws OrccError('usage') only for a value
 * that is never written (see `Shell.body`).
 */
export function planShellFile(input: ShellEditInput): ShellEdit {
  const { path, shell, desired, before } = input;
  const place: ShellPlace = { home: input.home, platform: input.platform };
  if (before !== null && before.length > LARGEST_STARTUP_FILE)
    return refused(
      'TOO_BIG',
      `\`${path}\` ${largerThan(LARGEST_STARTUP_FILE)}`,
      'no start-up file is that big: check what is in it, or choose another target',
    );
  const decoded = decodeStartup(before ?? new Uint8Array(), shell);
  if (!decoded.ok) return refused('ENCODING', `\`${path}\` ${decoded.reason}`, decoded.hint);
  const { text } = decoded;
  const result = desired === null ? takeOut(input, text, place) : putIn(input, desired, text, place);
  if (!result.ok) return result;
  const isGone = (result.text === '' || result.text === BYTE_ORDER_MARK) && (before === null || input.created) && desired === null;
  const after = isGone ? null : result.text === text && before !== null ? before : decoded.encode(result.text);
  return { ok: true, after, notes: result.notes, hidden: stillHidden(result.text, { ...input.hidden, ...result.hidden }) };
}

type TextEdit =
  | { readonly ok: true; readonly text: string; readonly notes: readonly ShellNote[]; readonly hidden: HiddenLines }
  | Exclude<ShellEdit, { readonly ok: true }>;

interface Located {
  readonly ok: true;
  readonly block: FoundBlock | undefined;
  /** Other copies, in the order of the file. */
  readonly copies: readonly FoundBlock[];
  /** Lines that someone wrote between the markers, byte for byte. */
  readonly kept: readonly string[];
  readonly notes: readonly ShellNote[];
}

function locate(
  input: ShellEditInput,
  text: string,
  place: ShellPlace,
  body: readonly string[] | null = null,
): Located | Exclude<ShellEdit, { readonly ok: true }> {
  const { path, shell, force } = input;
  const found = inspectText(text, shell);
  if (shell === 'powershell' && found.kind !== 'none' && isSigned(text)) return signed(path);
  if (found.kind === 'newer')
    return refused(
      'BLOCK_NEWER',
      `\`${path}\` line ${found.line}: the block was written by a newer orcc (v=${found.version})`,
      'update orcc, then run this again',
      found.line,
    );
  if (found.kind === 'damaged')
    return refused('BLOCK_DAMAGED', damageMessage(path, found), '`orcc doctor --fix` shows what it would remove', found.line);
  if (found.kind === 'none') return { ok: true, block: undefined, copies: [], kept: [], notes: [] };
  const [block, ...copies] = found.blocks;
  const edited = found.blocks.find((each) => each.edited);
  const kept = found.blocks.flatMap((each) => (each.edited ? rawForeign(each, shell, place) : []));
  if (edited !== undefined && force !== true) {
    return refused(
      'BLOCK_EDITED',
      editedMessage(path, edited, foreignLines(edited.body, shell, place), body),
      body === null
        ? '`--force` removes it; your own lines stay'
        : '`orcc doctor --fix`, or `--force` here, rewrites it; your own lines go below it',
      edited.line,
    );
  }
  const different = copies.find((each) => each.body.join('\n') !== block.body.join('\n'));
  if (different !== undefined && force !== true) {
    const lines = found.blocks.map((each) => each.line).join(', ');
    return refused(
      'BLOCK_DAMAGED',
      `\`${path}\` has ${found.blocks.length} different orcc blocks, at lines ${lines}; the last one is in effect`,
      '`--force` keeps only the first one',
      different.line,
    );
  }
  const notes = copies.map((each) => noteAt(path, 'duplicate', each.line, 'a second orcc block is removed'));
  const moved = `${kept.length} of your own lines inside the block ${kept.length === 1 ? 'goes' : 'go'} below it`;
  if (kept.length > 0) notes.push(noteAt(path, 'moved', block.line, moved));
  return { ok: true, block, copies, kept, notes };
}

function rawForeign({ body, raw }: FoundBlock, shell: ShellId, place: ShellPlace): string[] {
  let at = -1;
  return foreignLines(body, shell, place).flatMap((line) => raw[(at = body.indexOf(line, at + 1))] ?? []);
}

function putIn(input: ShellEditInput, desired: BlockContent, original: string, place: ShellPlace): TextEdit {
  const { path, shell } = input;
  const body = shellOf(shell).body(desired, place);
  const names = [BASE_URL, AUTH_TOKEN, API_KEY, ...desired.variables.map(({ name }) => name)];
  const adopted = input.adopt === true ? disableAssignments(original, shell, names) : { text: original, lines: [], hidden: {} };
  const located = locate(input, adopted.text, place, body);
  if (!located.ok) return located;
  if (shell === 'powershell' && isSigned(original)) return signed(path);
  if (input.holds === 'whole' && located.block === undefined && original.trim() !== '') {
    return refused('FOREIGN_FILE', `\`${path}\` was not written by orcc`, 'rename it, then run this again', 1);
  }
  const fallback: Eol = shell === 'powershell' && input.platform === 'win32' ? '\r\n' : '\n';
  const eol: Eol = shell === 'powershell' ? (located.block?.eol ?? majorityEol(adopted.text, fallback)) : '\n';
  const text =
    located.block === undefined
      ? insertBlock(adopted.text, placeBlock(adopted.text, shell, input.placement, desired.key), body, eol)
      : replaceBlock(without(adopted.text, located.copies), located.block, body, eol, located.kept);
  const inspection = inspectText(text, shell);
  // An open here-document that a line of the block happens to close (`<<fi`).
  if (inspection.kind !== 'blocks')
    return refused(
      'FILE_REFUSED',
      `\`${path}\`: a text that is not closed would swallow the start of orcc's block`,
      'close it (look for `<<`), then run this again',
    );
  const notes = adopted.lines.map((line) => adoptedNote(path, line));
  return { ok: true, text, notes: [...located.notes, ...notes, ...notesOn(text, inspection, input, names)], hidden: adopted.hidden };
}

function takeOut(input: ShellEditInput, original: string, place: ShellPlace): TextEdit {
  const located = locate(input, original, place);
  if (!located.ok) return located;
  const { block, copies, kept } = located;
  const rest = without(original, copies);
  const isAlone = block !== undefined && input.shell === 'sh' && kept.length === 0 && isWholeBody(rest, block);
  const bare = block === undefined ? original : removeBlock(rest, block, isAlone ? [`:${block.eol}`] : kept);
  const restored = input.restore === false ? { text: bare, lines: [], lost: [], foreign: [] } : restoreAssignments(bare, input.hidden);
  const tell = (kind: ShellNote['kind'], lines: readonly number[], says: string): readonly ShellNote[] =>
    lines.map((line) => noteAt(input.path, kind, line, says));
  const alone = "`:` takes the block's place, since without a command there the file would be broken";
  const notes = [
    ...tell('alone', isAlone ? [block.line] : [], alone),
    ...tell('restored', restored.lines, 'your own line is back'),
    ...tell('lost', restored.lost, 'stays commented out: the key that goes with it is no longer kept'),
    ...tell('foreign', restored.foreign, 'stays commented out: orcc has no record that it switched this line off'),
  ];
  return { ok: true, text: restored.text, notes: [...located.notes, ...notes], hidden: {} };
}

/** Removes the other copies of the block, the last one first so that the offsets stay right. */
const without = (text: string, copies: readonly FoundBlock[]): string =>
  copies.toReversed().reduce((rest, copy) => removeBlock(rest, copy, []), text);

const isSigned = (text: string): boolean => /^# SIG # Begin signature block/m.test(text);

const signed = (path: string): Exclude<ShellEdit, { readonly ok: true }> =>
  refused(
    'SIGNED',
    `\`${path}\` is signed, and any change invalidates the signature`,
    'put the variables into `~/.claude/settings.json` instead: `--target user`',
  );
