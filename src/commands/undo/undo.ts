import * as z from 'zod/mini';
import { listHistory } from '../../apply/history.ts';
import { planUndo, type Reversal, type UndoPlan } from '../../apply/plan-undo.ts';
import type { Receipt, ReceiptEdit } from '../../apply/journal.ts';
import { undoLast, type Undone } from '../../apply/undo.ts';
import { describeFiles, visibleEdits, visibleFiles, isVisible } from '../../change/visible-edits.ts';
import { ownFiles } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { sayOf, showLong } from '../../core/say.ts';
import { flag, parseIntent, wholeNumber, writingFlags } from '../../core/intent.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import { checkLandings } from '../../change/key-landing.ts';
import { findKeychain } from '../../config/keychain.ts';
import { tryKeyCommand } from '../../config/key-command.ts';
import { keyInTargets, keysKnown, loadKey } from '../../change/read-key.ts';
import { commandAfter, placeKey } from '../../keys/undo-key.ts';
import { isTargetOwner, type Plan } from '../../apply/types.ts';
import { isShellTarget } from '../../targets/types.ts';
import { reverseOwnPart } from '../../change/reverse.ts';
import { renderEdit } from '../../change/diff.ts';
import { shortPath } from '../../text/text.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type Style } from '../../text/style.ts';
import { describeAge } from '../../text/day.ts';
import { renderTable, right } from '../../text/table.ts';
import { recoverFirst } from '../../change/recover-first.ts';

const schema = z.object({ steps: wholeNumber(1, 1000), list: flag, force: flag, ...writingFlags });

/** What `orcc undo` has decided. */
interface UndoDecision {
  /** How many changes are undone. */
  readonly steps: number;
  /** The changes, newest first. */
  readonly undone: ReadonlyArray<Pick<Receipt, 'id' | 'at' | 'command'>>;
  /** Whether to overwrite what someone else has changed since. */
  readonly force: boolean;
}

/** Restores the files of the last change (or the last few) byte for byte, modes included. The key is not undone. */
export async function runUndo(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input, ['steps']);
  const { folder } = ownFiles(ctx);
  if (intent.list) return listChanges(ctx, folder);
  const say = await sayOf(ctx, intent);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const machine = await observeMachine(ctx);
  const { steps = 1, force } = intent;
  const key = await loadKey(ctx, machine);
  const partly = {
    ...{ folder, force, steps },
    // Where the storage has lost the key, what still holds it proves by its sum that a backup held it too.
    key: key ?? keyInTargets(machine),
    keys: keysKnown(machine, key),
    reverse: (reversal: Reversal) => reverseOwnPart(reversal, machine),
  };
  const command = commandAfter(planUndo(ctx, { ...partly, complete: (whole) => whole }).plan, machine);
  const answer = command === undefined ? undefined : await tryKeyCommand(ctx, command);
  const options = {
    ...partly,
    complete: (whole: Plan, edits: readonly ReceiptEdit[]) => placeKey(ctx, whole, machine, { key, answer, edits }),
  };
  const plan = planUndo(ctx, options);
  await checkLandings(ctx, plan.plan.edits, true);
  const undone = plan.receipts.map(({ id, at, command }) => ({ id, at, command }));
  const decision: UndoDecision = { steps, undone, force };
  const draft = (style: Style): string =>
    [
      ...undone.map(({ command, at }) => `Undoes: orcc ${command}, ${describeAge(ctx.clock.now() - Date.parse(at))} ago`),
      ...visibleEdits(plan).map((edit) => renderEdit(edit, style, [], ctx.home)),
    ].join('\n');
  if (intent.dryRun) return { ...viewNothing(ctx, plan, decision, true), text: draft, isLong: true };
  if (!intent.yes) {
    if (await showLong(ctx, say, draft(say.style))) say.line(describeFiles(plan, ctx.home));
    if (!ctx.interactive)
      throw new OrccError('usage', 'There is no terminal to ask for confirmation', {
        hint: 'Preview it with `--dry-run`, then add `--yes`',
      });
    if (!(await ctx.ask.confirm('Restore these files?', true))) return viewNothing(ctx, plan, decision, false);
  }
  return viewUndone(
    ctx,
    plan,
    { ...decision, keyStays: tellKey(ctx, plan, machine) },
    await undoLast(ctx, { ...options, verify: () => checkLandings(ctx, plan.plan.edits, false) }),
  );
}

function dataOf(ctx: Pick<Context, 'home'>, plan: UndoPlan, { undone }: UndoDecision): Readonly<Record<string, unknown>> {
  const { reversed, overwritten, keepsKey } = plan;
  return { undone, files: visibleFiles(plan, ctx.home), reversed, overwritten, keepsKey };
}

function viewNothing(ctx: Pick<Context, 'home'>, plan: UndoPlan, decision: UndoDecision, dryRun: boolean): Outcome {
  return {
    exit: dryRun ? 'ok' : 'declined',
    data: { ...dataOf(ctx, plan, decision), kind: 'dry-run', ...(dryRun ? { decision } : {}) },
    findings: [],
    text: () => '',
    remarks: () => (dryRun ? 'Nothing was written (--dry-run)' : 'Nothing was written'),
  };
}

/** Says where the key still is, since no undo deletes it. Only the configuration knows of a keychain item. */
function tellKey(ctx: Pick<Context, 'platform'>, { plan, keepsKey }: UndoPlan, { own, config }: Machine): readonly string[] {
  const isForgotten = plan.edits.some(({ path, after }) => path === own.config && after === null);
  if (config?.keyStorage.kind !== 'keychain' || !isForgotten) return keepsKey ? ['The key stays stored; `orcc remove` deletes it'] : [];
  return [`The key stays in ${findKeychain(ctx.platform)?.name ?? 'the keychain'}: delete the item \`orcc\` there by hand`];
}

function viewUndone(
  ctx: Pick<Context, 'home'>,
  plan: UndoPlan,
  { keyStays, ...decision }: UndoDecision & { readonly keyStays: readonly string[] },
  undone: Undone,
): Outcome {
  return {
    exit: 'ok',
    data: { ...dataOf(ctx, plan, decision), kind: 'undone', copies: undone.copies },
    findings: [],
    text: () => '',
    remarks: (style) => {
      const whole = visibleEdits(plan).filter((edit) => !undone.reversed.includes(edit.path));
      const lines = whole.map((edit) => `${style.green('✓')} ${shortPath(edit.path, ctx.home)} is as it was`);
      for (const path of undone.reversed)
        lines.push(`${style.yellow('note:')} ${shortPath(path, ctx.home)} was changed since: only orcc's part was undone`);
      for (const [path, copy] of Object.entries(undone.copies))
        lines.push(`${style.yellow('note:')} the previous content of ${shortPath(path, ctx.home)} is kept in ${shortPath(copy, ctx.home)}`);
      lines.push(...keyStays);
      // A change to orcc's own files, such as a profile, affects no session, and one to settings files affects no terminal.
      const isInShells = visibleEdits(plan).some(({ owner }) => isTargetOwner(owner) && isShellTarget(owner));
      lines.push(
        visibleEdits(plan).length > 0
          ? `${isInShells ? 'Open a new terminal; running' : 'Running'} Claude Code sessions keep what they started with`
          : `${style.green('✓')} Undone: ${decision.undone.map(({ command }) => `\`orcc ${command}\``).join(', ')}; this only changed what orcc remembers`,
      );
      return lines.join('\n');
    },
  };
}

function listChanges(ctx: Context, folder: string): Outcome {
  const past = listHistory(ctx, folder);
  const rows = past.map(({ receipt, canUndo }) => ({
    id: receipt.id,
    at: receipt.at,
    command: receipt.command,
    status:
      receipt.status === 'done' && receipt.undoes !== undefined
        ? 'an undo'
        : canUndo
          ? 'can be undone'
          : receipt.status === 'undone'
            ? 'undone'
            : 'can no longer be undone',
    files: receipt.edits.filter(isVisible).map((edit) => shortPath(edit.path, ctx.home)),
  }));
  // The N of `orcc undo N` that undoes this change and all newer ones.
  let count = 0;
  const steps = rows.map(({ status }) => (status === 'can be undone' ? String((count += 1)) : '-'));
  return {
    exit: rows.length === 0 ? 'nothing' : 'ok',
    data: { changes: rows },
    findings: [],
    text: (style) =>
      rows.length === 0
        ? 'There is nothing to undo'
        : renderTable(
            [right('steps'), 'when', 'command', 'now', 'files'],
            rows.map(({ at, command, status, files }, index) => [
              steps[index] ?? '',
              `${describeAge(ctx.clock.now() - Date.parse(at))} ago`,
              command,
              status === 'can be undone' ? '' : status,
              files.join(', '),
            ]),
            style,
          ),
  };
}
