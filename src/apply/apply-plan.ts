import { type Plan, isTargetOwner } from './types.ts';
import { OrccError } from '../core/errors.ts';
import { escapeInvisible, stripControls } from '../text/text.ts';
import type { ApplyContext } from './apply-context.ts';
import { readNow } from './bytes.ts';
import { sameBytes } from '../text/same-bytes.ts';
import { closeRolledBack, commitChange, noteInPlace, openChange, type Change } from './change.ts';
import { asRefusal, errnoOf, quietly } from '../core/errno.ts';
import { historyFolder, removeEntry, type Receipt } from './journal.ts';
import { withLock, type Lock } from './lock.ts';
import { putBack } from './put-back.ts';
import { recoverEntries } from './recover.ts';
import { takeKeysOut, trimHistory } from './trim-history.ts';
import { assertStill, changedMeanwhile, prepareSteps, type Step } from './steps.ts';
import { CannotReplace, LateWrite, overwriteFile, replaceFile, stageFiles, syncFolder, type Staged } from './write-file.ts';

export interface ApplyOptions {
  /** orcc's own folder, absolute: holds locks and history. */
  readonly folder: string;
  /** What the user ran, for the history. Never holds a key. */
  readonly command: string;
  /** How many backups of each file to keep besides the very first; 5 unless given. */
  readonly keep?: number | undefined;
  /** Ids of the receipts that this change undoes. */
  readonly undoes?: readonly string[] | undefined;
  /** The lock, if the caller already holds it. */
  readonly lock?: Lock | undefined;
  /** The keys that orcc holds: no backup of this or an earlier change keeps one of them. */
  readonly keys?: readonly string[] | undefined;
  /** A last check of the files before the change counts as done. If it throws, all of them are restored. */
  readonly verify?: (() => Promise<void>) | undefined;
}

/**
 * Writes a plan, all of it or nothing. No other code changes users' files. Refuses, and writes a
 * journal and private backups, before the first byte of a file changes; a failure restores what
 * was written. Throws exit 6 with the file and the reason; code CHANGED means that a file no longer
 * holds what the plan was made from, so that a new plan may succeed.
 */
export async function applyPlan(ctx: ApplyContext, plan: Plan, options: ApplyOptions): Promise<Receipt> {
  if (plan.edits.length === 0 && options.undoes === undefined) return nothingDone(ctx, options);
  try {
    const apply = async (lock: Lock): Promise<Receipt> => {
      const receipt = await applyLocked(ctx, plan, options, lock);
      ctx.onWritten?.();
      return receipt;
    };
    if (options.lock !== undefined) return await apply(options.lock);
    // Before the lock, so that a refusal does not wait and leaves not even a folder behind.
    lookAhead(ctx, plan);
    return await withLock(ctx, options.folder, apply);
  } catch (error) {
    throw asRefusal(error, options.folder, 'nothing was written');
  }
}

/**
 * Checks what can be checked before taking the lock: whether anything prevents writing the plan, and which of its files have
 * access lists, since that starts a program. Throws exit 6 as `applyPlan` does.
 */
export function lookAhead(ctx: ApplyContext, plan: Plan): void {
  keepAttributes(ctx, prepareSteps(ctx, plan));
}

/** The receipt of a plan with nothing to write, which leaves no trace, not even in the history. */
function nothingDone(ctx: ApplyContext, { command }: ApplyOptions): Receipt {
  return { schemaVersion: 2, id: '', at: new Date(ctx.clock.now()).toISOString(), command, status: 'done', edits: [], createdFolders: [] };
}

async function applyLocked(ctx: ApplyContext, plan: Plan, options: ApplyOptions, lock: Lock): Promise<Receipt> {
  const { folder } = options;
  const { entries: found } = await recoverEntries(ctx, folder, lock);
  const steps = keepAttributes(ctx, prepareSteps(ctx, plan));
  const { keys = [] } = options;
  const entries = takeKeysOut(ctx, found, keys);
  const change = await openChange(ctx, steps, {
    folder,
    entries,
    command: options.command,
    createdFolders: lock.createdFolders,
    undoes: options.undoes,
    emptied: plan.folders,
    keys,
  });
  let at = folder;
  let receipt: Receipt;
  try {
    const staged = await stageSteps(ctx, change, steps);
    for (const [index, step] of steps.entries()) {
      at = step.edit.path;
      await runStep(ctx, change, index, step, staged.includes(step));
      // Once for consecutive files in the same folder.
      if (steps[index + 1]?.place.folder !== step.place.folder) syncFolder(ctx, step.place.folder);
    }
    at = folder;
    await options.verify?.();
    receipt = commitChange(ctx, folder, change);
  } catch (error) {
    throw await takeBack(ctx, folder, change, at, error, lock);
  }
  const known = [...entries, { id: receipt.id, folder: change.folder, receipt }];
  quietly(() => trimHistory(ctx, known, options.keep ?? 5));
  return receipt;
}

/** Has files with an access list or extended attributes written in place, since a new file in their place would lack them. */
function keepAttributes(ctx: ApplyContext, steps: readonly Step[]): readonly Step[] {
  const paths = steps.flatMap(({ edit, place, method }) =>
    method === 'replace' && place.stat !== undefined && isTargetOwner(edit.owner) ? [place.real] : [],
  );
  const found = paths.length === 0 ? undefined : ctx.findAttributed?.(paths);
  if (found === undefined || found.size === 0) return steps;
  return steps.map((step) => {
    const { stat } = step.place;
    return step.method === 'replace' && stat !== undefined && found.has(stat.ino) ? { ...step, method: 'in-place' as const } : step;
  });
}

/**
 * Writes the temporary files of all files to be replaced, which takes a disk hardly longer than writing one. Returns the steps of those
 * files, or none if that fails: each is then tried in its turn, so that the error names the file.
 */
async function stageSteps(ctx: ApplyContext, change: Change, steps: readonly Step[]): Promise<readonly Step[]> {
  const staged = steps.filter(({ method, place }) => method === 'replace' && place.missing.length === 0);
  try {
    await stageFiles(
      ctx,
      staged.map((step) => fileOf(change, steps.indexOf(step), step)),
    );
    return staged;
  } catch {
    return [];
  }
}

/** The temporary file that replaces a step's file. */
function fileOf({ receipt }: Change, index: number, { edit, place: { stat } }: Step): Staged {
  return {
    temp: receipt.edits[index]?.temp ?? '',
    bytes: edit.after ?? new Uint8Array(),
    mode: edit.mode ?? stat?.mode ?? null,
    owner: stat,
  };
}

async function runStep(ctx: ApplyContext, change: Change, index: number, step: Step, isStaged: boolean): Promise<void> {
  const { edit, place, method } = step;
  const { real, stat } = place;
  const assertUnchanged = (): void => {
    assertStill(ctx, edit, place);
    change.touched.add(real);
  };
  for (const folder of place.missing) makeFolder(ctx, folder);
  if (edit.after === null) {
    assertUnchanged();
    ctx.fs.unlink(real);
  } else if (method === 'mode') {
    assertUnchanged();
    if (edit.mode !== null && ctx.platform !== 'win32') ctx.fs.chmod(real, edit.mode);
  } else if (method === 'in-place') {
    overwriteFile(ctx, real, edit.after, edit.mode, assertUnchanged);
  } else {
    const file = fileOf(change, index, step);
    try {
      await replaceFile(ctx, { ...file, real, before: edit.before, assertUnchanged, isStaged });
    } catch (error) {
      if (error instanceof LateWrite) await giveBack(ctx, change, step, file.temp, error.bytes);
      if (!(error instanceof CannotReplace)) throw error;
      if (stat === undefined) throw error.cause;
      noteInPlace(ctx, change, index, edit.after);
      overwriteFile(ctx, real, edit.after, edit.mode, assertUnchanged);
    }
  }
  if (!sameBytes(readNow(ctx.fs, real).bytes, edit.after)) {
    throw changedMeanwhile(edit.path);
  }
}

/** Restores what another program wrote just before orcc's bytes replaced it, and gives up. Always throws CHANGED. */
async function giveBack(ctx: ApplyContext, change: Change, { edit, place }: Step, temp: string, bytes: Uint8Array): Promise<never> {
  const assertUnchanged = (): void => {
    if (!sameBytes(readNow(ctx.fs, place.real).bytes, edit.after)) throw changedMeanwhile(edit.path);
  };
  await replaceFile(ctx, { real: place.real, temp, bytes, mode: place.stat?.mode ?? null, owner: place.stat, assertUnchanged });
  syncFolder(ctx, place.folder);
  // Counts as never touched, so that this file is not rolled back.
  change.touched.delete(place.real);
  throw changedMeanwhile(edit.path);
}

function makeFolder(ctx: ApplyContext, folder: string): void {
  try {
    ctx.fs.mkdir(folder, 0o755);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

async function takeBack(ctx: ApplyContext, ownFolder: string, change: Change, at: string, error: unknown, lock: Lock): Promise<unknown> {
  const back = await putBack(ctx, change.folder, change.receipt, change.touched);
  const unwritten = (rest: (names: string) => string, paths: readonly string[], hint: string, code?: string): OrccError => {
    const names = paths.map((path) => `\`${escapeInvisible(path)}\``).join(', ');
    const message = `\`${stripControls(at)}\` could not be written${rest(names)}`;
    return new OrccError('refused', message, { code, hint, cause: error, data: { paths } });
  };
  if (back.failed.length > 0) {
    const hint = 'Run any orcc command that writes (such as `orcc undo`): it finishes restoring them from the backups';
    return unwritten((names) => `, and ${names} could not be restored`, back.failed, hint);
  }
  if (back.left.length > 0) {
    quietly(() => closeRolledBack(ctx, change.folder, change.receipt));
    const rest = (names: string): string =>
      `; ${names} was changed by another program in the meantime and stays as it is; everything else was restored`;
    return unwritten(rest, back.left, 'Run this again', 'CHANGED');
  }
  quietly(() => removeEntry(ctx, change.folder));
  for (const folder of [historyFolder(ctx, ownFolder), ...change.receipt.createdFolders]) lock.tidy.add(folder);
  return asRefusal(error, at, back.restored.length > 0 ? 'what had been written was restored' : 'nothing was written');
}
