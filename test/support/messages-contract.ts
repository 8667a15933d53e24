import { ApiErrorType, GenerationResponse$inboundSchema, OpenRouterMetadata$inboundSchema, ProviderName } from '@openrouter/sdk/models';
import * as z from 'zod/mini';

/** What a description of the API says of a value: where it breaks it, undefined where it fits. */
export interface Contract {
  readonly message: (value: unknown) => string | undefined;
  readonly event: (value: unknown) => string | undefined;
  readonly refusal: (value: unknown) => string | undefined;
  readonly generation: (value: unknown) => string | undefined;
}

// POST /messages by Anthropic's and OpenRouter's documentation: OpenRouter's client (@openrouter/sdk) has no types for its answers, only for
// what stands in them. Every member that is always there is asked for, null or not, and no other is allowed.
const count = z.int().check(z.nonnegative());
const orNull = z.nullable;
const usd = z.number().check(z.nonnegative());
const providers: readonly string[] = Object.values(ProviderName);
const errorTypes: readonly string[] = Object.values(ApiErrorType);
const oneOf = (words: readonly string[], what: string) =>
  z.string().check(z.refine((word) => words.includes(word), `no ${what} of the client`));

const tokens = {
  input_tokens: count,
  output_tokens: count,
  output_tokens_details: orNull(z.strictObject({ thinking_tokens: count })),
  cache_creation: orNull(z.strictObject({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count })),
  cache_creation_input_tokens: orNull(count),
  cache_read_input_tokens: orNull(count),
  server_tool_use: orNull(z.strictObject({ web_search_requests: count, web_fetch_requests: count })),
};
const place = { inference_geo: orNull(z.string()), service_tier: orNull(z.enum(['standard', 'priority', 'batch'])) };
const cost = {
  cost: orNull(usd),
  cost_details: orNull(
    z.strictObject({
      upstream_inference_cost: orNull(usd),
      upstream_inference_prompt_cost: usd,
      upstream_inference_completions_cost: usd,
    }),
  ),
  is_byok: z.boolean(),
};
const ending = {
  stop_reason: orNull(z.enum(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'refusal'])),
  stop_details: orNull(z.strictObject({ type: z.literal('refusal'), category: orNull(z.string()), explanation: orNull(z.string()) })),
  stop_sequence: orNull(z.string()),
  container: orNull(z.strictObject({ id: z.string(), expires_at: z.string() })),
};

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string(), citations: orNull(z.array(z.looseObject({ type: z.string() }))) }),
  z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.strictObject({
    type: z.literal('tool_use'),
    id: z.string().check(z.minLength(1)),
    name: z.string().check(z.minLength(1)),
    input: z.record(z.string(), z.unknown()),
    caller: z.strictObject({ type: z.literal('direct') }),
  }),
]);
const head = {
  id: z.string().check(z.minLength(1)),
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: z.string().check(z.minLength(1)),
  provider: oneOf(providers, 'provider'),
  content: z.array(block),
  ...ending,
};
// The client's own schema hands on what it read under other names: here only whether it can.
const metadata = z.optional(z.unknown().check(z.refine((value) => OpenRouterMetadata$inboundSchema.safeParse(value).success)));

const message = z.strictObject({ ...head, usage: z.strictObject({ ...tokens, ...place, ...cost }), openrouter_metadata: metadata });

const error = z.strictObject({
  type: z.enum([
    'invalid_request_error',
    'authentication_error',
    'billing_error',
    'permission_error',
    'not_found_error',
    'rate_limit_error',
    'timeout_error',
    'api_error',
    'overloaded_error',
  ]),
  message: z.string().check(z.minLength(1)),
  error_type: oneOf(errorTypes, 'error type'),
  availability: z.optional(z.looseObject({ code: z.string() })),
});
const refusal = z.strictObject({
  type: z.literal('error'),
  error,
  request_id: orNull(z.string().check(z.startsWith('gen-'))),
  metadata: z.optional(z.record(z.string(), z.unknown())),
});

const index = count;
const event = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message_start'),
    message: z.strictObject({ ...head, usage: z.strictObject({ ...tokens, ...place }) }),
  }),
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({ type: z.literal('content_block_start'), index, content_block: block }),
  z.strictObject({
    type: z.literal('content_block_delta'),
    index,
    delta: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text_delta'), text: z.string() }),
      z.strictObject({ type: z.literal('thinking_delta'), thinking: z.string() }),
      z.strictObject({ type: z.literal('signature_delta'), signature: z.string() }),
      z.strictObject({ type: z.literal('input_json_delta'), partial_json: z.string() }),
    ]),
  }),
  z.strictObject({ type: z.literal('content_block_stop'), index }),
  z.strictObject({ type: z.literal('message_delta'), delta: z.strictObject(ending), usage: z.strictObject({ ...tokens, ...cost }) }),
  z.strictObject({ type: z.literal('message_stop'), openrouter_metadata: metadata }),
  z.strictObject({ type: z.literal('error'), error }),
]);
const sent = z.strictObject({ event: z.string(), data: event });

function breaks(schema: {
  safeParse(value: unknown): { error?: { message: string } | undefined };
}): (value: unknown) => string | undefined {
  return (value) => schema.safeParse(value).error?.message.slice(0, 400);
}

/** The project's own description, which every clone has. */
export const OWN_CONTRACT: Contract = {
  message: breaks(message),
  event: breaks(sent),
  refusal: breaks(refusal),
  generation: breaks(GenerationResponse$inboundSchema),
};
