import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './catalog-model.ts';
import { baseModelId } from './model-id.ts';

/** A date at the end of a name: `-20251222`, `-2025-12-22`, `-07-25`, `-2507`. */
const DATE = /-(?:\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2}|\d{4})$/;
/** Words that a model's full name may have in addition to its short one: sizes, the kind of training. */
const DETAIL = /^(?:\d+b|a\d+b|\d+e|instruct|it|v\d+)$/;

/**
 * Whether the `model` of an answer is the requested model: OpenRouter answers with the dated full name
 * (`z-ai/glm-4.7-20251222`, `anthropic/claude-4.5-opus-20251124`; in August 2026 it differed from the id in 268 of 422
 * rows). If the id leaves the choice to OpenRouter or to the account (a router, a preset), any answer is right.
 *
 * @param catalog for full names and the targets of `~author/…` aliases; without it, or for a model that it does not
 * contain, the words of the two names are compared
 */
export function isSameModel(asked: string, answered: string, catalog?: Pick<Catalog, 'find'>): boolean {
  const id = asked.trim().toLowerCase();
  const got = answered.trim().toLowerCase();
  if (got === id || id.startsWith('@') || /^~?openrouter\//.test(id)) return true;
  const row = catalog?.find(id);
  if (id.startsWith('~')) {
    if (row?.aliasTarget !== undefined) return isSameModel(row.aliasTarget, got, catalog);
    return authorOf(got) === undefined || authorOf(got) === authorOf(id.slice(1));
  }
  const other = catalog?.find(got);
  if (row !== undefined && (other !== undefined || got === fullName(row))) return other === undefined || fullName(other) === fullName(row);
  const base = baseOf(id);
  const served = baseOf(got);
  const author = authorOf(served);
  if (author !== undefined && author !== authorOf(base)) return false;
  const words = [...wordsOf(served)];
  for (const word of wordsOf(base)) {
    const at = words.indexOf(word);
    if (at < 0) return false;
    words.splice(at, 1);
  }
  return words.every((word) => DETAIL.test(word));
}

/** The full name in lower case; for a row without one, the id without its variant. */
function fullName({ id, canonicalSlug }: CatalogModel): string {
  return (canonicalSlug ?? id.replace(/:[^:]*$/, '')).toLowerCase();
}

/** The id without variant and preset. */
function baseOf(id: string): string {
  return baseModelId(id).replace(/:[\w.-]+$/, '');
}

function authorOf(id: string): string | undefined {
  return id.includes('/') ? id.slice(0, id.indexOf('/')) : undefined;
}

/** The words of a name without its date, to compare in any order: Claude's full names have another one, and `3-5` may be `3.5`. */
function wordsOf(id: string): readonly string[] {
  const slug = id.slice(id.indexOf('/') + 1);
  const dated = slug.replace(DATE, '');
  return (dated === '' ? slug : dated).split(/[-._]/);
}
