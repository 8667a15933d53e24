import type { Context } from '../context.ts';
import { OrccError } from '../errors.ts';
import { checkSyntax } from '../observe/syntax.ts';
import type { Edit } from '../plan/types.ts';

/**
 * Lets each shell read the new text of its file: where the old text was fine and the new one is
 * broken (a file that ends inside a heredoc, say), nothing is written. Exit 6.
 */
export async function checkShellSyntax(ctx: Pick<Context, 'exec' | 'env'>, edits: readonly Edit[]): Promise<void> {
  for (const edit of edits) {
    const { owner, after, before } = edit;
    if (after === null || (owner !== 'bash' && owner !== 'zsh' && owner !== 'fish' && owner !== 'powershell')) continue;
    if ((await checkSyntax(ctx, owner, after)) !== 'broken') continue;
    if (before !== null && (await checkSyntax(ctx, owner, before)) === 'broken') continue;
    throw new OrccError('refused', `\`${edit.path}\`: ${owner} could not read the file any more with orcc's block in it`, {
      hint: 'The file probably ends inside an open quote, `if` or heredoc: close it, or take another target such as `--target user`',
    });
  }
}
