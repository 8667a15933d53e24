import { shownDecision, visibleFiles, type Changed } from '../../change/change.ts';
import { KEYS_PAGE } from '../../config/revoke-link.ts';
import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';
import { shortPath } from '../../text/short-path.ts';
import type { Style } from '../../text/style.ts';
import { unsetLines } from '../switch/unset-lines.ts';
import type { RemoveDecision } from './decide.ts';

/** What became of a remove. `left`: files in orcc's folder that are not orcc's. */
export function viewRemove(ctx: Context, done: Changed<RemoveDecision>, left: readonly string[]): Outcome {
  const { problems } = done.planned;
  const isDeclined = done.kind === 'declined';
  return {
    exit: isDeclined ? 'cancelled' : problems.length > 0 ? 'refused' : 'ok',
    data: {
      kind: done.kind,
      files: visibleFiles(done.planned, ctx.home),
      left: left.map((path) => shortPath(path, ctx.home)),
      keysPage: KEYS_PAGE,
      problems: problems.map(({ path, code, message }) => ({ path: shortPath(path, ctx.home), code, message })),
      ...shownDecision(done),
    },
    findings: problems.map((problem) => ({
      code: problem.code,
      severity: 'error',
      subject: shortPath(problem.path, ctx.home),
      evidence: [],
      cause: problem.message,
      fix: problem.hint,
    })),
    text: () => '',
    remarks: (style) => remarks(ctx, done, left, style),
  };
}

function remarks(ctx: Context, { kind, decision, planned }: Changed<RemoveDecision>, left: readonly string[], style: Style): string {
  if (kind === 'declined') return 'Nothing was changed';
  if (kind === 'dry-run') return 'Nothing was changed (--dry-run)';
  const { problems } = planned;
  const { isFinal, keepKey, targets } = decision;
  const lines = problems.map((problem) => `${style.red('error:')} ${problem.message}\n${style.cyan('hint:')} ${problem.hint}`);
  const gone = isFinal
    ? `Everything of orcc${keepKey ? ' but the key' : ''} is gone`
    : targets.length === 0
      ? 'Nothing was left to take out'
      : `Taken out of ${targets.join(', ')}`;
  lines.push(problems.length > 0 ? 'The rest was taken out; run `orcc remove` again when this is mended' : `${style.green('✓')} ${gone}`);
  for (const path of left) lines.push(`${style.yellow('left:')} ${shortPath(path, ctx.home)} is not orcc's`);
  const unset = unsetLines(ctx);
  if (unset.length > 0)
    lines.push(`This terminal still has the variables; take them out with:\n${unset.map((line) => `  ${line}`).join('\n')}`);
  if (isFinal && !keepKey) lines.push(`The key still works at OpenRouter: revoke it at ${KEYS_PAGE}`);
  return lines.join('\n');
}
