import type { Changed } from '../../change/change.ts';
import { visibleFiles } from '../../change/visible-edits.ts';
import { describeWritten, viewChange } from '../../change/view-change.ts';
import { resolveAliases, type AliasId, type Mapping } from '../../claude/aliases.ts';
import { sameMapping } from '../../config/mapping-input.ts';
import { extrasOf } from '../../config/config.ts';
import { describeExtras } from '../../config/describe-extras.ts';
import type { Extras } from '../../config/extras.ts';
import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Say } from '../../core/say.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { describePrices } from '../../openrouter/describe.ts';
import { renderNextSteps, type NextSteps } from '../init/next-steps.ts';
import { stripControls } from '../../text/text.ts';
import type { SwitchDecision } from './decide.ts';

interface ChangedAlias {
  readonly alias: AliasId | 'default';
  readonly before: string | undefined;
  readonly after: string | undefined;
}

type SwitchOutcome = Outcome & { readonly data: Readonly<Record<string, unknown>> };

/** True if nothing but orcc's own records changed. */
export function isIdle({ home }: Pick<Context, 'home'>, { decision, planned }: Changed<SwitchDecision>): boolean {
  return changedAliases(decision.from, decision.mapping).length === 0 && visibleFiles(planned, home).length === 0;
}

/** The outcome of a switch, without the test that may follow it. */
export function viewSwitch(ctx: Pick<Context, 'home'>, done: Changed<SwitchDecision>, native: boolean): SwitchOutcome {
  const { kind, decision } = done;
  const data = {
    changed: changedAliases(decision.from, decision.mapping),
    mapping: decision.mapping.models,
    defaultAlias: decision.mapping.defaultAlias,
    files: visibleFiles(done.planned, ctx.home),
    native,
    test: null,
  };
  return viewChange(done, data, () => {
    if (kind === 'unchanged' || isIdle(ctx, done))
      return `${
        decision.back
          ? 'Nothing to undo: Claude Code is not switched to Anthropic (`--native`)'
          : 'Nothing to change: that is already the mapping'
      }${describeNewName(done)}`;
    return native ? 'Claude Code currently uses Anthropic (`--native`); `orcc switch --back` applies this mapping' : '';
  });
}

/** A switch to a profile or preset that is the mapping already still records its name; empty if it records none. */
function describeNewName({ kind, decision: { profile, here }, machine }: Changed<SwitchDecision>): string {
  if (kind !== 'applied' || here || profile === undefined || profile === machine.config?.activeProfile) return '';
  return `; orcc now calls the mapping ${stripControls(profile)}`;
}

/** `haiku: A -> B, $0.06/$0.40 -> $0.25/$1.25 per million tokens`: one line for each alias and each extra that changes. */
export function describeChanges(
  { from, mapping, extras, here }: Pick<SwitchDecision, 'from' | 'mapping' | 'extras' | 'here'>,
  before: Extras,
  catalog: Pick<Catalog, 'find'>,
): readonly string[] {
  const aliases = changedAliases(from, mapping).map(({ alias, before, after }) => {
    const move = `${alias}: ${before ?? 'not set'} -> ${after ?? 'not set'}`;
    const [old, now] = [before, after].map((id) => (alias === 'default' || id === undefined ? undefined : catalog.find(id)));
    if (old === undefined || now === undefined) return move;
    // Without blanks, so that no line breaks within a price.
    const [was, is] = [describePrices(old), describePrices(now)].map((text) => text.replace(' / ', '/'));
    return `${move}, ${was === is ? (was ?? '') : `${was ?? ''} -> ${is ?? ''}`} per million tokens`;
  });
  return [...aliases, ...(here ? [] : changedExtras(before, extrasOf(extras)))];
}

/** `effort: none -> high`: one line for each extra that changes. */
function changedExtras(before: Extras, after: Extras): readonly string[] {
  const [was, is] = [describeExtras(before), describeExtras(after)];
  const names = [...new Set([...was, ...is].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [old = 'none', now = 'none'] = [was, is].map((lines) => lines.find((line) => line.name === name)?.value);
    return old === now ? [] : [`${name}: ${stripControls(old)} -> ${stripControls(now)}`];
  });
}

/** Says what was written: the changes, if nobody was asked about them, and the files. */
export function tellSwitched(
  ctx: Pick<Context, 'home'>,
  { planned }: Pick<Changed<SwitchDecision>, 'planned'>,
  changes: readonly string[],
  say: Say,
): void {
  for (const change of changes) say.ok(change);
  for (const text of describeWritten(planned, ctx.home)) say.ok(text);
}

/** The outcome with the next steps and, if there was a test, its result, whose exit code then counts. */
export function viewTested(switched: SwitchOutcome, tested: Outcome | undefined, next: NextSteps): Outcome {
  const remarks: Outcome['remarks'] = (style) => renderNextSteps(next, style);
  if (tested === undefined) return { ...switched, remarks };
  return { ...tested, data: { ...switched.data, test: tested.data }, remarks };
}

/** The aliases whose model changes, the default alias last. */
export function changedAliases(from: Mapping, to: Mapping): readonly ChangedAlias[] {
  if (sameMapping(from, to)) return [];
  const before = new Map(resolveAliases(from.models).map(({ alias, model }) => [alias, model]));
  const after = new Map(resolveAliases(to.models).map(({ alias, model }) => [alias, model]));
  const aliases = [...new Set([...before.keys(), ...after.keys()])];
  const changed = aliases
    .filter((alias) => before.get(alias) !== after.get(alias))
    .map((alias) => ({ alias, before: before.get(alias), after: after.get(alias) }));
  return from.defaultAlias === to.defaultAlias
    ? changed
    : [...changed, { alias: 'default' as const, before: from.defaultAlias, after: to.defaultAlias }];
}
