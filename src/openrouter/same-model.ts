import { stripDynamicVariant } from './model-id.ts';

/** A day at the end of a name: `-20251222`, `-2025-12-22`, `-07-25`, `-2507`. */
const DATE = /-(?:\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2}|\d{4})$/;
/** What the full name of a model may hold beside its short one: sizes, the kind of training. */
const DETAIL = /^(?:\d+b|a\d+b|\d+e|instruct|it|v\d+)$/;

/**
 * Whether the `model` of an answer is the model that was asked for: OpenRouter answers with the dated full name
 * (`z-ai/glm-4.7-20251222`, `anthropic/claude-4.5-opus-20251124`; 268 of 422 rows of August 2026 differ from
 * the id). Where the id leaves the choice to OpenRouter or to the account (a router, a preset), every answer is the right one.
 *
 * @param target the id that a `~author/…` alias stands for, where it is known
 */
export function isSameModel(asked: string, answered: string, target?: string): boolean {
  const id = asked.trim().toLowerCase();
  const got = answered.trim().toLowerCase();
  if (got === id || id.startsWith('@') || /^~?openrouter\//.test(id)) return true;
  if (id.startsWith('~')) {
    if (target !== undefined) return isSameModel(target, got);
    return authorOf(got) === undefined || authorOf(got) === authorOf(id.slice(1));
  }
  const base = baseOf(id);
  const served = baseOf(got);
  const author = authorOf(served);
  if (author !== undefined && author !== authorOf(base)) return false;
  const wanted = wordsOf(base);
  const words = wordsOf(served);
  return wanted.every((word) => words.includes(word)) && words.every((word) => wanted.includes(word) || DETAIL.test(word));
}

/** Without variant and without a preset behind it. */
function baseOf(id: string): string {
  return stripDynamicVariant(id.split('@')[0] ?? id).replace(/:[\w.-]+$/, '');
}

function authorOf(id: string): string | undefined {
  return id.includes('/') ? id.slice(0, id.indexOf('/')) : undefined;
}

/** Claude's names stand in another order in the full name, and `3-5` may be `3.5`. */
function wordsOf(id: string): readonly string[] {
  const slug = id.slice(id.indexOf('/') + 1);
  const dated = slug.replace(DATE, '');
  return (dated === '' ? slug : dated).split(/[-._]/);
}
