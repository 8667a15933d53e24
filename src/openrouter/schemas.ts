import * as z from 'zod/mini';

/**
 * Lenient schemas of OpenRouter's answers: these lack fields that the API
 * description calls required, and get new ones every month. Only the fields
 * that orcc uses are listed.
 */

const amount = z.catch(z.nullable(z.number()), null);
const flag = z.catch(z.boolean(), false);
const count = z.catch(z.nullable(z.number()), null);
/** A window or a cap; null if not stated, or not a plausible number. */
const tokens = z.catch(z.nullable(z.number().check(z.positive(), z.maximum(1e9))), null);
/** A list of words; null if not stated. */
const words = z.catch(z.nullable(z.array(z.string())), null);
const price = z.catch(z.optional(z.union([z.string(), z.number()])), undefined);
const text = z.catch(z.nullable(z.string()), null);

/** An object in which any member may be missing. Anything but an object counts as one without members. */
function lenient<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const schema = z.object(shape);
  return z.catch(schema, () => schema.parse({}));
}

const tokenPrices = {
  prompt: price,
  completion: price,
  input_cache_read: price,
  input_cache_write: price,
  input_cache_write_1h: price,
};
/** A price step; an invalid one has no prices and so changes nothing. */
const step = lenient({
  ...tokenPrices,
  min_prompt_tokens: count,
  utc_start: count,
  utc_end: count,
  utc_days: z.catch(z.optional(z.array(z.string())), undefined),
});

const pricing = lenient({
  ...tokenPrices,
  web_search: price,
  request: price,
  overrides: z.catch(z.optional(z.array(step)), undefined),
});
export type Pricing = z.infer<typeof pricing>;

/** A row of GET /models, and the answer of GET /model/{author}/{slug}. Only the id is required. */
export const modelRowSchema = z.object({
  id: z.string(),
  canonical_slug: text,
  name: text,
  created: count,
  context_length: tokens,
  architecture: lenient({ input_modalities: words, output_modalities: words }),
  pricing,
  top_provider: lenient({ context_length: tokens, max_completion_tokens: tokens }),
  supported_parameters: words,
  expiration_date: text,
  alias_target: z.catch(z.nullable(z.object({ slug: z.string() })), null),
  benchmarks: z.catch(
    z.nullable(
      z.object({
        artificial_analysis: z.catch(
          z.nullable(z.object({ intelligence_index: amount, coding_index: amount, agentic_index: amount })),
          null,
        ),
      }),
    ),
    null,
  ),
});
/** A price that differs for long prompts, at certain hours of the day, or both. */
export type PriceStep = z.infer<typeof step>;
export type ModelRow = z.infer<typeof modelRowSchema>;

/** Rows are checked one by one later, so that one invalid row does not invalidate the catalog. */
export const modelsSchema = z.object({ data: z.array(z.unknown()) });
export const modelSchema = z.object({ data: modelRowSchema });

export const endpointRowSchema = z.object({
  provider_name: text,
  tag: text,
  quantization: text,
  context_length: tokens,
  max_completion_tokens: tokens,
  status: count,
  supported_parameters: words,
  uptime_last_30m: amount,
  uptime_last_1d: amount,
  pricing,
});
export type EndpointRow = z.infer<typeof endpointRowSchema>;
export const endpointsSchema = z.object({ data: z.object({ id: z.string(), endpoints: z.array(endpointRowSchema) }) });

/** GET /endpoints/zdr and GET /providers. */
export const zdrSchema = z.object({ data: z.array(lenient({ model_id: text, provider_name: text, tag: text })) });
export const providersSchema = z.object({ data: z.array(lenient({ slug: text })) });

const freeQuota = z.object({ limit: z.number(), remaining: z.number(), used: z.number() });

/** GET /key in its shape of autumn 2026; older answers lack the last two members. Amounts in USD, null if not stated. */
export const keySchema = z.object({
  data: z.object({
    label: z.catch(z.string(), ''),
    creator_user_id: text,
    limit: amount,
    limit_remaining: amount,
    limit_reset: text,
    usage: amount,
    usage_daily: amount,
    usage_weekly: amount,
    usage_monthly: amount,
    byok_usage: z.catch(z.number(), 0),
    byok_usage_daily: z.catch(z.number(), 0),
    byok_usage_weekly: z.catch(z.number(), 0),
    byok_usage_monthly: z.catch(z.number(), 0),
    include_byok_in_limit: flag,
    is_free_tier: flag,
    is_management_key: flag,
    is_provisioning_key: flag,
    expires_at: text,
    free_model_daily_requests: z.catch(z.nullable(freeQuota), null),
  }),
});
export type KeyRow = z.infer<typeof keySchema>['data'];

/** GET /presets/{slug}: a preset of the account. It may leave the model to the request. */
const presetVersion = z.object({ config: lenient({ model: text }) });
export const presetSchema = z.object({ data: z.object({ status: text, designated_version: z.catch(z.nullable(presetVersion), null) }) });

/** GET /credits, in USD. */
export const creditsSchema = z.object({ data: z.object({ total_credits: z.number(), total_usage: z.number() }) });

/** GET /generation. */
export const generationSchema = z.object({
  data: z.object({
    id: z.string(),
    model: text,
    provider_name: text,
    total_cost: amount,
    /** The account's own key at the provider was used (BYOK): the provider charges `upstream_inference_cost`, on top of OpenRouter. */
    is_byok: flag,
    upstream_inference_cost: amount,
  }),
});
export type GenerationRow = z.infer<typeof generationSchema>['data'];
