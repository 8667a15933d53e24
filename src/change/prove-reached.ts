import type { Edit } from '../apply/types.ts';
import type { Context } from '../core/context.ts';
import type { Say } from '../core/say.ts';
import { inspectBlock } from '../edit/shell/block.ts';
import { type StartupChain, startupChains } from '../targets/startup-chain.ts';
import { shellIdOf, isShellTarget, type Located, SHELL_TARGETS, type ShellTargetId, type TargetId } from '../targets/types.ts';
import { walkStartup, type StartupEvent } from '../targets/startup-walk.ts';
import { clip, redact, stripControls, shortPath } from '../text/text.ts';
import { isThere } from '../targets/read-start-file.ts';
import type { Machine } from './machine.ts';
import { runToBlock } from './run-to-block.ts';

type Reading = Pick<Context, 'fs' | 'env' | 'home' | 'platform'>;
type Slice = Reading & Pick<Context, 'exec' | 'random'> & Partial<Pick<Context, 'signal'>>;

/**
 * Warns of each block in a start-up file that is rewritten where no start runs it (under `if false`) and, with `provesNew`, of each new
 * one that a start may not reach. Reading decides if it can; if a condition is in the way of a new one (`… && exec fish`), the shell
 * itself runs the new text up to the block (`runToBlock`). Changes no file, apart from what the user's own lines do.
 */
export async function proveReached(ctx: Slice, edits: readonly Edit[], machine: Machine, say: Say, provesNew: boolean): Promise<void> {
  for (const edit of edits) {
    const target = SHELL_TARGETS.find((id) => id === edit.owner);
    if (target === undefined || !hasBlock(edit.after, target)) continue;
    const file = `\`${shortPath(edit.path, ctx.home)}\``;
    if (hasBlock(edit.before, target)) {
      const located = machine.located.get(target);
      if (located !== undefined && !mayRun(ctx, target, located, edit.path))
        say.warn(`${file}: no new ${target} runs orcc's block where it stands, so nothing changes there; see \`orcc doctor\``);
      continue;
    }
    const reason = provesNew ? await whyNotReached(ctx, edit, target, machine) : undefined;
    if (reason !== undefined)
      say.warn(
        `${file}: orcc can't be sure that a new ${target} reaches orcc's block (${reason}); check in a new terminal with \`orcc doctor\``,
      );
  }
}

/** The targets without the shells of which no start runs orcc's block, in the file that their terminals read. */
export function withoutIdle(ctx: Reading, ids: readonly TargetId[], { located }: Pick<Machine, 'located'>): readonly TargetId[] {
  return ids.filter((id) => {
    const known = located.get(id);
    const path = known?.files[0]?.path;
    return !isShellTarget(id) || known === undefined || path === undefined || mayRun(ctx, id, known, path);
  });
}

/**
 * Whether some start of the shell may run orcc's block where it stands in this file. The files that a start reads before it are left out,
 * unless they source it: reading them takes most of the time.
 */
function mayRun(ctx: Reading, target: ShellTargetId, located: Located, path: string): boolean {
  const chains = startupChains(ctx, target, located);
  const alone = chains.flatMap((chain) => (chain.files.includes(path) ? [{ ...chain, files: [path] }] : []));
  return (alone.length > 0 ? alone : chains).some((chain) => blocksIn(ctx, chain, path).length > 0);
}

/** The places at which one kind of start runs orcc's block in this file, with the conditions for it. */
function blocksIn(ctx: Reading, chain: StartupChain, path: string): readonly StartupEvent[] {
  return walkStartup(ctx, chain, []).filter((event) => event.kind === 'block' && event.file === path);
}

function hasBlock(bytes: Uint8Array | null, target: ShellTargetId): boolean {
  const shell = shellIdOf(target);
  return bytes !== null && shell !== undefined && inspectBlock(bytes, shell).kind === 'blocks';
}

/** The reason as one clause; undefined if the block is reached. */
async function whyNotReached(ctx: Slice, edit: Edit, target: ShellTargetId, machine: Machine): Promise<string | undefined> {
  const located = machine.located.get(target);
  if (located === undefined) return undefined;
  const blocks = startupChains(ctx, target, located).flatMap((chain) => blocksIn(ctx, chain, edit.path));
  if (blocks.some(({ open }) => open.length === 0)) return undefined;
  const answer = await runToBlock(ctx, edit, target, filesBefore(ctx, target, located, edit.path));
  if (answer === 'reached') return undefined;
  const at = blocks[0]?.open[0];
  const where =
    at === undefined ? '' : `, perhaps at line ${at.line}: \`${clip(redact(stripControls(at.text.replace(/^not /, ''))), 60)}\``;
  return answer + where;
}

/** The files that fish and PowerShell read before this one; none for bash and zsh, whose files, named otherwise, stand on their own. */
function filesBefore(ctx: Slice, target: ShellTargetId, located: Located, path: string): readonly string[] {
  const chain = startupChains(ctx, target, located).find(({ files }) => files.includes(path));
  const files = chain?.files.slice(0, chain.files.indexOf(path)) ?? [];
  return files.filter((file) => /\.(?:fish|ps1)$/.test(file) && isThere(ctx.fs, file));
}
