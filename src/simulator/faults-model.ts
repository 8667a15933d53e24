import { type ApiFault, failedStep, ONE_ENDPOINT, RETURNED, unavailable } from './fault.ts';
import type { Json } from './json.ts';

const ROUTING_DOCS = 'https://openrouter.ai/docs/guides/routing/provider-selection';

/** The member `availability` if one constraint leaves no endpoint. */
const filtered = (field: string, detail: string) => (): Json => ({
  code: 'constraint_filtered',
  retryable: false,
  excluded_by: [field],
  constraint: { field, detail },
});

/** Models that do not exist, and routing that leaves no endpoint. Texts as in `faults-account.ts`. */
export const MODEL_FAULTS: readonly ApiFault[] = [
  {
    id: 'model-unknown',
    status: 400,
    message: (facts) => `${facts.model} is not a valid model ID`,
    availability: unavailable('model_not_found', { docs_url: 'https://openrouter.ai/docs/errors#model_not_found' }),
  },
  { id: 'model-no-endpoints', status: 404, message: (facts) => `No endpoints found for ${facts.model}.`, routed: true },
  {
    id: 'model-deprecated',
    status: 404,
    message: (facts) => `No endpoints found for ${facts.model}.`,
    routed: true,
    availability: unavailable('model_deprecated', { fallback_models: ['z-ai/glm-5.3'] }),
  },
  {
    id: 'free-variant-ended',
    status: 404,
    routed: true,
    message: (facts) =>
      `This model is unavailable for free. The paid version is available now - use this slug instead: ${facts.model.replace(/:free$/, '')}`,
  },
  {
    id: 'no-tool-support',
    status: 404,
    routed: true,
    metadata: failedStep('Filter by Tool Compatibility'),
    message: (facts) =>
      `No endpoints found that support tool use. Try disabling "${facts.tool}". To learn more about provider routing, visit: ${ROUTING_DOCS}`,
  },
  // The same with the broadest of all availability codes.
  {
    id: 'no-tool-support-available',
    status: 404,
    message: (facts) => `No endpoints found that support tool use. Try disabling "${facts.tool}".`,
    availability: unavailable('no_endpoints'),
  },
  { id: 'no-cache-control-support', status: 404, routed: true, message: 'No endpoints found that support cache control' },
  {
    id: 'context-filtered',
    status: 404,
    message: 'No endpoints found that support the requested context length.',
    availability: filtered('context_length', 'prompt of 300000 tokens'),
  },
  {
    id: 'max-price',
    status: 404,
    message: 'No endpoints found under your max price.',
    availability: filtered('max_price', '$1'),
  },
  {
    id: 'model-gone-upstream',
    status: 404,
    routed: true,
    message: 'Every provider of this model answered 404.',
    availability: () => ({ code: 'model_unavailable_upstream', retryable: false, fallback_models: ['z-ai/glm-5.3'] }),
  },
  {
    id: 'free-period-ended',
    status: 404,
    routed: true,
    message: 'The free Devstral 2 period has ended. To continue using this model, please migrate to the paid slug: mistralai/devstral-2512',
  },
  { id: 'preset-unknown', status: 404, message: (facts) => presetMessage(/@preset\/(.*)$/.exec(facts.model)?.[1] ?? 'nope') },
  {
    id: 'guardrail-provider',
    status: 404,
    message:
      '0 endpoints out of 5 requested are available matching your guardrail restrictions and data policy. We removed them for the following reasons (an endpoint may have matched multiple reasons): Provider not allowed by guardrail: 5 endpoints excluded; configurable at https://openrouter.ai/workspaces/default/guardrails',
  },
  {
    id: 'no-tool-choice-support',
    status: 404,
    routed: true,
    metadata: failedStep('Filter by Tool Compatibility'),
    message: `No endpoints found that support the provided 'tool_choice' value. To learn more about provider routing, visit: ${ROUTING_DOCS}`,
  },
  {
    id: 'parameters-unsupported',
    status: 404,
    routed: true,
    metadata: failedStep('Filter by Parameters'),
    message: `No endpoints found that can handle the requested parameters. To learn more about provider routing, visit: ${ROUTING_DOCS}`,
  },
  {
    id: 'data-policy',
    status: 404,
    routed: true,
    metadata: failedStep('Filter by Data Policy', ONE_ENDPOINT),
    message: 'No endpoints found matching your data policy (Free model training). Configure: https://openrouter.ai/settings/privacy',
  },
  {
    id: 'guardrail-restrictions',
    status: 404,
    routed: true,
    message:
      'No endpoints available matching your guardrail restrictions and data policy. Configure: https://openrouter.ai/settings/privacy',
    metadata: failedStep('Filter by Guardrails', {
      ineligibility_reasons: [{ reason: 'guardrail', count: 1, configure_url: 'https://openrouter.ai/settings/privacy' }],
    }),
  },
  {
    id: 'provider-allowlist',
    status: 404,
    message: 'No allowed providers are available for the selected model.',
    routed: true,
    metadata: failedStep('Filter by Allowed Providers', { requested_providers: ['x'], available_providers: ['deepinfra', 'novita'] }),
  },
  {
    id: 'harness-gate',
    status: 403,
    metadata: failedStep('Gate Free Endpoints by Agentic Harness', ONE_ENDPOINT),
    message: (facts) =>
      `${facts.model} is only available on agentic harnesses. Try plugging it into a coding agent or productivity app listed on https://openrouter.ai/apps`,
  },
  {
    id: 'context-exceeded',
    status: 400,
    message: (facts) => contextMessage(131072, 106956, facts.maxTokens),
    envelope: ['invalid_request_error', 'context_length_exceeded'],
  },
  {
    id: 'max-tokens-over-provider-cap',
    status: 400,
    ...RETURNED,
    metadata: (facts) => overCapMetadata(facts.maxTokens, Math.max(1024, Math.floor(facts.maxTokens / 2))),
  },
];

/** OpenRouter's words for a preset that the account does not have. */
export function presetMessage(slug: string): string {
  return `Preset not found: ${slug}`;
}

/** OpenRouter's words for a request that does not fit the window. Tokens. */
export function contextMessage(window: number, input: number, output: number): string {
  return `This endpoint's maximum context length is ${String(window)} tokens. However, you requested about ${String(input + output)} tokens (${String(input)} of text input, ${String(output)} in the output). Please reduce the length of either one, or use the "middle-out" transform to compress your prompt automatically.`;
}

/** The metadata that goes with a refused max_tokens. */
export function overCapMetadata(maxTokens: number, cap: number): Json {
  const message = `max_tokens (current value: ${String(maxTokens)}) must be between 0 and ${String(cap)} `;
  return { raw: JSON.stringify({ code: 400, reason: 'INVALID_REQUEST_BODY', message, metadata: {} }), provider_name: 'Novita' };
}
