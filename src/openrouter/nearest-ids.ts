import { editDistance } from '../text/nearest.ts';

/**
 * Ids that may be meant by a mistyped one, best first: a missing author, dots
 * for dashes, a wrong variant, a few wrong letters. Ids too far off are left out.
 *
 * @param wanted what was typed, of any length
 * @param ids all known ids; 10 000 take a few milliseconds
 * @param count the most ids to return
 */
export function nearestIds(wanted: string, ids: readonly string[], count: number): string[] {
  const target = normalise(wanted).slice(0, 100);
  if (target === '') return [];
  const targetSlug = slugOf(target);
  const scored: { id: string; score: number }[] = [];
  for (const id of ids) {
    const candidate = normalise(id);
    const score = scoreOf(target, targetSlug, candidate);
    if (score !== undefined) scored.push({ id, score });
  }
  scored.sort((a, b) => a.score - b.score || a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  return scored.slice(0, count).map((each) => each.id);
}

/** A lower score is nearer; undefined if too far off. */
function scoreOf(target: string, targetSlug: string, candidate: string): number | undefined {
  if (candidate === target) return 0;
  const slug = slugOf(candidate);
  const sameAuthor = candidate.startsWith(target.slice(0, target.indexOf('/') + 1)) && target.includes('/');
  const base = sameAuthor ? 0 : 1;
  if (slug === targetSlug) return base + 0.1;
  if (targetSlug.length >= 3 && slug.startsWith(targetSlug)) return base + 1 + (slug.length - targetSlug.length) / 20;
  const limit = Math.max(2, Math.floor(targetSlug.length / 3));
  const distance = editDistance(targetSlug, slug, limit);
  return distance > limit ? undefined : base + 1 + distance;
}

/** Lower case, dots and underscores as dashes, no `~`: makes `claude-opus-4.5` and `Claude-Opus-4-5` equal. */
function normalise(id: string): string {
  return id.trim().toLowerCase().replace(/^~/, '').replace(/[._]/g, '-');
}

function slugOf(id: string): string {
  return id.slice(id.indexOf('/') + 1).split(':')[0] ?? '';
}
