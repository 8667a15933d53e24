import { namesOf, withoutActive } from '../../config/named-keys.ts';
import type { KeyStorage } from '../../config/storage.ts';
import { isOpenRouterHost, PAGES } from '../../core/hosts.ts';
import { shownDecision, type Changed } from '../../change/change.ts';
import { furtherFiles } from '../../change/further-files.ts';
import { keysSeen, storedUrlOf } from '../../change/read-key.ts';
import { visibleEdits, visibleFiles } from '../../change/visible-edits.ts';
import type { Machine } from '../../change/machine.ts';
import type { Context } from '../../core/context.ts';
import type { Finding } from '../../core/finding.ts';
import type { Outcome } from '../../core/outcome.ts';
import { isFolderTarget, isMany } from '../../targets/types.ts';
import { attempt } from '../../text/attempt.ts';
import { shortPath, stripControls } from '../../text/text.ts';
import type { Style } from '../../text/style.ts';
import { describeUnset, unsetHere } from '../switch/unset-here.ts';
import type { RemoveDecision } from './decide.ts';
import { findingsOf, type Left } from './left.ts';

/** The outcome of a remove. `kept`: files in orcc's folder that are not orcc's. `left`: what the last look found. */
export function viewRemove(ctx: Context, done: Changed<RemoveDecision>, kept: readonly string[], left: Left, going: GoingKey): Outcome {
  const { problems } = done.planned;
  const isDeclined = done.kind === 'declined';
  const behind = findingsOf(ctx, left);
  return {
    exit: isDeclined ? 'declined' : problems.length > 0 ? 'refused' : behind.length > 0 ? 'problems' : 'ok',
    data: {
      kind: done.kind,
      files: visibleFiles(done.planned, ctx.home),
      left: kept.map((path) => shortPath(path, ctx.home)),
      keysPage: PAGES.keys,
      problems: problems.map(({ path, code, message }) => ({ path: shortPath(path, ctx.home), code, message })),
      ...shownDecision(done),
    },
    findings: [
      ...problems.map((problem): Finding => ({
        code: problem.code,
        severity: 'error',
        subject: shortPath(problem.path, ctx.home),
        evidence: [],
        cause: problem.message,
        fix: problem.hint,
      })),
      ...behind,
    ],
    text: done.preview,
    isLong: done.kind === 'dry-run',
    remarks: (style) => remarks(ctx, done, kept, behind, going, style),
  };
}

/** The outcome if nothing is provably orcc's, although something still points to OpenRouter. */
export function viewNothingOurs(ctx: Context, left: Left, decided: Pick<Changed<RemoveDecision>, 'decision' | 'dryRun'>): Outcome {
  const behind = findingsOf(ctx, left);
  return {
    exit: behind.length === 0 ? 'ok' : 'problems',
    data: { kind: 'unchanged', files: [], left: [], keysPage: PAGES.keys, problems: [], ...shownDecision(decided) },
    findings: behind,
    text: () => '',
    remarks: (style) => [`Nothing here is provably orcc's; nothing was written`, ...describeLeft(behind, style)].join('\n'),
  };
}

/** What is left, with what to do about it. */
function describeLeft(behind: readonly Finding[], style: Style): readonly string[] {
  return behind.flatMap(({ cause, evidence, fix }) => [
    `${style.yellow('left:')} ${cause}`,
    ...evidence.map((line) => `  ${line}`),
    `${style.cyan('hint:')} ${fix}`,
  ]);
}

/** True if a folder that orcc wrote to is no longer where it was. */
function hasGoneFolder({ state, files }: Machine): boolean {
  return state.targets.some(
    ({ id, path, carries }) => isFolderTarget(id) && carries !== 'nothing' && (files.get(path)?.bytes ?? null) === null,
  );
}

function remarks(
  ctx: Context,
  { kind, decision, planned, machine }: Changed<RemoveDecision>,
  kept: readonly string[],
  behind: readonly Finding[],
  going: GoingKey,
  style: Style,
): string {
  if (kind === 'declined') return 'Nothing was written';
  const { problems } = planned;
  const refusals = problems.map((problem) => `${style.red('error:')} ${problem.message}\n${style.cyan('hint:')} ${problem.hint}`);
  if (kind === 'dry-run') return [...refusals, ...describeLeft(behind, style), 'Nothing was written (--dry-run)'].join('\n');
  const { isFinal, keepKey } = decision;
  const { unreached, files } = decision;
  const reached = (files ?? []).filter((path) => !unreached.includes(path)).map((path) => shortPath(path, ctx.home));
  const targets = [
    ...new Set([
      ...decision.targets.flatMap((id) => (isMany(id) && files !== undefined ? reached : [id])),
      ...decision.blocks.map(({ target }) => target),
      ...decision.strays.map(({ target }) => target),
    ]),
  ];
  const lines = [...refusals];
  // Further files that were deleted, or moved to an unknown place.
  const lost = furtherFiles(machine).flatMap(({ path, state }) => (state === 'the file is gone' ? [shortPath(path, ctx.home)] : []));
  const butKey = keepKey ? ` but the key${namesOf(machine).keys === undefined ? '' : 's'}` : '';
  const all = isFinal
    ? behind.length > 0
      ? "Everything that is provably orcc's is gone"
      : hasGoneFolder(machine)
        ? `What is to be found of orcc${butKey} is gone; in a folder that was moved, \`orcc remove\` finds the rest`
        : lost.length > 0
          ? `What is to be found of orcc${butKey} is gone; if you moved ${lost.join(', ')}, what orcc wrote, a key included, is in it still`
          : `Everything of orcc${butKey} is gone`
    : targets.length === 0
      ? 'There was nothing left to remove'
      : `Removed from ${targets.join(', ')}`;
  const rest = visibleEdits(planned).length > 0 ? 'The rest was removed' : 'Nothing else was removed';
  lines.push(problems.length > 0 ? `${rest}; run \`orcc remove\` again once this is fixed` : `${style.green('✓')} ${all}`);
  lines.push(...describeLeft(behind, style));
  for (const path of kept) lines.push(`${style.yellow('left:')} ${shortPath(path, ctx.home)} is not orcc's`);
  lines.push(...describeUnset(unsetHere(ctx)));
  // If a file was refused, orcc's folder stays, and the key with it.
  if (isFinal && !keepKey && problems.length === 0) lines.push(...describeWorking(machine, going, style));
  return lines.join('\n');
}

/** The key that was in use until now, as far as it could be read. orcc can't delete one that a variable or a command provides. */
interface GoingKey {
  readonly key: string | undefined;
  readonly storage: KeyStorage;
}

/** Where the removed keys still work, one line for each address: OpenRouter's page can't revoke a gateway's key. */
function describeWorking(machine: Machine, { key, storage }: GoingKey, style: Style): readonly string[] {
  const isReferred = storage.kind === 'env' || storage.kind === 'command';
  const isKnown = key !== undefined || storage.kind === 'command' || keysSeen(machine).length > 0;
  const named = Object.values(withoutActive(namesOf(machine)).keys ?? {}).map(({ baseUrl }) => baseUrl);
  const urls = [...(isKnown ? [storedUrlOf(machine, key ?? keysSeen(machine)[0])] : []), ...named];
  const hosts = new Set(urls.map((url) => (url === null ? null : attempt(() => new URL(url), null))?.host ?? null));
  return [
    ...(isKnown && isReferred ? [`${style.yellow('left:')} ${describeReferred(storage)}`] : []),
    ...[...hosts].map((host) =>
      host === null
        ? 'The key still works: revoke it where you got it'
        : isOpenRouterHost(host)
          ? `The key still works at OpenRouter: revoke it at ${PAGES.keys}`
          : `The key still works at ${stripControls(host)}: revoke it where you got it`,
    ),
  ];
}

function describeReferred({ kind, ref = '' }: KeyStorage): string {
  return kind === 'env' ? `the variable ${ref}, where you export it` : `what \`${stripControls(ref)}\` prints, where that command reads it`;
}
