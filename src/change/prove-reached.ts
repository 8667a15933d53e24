import type { Edit } from '../apply/types.ts';
import { tempFolder } from '../core/folder.ts';
import type { Context } from '../core/context.ts';
import type { Say } from '../core/say.ts';
import { decodeStartup } from '../edit/shell/block-encoding.ts';
import { inspectBlock, inspectText } from '../edit/shell/block.ts';
import { sh } from '../edit/shell/sh.ts';
import { targetOf } from '../targets/index.ts';
import { startupChains, type ShellTargetId } from '../targets/startup-chain.ts';
import { SHELL_TARGETS } from '../targets/types.ts';
import { walkStartup } from '../targets/startup-walk.ts';
import { clip, redact, stripControls } from '../text/text.ts';
import { shortPath } from '../text/short-path.ts';
import { pathsOf } from '../core/paths-of.ts';
import type { Machine } from './machine.ts';

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'exec' | 'random'> & Partial<Pick<Context, 'signal'>>;

/** Milliseconds that a shell gets to come to the block. */
const LIMIT = 3000;

/**
 * Says where a block that is first put into a start-up file may not be reached by a start. Reading decides where it can; where a
 * condition stands in the way (`… && exec fish`), bash and zsh run the new text up to the block: with HOME and PATH alone,
 * no terminal, in an empty folder, 3 s, ended as a group. Changes nothing that orcc knows of.
 */
export async function proveReached(ctx: Slice, edits: readonly Edit[], machine: Machine, say: Say): Promise<void> {
  for (const edit of edits) {
    const target = SHELL_TARGETS.find((id): id is ShellTargetId => id === edit.owner);
    if (target === undefined || !isFirst(edit, target)) continue;
    const reason = await whyNotReached(ctx, edit, target, machine);
    if (reason !== undefined)
      say.warn(
        `\`${shortPath(edit.path, ctx.home)}\`: it is not proven that a start of ${target} gets to orcc's block (${reason}); see in a new terminal with \`orcc doctor\``,
      );
  }
}

function isFirst({ before, after }: Edit, target: ShellTargetId): boolean {
  const shell = targetOf(target).shell;
  const has = (bytes: Uint8Array | null): boolean => bytes !== null && shell !== undefined && inspectBlock(bytes, shell).kind === 'blocks';
  return has(after) && !has(before);
}

/** One clause; undefined where the block is reached. */
async function whyNotReached(ctx: Slice, edit: Edit, target: ShellTargetId, machine: Machine): Promise<string | undefined> {
  const located = machine.located.get(target);
  if (located === undefined) return undefined;
  const blocks = startupChains(ctx, target, located)
    .flatMap((chain) => walkStartup(ctx, chain, []).events)
    .filter((event) => event.kind === 'block' && event.file === edit.path);
  if (blocks.some(({ open }) => open.length === 0)) return undefined;
  if (target !== 'bash' && target !== 'zsh')
    return blocks.length === 0 ? 'something above it ends the start' : 'it hangs on a condition above it';
  const answer = await runToBlock(ctx, edit, target);
  if (answer === 'reached') return undefined;
  const at = blocks[0]?.open[0];
  const where =
    at === undefined ? '' : `, perhaps at line ${at.line}: \`${clip(redact(stripControls(at.text.replace(/^not /, ''))), 60)}\``;
  return answer + where;
}

async function runToBlock(ctx: Slice, { after }: Edit, target: 'bash' | 'zsh'): Promise<string> {
  const program = ctx.exec.find(target);
  const decoded = after === null ? undefined : decodeStartup(after, 'sh');
  const found = decoded?.ok === true ? inspectText(decoded.text, 'sh') : undefined;
  if (program === undefined) return `${target} is not installed here`;
  if (decoded?.ok !== true || found?.kind !== 'blocks') return 'the file can not be run';
  const [block] = found.blocks;
  // In two halves, so that a heredoc that swallows the line does not print it whole.
  const [one, two] = [Buffer.from(ctx.random(6)).toString('hex'), Buffer.from(ctx.random(6)).toString('hex')];
  const text = `${decoded.text.slice(0, block.start)}printf '%s%s\\n' ${one} ${two}; exit 0\n${decoded.text.slice(block.end)}`;
  const { join } = pathsOf(ctx.platform);
  const folder = join(tempFolder(ctx), `orcc-start-${one}`);
  const empty = join(folder, 'empty');
  const file = join(folder, 'file');
  try {
    for (const each of [folder, empty]) ctx.fs.mkdir(each, 0o700);
    writeAll(ctx.fs, file, decoded.encode(text));
    const bare = target === 'bash' ? ['--norc', '--noprofile'] : ['-f'];
    const first = target === 'zsh' ? '[ ! -r ~/.zshenv ] || . ~/.zshenv; ' : '';
    const { stdout, timedOut } = await ctx.exec.run(program, [...bare, '-i', '-c', `${first}. ${sh.quote(file)}`], {
      env: { HOME: ctx.home, PATH: ctx.env['PATH'] },
      cwd: empty,
      timeoutMs: LIMIT,
      group: true,
      ...(ctx.signal === undefined ? {} : { signal: ctx.signal }),
    });
    // The end of what it waited for may let the start go on to the block all the same.
    if (timedOut) return 'it was not reached within 3 s';
    return stdout.includes(one + two) ? 'reached' : 'the start ended, or went on in another program, before it';
  } catch {
    return 'it could not be tried';
  } finally {
    remove(() => ctx.fs.unlink(file));
    for (const each of [empty, folder]) remove(() => ctx.fs.rmdir(each));
  }
}

function writeAll(fs: Context['fs'], path: string, bytes: Uint8Array): void {
  const fd = fs.openExclusive(path, 0o600);
  try {
    for (let at = 0; at < bytes.length; at += fs.write(fd, bytes.subarray(at), 0));
  } finally {
    fs.close(fd);
  }
}

function remove(step: () => void): void {
  try {
    step();
  } catch {
    // Something of the start is in it, or it was never made: the system clears its temporary folder.
  }
}
