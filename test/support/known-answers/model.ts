import { type Answer, returned, step, unavailable } from './answer.ts';

const MORE = 'To learn more about provider routing, visit: https://openrouter.ai/docs/guides/routing/provider-selection';
const PRIVACY = 'https://openrouter.ai/settings/privacy';
const ONE = { routing_funnel: [{ step: 'Initial Endpoints', endpoint_count: 2 }] };

/** One of the request's own conditions leaves no provider. */
const filtered = (field: string, detail: string): Pick<Answer, 'availability'> => ({
  availability: { code: 'constraint_filtered', retryable: false, excluded_by: [field], constraint: { field, detail } },
});

/** Models that are not there, or that no provider may serve. */
export const MODEL_ANSWERS: readonly Answer[] = [
  {
    fault: 'model-unknown',
    code: 'MODEL_UNKNOWN',
    status: 400,
    message: 'acme/one is not a valid model ID',
    ...unavailable('model_not_found', { docs_url: 'https://openrouter.ai/docs/errors#model_not_found' }),
    also: ['acme/none is not a valid model ID'],
  },
  { fault: 'model-empty', code: 'MODEL_UNKNOWN', status: 400, message: 'No models provided' },
  { fault: 'model-no-endpoints', code: 'MODEL_RETIRED', status: 404, message: 'No endpoints found for acme/one.', routed: true },
  {
    fault: 'model-deprecated',
    code: 'MODEL_RETIRED',
    status: 404,
    message: 'No endpoints found for acme/one.',
    routed: true,
    ...unavailable('model_deprecated', { fallback_models: ['acme/two'] }),
  },
  {
    fault: 'model-gone-upstream',
    code: 'MODEL_RETIRED',
    status: 404,
    message: 'Every provider of this model answered 404.',
    routed: true,
    availability: { code: 'model_unavailable_upstream', retryable: false, fallback_models: ['acme/two'] },
  },
  {
    fault: 'free-variant-ended',
    code: 'FREE_ENDED',
    status: 404,
    model: 'acme/one:free',
    message: 'This model is unavailable for free. The paid version is available now - use this slug instead: acme/one',
    routed: true,
  },
  {
    fault: 'free-period-ended',
    code: 'FREE_ENDED',
    status: 404,
    message: 'The free Devstral 2 period has ended. To continue using this model, please migrate to the paid slug: mistralai/devstral-2512',
    routed: true,
    also: ['The free Acme One period has ended. To continue using this model, please migrate to the paid slug: acme/one'],
  },
  { fault: 'preset-unknown', code: 'PRESET_MISSING', status: 404, model: '@preset/none', message: 'Preset not found: none' },
  { code: 'MODEL_NOT_CHAT', status: 400, message: 'acme/one draws pictures', ...unavailable('wrong_endpoint') },
  {
    fault: 'no-tool-support',
    code: 'NO_TOOLS',
    status: 404,
    message: `No endpoints found that support tool use. Try disabling "read_file". ${MORE}`,
    routed: true,
    ...step('Filter by Tool Compatibility'),
    also: [
      'No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing',
      ['PARAMETERS_UNSUPPORTED', 'No endpoints found that support cache control'],
      ['NO_IMAGES', 'No endpoints found that support image input'],
    ],
  },
  {
    fault: 'no-tool-support-available',
    code: 'NO_TOOLS',
    status: 404,
    message: 'No endpoints found that support tool use. Try disabling "read_file".',
    ...unavailable('no_endpoints'),
  },
  {
    fault: 'no-tool-choice-support',
    code: 'NO_TOOLS',
    status: 404,
    message: `No endpoints found that support the provided 'tool_choice' value. ${MORE}`,
    routed: true,
    ...step('Filter by Tool Compatibility'),
  },
  {
    fault: 'parameters-unsupported',
    code: 'PARAMETERS_UNSUPPORTED',
    status: 404,
    message: `No endpoints found that can handle the requested parameters. ${MORE}`,
    routed: true,
    ...step('Filter by Parameters'),
  },
  {
    fault: 'no-cache-control-support',
    code: 'PARAMETERS_UNSUPPORTED',
    status: 404,
    message: 'No endpoints found that support cache control',
    routed: true,
  },
  {
    fault: 'image-unsupported',
    code: 'NO_IMAGES',
    status: 404,
    message: 'No endpoints found that support image input',
    routed: true,
    ...step('Filter by Image Support'),
    ...unavailable('no_endpoints', { excluded_by: ['input_modalities'] }),
  },
  {
    fault: 'context-filtered',
    code: 'CONTEXT_MISMATCH',
    status: 404,
    message: 'No endpoints found that support the requested context length.',
    ...filtered('context_length', 'prompt of 90000 tokens'),
  },
  {
    fault: 'context-exceeded',
    code: 'CONTEXT_MISMATCH',
    status: 400,
    message:
      'This endpoint\'s maximum context length is 65536 tokens. However, you requested about 70000 tokens (6000 of text input, 64000 in the output). Please reduce the length of either one, or use the "middle-out" transform to compress your prompt automatically.',
    envelope: { errorType: 'context_length_exceeded' },
  },
  {
    fault: 'max-price',
    code: 'MAX_PRICE',
    status: 404,
    message: 'No endpoints found under your max price.',
    ...filtered('max_price', '$2'),
  },
  { code: 'NO_MATCHING_PROVIDER', status: 404, message: 'Nothing is left.', ...filtered('latency', 'p50 below 1 s') },
  {
    fault: 'data-policy',
    code: 'DATA_POLICY',
    status: 404,
    message: `No endpoints found matching your data policy (Free model training). Configure: ${PRIVACY}`,
    routed: true,
    ...step('Filter by Data Policy', ONE),
    also: [
      `No endpoints found matching your data policy (Paid model training). Configure: ${PRIVACY}`,
      `No endpoints found matching your data policy (Free model publication). Configure: ${PRIVACY}`,
    ],
  },
  {
    fault: 'guardrail-restrictions',
    code: 'GUARDRAIL',
    status: 404,
    message: `No endpoints available matching your guardrail restrictions and data policy. Configure: ${PRIVACY}`,
    routed: true,
    ...step('Filter by Guardrails', { ineligibility_reasons: [{ reason: 'guardrail', count: 2, configure_url: PRIVACY }] }),
    bare: 'DATA_POLICY',
  },
  {
    fault: 'guardrail-provider',
    code: 'GUARDRAIL',
    status: 404,
    message:
      '0 endpoints out of 3 requested are available matching your guardrail restrictions and data policy. We removed them for the following reasons (an endpoint may have matched multiple reasons): Provider not allowed by guardrail: 3 endpoints excluded; configurable at https://openrouter.ai/workspaces/default/guardrails',
    also: [
      [
        'DATA_POLICY',
        `0 endpoints out of 3 requested are available matching your guardrail restrictions and data policy. We removed them for the following reasons (an endpoint may have matched multiple reasons): Paid model training: 3 endpoints excluded; configurable at ${PRIVACY}`,
      ],
    ],
  },
  {
    fault: 'provider-allowlist',
    code: 'PROVIDER_ALLOWLIST',
    status: 404,
    message: 'No allowed providers are available for the selected model.',
    routed: true,
    ...step('Filter by Allowed Providers', { requested_providers: ['acme-cloud'], available_providers: ['other-cloud'] }),
  },
  {
    fault: 'harness-gate',
    code: 'HARNESS_GATE',
    status: 403,
    model: 'acme/one:free',
    message:
      'acme/one:free is only available on agentic harnesses. Try plugging it into a coding agent or productivity app listed on https://openrouter.ai/apps',
    ...step('Gate Free Endpoints by Agentic Harness', ONE),
  },
  {
    fault: 'max-tokens-over-provider-cap',
    code: 'MAX_OUTPUT_TOO_BIG',
    status: 400,
    ...returned({ code: 400, reason: 'INVALID_REQUEST_BODY', message: 'max_tokens (current value: 32000) must be between 0 and 8192 ' }),
    bare: 'TRANSLATION_400',
  },
];
