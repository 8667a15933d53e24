import { BASE_URL } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { readKeyFile } from '../config/storage.ts';
import type { ShellAssignment } from '../claude/layers.ts';
import type { AskedShell } from '../targets/layers-ask-shell.ts';
import { askShell } from '../targets/layers-ask-shell.ts';
import type { Machine } from '../change/machine.ts';
import type { StartupStep } from '../targets/startup.ts';
import { scanStartup } from '../targets/startup.ts';
import { detectShell } from '../targets/detect-shell.ts';
import { targetOf } from '../targets/index.ts';
import type { TargetId } from '../targets/types.ts';
import type { BrokenBlock, HandWritten } from './observed.ts';
import { reconcile } from './reconcile.ts';

export interface ObservedStartup {
  /** What a new terminal of the user's shell has, weakest first. */
  readonly assignments: readonly ShellAssignment[];
  readonly handWritten: readonly HandWritten[];
  readonly unreached: readonly BrokenBlock[];
}

/**
 * What start-up files give: read as text for every shell that orcc wrote to and the one in use,
 * and then asked of the shell in use itself, which alone knows.
 */
export async function observeStartup(ctx: Context, machine: Machine): Promise<ObservedStartup> {
  const own = machine.state.targets.filter(({ id, carries }) => carries === 'setup' && targetOf(id).kind === 'shell');
  const inUse = shellInUse(
    ctx,
    own.map(({ id }) => id),
  );
  const targets = [...new Set([...own.map(({ id }) => id), ...(inUse === undefined ? [] : [inUse])])];
  const scan = await scanStartup(ctx, targets, { ask: true });
  const handWritten = scan.assignments
    .filter(({ kind }) => kind === 'set')
    .map(({ name, file, line, wins, adoptable }): HandWritten => ({ name, file, line, wins, adoptable }));
  if (inUse === undefined) return { assignments: [], handWritten, unreached: [] };
  const block = dropUnkeyed(scan.steps.filter(({ target }) => target === inUse).map((step) => resolve(ctx, step)));
  const asked = await askShell(ctx, inUse);
  if (asked === undefined) return { assignments: block, handWritten, unreached: [] };
  const ownPaths = new Set(own.map(({ path }) => path));
  const last = new Map(block.filter(({ file }) => ownPaths.has(file)).map((each) => [each.name, each]));
  const found = reconcile(inUse, [...last.values()], asked, handWritten);
  return { assignments: found.startup, handWritten: [...handWritten, ...found.overruled], unreached: found.unreached };
}

/** Of the shells that orcc wrote to, the one in use; else the one in use. */
function shellInUse(ctx: Context, own: readonly TargetId[]): AskedShell | undefined {
  const detected = detectShell(ctx);
  const id = own.includes(detected.target ?? 'user')
    ? detected.target
    : (own.find((each): each is AskedShell => each !== 'user') ?? detected.target);
  return id;
}

function resolve(ctx: Pick<Context, 'fs' | 'env'>, step: StartupStep): ShellAssignment {
  const { name, file, line, shell, keyRef } = step;
  const value =
    keyRef === undefined
      ? step.value
      : keyRef.kind === 'literal'
        ? keyRef.value
        : keyRef.kind === 'env'
          ? (ctx.env[keyRef.name] ?? '')
          : (readKeyFile(ctx.fs, keyRef.path) ?? '');
  return { name, value, file, line, shell };
}

/** orcc's block exports nothing where its key is missing (design D4). */
function dropUnkeyed(steps: readonly ShellAssignment[]): readonly ShellAssignment[] {
  const empty = new Set(steps.filter(({ name, value }) => name === 'ANTHROPIC_AUTH_TOKEN' && value === '').map(({ file }) => file));
  return steps.filter(({ file }) => !empty.has(file) || !steps.some((each) => each.file === file && each.name === BASE_URL));
}
