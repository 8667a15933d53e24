import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { createSay, type Say } from '../../core/say.ts';
import { observeMachine, requireConfig, type Machine } from '../../change/machine.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createStyle } from '../../text/style.ts';
import { change } from '../../change/change.ts';

export interface ProfileChange {
  readonly command: string;
  /** Pure; throws for what can't be done. */
  readonly change: (config: Config) => Config;
  /** Lines that say what will be. */
  readonly preview: readonly string[];
  /** Asked on a terminal; without one it needs `--yes`. undefined: nothing is lost, so nothing is asked. */
  readonly question: string | undefined;
  /** Said when it is done. */
  readonly done: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Flags {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Machine and configuration for the commands on profiles. Throws exit 3 where nothing is configured, 6 for a broken config. */
export async function readProfiles(ctx: Context): Promise<{ readonly machine: Machine; readonly config: Config }> {
  const machine = await observeMachine(ctx, [], [], 'recorded');
  return { machine, config: requireConfig(machine) };
}

/** Changes orcc's configuration alone, through the planner and the writer, so that `orcc undo` takes it back. */
export async function changeProfiles(ctx: Context, flags: Flags, asked: ProfileChange): Promise<Outcome> {
  const say: Say = createSay(ctx.stderr, await createStyle(ctx.stderr), flags.json);
  const { config } = await readProfiles(ctx);
  const isSame = JSON.stringify(asked.change(config)) === JSON.stringify(config);
  const outcome = (kind: string, remark: string, ok = true): Outcome => ({
    ok,
    exit: ok ? 'ok' : 'cancelled',
    data: { ...asked.data, kind },
    findings: [],
    text: () => '',
    remarks: () => remark,
  });
  if (isSame) return outcome('unchanged', 'Nothing to change');
  const tell = (): void => asked.preview.forEach((line) => say.line(line));
  if (asked.question === undefined && flags.dryRun) tell();
  const done = await change(ctx, {
    command: asked.command,
    targets: [],
    places: 'recorded',
    decision: asked.data,
    desire: (_decision, machine) => ({
      setup: undefined,
      targets: [],
      key: { action: 'keep' },
      config: asked.change(requireConfig(machine)),
      disableAutoMode: false,
      ignore: undefined,
      replace: false,
      adopt: false,
      force: false,
    }),
    yes: flags.yes,
    dryRun: flags.dryRun,
    say,
    question: asked.question ?? '',
    ...(asked.question === undefined ? {} : { asksAnyway: true, beforeQuestion: tell }),
  });
  if (done.kind === 'dry-run') return outcome(done.kind, 'Nothing was changed (--dry-run)');
  if (done.kind === 'declined') return outcome(done.kind, 'Nothing was changed', false);
  return outcome(done.kind, asked.done);
}
