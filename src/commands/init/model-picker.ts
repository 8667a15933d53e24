import { aliasOf, type AliasId } from '../../claude/aliases.ts';
import type { Choice, Context, Listed } from '../../core/context.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import type { CatalogModel } from '../../openrouter/catalog-model.ts';
import { describeModel, modelHeading } from '../../openrouter/describe.ts';
import { describeStep } from '../../openrouter/price.ts';
import { searchModels } from '../../openrouter/search.ts';
import { judgeModel } from '../../openrouter/suitability.ts';

/** Most rows in a list; to see others, type another word. */
const MOST_ROWS = 60;
const NONE = '';

/** The models shown first before anything is typed. */
interface Preselected {
  /** The present model. */
  readonly present: string | undefined;
  /** What orcc suggests if nothing is mapped. */
  readonly suggested?: string | undefined;
}

/** Asks for the model of one alias, in a list that is searched by typing. undefined to leave the alias out. */
export async function askModel(
  ctx: Pick<Context, 'ask' | 'clock' | 'stderr'>,
  alias: AliasId,
  marked: Preselected,
  catalog: Catalog,
): Promise<string | undefined> {
  const { purpose, unset } = aliasOf(alias);
  return askFromCatalog(ctx, `Model for ${alias}, ${purpose}:`, { ...marked, unset }, catalog);
}

/** Asks for any other model, such as a fallback, in the same list. undefined for the row `unset`. */
export async function askFromCatalog(
  ctx: Pick<Context, 'ask' | 'clock' | 'stderr'>,
  question: string,
  marked: Preselected & { readonly unset?: string | undefined },
  catalog: Catalog,
): Promise<string | undefined> {
  const list = (term: string): readonly Listed<string>[] => listModels(ctx, term.trim(), marked, catalog);
  const answer = await ctx.ask.search<string>(question, list);
  return answer === NONE ? undefined : answer;
}

function listModels(
  { clock, stderr: { columns } }: Pick<Context, 'clock' | 'stderr'>,
  term: string,
  { present, suggested, unset }: Preselected & { readonly unset?: string | undefined },
  catalog: Catalog,
): readonly Listed<string>[] {
  const { found: matching, isLoose } = searchModels(catalog.models, term);
  const found = matching.filter((model) => !model.batch);
  const first = term === '' ? catalog.find(present ?? suggested ?? '') : undefined;
  const all = first === undefined ? found : [first, ...found.filter(({ id }) => id !== first.id)];
  const mark = (model: CatalogModel): string =>
    model.id === present ? ' (now)' : present === undefined && model.id === suggested ? ' (recommended)' : '';
  const rows = all.slice(0, MOST_ROWS).map((model) => describeRow(model, mark(model), clock.now(), columns));
  const none: readonly Choice<string>[] =
    unset === undefined || term !== '' ? [] : [{ value: NONE, name: unset, short: unset.replace(/ \(.*/, '') }];
  const isNoneFirst = present === undefined;
  return [
    ...(rows.length === 0 ? [] : [{ heading: modelHeading(columns) }]),
    ...(isNoneFirst ? none : []),
    ...rows.slice(0, 1),
    ...(isNoneFirst ? [] : none),
    ...rows.slice(1),
    { heading: describeFound(all.length, catalog.models.filter((model) => !model.batch).length, isLoose) },
  ];
}

function describeFound(found: number, all: number, isLoose: boolean): string {
  return `${found} of ${all} models${isLoose ? ' by their letters' : ''}; type a name, free, tools, 200K, >=200K, <1`;
}

/** One row; a model that Claude Code can't work with is disabled, with the reason. */
function describeRow(model: CatalogModel, mark: string, now: number, columns: number): Choice<string> {
  const verdict = judgeModel(model, now);
  const { text, beside } = describeModel(model, columns, mark);
  const notes = [...beside, ...verdict.problems.map((problem) => problem.reason), describeStep(model)];
  const why = notes.filter((note) => note !== undefined).join('; ');
  const row = { value: model.id, name: text, short: model.id };
  if (!verdict.suitable) return { ...row, disabled: `(${why})` };
  return why === '' ? row : { ...row, description: why };
}
