import type { Edit } from '../apply/types.ts';
import { shortPath } from '../text/text.ts';
import { countLines } from './diff.ts';
import type { Planned } from './types.ts';

/** Whether a user sees an edit: config and state by themselves are bookkeeping, not a change worth a question. */
export function isVisible({ owner }: Pick<Edit, 'owner'>): boolean {
  return owner !== 'config' && owner !== 'state';
}

/** The edits that a user sees. */
export function visibleEdits({ plan }: Pick<Planned, 'plan'>): readonly Edit[] {
  return plan.edits.filter(isVisible);
}

/** The paths of those edits, shortened for people. */
export function visibleFiles(planned: Pick<Planned, 'plan'>, home: string): readonly string[] {
  return visibleEdits(planned).map((edit) => shortPath(edit.path, home));
}

/** `~/.claude/settings.json (+28 lines), ~/.bashrc (+21 -2 lines)`; empty if there is no such edit. */
export function describeFiles(planned: Pick<Planned, 'plan'>, home: string): string {
  const each = visibleEdits(planned).map((edit) => {
    const { added, removed } = countLines(edit);
    const counts = [...(added === 0 ? [] : [`+${added}`]), ...(removed === 0 ? [] : [`-${removed}`])].join(' ');
    const lines = counts === '' ? 'its mode' : `${counts} line${added + removed === 1 ? '' : 's'}`;
    return `${shortPath(edit.path, home)} (${edit.after === null ? 'deleted' : edit.owner === 'key' ? 'readable only by you' : lines})`;
  });
  return each.join(', ');
}
