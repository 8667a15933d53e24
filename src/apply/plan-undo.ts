import { pathsOf } from '../core/paths-of.ts';
import type { Edit, Plan } from './types.ts';
import { OrccError } from '../core/errors.ts';
import { escapeInvisible, stripControls } from '../text/text.ts';
import { sameBytes } from '../text/same-bytes.ts';
import { type ApplyContext } from './apply-context.ts';
import { readNow, sumOfBytes } from './bytes.ts';
import { confineReceipt } from './confine.ts';
import { listHistory, readBackup, type Past } from './history.ts';
import { resolvePlace } from './place.ts';
import type { Receipt, ReceiptEdit } from './journal.ts';

/** One change of a file that someone else has changed since. */
export interface Reversal {
  readonly edit: ReceiptEdit;
  readonly now: Uint8Array | null;
  /** The file as it was before the change. */
  readonly before: Uint8Array | null;
  /** Another file before and after the change; undefined if neither this change nor a later one touched it. */
  readonly other: (path: string) => { readonly before: Uint8Array | null; readonly after: Uint8Array | null } | undefined;
}

/**
 * Undoes what one change did to orcc's own block or members, and nothing else. Returns the new bytes,
 * null to delete the file, undefined if block or members are no longer intact.
 */
type Reverse = (reversal: Reversal) => Uint8Array | null | undefined;

export interface UndoOptions {
  readonly folder: string;
  /** How many changes to undo; 1 unless given. */
  readonly steps?: number | undefined;
  /** Overwrite what someone else changed; the undo's own backup keeps it. */
  readonly force?: boolean | undefined;
  readonly reverse?: Reverse | undefined;
  /** The current key, for backups that were kept without it. */
  readonly key?: string | undefined;
  /** The plan with what becomes of the key's own file; `edits`: all that the changes did to files, which the undo need not reach. */
  readonly complete?: ((plan: Plan, edits: readonly ReceiptEdit[]) => Plan) | undefined;
}

export interface UndoPlan {
  readonly plan: Plan;
  /** The changes that it undoes, newest first. */
  readonly receipts: readonly Receipt[];
  /** Files in which only orcc's own part is undone. */
  readonly reversed: readonly string[];
  /** Files that are overwritten though someone else changed them (`force`). */
  readonly overwritten: readonly string[];
  /** True if the key was changed too; it stays as it is. */
  readonly keepsKey: boolean;
}

interface FileState {
  readonly edit: ReceiptEdit;
  readonly start: Uint8Array | null;
  readonly startMode: number | null;
  bytes: Uint8Array | null;
  mode: number | null;
}

/**
 * Plans to undo the last changes; writes nothing. A file that is as orcc left it gets its earlier bytes and mode back; in one that someone
 * has changed since, only orcc's own part is undone (`reverse`). Throws exit 3 if there is nothing to undo or the key has been replaced
 * since, exit 6 naming every file that can't be restored.
 */
export function planUndo(ctx: ApplyContext, options: UndoOptions): UndoPlan {
  const chosen = choose(ctx, options).map((past) => ({
    ...past,
    receipt: confineReceipt(ctx, options.folder, { id: pathsOf(ctx.platform).basename(past.folder), folder: past.folder }, past.receipt, {
      follow: true,
    }),
  }));
  const files = new Map<string, FileState>();
  const reversed = new Set<string>();
  const overwritten = new Set<string>();
  const stuck = new Set<string>();
  for (const { receipt, folder } of chosen) {
    const edits = receipt.edits.filter((edit) => edit.owner !== 'key').toReversed();
    for (const edit of edits) stateOf(ctx, files, edit);
    const after = new Map([...files.values()].map((file) => [file.edit.path, file.bytes]));
    const other: Reversal['other'] = (path) => {
      const file = [...files.values()].find((each) => each.edit.path === path);
      return file === undefined ? undefined : { before: file.bytes, after: after.get(path) ?? null };
    };
    // orcc's records come last in a change, so in this order they are restored before their targets.
    for (const edit of edits) {
      const file = stateOf(ctx, files, edit);
      const original = (): Uint8Array | null => {
        const bytes = readBackup(ctx, folder, edit, options.key);
        if (bytes === undefined) throw keyChangedSince(receipt);
        return bytes;
      };
      const sum = sumOfBytes(file.bytes);
      const wasGone = file.bytes === null;
      if (sum === edit.sumAfter && sum !== edit.sumBefore) file.bytes = original();
      else if (sum !== edit.sumBefore && edit.sumBefore !== edit.sumAfter) {
        const part = options.reverse?.({ edit, now: file.bytes, before: original(), other });
        if (part !== undefined) {
          reversed.add(edit.path);
          file.bytes = part;
        } else if (options.force === true) {
          overwritten.add(edit.path);
          file.bytes = original();
        } else stuck.add(edit.path);
      }
      const isOurMode = file.mode === edit.modeAfter || wasGone;
      if (file.bytes !== null && edit.modeBefore !== null && isOurMode) file.mode = edit.modeBefore;
    }
  }
  if (stuck.size > 0) throw changedSince([...stuck]);
  const plan: Plan = { edits: [...files.values()].flatMap(toEdit), folders: chosen.flatMap(({ receipt }) => receipt.createdFolders) };
  return {
    plan:
      options.complete?.(
        plan,
        chosen.flatMap(({ receipt }) => receipt.edits),
      ) ?? plan,
    receipts: chosen.map(({ receipt }) => receipt),
    reversed: [...reversed],
    overwritten: [...overwritten],
    keepsKey: chosen.some(({ receipt }) => receipt.edits.some((edit) => edit.owner === 'key')),
  };
}

function choose(ctx: ApplyContext, { folder, steps = 1 }: UndoOptions): Past[] {
  const past = listHistory(ctx, folder).filter(({ receipt }) => receipt.status === 'done' && receipt.undoes === undefined);
  const chosen = past.slice(0, steps);
  if (chosen.length === 0) throw new OrccError('nothing', 'There is nothing to undo');
  const firstTrimmed = chosen.findIndex((each) => !each.canUndo);
  const available = firstTrimmed < 0 ? chosen.length : firstTrimmed;
  const last = chosen[0]?.receipt;
  if (available === 0 && last?.edits.some((edit) => edit.owner === 'key') === true) throw keyChangedSince(last);
  if (available < steps) {
    throw new OrccError(
      'nothing',
      available === 0 ? 'The backups of the last change are gone' : `Only ${available} change${available === 1 ? '' : 's'} can be undone`,
      {
        hint: `${available === 0 ? '' : `\`orcc undo ${available}\` undoes ${available === 1 ? 'it' : 'them'}; `}\`orcc remove\` removes everything orcc wrote`,
      },
    );
  }
  return chosen;
}

function stateOf(ctx: ApplyContext, files: Map<string, FileState>, edit: ReceiptEdit): FileState {
  const known = files.get(edit.realPath);
  if (known !== undefined) return known;
  const { bytes, stat } = readNow(ctx.fs, resolvePlace(ctx, edit.path).real);
  const mode = stat?.mode ?? null;
  const made: FileState = { edit, start: bytes, startMode: mode, bytes, mode };
  files.set(edit.realPath, made);
  return made;
}

function toEdit({ edit, start, startMode, bytes, mode }: FileState): Edit[] {
  const modeAfter = bytes === null || mode === startMode ? null : mode;
  if (sameBytes(start, bytes) && modeAfter === null) return [];
  const summary = bytes === null ? 'delete' : 'restore';
  return [{ path: edit.path, owner: edit.owner, before: start, after: bytes, mode: modeAfter, modeBefore: startMode, summary }];
}

/** A key that was replaced must not come back, and one that was moved would be in two places. */
function keyChangedSince({ command }: Receipt): OrccError {
  return new OrccError(
    'nothing',
    `The last change, \`orcc ${stripControls(command)}\`, replaced or moved the key or came before that, which \`orcc undo\` does not revert`,
    { hint: 'Older backups contain no key; `orcc remove` removes everything orcc wrote' },
  );
}

function changedSince(paths: readonly string[]): OrccError {
  const names = paths.map((path) => `\`${escapeInvisible(path)}\``).join(', ');
  return new OrccError(
    'refused',
    `${names} ${paths.length === 1 ? 'was' : 'were'} changed since, including orcc's part; nothing was written`,
    {
      code: 'CHANGED_SINCE',
      hint: 'Run `orcc undo --force` to restore the old bytes anyway; it keeps a copy of the current file',
      data: { paths },
    },
  );
}
