import type { Edit } from '../apply/types.ts';
import type { Context } from '../core/context.ts';
import type { Say } from '../core/say.ts';
import { inspectBlock } from '../edit/shell/block.ts';
import { targetOf } from '../targets/index.ts';
import { startupChains } from '../targets/startup-chain.ts';
import { type Located, SHELL_TARGETS, type ShellTargetId } from '../targets/types.ts';
import { walkStartup } from '../targets/startup-walk.ts';
import { clip, redact, stripControls, shortPath } from '../text/text.ts';
import { isThere } from '../targets/read-start-file.ts';
import type { Machine } from './machine.ts';
import { runToBlock } from './run-to-block.ts';

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'exec' | 'random'> & Partial<Pick<Context, 'signal'>>;

/**
 * Warns of each new block in a start-up file that a start may not reach. Reading decides if it can; if a condition is in the way
 * (`… && exec fish`), the shell itself runs the new text up to the block (`runToBlock`). Changes no file, apart from what the user's
 * own lines do.
 */
export async function proveReached(ctx: Slice, edits: readonly Edit[], machine: Machine, say: Say): Promise<void> {
  for (const edit of edits) {
    const target = SHELL_TARGETS.find((id) => id === edit.owner);
    if (target === undefined || !isFirst(edit, target)) continue;
    const reason = await whyNotReached(ctx, edit, target, machine);
    if (reason !== undefined)
      say.warn(
        `\`${shortPath(edit.path, ctx.home)}\`: orcc can't be sure that a new ${target} reaches orcc's block (${reason}); check in a new terminal with \`orcc doctor\``,
      );
  }
}

function isFirst({ before, after }: Edit, target: ShellTargetId): boolean {
  const shell = targetOf(target).shell;
  const has = (bytes: Uint8Array | null): boolean => bytes !== null && shell !== undefined && inspectBlock(bytes, shell).kind === 'blocks';
  return has(after) && !has(before);
}

/** The reason as one clause; undefined if the block is reached. */
async function whyNotReached(ctx: Slice, edit: Edit, target: ShellTargetId, machine: Machine): Promise<string | undefined> {
  const located = machine.located.get(target);
  if (located === undefined) return undefined;
  const blocks = startupChains(ctx, target, located)
    .flatMap((chain) => walkStartup(ctx, chain, []))
    .filter((event) => event.kind === 'block' && event.file === edit.path);
  if (blocks.some(({ open }) => open.length === 0)) return undefined;
  const answer = await runToBlock(ctx, edit, target, filesBefore(ctx, target, located, edit.path));
  if (answer === 'reached') return undefined;
  const at = blocks[0]?.open[0];
  const where =
    at === undefined ? '' : `, perhaps at line ${at.line}: \`${clip(redact(stripControls(at.text.replace(/^not /, ''))), 60)}\``;
  return answer + where;
}

/** The files that fish and PowerShell read before this one; none for bash and zsh, whose files stand on their own. */
function filesBefore(ctx: Slice, target: ShellTargetId, located: Located, path: string): readonly string[] {
  if (target === 'bash' || target === 'zsh') return [];
  const chain = startupChains(ctx, target, located).find(({ files }) => files.includes(path));
  const files = chain?.files.slice(0, chain.files.indexOf(path)) ?? [];
  return files.filter((file) => /\.(?:fish|ps1)$/.test(file) && isThere(ctx.fs, file));
}
