import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { checkSyntax } from '../targets/syntax.ts';
import { inspectBlock } from '../edit/shell/block.ts';
import { isTargetOwner, type Edit } from '../apply/types.ts';
import { targetOf } from '../targets/index.ts';
import { isShellTarget, type TargetId, type ShellTargetId } from '../targets/types.ts';

/**
 * Lets each shell read the new text of its file: where the old text was fine and the new one is
 * broken (a file that ends inside a heredoc, say), nothing is written; where it was broken before, no block goes in without
 * `force`, and one may always leave. A block whose going would break the file wants `force`. Exit 6.
 */
export async function checkShellSyntax(ctx: Pick<Context, 'exec' | 'env'>, edits: readonly Edit[], force: boolean): Promise<void> {
  for (const edit of edits) {
    const { owner, after, before } = edit;
    if (after === null || !isShell(owner) || !needsShell(edit)) continue;
    if ((await checkSyntax(ctx, owner, after)) !== 'broken') continue;
    if (before !== null && (await checkSyntax(ctx, owner, before)) === 'broken') {
      // Taking lines out makes nothing worse, and what is broken may be why.
      if (force || !hasBlock(after, owner)) continue;
      throw new OrccError('refused', `\`${edit.path}\`: ${owner} can't parse the file as it is, so a block in it might never run`, {
        hint: `Fix it first (\`${owner} -n\` names the line), or use \`--force\``,
      });
    }
    if (!hasBlock(after, owner)) {
      if (force) continue;
      throw new OrccError('refused', `\`${edit.path}\`: without orcc's block ${owner} could no longer parse the file`, {
        hint: 'Something around the block needs a command in it: remove both by hand, or use `--force`',
      });
    }
    throw new OrccError('refused', `\`${edit.path}\`: ${owner} could no longer parse the file with orcc's block in it`, {
      hint: 'The file probably ends inside an open quote, `if` or heredoc: close it, or choose another target such as `--target user`',
    });
  }
}

/** Whether a shell has to read the new text: where only the lines inside orcc's own block change, the file around it reads as before. */
export function needsShell({ owner, after, before }: Edit): boolean {
  return after !== null && isShell(owner) && !(before !== null && hasBlock(before, owner) && hasBlock(after, owner));
}

function isShell(owner: Edit['owner']): owner is ShellTargetId {
  return isTargetOwner(owner) && isShellTarget(owner);
}

function hasBlock(bytes: Uint8Array, owner: TargetId): boolean {
  const shell = targetOf(owner).shell;
  if (shell === undefined) return false;
  const found = inspectBlock(bytes, shell);
  return found.kind === 'blocks' && found.blocks.length === 1 && !found.blocks[0].edited;
}
