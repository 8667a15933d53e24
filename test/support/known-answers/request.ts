import { type Answer, returned } from './answer.ts';

const anthropic = (message: string): Pick<Answer, 'message' | 'routed' | 'metadata' | 'envelope'> => ({
  ...returned({ type: 'error', error: { type: 'invalid_request_error', message } }, { provider_name: 'Anthropic' }),
  envelope: { message },
});

/** Requests that the model or its provider does not take. */
export const REQUEST_ANSWERS: readonly Answer[] = [
  {
    fault: 'deferral-unsupported',
    code: 'DEFERRAL_REFUSED',
    status: 400,
    message:
      'Deferred custom tools are only supported on Anthropic models and on Anthropic-compatible provider endpoints that implement deferral. Other endpoints cannot call tools omitted from tools[]. Received acme/one-20260301.',
  },
  {
    fault: 'deferral-unsupported-old',
    code: 'DEFERRAL_REFUSED',
    status: 400,
    message:
      'Deferred custom tools are only supported on Anthropic models. Non-Anthropic models cannot call tools omitted from tools[]. Received acme/one-20260301.',
  },
  {
    fault: 'adaptive-thinking-unsupported',
    code: 'TRANSLATION_400',
    status: 400,
    message: 'adaptive thinking is not supported on this model',
    routed: true,
  },
  {
    fault: 'effort-unsupported',
    code: 'EFFORT_UNSUPPORTED',
    status: 400,
    message: 'This model does not support the effort parameter.',
    routed: true,
  },
  {
    fault: 'thinking-signature',
    code: 'THINKING_SIGNATURE',
    status: 400,
    message: 'messages.3.content.0: Invalid `signature` in `thinking` block',
    routed: true,
  },
  {
    fault: 'messages-empty',
    code: 'REQUEST_REFUSED',
    status: 400,
    message: 'Input required: specify "prompt" or "messages"',
    also: ['Invalid request: messages is required'],
  },
  { fault: 'invalid-request', code: 'REQUEST_REFUSED', status: 400, message: 'Invalid Anthropic Messages API request' },
  { fault: 'unprocessable', code: 'REQUEST_REFUSED', status: 422, message: 'Invalid argument' },
  { fault: 'too-large', code: 'TOO_LARGE', status: 413, message: 'Request payload too large' },
  {
    fault: 'tool-result-orphan',
    code: 'TRANSLATION_400',
    status: 400,
    ...anthropic('messages.4.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_own.'),
  },
  {
    fault: 'tool-call-unanswered',
    code: 'TRANSLATION_400',
    status: 400,
    ...anthropic('messages.3: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_own.'),
  },
  {
    fault: 'tool-id-doubled',
    code: 'TRANSLATION_400',
    status: 400,
    ...anthropic('messages.3.content.1: `tool_use` ids must be unique'),
  },
];
