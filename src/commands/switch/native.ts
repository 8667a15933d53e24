import { change, type Changed } from '../../change/change.ts';
import { viewChange } from '../../change/view-change.ts';
import { describeStray, findSavedModelIn, unrecorded } from '../../change/strays.ts';
import { type Desired, type DesiredTarget, AS_IT_IS, type Stray } from '../../change/desired.ts';
import { loadKey } from '../../change/read-key.ts';
import { requireConfig, tryFileNow, type Machine } from '../../change/machine.ts';
import { claudePaths } from '../../claude/paths.ts';
import { extrasInput } from '../../config/config.ts';
import { extraMembers } from '../../config/extras-table.ts';
import { handleOfOwn, type KeyHandle } from '../../config/storage.ts';
import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Say } from '../../core/say.ts';
import { shortPath } from '../../text/text.ts';
import { describeUnset, unsetHere } from './unset-here.ts';
import type { ChangeFlags } from '../../core/intent.ts';

/** What `orcc switch --native` has decided. */
interface NativeDecision {
  readonly targets: readonly DesiredTarget[];
  /** A key that only shell profiles hold: they are about to lose it, so it is kept in orcc's own file. */
  readonly keyToKeep: KeyHandle | undefined;
  /** A model that `/model` saved and only OpenRouter knows: it is removed too if the user agreed. */
  readonly strays: readonly Stray[];
  readonly force: boolean;
}

/** `orcc switch --native`: removes orcc's variables from the machine's targets; key, mapping and the list of targets stay for `--back`. */
export async function switchToNative(
  ctx: Context,
  { force, yes, dryRun }: Omit<ChangeFlags, 'replace'>,
  machine: Machine,
  targets: readonly DesiredTarget[],
  say: Say,
): Promise<Outcome> {
  const { keyStorage } = requireConfig(machine);
  const key = keyStorage.kind === 'profile' ? await loadKey(ctx, machine) : undefined;
  const saved = findSaved(ctx);
  const strays = saved !== undefined && ctx.interactive && !yes && !dryRun ? await askForSaved(ctx, saved, say) : [];
  const done = await change(ctx, {
    command: 'switch --native',
    decision: { targets, keyToKeep: handleOfOwn(key, keyStorage), strays, force },
    desire: desireNative,
    machine,
    key,
    targets: targets.map((target) => target.id),
    extraPaths: strays.map(({ path }) => path),
    yes,
    dryRun,
    say,
    question: 'Switch Claude Code back to Anthropic?',
  });
  return viewNative(ctx, done, requireConfig(machine).native, findSaved(ctx));
}

/** A model that Claude Code's `/model` saved in user settings and only OpenRouter knows; undefined if there is none. */
function findSaved(ctx: Context): Stray | undefined {
  const { user: path } = claudePaths(ctx);
  const members = findSavedModelIn(tryFileNow(ctx.fs, path).bytes);
  return members.length === 0 ? undefined : { target: 'user', path, members };
}

async function askForSaved(ctx: Context, saved: Stray, say: Say): Promise<readonly Stray[]> {
  const [line = ''] = describeStray(tryFileNow(ctx.fs, saved.path).bytes, saved);
  say.line(`${say.style.bold(shortPath(saved.path, ctx.home))}  ${line}  ${say.style.dim('saved by /model; only OpenRouter knows it')}`);
  return (await ctx.ask.confirm('Remove this model as well?', true)) ? [saved] : [];
}

/** Nothing of orcc's in these targets, which stay recorded. Pure. */
export function desireNative({ targets, keyToKeep, strays, force }: NativeDecision, machine: Machine): Desired {
  return {
    ...AS_IT_IS,
    targets: [
      ...targets.map((target): DesiredTarget => ({ ...target, carries: 'nothing', remember: true })),
      ...unrecorded(strays, machine),
    ],
    strays,
    key: { action: keyToKeep === undefined ? 'keep' : 'write' },
    config: { ...requireConfig(machine), native: true },
    extras: extraMembers(extrasInput(requireConfig(machine))),
    replace: true,
    force,
  };
}

function viewNative(ctx: Context, done: Changed<NativeDecision>, wasNative: boolean, saved: Stray | undefined): Outcome {
  const { kind } = done;
  const unset = unsetHere(ctx);
  return viewChange(done, { native: kind === 'applied' || wasNative, unset }, (style) => {
    const lines = [
      kind === 'unchanged'
        ? 'Claude Code already uses Anthropic'
        : 'Claude Code uses Anthropic again; `orcc switch --back` restores the mapping',
    ];
    if (saved !== undefined) {
      const [line = ''] = describeStray(tryFileNow(ctx.fs, saved.path).bytes, saved);
      lines.push(
        `${style.yellow('warning:')} ${shortPath(saved.path, ctx.home)} still says ${line}, which only OpenRouter knows: \`/model\` in Claude Code changes it`,
      );
    }
    if (kind !== 'unchanged') lines.push(...describeUnset(unset));
    return lines.join('\n');
  });
}
