import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { isSecretVariable } from '../../claude/variables.ts';
import type { Layers } from '../../claude/layers.ts';
import type { StartupAssignment } from '../../targets/startup-outcome.ts';
import { clip, maskKey, redact, stripControls, shortPlace } from '../../text/text.ts';
import { isShellTarget, type TargetId } from '../../targets/types.ts';
import type { Say } from '../../core/say.ts';
import type { Ground, Agree, Deciding } from './types.ts';
import { placeOf } from './found.ts';

/** What the user lets orcc do about values in the way of the chosen targets. */
export interface Consent {
  readonly targets: readonly TargetId[];
  readonly replace: boolean;
  readonly adopt: boolean;
  /** Files other than the targets' own in which lines are to be commented out. */
  readonly adoptFiles: ReadonlyArray<{ readonly target: TargetId; readonly path: string }>;
}

interface Values {
  readonly targets: readonly TargetId[];
  /** What will be set, by name. */
  readonly values: ReadonlyMap<string, string>;
}

interface Asked extends Values {
  /** Variables that this change removes from user settings. */
  readonly cleared: ReadonlySet<string>;
  readonly replace: boolean;
  readonly adopt: boolean;
  /** Whether to go on although something would win. */
  readonly force: boolean;
  /** Nothing was set up before: harmless leftovers are mentioned only then. */
  readonly isFirst: boolean;
}

/**
 * Says which values would beat the ones about to be written (design D1), and settles them: user settings that beat a shell
 * (`--replace` writes there too), and hand-written assignments that run after the block (`--adopt` comments them out). Without a
 * terminal, throws exit 6 for an unsettled one and names it.
 */
export async function settleConflicts(ctx: Slice, wanted: Asked, by: Deciding): Promise<Consent> {
  const { layers, startup } = by.ground;
  const shells = wanted.targets.filter((target) => isShellTarget(target));
  const { targets, replace } = await settleUserSettings(ctx, wanted, by);
  tellStronger(ctx, { targets, values: wanted.values }, layers, by.say);
  const winners = winningLines({ targets: shells, values: wanted.values }, startup);
  const winning = winners.filter(({ conditions }) => conditions.length === 0);
  await askAboutConditions(ctx, winners, by);
  const open = keysInClear(shells, startup);
  // Without a shell target nothing overrides these lines: they stay in every terminal, although user settings win.
  const isStale = shells.length === 0 && wanted.isFirst && ctx.interactive;
  const stale = !isStale ? [] : startup.filter(({ name, adoptable }) => adoptable && wanted.values.has(name));
  const adopt =
    (await settleWinning(ctx, wanted, winning, by)) ||
    (stale.length > 0 && (await offerToClear(ctx, wanted.adopt, stale, by.agree))) ||
    (await offerToMove(ctx, open, by.agree));
  if (adopt) refuseStuck(ctx, wanted.force, winning, by.say);
  const found = [...winning.filter((each) => each.adoptable), ...stale, ...open];
  const files = adopt ? found.map(({ target, file }) => ({ target, path: file })) : [];
  const adoptFiles = files.filter((each, index) => files.findIndex((other) => other.path === each.path) === index);
  return { targets, replace, adopt, adoptFiles };
}

type Slice = Pick<Context, 'interactive' | 'home'>;

/** User settings beat every shell: unless they become a target too, what is written to the shell has no effect. */
async function settleUserSettings(
  ctx: Slice,
  wanted: Asked,
  { ground, agree, say }: Deciding,
): Promise<Pick<Consent, 'targets' | 'replace'>> {
  const { targets, replace } = wanted;
  if (targets.includes('user') || !targets.some((target) => isShellTarget(target))) return { targets, replace };
  const above = beating(ground.layers, 'user', new Map([...wanted.values].filter(([name]) => !wanted.cleared.has(name))), ctx.home);
  if (above.length === 0) return { targets, replace };
  const message = `User settings beat the shell, and they set ${above.join(', ')}`;
  if (!replace && !ctx.interactive) {
    throw new OrccError('refused', message, {
      code: 'SETTINGS_OVERRIDE',
      hint: 'Add `--target user --replace` to write there too (`orcc remove` restores the old values), or remove those members',
    });
  }
  if (replace) say.warn(message);
  if (replace || (await agree([message], 'Replace these in user settings too? (`orcc remove` restores them)', true)))
    return { targets: [...targets, 'user'], replace: true };
  say.warn('Without that, these win over what is written to the shell');
  return { targets, replace };
}

/** Asks whether to comment out hand-written lines that would win; true if so. Throws exit 6 without a terminal, unless `force`. */
async function settleWinning(
  ctx: Slice,
  { adopt, force }: Asked,
  winning: readonly StartupAssignment[],
  { agree, say }: Deciding,
): Promise<boolean> {
  if (winning.length === 0 || adopt) return adopt;
  const message = describeWinning(winning, ctx.home);
  if (!ctx.interactive && !force) {
    throw new OrccError('refused', message, {
      code: 'FOREIGN_EXPORT',
      hint: '`--adopt` comments them out; `orcc remove` restores them exactly',
    });
  }
  if (!ctx.interactive) say.warn(message);
  const isGiven = ctx.interactive && (await agree([message], COMMENT_OUT, true));
  if (!isGiven) say.warn('Those values stay in effect in new terminals');
  return isGiven;
}

const COMMENT_OUT = 'Comment them out? (`orcc remove` restores them exactly)';

/**
 * Offers to comment out hand-written lines if the setup goes to settings only: they no longer affect Claude Code, but hold a key
 * and old values.
 */
async function offerToClear(ctx: Slice, adopt: boolean, stale: readonly StartupAssignment[], agree: Agree): Promise<boolean> {
  if (adopt) return true;
  // The names were already listed among what was found.
  const places = [...new Set(stale.map(({ file }) => file))].map((file) =>
    placeOf(
      stale.filter((each) => each.file === file),
      ctx.home,
    ),
  );
  return agree([`User settings beat what is set by hand in ${places.join(', ')} from now on`], COMMENT_OUT, true);
}

/** Offers to move a key out of lines that the block overrides: they do no harm, but show the key in plain text. */
async function offerToMove(ctx: Slice, open: readonly StartupAssignment[], agree: Agree): Promise<boolean> {
  if (open.length === 0 || !ctx.interactive) return false;
  const places = open.map((each) => shortPlace(each, ctx.home));
  return agree(
    [`A key is in plain text in ${places.join(', ')}`],
    "Move it to orcc's private folder? (the line is commented out; `orcc remove` restores it exactly)",
    true,
  );
}

function refuseStuck(ctx: Slice, force: boolean, winning: readonly StartupAssignment[], say: Say): void {
  const stuck = winning.filter((each) => !each.adoptable);
  if (stuck.length === 0) return;
  const lines = stuck.map((each) => `${shortPlace(each, ctx.home)} (${each.name})`).join(', ');
  const message = `These can't be commented out line by line and would still win: ${lines}`;
  if (!ctx.interactive && !force)
    throw new OrccError('refused', message, {
      code: 'FOREIGN_EXPORT',
      hint: 'Remove them by hand, then run this again; `--force` continues anyway',
    });
  say.warn(`${message}; remove them by hand`);
}

/**
 * Says which values would beat the new ones, for a change of an existing setup (design D1). Only warns, since what to do about
 * them was settled at the setup.
 */
export function tellBeaten(
  ctx: Pick<Context, 'home'>,
  wanted: Values,
  { layers, startup }: Pick<Ground, 'layers' | 'startup'>,
  say: Say,
): void {
  const shells = wanted.targets.filter((target) => isShellTarget(target));
  const above = shells.length === 0 || wanted.targets.includes('user') ? [] : beating(layers, 'user', wanted.values, ctx.home);
  if (above.length > 0)
    say.warn(`User settings beat the shell, and they set ${above.join(', ')}; \`orcc init --target user --replace\` writes there too`);
  tellStronger(ctx, wanted, layers, say);
  const winners = winningLines({ ...wanted, targets: shells }, startup);
  const open = winners.filter(({ conditions }) => conditions.length > 0);
  if (open.length > 0) say.warn(describeOpen(open, ctx.home));
  const winning = winners.filter(({ conditions }) => conditions.length === 0);
  if (winning.length > 0) say.warn(`${describeWinning(winning, ctx.home)}; \`orcc init --adopt\` comments them out`);
}

/** What each of these layers wins over; strongest layer first. */
const STRONGER = {
  managed: "Your administrator's settings win over everything else",
  local: "This folder's local settings win over the project's, yours and the shell's",
  project: "This project's settings win over yours and the shell's",
} as const;

/** Warns about values in layers above the user's own, which only an edit of those files can change. */
function tellStronger(ctx: Pick<Context, 'home'>, { targets, values }: Values, layers: Layers, say: Say): void {
  const open = new Map(values);
  for (const layer of ['managed', 'local', 'project'] as const) {
    // A target in this layer wins over the layers below.
    if (targets.some((target) => target === layer)) return;
    const stronger = beating(layers, layer, open, ctx.home);
    // Only one value wins: a name that this layer sets is not reported for a weaker one too.
    for (const { env } of layers.settings.filter((file) => file.layer === layer)) for (const name of env.keys()) open.delete(name);
    if (stronger.length === 0) continue;
    say.warn(`${STRONGER[layer]}, and they set ${stronger.join(', ')}`);
  }
}

/** True if a target's settings file holds other values than those that will be written. */
export function isAnythingReplaced({ targets, values }: Values, layers: Layers): boolean {
  return layers.settings.some(
    ({ layer, env }) =>
      targets.some((id) => id === layer) && [...env].some(([name, { value }]) => values.has(name) && values.get(name) !== value),
  );
}

function winningLines({ targets, values }: Values, startup: readonly StartupAssignment[]): readonly StartupAssignment[] {
  return startup.filter(
    (each) =>
      targets.includes(each.target) &&
      (each.wins || (each.position === 'after-block' && values.get(each.name) === '')) &&
      values.has(each.name) &&
      each.value !== values.get(each.name),
  );
}

/** Hand-written lines that hold a key and can be commented out. */
function keysInClear(targets: readonly TargetId[], startup: readonly StartupAssignment[]): readonly StartupAssignment[] {
  return startup.filter(
    ({ target, name, value, adoptable }) =>
      targets.includes(target) && adoptable && isSecretVariable(name) && redact(value ?? '') !== (value ?? ''),
  );
}

/**
 * Lines that win only under a condition that reading the files can't settle: shows them, and goes on after a yes or with `--force`.
 * Otherwise throws exit 6 without a terminal, 7 for a no.
 */
async function askAboutConditions(ctx: Slice, winners: readonly StartupAssignment[], { intent, agree, say }: Deciding): Promise<void> {
  const { force } = intent;
  const open = winners.filter(({ conditions }) => conditions.length > 0);
  if (open.length === 0) return;
  const message = describeOpen(open, ctx.home);
  if (!ctx.interactive && !force) {
    throw new OrccError('refused', message, { code: 'FOREIGN_EXPORT', hint: 'Remove them by hand, or continue anyway with `--force`' });
  }
  if (force) say.warn(message);
  else if (!(await agree([message], 'Continue anyway?', true)))
    throw new OrccError('declined', 'Nothing was written', { hint: 'Remove those lines by hand, then run this again' });
}

function describeOpen(open: readonly StartupAssignment[], home: string): string {
  const lines = open.map((each) => {
    const when = each.conditions.map(({ text }) => `\`${clip(stripControls(redact(text)), 80)}\``).join(' and ');
    return `${shortPlace(each, home)} sets ${each.name}, if ${when}`;
  });
  return `Assignments made by hand may win over orcc's: ${lines.join(', ')}`;
}

function describeWinning(winning: readonly StartupAssignment[], home: string): string {
  const lines = winning.map(
    (each) => `${shortPlace(each, home)} sets ${each.name}${each.adoptable ? '' : ' (over several lines, or beside something else)'}`,
  );
  return `Assignments made by hand would win over orcc's: ${lines.join(', ')}`;
}

/** `ANTHROPIC_MODEL=… (~/.claude/settings.json:4)` for each of orcc's variables that a layer sets to another value. */
function beating(
  layers: Layers,
  layer: 'managed' | 'local' | 'project' | 'user',
  values: ReadonlyMap<string, string>,
  home: string,
): string[] {
  return layers.settings
    .filter((file) => file.layer === layer)
    .flatMap((file) =>
      [...file.env].flatMap(([name, placed]) => {
        const ours = values.get(name);
        if (ours === undefined || ours === placed.value) return [];
        const shown = isSecretVariable(name) && placed.value !== '' ? maskKey(placed.value) : clip(stripControls(placed.value), 60);
        return [`${name}=${shown === '' ? '(empty)' : shown} (${shortPlace({ ...placed, file: file.path }, home)})`];
      }),
    );
}
