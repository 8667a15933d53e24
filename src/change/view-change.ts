import type { Outcome } from '../core/outcome.ts';
import type { Style } from '../text/style.ts';
import { shortPath } from '../text/text.ts';
import { visibleEdits } from './visible-edits.ts';
import type { Planned } from './types.ts';
import { shownDecision, type Changed } from './change.ts';

/**
 * The outcome of a command that changes files: what all such commands show, with this one's own `data`. `said`: its remark on a change
 * that was made or turned out to be none; `shown`: what comes below the preview.
 */
export function viewChange<D>(
  done: Pick<Changed<D>, 'kind' | 'dryRun' | 'decision' | 'preview'>,
  data: Readonly<Record<string, unknown>>,
  said: (style: Style) => string,
  shown?: (style: Style) => string,
): Outcome & { readonly data: Readonly<Record<string, unknown>> } {
  const { kind } = done;
  return {
    exit: kind === 'declined' ? 'declined' : 'ok',
    data: { kind, ...data, ...shownDecision(done) },
    findings: [],
    text: (style) => [done.preview(style), shown?.(style) ?? ''].filter((part) => part !== '').join('\n\n'),
    isLong: kind === 'dry-run',
    remarks: (style) =>
      kind === 'declined' ? 'Nothing was written' : kind === 'dry-run' ? 'Nothing was written (--dry-run)' : said(style),
  };
}

/** One line with the files that were written, and one with those that were deleted; no line if there are none. */
export function describeWritten(planned: Pick<Planned, 'plan'>, home: string): readonly string[] {
  const line = (title: string, isGone: boolean): string[] => {
    const paths = visibleEdits(planned).flatMap(({ path, after }) => ((after === null) === isGone ? [shortPath(path, home)] : []));
    return paths.length === 0 ? [] : [`${title} ${paths.join(', ')}`];
  };
  return [...line('Wrote', false), ...line('Deleted', true)];
}
