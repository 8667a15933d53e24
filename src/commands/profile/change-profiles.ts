import { extrasOf, type Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { sayOf } from '../../core/say.ts';
import { observeMachine, requireConfig, type Machine } from '../../change/machine.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import type { Outcome } from '../../core/outcome.ts';
import { change, type Changed } from '../../change/change.ts';
import { viewChange } from '../../change/view-change.ts';
import { AS_IT_IS } from '../../change/desired.ts';
import type { ChangeFlags } from '../../core/intent.ts';

/** What a command on profiles has decided. */
type ProfileDecision =
  /** Saves the present mapping under this name. */
  | { readonly action: 'save'; readonly name: string; readonly key?: string }
  | { readonly action: 'delete'; readonly name: string }
  | { readonly action: 'rename'; readonly name: string; readonly newName: string }
  | { readonly action: 'import'; readonly profiles: Config['profiles'] };

interface ProfileChange {
  readonly command: string;
  readonly decision: ProfileDecision;
  /** Lines that say what will change. */
  readonly preview: readonly string[];
  /** Asked on a terminal; without one, `--yes` is required. undefined if nothing is lost, so that nothing is asked. */
  readonly question: string | undefined;
  /** `orcc undo` can revert it, but it is easily misunderstood, so it needs confirmation. */
  readonly isDangerous?: true;
  /** Printed when it is done. */
  readonly done: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Flags extends Pick<ChangeFlags, 'yes' | 'dryRun'> {
  readonly json: boolean;
}

/** Machine and configuration for the commands on profiles. Throws exit 3 if nothing is configured, 6 for a broken configuration. */
export async function readProfiles(ctx: Context): Promise<{ readonly machine: Machine; readonly config: Config }> {
  const machine = await observeMachine(ctx);
  return { machine, config: requireConfig(machine) };
}

/** Changes only orcc's configuration, through the planner and the writer, so that `orcc undo` can revert it. */
export async function changeProfiles(ctx: Context, flags: Flags, asked: ProfileChange): Promise<Outcome> {
  const { decision, question } = asked;
  const say = await sayOf(ctx, flags);
  if (!flags.dryRun) await recoverFirst(ctx, say);
  const { config, machine } = await readProfiles(ctx);
  if (JSON.stringify(applyTo(config, decision)) === JSON.stringify(config))
    return view(asked, { kind: 'unchanged', dryRun: flags.dryRun, decision, preview: () => '' });
  const done = await change(ctx, {
    command: asked.command,
    decision,
    desire: (decided, now) => ({ ...AS_IT_IS, config: applyTo(requireConfig(now), decided) }),
    machine,
    ...flags,
    say,
    question: question ?? '',
    ...(asked.isDangerous === undefined ? {} : { isDangerous: asked.isDangerous }),
    ...(question === undefined ? {} : { asksAnyway: true }),
    ...(question === undefined && !flags.dryRun ? {} : { also: () => asked.preview }),
  });
  return view(asked, done);
}

/** The configuration with its profiles changed, everything else as it is. Pure. */
function applyTo(config: Config, decision: ProfileDecision): Config {
  const { activeProfile, profiles, ...rest } = config;
  switch (decision.action) {
    case 'save': {
      const extras = extrasOf(config);
      const carried = Object.keys(extras).length === 0 ? {} : { extras };
      const saved = {
        mapping: config.mapping,
        defaultAlias: config.defaultAlias,
        ...carried,
        ...(decision.key === undefined ? {} : { key: decision.key }),
      };
      return { ...config, activeProfile: decision.name, profiles: { ...profiles, [decision.name]: saved } };
    }
    case 'delete': {
      const { [decision.name]: _gone, ...kept } = profiles;
      return { ...rest, ...(activeProfile === undefined || activeProfile === decision.name ? {} : { activeProfile }), profiles: kept };
    }
    case 'rename': {
      const { name, newName } = decision;
      const renamed = Object.entries(profiles).map(([each, value]) => [each === name ? newName : each, value] as const);
      return { ...config, ...(activeProfile === name ? { activeProfile: newName } : {}), profiles: Object.fromEntries(renamed) };
    }
    case 'import':
      return { ...config, profiles: { ...profiles, ...decision.profiles } };
  }
}

function view({ data, done }: ProfileChange, changed: Pick<Changed<ProfileDecision>, 'kind' | 'dryRun' | 'decision' | 'preview'>): Outcome {
  return viewChange(changed, data, () => (changed.kind === 'unchanged' ? 'Nothing to change' : done));
}
