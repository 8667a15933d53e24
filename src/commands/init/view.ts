import type { Changed } from '../../change/change.ts';
import { visibleFiles } from '../../change/visible-edits.ts';
import { viewChange } from '../../change/view-change.ts';
import { extrasOf } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { type Finding, renderFindings } from '../../core/finding.ts';
import type { Outcome } from '../../core/outcome.ts';
import { shorten } from '../../doctor/view.ts';
import { exitAfterTest } from '../../probe/test-aliases.ts';
import type { InitDecision } from './decide.ts';
import { renderNextSteps, type NextSteps } from './next-steps.ts';

type InitOutcome = Outcome & { readonly data: Readonly<Record<string, unknown>> };

/**
 * The outcome of a setup, without the test that may follow it. On a terminal the recap has already said if there was nothing to
 * do. `told`: what OpenRouter said about the key; undefined if it was not asked.
 */
export function viewInit(ctx: Pick<Context, 'home' | 'interactive'>, done: Changed<InitDecision>, told: string | undefined): InitOutcome {
  const { kind, decision } = done;
  const data = {
    files: visibleFiles(done.planned, ctx.home),
    targets: decision.targets,
    baseUrl: decision.baseUrl,
    keyStorage: decision.key.storage.kind,
    mapping: decision.mapping.models,
    defaultAlias: decision.mapping.defaultAlias,
    limits: decision.limits.variables,
    extras: extrasOf(decision.extras),
    key: told ?? null,
    test: null,
  };
  return viewChange(done, data, () =>
    kind === 'unchanged' && (!ctx.interactive || done.dryRun) ? 'Nothing to change: every file is already as it should be' : '',
  );
}

/**
 * The outcome with the test if there was one, with doctor's findings on what was written, and with the next steps if there are any.
 * The exit code is the test's, or 1 if doctor finds an error; the files stay.
 */
export function viewTested(
  { home }: Pick<Context, 'home'>,
  written: InitOutcome,
  tested: Outcome | undefined,
  checked: readonly Finding[],
  next?: NextSteps,
): Outcome {
  const exit = tested === undefined ? 'ok' : exitAfterTest(tested);
  const isWrong = checked.some(({ severity }) => severity === 'error');
  return {
    exit: exit === 'ok' && isWrong ? 'problems' : exit,
    data: { ...written.data, test: tested?.data ?? null },
    findings: [...(tested?.findings ?? []), ...checked],
    text: (style) =>
      joined([
        tested?.text(style) ?? '',
        renderFindings(
          checked.map((each) => shorten(each, home)),
          style,
        ),
      ]),
    remarks: (style) =>
      joined([written.remarks?.(style) ?? '', tested?.remarks?.(style) ?? '', next === undefined ? '' : renderNextSteps(next, style)]),
  };
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
