import { pathsOf } from '../core/paths-of.ts';
import type { ApplyContext } from './apply-context.ts';
import { applyPlan, lookAhead, type ApplyOptions } from './apply-plan.ts';
import { backupPath, needsBackup } from './history.ts';
import { historyFolder } from './journal.ts';
import { withLock, type Lock } from './lock.ts';
import { planUndo, type UndoOptions, type UndoPlan } from './plan-undo.ts';

export interface Undone extends Omit<UndoPlan, 'plan'> {
  /** Where the bytes that were overwritten by force are kept, by path. */
  readonly copies: Readonly<Record<string, string>>;
}

type UndoLast = UndoOptions & Pick<ApplyOptions, 'verify' | 'keys'>;

/**
 * Undoes the last change (or the last `steps`): restores bytes and modes, and removes folders that
 * orcc made and that are then empty. Each further undo goes further back. Throws as `planUndo`
 * and `applyPlan` do.
 */
export async function undoLast(ctx: ApplyContext, options: UndoLast): Promise<Undone> {
  const { folder } = options;
  // Before the lock, so that having nothing to undo leaves no folder behind, and no program is started while the lock is held.
  lookAhead(ctx, planUndo(ctx, options).plan);
  return withLock(ctx, folder, (lock) => undoLocked(ctx, options, lock));
}

async function undoLocked(ctx: ApplyContext, options: UndoLast, lock: Lock): Promise<Undone> {
  const p = pathsOf(ctx.platform);
  const { plan, ...undo } = planUndo(ctx, options);
  const undoes = undo.receipts.map(({ id }) => id);
  const { folder, verify, keys } = options;
  const receipt = await applyPlan(ctx, plan, { folder, command: 'undo', undoes, lock, verify, keys });
  const entry = p.join(historyFolder(ctx, folder), receipt.id);
  const kept = receipt.edits.filter((edit) => needsBackup(edit) && undo.overwritten.includes(edit.path));
  return { ...undo, copies: Object.fromEntries(kept.map((edit) => [edit.path, backupPath(ctx, entry, edit)])) };
}
