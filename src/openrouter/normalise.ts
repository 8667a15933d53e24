import { clip, stripControls } from '../text/text.ts';
import type { CatalogModel, ModelScores } from './catalog-model.ts';
import { isGatewayName, parseModelId, whyMalformed } from './model-id.ts';
import { peakOf, perMillion, sessionPrice } from './price.ts';
import { readPrice } from './read-price.ts';
import type { ModelRow } from './schemas.ts';

/**
 * A row of GET /models as orcc keeps it. Reads the fields that mislead:
 * prices of "-1" (routers), an expiry in 2098 (none), caps of null, a top
 * provider whose window is smaller than the model's.
 *
 * @returns undefined for a row whose id is none, so that no such id ever reaches a shell
 */
export function normaliseModel(row: ModelRow): CatalogModel | undefined {
  const isGateways = isGatewayName(row.id);
  if (!isGateways && whyMalformed(row.id) !== undefined) return undefined;
  const variant = isGateways ? undefined : parseModelId(row.id).variant;
  const inputPrice = perMillion(row.pricing.prompt);
  const outputPrice = perMillion(row.pricing.completion);
  const cacheRead = perMillion(row.pricing.input_cache_read);
  const cacheWrite = perMillion(row.pricing.input_cache_write);
  const steps = row.pricing.overrides ?? [];
  const session = sessionPrice(inputPrice, outputPrice, steps);
  const peakInput = peakOf(
    inputPrice,
    steps.map((step) => step.prompt),
  );
  const peakOutput = peakOf(
    outputPrice,
    steps.map((step) => step.completion),
  );
  const slug = slugOf(row);
  const expires = readExpiry(row.expiration_date);
  const scores = readScores(row);
  const { input_modalities: inputs, output_modalities: outputs } = row.architecture;
  // A gateway's list, whose ids have no author, tells nothing of what its models take.
  const parameters = isGateways && row.supported_parameters?.length === 0 ? null : row.supported_parameters;
  return {
    id: row.id,
    name: clip(stripControls(row.name ?? row.id), 120),
    created: row.created ?? 0,
    context: smaller(whole(row.context_length), whole(row.top_provider.context_length)),
    maxOutput: whole(row.top_provider.max_completion_tokens),
    inputPrice,
    outputPrice,
    ...(isUntold(row.pricing.prompt) || isUntold(row.pricing.completion) ? { priceUntold: true as const } : {}),
    ...(cacheRead === null ? {} : { cacheRead }),
    ...(cacheWrite === null ? {} : { cacheWrite }),
    ...priceBeyond(row),
    ...(session === undefined ? {} : { session }),
    ...(peakInput === undefined ? {} : { peakInput }),
    ...(peakOutput === undefined ? {} : { peakOutput }),
    tools: parameters?.includes('tools') ?? true,
    ...(parameters === null ? { toolsUntold: true as const } : {}),
    toolChoice: parameters?.includes('tool_choice') ?? true,
    reasoning: parameters?.includes('reasoning') ?? false,
    textIn: inputs?.includes('text') ?? true,
    textOut: outputs?.includes('text') ?? true,
    ...(!isGateways && inputs !== null && inputs.length > 0 && !inputs.includes('image') ? { textOnly: true as const } : {}),
    batch: variant === 'batch',
    free: variant === 'free' || (inputPrice === 0 && outputPrice === 0),
    ...(expires === undefined ? {} : { expires }),
    ...(row.alias_target === null ? {} : { aliasTarget: stripControls(row.alias_target.slug) }),
    ...(scores === undefined ? {} : { scores }),
    ...(variant === undefined ? {} : { variant }),
    ...(slug === undefined ? {} : { canonicalSlug: slug }),
  };
}

/** The whole price where the four prices of a row do not say all. */
function priceBeyond({ pricing }: ModelRow): Pick<CatalogModel, 'price'> {
  const price = readPrice(pricing);
  const isPlain = [price?.steps, price?.cacheWrite1h, price?.webSearch, price?.request].every((each) => each === undefined);
  return price === undefined || isPlain ? {} : { price };
}

/** The full name, where it says more than the id without its variant, and could be an id itself. */
function slugOf({ id, canonical_slug: slug }: ModelRow): string | undefined {
  return slug === null || slug === id.replace(/:[^:]*$/, '') || whyMalformed(slug) !== undefined ? undefined : slug;
}

/** Routers say "-1", since the model that they choose decides; anything else that is no price tells nothing. */
const isUntold = (price: string | number | undefined): boolean => perMillion(price) === null && !(Number(price) < 0);

/** Whole tokens; less than one is none. */
const whole = (value: number | null): number | null => (value !== null && value >= 1 ? Math.floor(value) : null);

function smaller(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}

/** OpenRouter marks "no end" with 2098-12-31 as well as with null. */
function readExpiry(date: string | null): string | undefined {
  const day = /^(\d{4})-\d{2}-\d{2}/.exec(date ?? '');
  return day === null || Number(day[1]) >= 2098 ? undefined : day[0];
}

function readScores(row: ModelRow): ModelScores | undefined {
  const scores = row.benchmarks?.artificial_analysis;
  if (scores === null || scores === undefined) return undefined;
  const all: ModelScores = {
    ...(scores.coding_index === null ? {} : { coding: scores.coding_index }),
    ...(scores.agentic_index === null ? {} : { agentic: scores.agentic_index }),
    ...(scores.intelligence_index === null ? {} : { intelligence: scores.intelligence_index }),
  };
  return Object.keys(all).length === 0 ? undefined : all;
}
