import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { createSay, type Say } from '../../core/say.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createStyle } from '../../text/style.ts';
import { carryOut } from '../../change/carry-out.ts';

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

function requireConfig(machine: Machine): Config {
  if (machine.configBroken !== undefined) throw machine.configBroken;
  if (machine.config === undefined) throw new OrccError('nothing', 'Nothing is configured yet', { hint: 'Run `orcc init` first' });
  return machine.config;
}

/** Changes orcc's configuration alone, through the planner and the writer, so that `orcc undo` takes it back. */
export async function changeProfiles(ctx: Context, flags: Flags, wish: ProfileChange): Promise<Outcome> {
  const say: Say = createSay(ctx.stderr, await createStyle(ctx.stderr), flags.json);
  const { config } = await readProfiles(ctx);
  const isSame = JSON.stringify(wish.change(config)) === JSON.stringify(config);
  const outcome = (kind: string, remark: string, ok = true): Outcome => ({
    ok,
    exit: ok ? 'ok' : 'cancelled',
    data: { ...wish.data, kind },
    findings: [],
    text: () => '',
    remarks: () => remark,
  });
  if (isSame) return outcome('unchanged', 'Nothing to change');
  const tell = (): void => wish.preview.forEach((line) => say.line(line));
  if (wish.question === undefined && flags.dryRun) tell();
  const work = await carryOut(ctx, {
    command: wish.command,
    targets: [],
    places: 'recorded',
    desire: (machine) => ({
      setup: undefined,
      targets: [],
      key: { action: 'keep' },
      config: wish.change(requireConfig(machine)),
      disableAutoMode: false,
      ignore: undefined,
      replace: false,
      adopt: false,
      force: false,
    }),
    yes: flags.yes,
    dryRun: flags.dryRun,
    say,
    question: wish.question ?? '',
    secrets: [],
    ...(wish.question === undefined ? {} : { asksAnyway: true, beforeQuestion: tell }),
  });
  if (work.kind === 'dry-run') return outcome(work.kind, 'Nothing was changed (--dry-run)');
  if (work.kind === 'declined') return outcome(work.kind, 'Nothing was changed', false);
  return outcome(work.kind, wish.done);
}
