import { type ApiFault, failedStep, RETURNED, unavailable } from './fault.ts';

/** OpenRouter's words for a deferred tool if the endpoint is not Anthropic's. `slug` is the dated one. */
export function deferralMessage(slug: string): string {
  return `Deferred custom tools are only supported on Anthropic models and on Anthropic-compatible provider endpoints that implement deferral. Other endpoints cannot call tools omitted from tools[]. Received ${slug}.`;
}

/** Refusals of requests for something that the model can't do. Texts as in `faults-account.ts`. */
export const REQUEST_FAULTS: readonly ApiFault[] = [
  { id: 'deferral-unsupported', status: 400, message: (facts) => deferralMessage(facts.slug) },
  // The wording of summer 2026.
  {
    id: 'deferral-unsupported-old',
    status: 400,
    message: (facts) =>
      `Deferred custom tools are only supported on Anthropic models. Non-Anthropic models cannot call tools omitted from tools[]. Received ${facts.slug}.`,
  },
  { id: 'adaptive-thinking-unsupported', status: 400, routed: true, message: 'adaptive thinking is not supported on this model' },
  { id: 'effort-unsupported', status: 400, routed: true, message: 'This model does not support the effort parameter.' },
  {
    id: 'image-unsupported',
    status: 404,
    routed: true,
    message: 'No endpoints found that support image input',
    metadata: failedStep('Filter by Image Support'),
    availability: unavailable('no_endpoints', { excluded_by: ['input_modalities'] }),
  },
  { id: 'messages-empty', status: 400, message: 'Input required: specify "prompt" or "messages"' },
  { id: 'model-empty', status: 400, message: 'No models provided' },
  toolIds('tool-result-orphan', 'messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1.'),
  toolIds('tool-call-unanswered', 'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1.'),
  toolIds('tool-id-doubled', 'messages.1.content.1: `tool_use` ids must be unique'),
];

/** The provider's refusal, as OpenRouter wraps it. */
function toolIds(id: string, text: string): ApiFault {
  return { id, status: 400, ...RETURNED, envelopeMetadata: false, envelopeMessage: text, metadata: () => providerRefusal(text) };
}

/** Metadata around a 400 from Anthropic itself. */
export function providerRefusal(message: string): { readonly raw: string; readonly provider_name: string } {
  return { raw: JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }), provider_name: 'Anthropic' };
}
