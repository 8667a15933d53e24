import { isTargetOwner, type Edit, type Plan } from './types.ts';
import { OrccError } from '../core/errors.ts';
import { escapeInvisible } from '../text/text.ts';
import type { ApplyContext } from './apply-context.ts';
import { readNow } from './bytes.ts';
import { sameBytes } from '../text/same-bytes.ts';
import { checkWritable } from './check-writable.ts';
import type { Place } from './place.ts';
import { shellIdOf } from '../targets/types.ts';

/** One edit with the place it goes to and how. */
export interface Step {
  readonly edit: Edit;
  readonly place: Place;
  /** in-place: a rename would break hard links, or the folder takes no new file. */
  readonly method: 'replace' | 'in-place' | 'delete' | 'mode';
}

/**
 * Checks every file of a plan before the first byte is written: nothing prevents writing it, and it
 * still has the bytes that the plan was made from. Throws exit 6 otherwise, with code CHANGED if
 * another program changed a file, so that a new plan may succeed.
 */
export function prepareSteps(ctx: ApplyContext, plan: Plan): Step[] {
  const steps: Step[] = [];
  for (const edit of plan.edits) {
    if (edit.before === null && edit.after === null) continue;
    const isModeOnly = sameBytes(edit.before, edit.after);
    const place = checkWritable(ctx, edit.path, edit.after === null ? 'delete' : isModeOnly ? 'mode' : 'write');
    const twin = steps.find((step) => step.place.real === place.real || isHardLink(ctx, step.place, place));
    if (twin !== undefined) {
      if (sameBytes(twin.edit.after, edit.after) || (twin.place.real !== place.real && isSameBlock(twin.edit, edit))) continue;
      throw new OrccError(
        'refused',
        `\`${escapeInvisible(edit.path)}\` and \`${escapeInvisible(twin.edit.path)}\` are the same file; nothing was written`,
        {
          hint: 'One of them is a link: name only one target',
        },
      );
    }
    assertStill(ctx, edit, place);
    steps.push({ edit, place, method: methodOf(ctx, edit, place, isModeOnly) });
  }
  return steps;
}

/** Whether two paths name one file, so that writing one writes both. False on Windows, whose inode numbers don't fit into a double. */
function isHardLink({ platform }: Pick<ApplyContext, 'platform'>, { stat: one }: Place, { stat: other }: Place): boolean {
  return (
    platform !== 'win32' && one !== undefined && other !== undefined && one.nlink > 1 && one.ino === other.ino && one.dev === other.dev
  );
}

/** Bash and zsh get the same block, perhaps at another place in the file: one of them is enough for both. */
function isSameBlock(one: Edit, other: Edit): boolean {
  const shellOf = ({ owner, after }: Edit) => (after !== null && isTargetOwner(owner) ? shellIdOf(owner) : undefined);
  const shell = shellOf(one);
  return shell !== undefined && shellOf(other) === shell && sameBytes(one.before, other.before);
}

/** Throws CHANGED unless the file is what the plan was made from: same bytes, and the same file. */
export function assertStill(ctx: Pick<ApplyContext, 'fs' | 'platform'>, edit: Edit, place: Place): void {
  const { bytes, stat } = readNow(ctx.fs, place.real);
  // Windows gives inode numbers that a double can't hold.
  const isOther = ctx.platform !== 'win32' && stat?.ino !== place.stat?.ino;
  if (!isOther && sameBytes(bytes, edit.before) && (stat === undefined || stat.kind === 'file')) return;
  throw changedMeanwhile(edit.path);
}

/** The error (exit 6, CHANGED) for a file that another program wrote to: a new plan may succeed. */
export function changedMeanwhile(path: string): OrccError {
  return new OrccError('refused', `\`${escapeInvisible(path)}\` was changed by another program in the meantime; nothing was written`, {
    code: 'CHANGED',
    hint: 'Run this again',
    data: { path },
  });
}

function methodOf(ctx: ApplyContext, edit: Edit, { stat, folder }: Place, isModeOnly: boolean): Step['method'] {
  if (isModeOnly) return 'mode';
  if (edit.after === null) return 'delete';
  if (stat === undefined) return 'replace';
  // A bind-mounted file shows only when the rename fails: on overlay file systems st_dev tells nothing.
  return stat.nlink > 1 || !ctx.fs.access(folder, 'write') ? 'in-place' : 'replace';
}
