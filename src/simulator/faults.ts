import { type Answer, htmlAnswer, jsonAnswer, plainError } from './answer.ts';
import { type ApiFault, ENVELOPES, type FaultFacts } from './fault.ts';
import { ACCOUNT_FAULTS } from './faults-account.ts';
import { MODEL_FAULTS } from './faults-model.ts';
import { PROVIDER_FAULTS } from './faults-provider.ts';
import { REQUEST_FAULTS } from './faults-request.ts';
import type { Json } from './json.ts';

/** Every refusal of the API, in both body shapes. */
export const API_FAULTS: readonly ApiFault[] = [...ACCOUNT_FAULTS, ...MODEL_FAULTS, ...REQUEST_FAULTS, ...PROVIDER_FAULTS];

/** The refusal with this code; undefined if there is none. */
export function findApiFault(id: string): ApiFault | undefined {
  return API_FAULTS.find((fault) => fault.id === id);
}

/**
 * Turns a refusal into a complete answer. `shape` is `anthropic` for `/messages` and
 * `plain` everywhere else; some layers answer plainly on `/messages` too.
 * `given` replaces the row's own text and metadata.
 */
export function answerFault(
  fault: ApiFault,
  facts: FaultFacts,
  shape: 'anthropic' | 'plain',
  given: { message?: string; metadata?: Json } = {},
): Answer {
  const text = given.message ?? (typeof fault.message === 'string' ? fault.message : fault.message(facts));
  const metadata = given.metadata ?? fault.metadata?.(facts);
  const headers = fault.headers?.(facts) ?? {};
  if (fault.page === true)
    return htmlAnswer(fault.status, text, '', { server: 'cloudflare', 'cf-ray': '8d0000000000000a-AMS', ...headers });
  const availability = fault.availability?.(facts);
  const envelope = fault.envelope ?? ENVELOPES[fault.status];
  if (shape === 'plain' || fault.envelope === null || envelope === undefined) {
    return plainError(fault.status, text, { ...(metadata ? { metadata } : {}), ...(availability ? { availability } : {}) }, headers);
  }
  const [type, errorType] = envelope;
  const body: Json = {
    type: 'error',
    error: {
      type,
      message: given.message ?? fault.envelopeMessage ?? text,
      error_type: errorType,
      ...(availability ? { availability } : {}),
    },
    request_id: fault.routed === true ? facts.requestId : null,
  };
  if (fault.envelopeMetadata === true && metadata) body['metadata'] = metadata;
  return jsonAnswer(fault.status, body, headers);
}

/** The site's page for an address that the API does not have: what a wrong base URL gets. */
export function notFoundPage(): Answer {
  return htmlAnswer(404, 'Not Found', '<p>This page could not be found.</p>');
}
