import { ALIASES, resolveAliases, type AliasId, type Mapping } from '../claude/aliases.ts';
import type { Label } from '../claude/variables.ts';
import type { PinRow } from '../config/extras.ts';
import { mappingOf, type Config } from '../config/config.ts';
import { sameMapping } from '../config/mapping-input.ts';
import type { CatalogModel } from '../openrouter/catalog-model.ts';
import { rateOf } from '../openrouter/price.ts';
import type { ModelFacts } from '../openrouter/model-facts.ts';
import { formatTokens, formatUsd } from '../text/format.ts';

/** Characters of a name in Claude Code's picker, which cuts longer ones itself. */
const LONGEST = 60;
/** Node's Intl has them, but loading it takes a third of the time that Node takes to start. */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The rows of Claude Code's own picker. Written when the mapping changes and kept as they are until then: a new price or a
 * new month alone is no reason to touch anyone's files. Pure.
 */
export function chooseLabels(recorded: Config | undefined, mapping: Mapping, facts: readonly ModelFacts[]): readonly Label[] {
  if (recorded?.labels !== undefined && sameMapping(mappingOf(recorded), mapping)) return recorded.labels;
  const selectable = new Set<AliasId>(ALIASES.filter((alias) => alias.selectable).map(({ id }) => id));
  return resolveAliases(mapping.models)
    .filter(({ alias }) => selectable.has(alias))
    .map(({ alias, model }) =>
      labelOf(
        alias,
        model,
        facts.find(({ id }) => id === model),
      ),
    );
}

function labelOf(alias: AliasId, model: string, facts: ModelFacts | undefined): Label {
  const window = facts?.window ?? null;
  const price = facts?.row === undefined || facts.asOf === undefined ? undefined : priceOf(facts.row, facts.asOf);
  return {
    alias,
    name: nameOf(facts?.row?.name, model),
    description: window === null ? alias : `${alias}, ${formatTokens(window)}`,
    ...(price === undefined ? {} : { price }),
  };
}

/** The row of a pinned model: `GLM 4.7`, `203K, $0.60 in, $2.20 out per M (Nov 2026)`. Pure. */
export function labelPin(model: string, row: CatalogModel | undefined, asOf: number): PinRow {
  const price = row === undefined ? undefined : priceOf(row, asOf);
  const window = row?.context ?? null;
  const parts = [...(window === null ? [] : [formatTokens(window)]), ...(price === undefined ? [] : [price])];
  return { model, name: nameOf(row?.name, model), description: parts.join(', ') || 'pinned by orcc' };
}

/** `GLM 4.7` of `Z.ai: GLM 4.7`. Names come from the network and end up in shell profiles: only letters, digits and harmless signs. */
function nameOf(name: string | undefined, model: string): string {
  const plain = (text: string): string =>
    text
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9 ._+:()/,@~-]+/g, ' ')
      .replace(/ {2,}/g, ' ')
      .trim()
      .slice(0, LONGEST)
      .trim();
  const short = plain((name ?? '').replace(/^[^:]{1,40}: +/, ''));
  return short === '' ? plain(model.slice(model.lastIndexOf('/') + 1)) || 'model' : short;
}

/** `$0.60 in, $2.20 out per M (Nov 2026)`, for the price tier that sessions reach; `from` if longer prompts or some hours cost more. */
function priceOf(row: CatalogModel, asOf: number): string | undefined {
  const at = new Date(asOf);
  const date = `${MONTHS[at.getUTCMonth()] ?? ''} ${at.getUTCFullYear()}`;
  const { input, output } = rateOf(row);
  if (input === null || output === null) return undefined;
  if (input === 0 && output === 0) return `free (${date})`;
  const say = (price: number, peak: number | undefined): string =>
    `${peak === undefined || peak <= price ? '' : 'from '}${formatUsd(price)}`;
  return `${say(input, row.peakInput)} in, ${say(output, row.peakOutput)} out per M (${date})`;
}
