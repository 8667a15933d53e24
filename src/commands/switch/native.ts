import { change, shownDecision, type Changed } from '../../change/change.ts';
import type { Desired, DesiredTarget } from '../../change/desired.ts';
import { loadKey } from '../../change/load-key.ts';
import { requireConfig, type Machine } from '../../change/machine.ts';
import { handleOfKey, type KeyHandle } from '../../config/key-handle.ts';
import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Say } from '../../core/say.ts';
import { unsetLines } from './unset-lines.ts';

/** What `orcc switch --native` has decided. */
export interface NativeDecision {
  readonly targets: readonly DesiredTarget[];
  /** A key that stands in profiles alone: they are about to lose it, so that it waits in orcc's own file. */
  readonly keyToKeep: KeyHandle | undefined;
  readonly force: boolean;
}

interface Flags {
  readonly force: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/** Takes our variables out of the machine's targets; key, mapping and the list of places stay for `--back`. */
export async function switchToNative(
  ctx: Context,
  { force, yes, dryRun }: Flags,
  machine: Machine,
  targets: readonly DesiredTarget[],
  say: Say,
): Promise<Outcome> {
  const { keyStorage } = requireConfig(machine);
  const key = keyStorage.kind === 'profile' ? await loadKey(ctx, machine) : undefined;
  const done = await change(ctx, {
    command: 'switch --native',
    decision: { targets, keyToKeep: key === undefined ? undefined : handleOfKey(key, "orcc's own storage", keyStorage), force },
    desire: desireNative,
    machine,
    key,
    targets: targets.map((target) => target.id),
    places: 'recorded',
    yes,
    dryRun,
    say,
    question: 'Take Claude Code back to Anthropic?',
  });
  return viewNative(ctx, done, requireConfig(machine).native);
}

/** Nothing of orcc's in these targets, which are remembered. Pure. */
export function desireNative({ targets, keyToKeep, force }: NativeDecision, machine: Machine): Desired {
  return {
    setup: undefined,
    targets: targets.map((target) => ({ ...target, carries: 'nothing', remember: true })),
    key: { action: keyToKeep === undefined ? 'keep' : 'write' },
    config: { ...requireConfig(machine), native: true },
    disableAutoMode: false,
    ignore: undefined,
    replace: true,
    adopt: false,
    force,
  };
}

function viewNative(ctx: Context, done: Changed<NativeDecision>, wasNative: boolean): Outcome {
  const { kind } = done;
  const unset = unsetLines(ctx);
  const isDeclined = kind === 'declined';
  return {
    exit: isDeclined ? 'cancelled' : 'ok',
    data: { kind, native: kind === 'applied' || wasNative, unset, ...shownDecision(done) },
    findings: [],
    text: () => '',
    remarks: () => {
      if (kind === 'dry-run' || kind === 'declined') return 'Nothing was changed';
      if (kind === 'unchanged') return 'Claude Code is on Anthropic already';
      const lines = ['Claude Code talks to Anthropic again; `orcc switch --back` brings the mapping in again'];
      if (unset.length > 0) lines.push('This terminal still has the variables; take them out with:', ...unset.map((line) => `  ${line}`));
      return lines.join('\n');
    },
  };
}
