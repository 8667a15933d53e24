import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { findingOf } from '../../diagnose/build.ts';
import { OrccError, passStop } from '../../core/errors.ts';
import { flag, parseIntent } from '../../core/intent.ts';
import { readInEffect } from '../../change/in-effect.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import type { Outcome } from '../../core/outcome.ts';
import { renderTable } from '../../text/table.ts';
import { stripControls, shortPath, shortPlace } from '../../text/text.ts';
import { isFolderTarget, SHELL_TARGETS } from '../../targets/types.ts';
import { compareWithTeam, type Difference } from '../team/compare.ts';
import { findTeam } from '../../config/find-team.ts';
import { keyedEndpoint } from '../../change/api-source.ts';
import { resolveAliases, type AliasModels } from '../../claude/aliases.ts';
import type { Finding } from '../../core/finding.ts';
import { ownFiles } from '../../core/folder.ts';
import { markBarred } from '../../openrouter/account-models.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import type { Placement } from '../../claude/layers.ts';

const schema = z.object({ offline: flag, json: flag });

/**
 * `orcc check`: compares what Claude Code, started here, would use with the committed orcc.json, from files and this process's
 * environment; then, unless `--offline`, asks OpenRouter whether the key's account allows its models. Only the comparison decides
 * the exit code. Throws exit 3 without an orcc.json.
 */
export async function runCheck(ctx: Context, input: unknown): Promise<Outcome> {
  const { offline } = parseIntent(schema, input);
  const team = findTeam(ctx);
  if (team === undefined) {
    throw new OrccError('nothing', 'No `orcc.json` in this folder or above it in this repository', {
      hint: '`orcc export --team > orcc.json` creates one from the current mapping',
    });
  }
  const machine = await observeMachine(ctx, SHELL_TARGETS);
  const differences = compareWithTeam(team.file, await readInEffect(ctx, machine), ctx.home);
  const file = shortPath(team.path, ctx.home);
  const ok = differences.length === 0;
  const told = findingOf(
    'TEAM_DIFFERS',
    { file, count: differences.length },
    differences.map(
      (each) =>
        `${each.what}: ${each.wanted} is asked for, ${each.found ?? 'nothing'} is in effect${each.from === null ? '' : ` (${each.from})`}`,
    ),
  );
  const { barred, remark } =
    offline || team.file.mapping === undefined ? { barred: null, remark: undefined } : await findBarred(ctx, team.file.mapping);
  const findings = [...(ok ? [] : [{ ...told, fix: fixDifferences(differences, machine, ctx.home) }]), ...(barred ?? [])];
  return {
    exit: ok ? 'ok' : 'problems',
    data: {
      file,
      mapping: team.file.mapping ?? null,
      defaultAlias: team.file.defaultAlias ?? null,
      extras: team.file.extras ?? null,
      differences: differences.map(({ placed: _, ...each }) => each),
      notAllowed: barred?.map(({ data }) => data?.['model']) ?? null,
    },
    findings,
    text: (style) => {
      if (ok)
        return `${style.green('✓')} ${team.file.mapping === undefined && team.file.extras === undefined ? `${file} asks for nothing` : `Claude Code started here uses what ${file} asks for`}`;
      const rows = differences.map(({ what, wanted, found, from }) => [
        what,
        ...[wanted, found ?? 'nothing'].map(stripControls),
        from ?? '',
      ]);
      return `${style.red('✗')} ${file} asks for something else\n\n${renderTable(['', 'asked for', 'in effect', 'set by'], rows, style)}`;
    },
    remarks: (style) =>
      [
        ...(barred ?? []).map(({ subject, cause }) => `${style.yellow('warning:')} ${subject}: ${cause}`),
        ...(remark === undefined ? [] : [`${style.yellow('warning:')} ${remark}`]),
        ...findings.map((finding) => `${style.cyan('fix:')} ${finding.fix}`),
      ].join('\n'),
  };
}

/** What OpenRouter says about a mapping's models for the key in effect. */
interface Allowed {
  /** One for each model that the account blocks; null if OpenRouter was not asked or did not answer. */
  readonly barred: readonly Finding[] | null;
  /** Why there is no answer. */
  readonly remark?: string;
}

/** Milliseconds to wait for the answer. */
const WAIT_MS = 5000;

/** Asks only if the key in effect may be sent without a question (`admitKnownUrl`). Writes nothing; throws only Cancelled. */
async function findBarred(ctx: Context, models: AliasModels): Promise<Allowed> {
  // With an invalid URL, key or record, what is in effect is compared anyway.
  const endpoint = await keyedEndpoint(ctx).catch(passStop);
  if (endpoint === undefined) return { barred: null };
  const all = await loadCatalog(ctx, { folder: ownFiles(ctx).folder, endpoint, keep: false });
  if (all.source === 'builtin')
    return { barred: null, ...(all.warning === undefined ? {} : { remark: `OpenRouter was not asked about the models: ${all.warning}` }) };
  const { catalog, remark } = await markBarred(ctx, endpoint, all, WAIT_MS);
  if (remark !== undefined) return { barred: null, remark };
  const barred = resolveAliases(models).flatMap(({ alias, model }) =>
    catalog.find(model)?.barred === true
      ? [findingOf('MODEL_NOT_ALLOWED', { alias, model }, ['OpenRouter lists it, but not for this key'], alias)]
      : [],
  );
  return { barred };
}

/**
 * How to make this machine match orcc.json: `orcc switch` writes to orcc's own places, but values in stronger layers have to be
 * removed first. Paths below the home folder are shortened.
 */
function fixDifferences(differences: readonly Difference[], { config, state }: Machine, home: string): string {
  const own = state.targets.filter(({ carries }) => carries === 'setup');
  const steps = new Set<string>();
  let isHere = false;
  let isReplaced = false;
  for (const placed of differences.flatMap((each) => standingAbove(each, own))) {
    const target = own.find(({ path }) => path === placed.file);
    if (target !== undefined) {
      isHere ||= isFolderTarget(target.id);
      continue;
    }
    const where = `\`${stripControls(shortPlace(placed, home))}\``;
    if (placed.layer === 'managed') steps.add(`ask whoever manages this machine about ${where}, which wins`);
    else if (placed.layer === 'user') isReplaced = true;
    else steps.add(`remove ${where}, which wins here`);
  }
  const last = isReplaced
    ? '`orcc init --target user --replace` in this repository, since user settings win'
    : config === undefined
      ? '`orcc init` here'
      : isHere
        ? '`orcc switch --here --yes` in this folder'
        : '`orcc switch --yes` in this repository';
  return [...steps, last].join('; then ');
}

/** The places in settings files that decide, strongest first, down to the first that orcc writes itself. */
function standingAbove(
  { placed, beneath = [] }: Difference,
  own: ReadonlyArray<{ readonly path: string }>,
): ReadonlyArray<Placement & { readonly file: string }> {
  const places = [...(placed === undefined ? [] : [placed]), ...beneath];
  const first = places.findIndex(({ file }) => own.some(({ path }) => path === file));
  return places
    .slice(0, first === -1 ? undefined : first + 1)
    .flatMap(({ file, ...each }) => (file === undefined || each.layer === 'shell' ? [] : [{ ...each, file }]));
}
