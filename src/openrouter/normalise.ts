import { defined } from '../text/defined.ts';
import { clip, stripControls } from '../text/text.ts';
import type { CatalogModel, ModelScores } from './catalog-model.ts';
import { isGatewayName, parseModelId, whyMalformed } from './model-id.ts';
import { peakOf, perMillion, sessionPrice } from './price.ts';
import type { ModelPrice } from './charge.ts';
import { readPrice } from './read-price.ts';
import type { ModelRow } from './schemas.ts';

/**
 * Converts a row of GET /models to the form that orcc keeps. Handles misleading
 * fields: prices of "-1" (routers), an expiry in 2098 (none), caps of null, a
 * top provider whose window is smaller than the model's.
 *
 * @returns undefined for a row with a malformed id, so that no such id ever reaches a shell
 */
export function normaliseModel(row: ModelRow): CatalogModel | undefined {
  const isGateways = isGatewayName(row.id);
  if (!isGateways && whyMalformed(row.id) !== undefined) return undefined;
  const variant = isGateways ? undefined : parseModelId(row.id).variant;
  const inputPrice = perMillion(row.pricing.prompt);
  const outputPrice = perMillion(row.pricing.completion);
  const steps = row.pricing.overrides ?? [];
  const { input_modalities: inputs, output_modalities: outputs } = row.architecture;
  // Other gateways' lists, recognised by ids without an author, don't say what their models support.
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
    ...defined({
      cacheRead: perMillion(row.pricing.input_cache_read) ?? undefined,
      cacheWrite: perMillion(row.pricing.input_cache_write) ?? undefined,
      price: priceBeyond(row),
      session: sessionPrice(inputPrice, outputPrice, steps),
      peakInput: peakOf(inputPrice, steps, 'prompt'),
      peakOutput: peakOf(outputPrice, steps, 'completion'),
    }),
    tools: parameters?.includes('tools') ?? true,
    ...(parameters === null ? { toolsUntold: true as const } : {}),
    toolChoice: parameters?.includes('tool_choice') ?? true,
    reasoning: parameters?.includes('reasoning') ?? false,
    textIn: inputs?.includes('text') ?? true,
    textOut: outputs?.includes('text') ?? true,
    ...(!isGateways && inputs !== null && inputs.length > 0 && !inputs.includes('image') ? { textOnly: true as const } : {}),
    batch: variant === 'batch',
    free: variant === 'free' || (inputPrice === 0 && outputPrice === 0),
    ...defined({
      expires: readExpiry(row.expiration_date),
      aliasTarget: row.alias_target === null ? undefined : stripControls(row.alias_target.slug),
      scores: readScores(row),
      variant,
      canonicalSlug: slugOf(row),
    }),
  };
}

/** The complete price if it has more parts than the four prices of a row; undefined otherwise. */
function priceBeyond({ pricing }: ModelRow): ModelPrice | undefined {
  const price = readPrice(pricing);
  const isPlain = [price?.steps, price?.cacheWrite1h, price?.webSearch, price?.request].every((each) => each === undefined);
  return isPlain ? undefined : price;
}

/** The canonical slug; undefined if it equals the id without its variant, or is not a valid id itself. */
function slugOf({ id, canonical_slug: slug }: ModelRow): string | undefined {
  return slug === null || slug === id.replace(/:[^:]*$/, '') || whyMalformed(slug) !== undefined ? undefined : slug;
}

/** Whether a price is not stated. Not so for the "-1" of routers, whose price depends on the model that they choose. */
const isUntold = (price: string | number | undefined): boolean => perMillion(price) === null && !(Number(price) < 0);

/** A whole number of tokens; null if less than one. */
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
  const { coding_index: coding, agentic_index: agentic, intelligence_index: intelligence } = scores;
  const all = defined({ coding: coding ?? undefined, agentic: agentic ?? undefined, intelligence: intelligence ?? undefined });
  return Object.keys(all).length === 0 ? undefined : all;
}
