import { MACHINE_TARGETS } from '../../targets/types.ts';
import { claudePaths } from '../../claude/paths.ts';
import { AUTO_MODE_EXPLANATION } from '../../claude/auto-mode.ts';
import { IMAGE_EXPLANATION } from '../../claude/image-rules.ts';
import { extrasInput, keyUrlOf, mappingOf, configuredDestination } from '../../config/config.ts';
import { extraMembers } from '../../config/extras-table.ts';
import type { Context } from '../../core/context.ts';
import type { FixRequest } from '../../doctor/check.ts';
import { isPlanned, fixFiles, pathsOfFixes, type Unfixed } from '../../doctor/fix-files.ts';
import { OrccError } from '../../core/errors.ts';
import { sayOf } from '../../core/say.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import type { ModelFacts } from '../../openrouter/model-facts.ts';
import { type Desired, AS_IT_IS } from '../../change/desired.ts';
import { sameBytes } from '../../text/same-bytes.ts';
import { formatMode } from '../../text/format.ts';
import { shortPath } from '../../text/text.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type Style } from '../../text/style.ts';
import { readMachine } from '../../doctor/read-machine.ts';
import { settleShared } from './shared-files.ts';
import { wrap } from '../../text/wrap.ts';
import { admitUrl } from '../../openrouter/endpoint.ts';
import { readApiSource } from '../../change/api-source.ts';
import { change, shownDecision } from '../../change/change.ts';
import { visibleEdits } from '../../change/visible-edits.ts';
import { desireSetup, limitsInPlace, recordedMachineTargets } from '../../change/desire.ts';
import { chooseLabels } from '../../change/labels.ts';
import { gatherFacts } from '../../change/gather-facts.ts';
import { loadKey, readConfiguredKey } from '../../change/read-key.ts';
import { findRow } from '../../diagnose/table.ts';
import type { Doctored } from '../../doctor/doctor.ts';
import { unknownFinding } from '../explain/explain.ts';
import type { ChangeFlags } from '../../core/intent.ts';

const AUTO_MODE = 'AUTO_MODE_BLOCKED';
const IMAGES = 'IMAGES_UNGUARDED';

/** What `orcc doctor --fix` was asked for. */
interface FixIntent extends Pick<ChangeFlags, 'yes' | 'dryRun'> {
  readonly fix?: boolean | string | undefined;
  readonly offline: boolean;
  readonly to?: string | undefined;
  readonly json: boolean;
}

/**
 * Applies the safe fixes, all of them or those that `fix` names, through the one planner, and returns what `examine` finds
 * afterwards. Throws exit 1 if the named finding has no safe fix, 2 if there is no such code, 3 if it was not found here, 7 if the
 * user says no.
 */
export async function fixFindings(
  ctx: Context,
  intent: FixIntent,
  { outcome, fixes }: Doctored,
  examine: () => Promise<Doctored>,
): Promise<Outcome> {
  const wanted = typeof intent.fix === 'string' ? intent.fix.toUpperCase() : undefined;
  const chosen = await settleAsked(
    ctx,
    intent,
    fixes.filter((fix) => wanted === undefined || fix.code === wanted),
  );
  const { own, left: shared } = await settleShared(ctx, chosen, {
    asks: ctx.interactive && !intent.yes && !intent.dryRun && !intent.json,
    config: readMachine(ctx).config,
    user: claudePaths(ctx).user,
  });
  if (own.length === 0)
    return shared.length === 0 ? nothingToFix(outcome, wanted) : { ...outcome, remarks: (style) => notFixed(ctx, shared, style) };
  const work = await fixAll(ctx, intent, own);
  const failed = [...work.failed, ...shared];
  if (intent.dryRun)
    return {
      ...outcome,
      data: { ...(outcome.data as object), ...work.shown },
      text: work.preview,
      isLong: true,
      remarks: (style) => [notFixed(ctx, failed, style), 'Nothing was written (--dry-run)'].filter((part) => part !== '').join('\n'),
    };
  const after = await examine();
  return {
    ...after.outcome,
    remarks: (style) => notFixed(ctx, failed, style),
  };
}

function notFixed(ctx: Pick<Context, 'home'>, failed: readonly Unfixed[], style: Style): string {
  const lines = failed.map((each) => `${style.yellow('not fixed:')} ${each.code} ${shortPath(each.path, ctx.home)}: ${each.reason}`);
  return [...new Set(lines)].join('\n');
}

/** Fixes that the user decides on: without `--fix CODE` each is a question on a terminal. `byYes`: also made without the question. */
const ASKED: ReadonlyArray<{
  readonly code: string;
  readonly told: readonly string[];
  readonly question: string;
  readonly byYes: boolean;
}> = [
  { code: AUTO_MODE, told: AUTO_MODE_EXPLANATION, question: 'Turn auto mode off in user settings?', byYes: true },
  // Nothing is wrong without it, so `--yes` leaves it out.
  { code: IMAGES, told: IMAGE_EXPLANATION, question: 'Keep images from these models?', byYes: false },
];

async function settleAsked(ctx: Context, intent: FixIntent, fixes: readonly FixRequest[]): Promise<readonly FixRequest[]> {
  if (typeof intent.fix === 'string') return fixes;
  const refused = new Set<string>();
  for (const { code, told, question, byYes } of ASKED.filter((each) => fixes.some((fix) => fix.code === each.code))) {
    const isAsked = !intent.yes && !intent.dryRun && ctx.interactive;
    for (const line of isAsked ? told : []) ctx.stderr.write(`${wrap(line, ctx.stderr.columns)}\n`);
    if (!(isAsked ? await ctx.ask.confirm(question, true) : byYes)) refused.add(code);
  }
  return fixes.filter(({ code }) => !refused.has(code));
}

function nothingToFix(outcome: Outcome, wanted: string | undefined): Outcome {
  if (wanted === undefined)
    return {
      ...outcome,
      remarks: () =>
        outcome.findings.every(({ severity }) => severity === 'info')
          ? 'There is nothing to fix'
          : "orcc can't fix any of these safely: see the fixes above",
    };
  if (outcome.findings.some((finding) => finding.code === wanted)) {
    throw new OrccError('problems', `\`${wanted}\` has no fix that orcc can safely apply`, {
      code: wanted,
      hint: `\`orcc explain ${wanted}\` says what to do`,
    });
  }
  if (findRow(wanted) === undefined) throw unknownFinding(wanted);
  throw new OrccError('nothing', `\`orcc doctor\` reports no finding \`${wanted.slice(0, 60)}\` here`, {
    hint: '`orcc doctor` lists them',
  });
}

/** Fixes what can be fixed. Returns what could not, and what a dry run would change. Throws exit 7 if the user says no. */
async function fixAll(
  ctx: Context,
  intent: FixIntent,
  fixes: readonly FixRequest[],
): Promise<{
  readonly failed: readonly Unfixed[];
  readonly preview: (style: Style) => string;
  readonly shown: { readonly decision?: FixDecision };
}> {
  const say = await sayOf(ctx, intent);
  let failed: readonly Unfixed[] = [];
  const facts = fixes.some((fix) => fix.kind === 'rewrite' || fix.kind === 'deny-images' || fix.code === AUTO_MODE)
    ? await factsOf(ctx, intent.offline, intent.to)
    : [];
  // Findings that are only notes are fixed too, although the list leaves them out.
  for (const code of new Set(fixes.map((fix) => fix.code))) say.line(`Fixing ${code}: ${findRow(code)?.title ?? ''}`);
  const present = await observeMachine(ctx);
  const exposed = fixes.some(({ kind }) => kind === 'scrub-lines') ? await loadKey(ctx, present) : undefined;
  const work = await change(ctx, {
    command: 'doctor --fix',
    decision: { fixes, facts },
    key: readConfiguredKey(ctx, present),
    targets: MACHINE_TARGETS,
    extraPaths: pathsOfFixes(fixes),
    prepare: (machine) => {
      const fixed = fixFiles(fixes, machine, claudePaths(ctx).user, exposed);
      failed = fixed.failed;
      return fixed.machine;
    },
    desire: desireFixes,
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: 'Fix these?',
  });
  if (work.kind === 'declined')
    throw new OrccError('declined', 'Nothing was written', { hint: '`orcc doctor --fix CODE` fixes only that finding' });
  for (const { path, before, after, mode } of work.receipt === undefined ? [] : visibleEdits(work.planned)) {
    const what =
      mode !== null && sameBytes(before, after)
        ? `Set the mode of ${shortPath(path, ctx.home)} to ${formatMode(mode)}`
        : `Fixed ${shortPath(path, ctx.home)}`;
    say.ok(`${what} (${codesAt(path, fixes, failed).join(', ')})`);
  }
  return { failed, preview: work.preview, shown: shownDecision(work) };
}

/** The codes fixed in a file: those of the fixes that name it, or of all fixes if none does. */
function codesAt(path: string, fixes: readonly FixRequest[], failed: readonly Unfixed[]): readonly string[] {
  const done = fixes.filter((fix) => !failed.some((each) => each.code === fix.code && each.path === fix.path));
  const named = done.filter((fix) => pathsOfFixes([fix]).includes(path));
  return [...new Set((named.length > 0 ? named : done).map(({ code }) => code))];
}

async function factsOf(ctx: Context, offline: boolean, to: string | undefined): Promise<readonly ModelFacts[]> {
  const { machine } = await readApiSource(ctx);
  const { config } = machine;
  if (config === undefined) return [];
  // The rewritten setup puts the key next to this base URL, so the two must belong together.
  const url = await admitUrl(ctx, configuredDestination(ctx, config), { storedFor: keyUrlOf(config), to });
  const key = await loadKey(ctx, machine);
  const endpoint = key === undefined ? { baseUrl: url.baseUrl } : url.with(key);
  const { folder } = machine.own;
  const catalog = await loadCatalog(ctx, { folder, endpoint, offline, keep: false, bases: config.limits.bases });
  return gatherFacts(ctx, endpoint, mappingOf(config), catalog, offline || catalog.warning !== undefined);
}

/** Which findings are to be fixed, and what is known about the mapped models. */
interface FixDecision {
  readonly fixes: readonly FixRequest[];
  readonly facts: readonly ModelFacts[];
}

/** The state that the fixes lead to: the setup rewritten if one of them asks for it, everything else unchanged. Pure. */
function desireFixes({ fixes, facts }: FixDecision, machine: Machine): Desired {
  const planned = fixes.filter((fix) => isPlanned(fix, machine));
  const off = planned[0];
  const config = machine.config && {
    ...machine.config,
    ...(planned.some(({ code }) => code === AUTO_MODE) ? { autoMode: 'off' as const } : {}),
    ...(planned.some(({ kind }) => kind === 'deny-images') ? { denyImages: true as const } : {}),
  };
  const isRewrite = config !== undefined && !config.native && fixes.some((fix) => fix.kind === 'rewrite');
  const options = { ...AS_IT_IS, replace: true, force: fixes.some((fix) => fix.kind === 'rewrite') };
  const recorded = recordedMachineTargets(machine);
  // User settings that orcc never wrote are not among the recorded targets.
  const place = off?.path === undefined ? undefined : { id: 'user' as const, carries: 'extras' as const, remember: false, path: off.path };
  const user = recorded.find(({ id }) => id === 'user') ?? place;
  const others = isRewrite ? recorded.filter(({ id }) => id !== 'user') : [];
  const targets = user !== undefined && (isRewrite || off !== undefined) ? [...others, user] : others;
  if (config === undefined || targets.every(({ carries }) => carries !== 'setup'))
    return { ...options, setup: undefined, targets, config, extras: config === undefined ? [] : extraMembers(extrasInput(config)) };
  const limits = limitsInPlace(machine, config.limits.how, mappingOf(config), facts, targets);
  const labels = chooseLabels(config, mappingOf(config), facts);
  // Machine targets only: the image rules of folders stay as they are.
  return desireSetup(machine, { ...options, config, limits, labels, targets, takesImages: false });
}
