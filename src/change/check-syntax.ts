import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { checkSyntax } from '../targets/syntax.ts';
import { inspectBlock } from '../edit/shell/block.ts';
import { isTargetOwner, type Edit } from '../apply/types.ts';
import { shellIdOf, isShellTarget, type ShellTargetId } from '../targets/types.ts';

/**
 * Has each shell parse the new text of its file. Throws exit 6 if the file was fine and a block would break it (one that
 * ends inside a here-document, for example). If the file was broken before, putting a block in needs `force`, while
 * removing one is always allowed. Removing a block also needs `force` if that would break the file.
 */
export async function checkShellSyntax(ctx: Pick<Context, 'exec' | 'env'>, edits: readonly Edit[], force: boolean): Promise<void> {
  for (const { path, owner, after, before } of edits.filter(needsShell)) {
    if ((await checkSyntax(ctx, owner, after)) !== 'broken') continue;
    if (before !== null && (await checkSyntax(ctx, owner, before)) === 'broken') {
      // Removing lines makes nothing worse, and the broken file may be the reason for it.
      if (force || !hasBlock(after, owner)) continue;
      throw new OrccError('refused', `\`${path}\`: ${owner} can't parse the file as it is, so a block in it might never run`, {
        hint: `Fix it first (\`${owner} -n\` names the line), or use \`--force\``,
      });
    }
    if (!hasBlock(after, owner)) {
      if (force) continue;
      throw new OrccError('refused', `\`${path}\`: without orcc's block ${owner} could no longer parse the file`, {
        hint: 'Something around the block needs a command in it: remove both by hand, or use `--force`',
      });
    }
    throw new OrccError('refused', `\`${path}\`: ${owner} could no longer parse the file with orcc's block in it`, {
      hint: 'The file probably ends inside an open quote, `if` or heredoc: close it, or choose another target such as `--target user`',
    });
  }
}

/** An edit of a start-up file that stays. */
type ShellEdit = Edit & { readonly owner: ShellTargetId; readonly after: Uint8Array };

/** Whether a shell has to parse the new text: if only lines inside orcc's own block change, the rest parses as before. */
export function needsShell(edit: Edit): edit is ShellEdit {
  const { owner, after, before } = edit;
  return after !== null && isShell(owner) && !(before !== null && hasBlock(before, owner) && hasBlock(after, owner));
}

function isShell(owner: Edit['owner']): owner is ShellTargetId {
  return isTargetOwner(owner) && isShellTarget(owner);
}

function hasBlock(bytes: Uint8Array, owner: ShellTargetId): boolean {
  const shell = shellIdOf(owner);
  const found = shell && inspectBlock(bytes, shell);
  return found?.kind === 'blocks' && found.blocks.length === 1 && !found.blocks[0].edited;
}
