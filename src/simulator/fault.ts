import type { Headers } from './answer.ts';
import type { Json } from './json.ts';

/** What a fault's text and headers may mention. */
export interface FaultFacts {
  readonly model: string;
  /** The dated name of the model that serves it. */
  readonly slug: string;
  readonly maxTokens: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Name of the first tool offered. */
  readonly tool: string;
  readonly requestId: string;
}

type Envelope = readonly [type: string, errorType: string];

/** `error.type` and `error.error_type` that usually go with a status. */
export const ENVELOPES: Readonly<Record<number, Envelope>> = {
  400: ['invalid_request_error', 'invalid_request'],
  401: ['authentication_error', 'authentication'],
  402: ['billing_error', 'payment_required'],
  403: ['permission_error', 'permission_denied'],
  404: ['not_found_error', 'not_found'],
  408: ['timeout_error', 'timeout'],
  413: ['invalid_request_error', 'payload_too_large'],
  422: ['invalid_request_error', 'unprocessable'],
  429: ['rate_limit_error', 'rate_limit_exceeded'],
  500: ['api_error', 'server'],
  502: ['api_error', 'provider_unavailable'],
  503: ['overloaded_error', 'provider_overloaded'],
  529: ['overloaded_error', 'provider_overloaded'],
};

/** One way in which OpenRouter refuses a request, in both body shapes. */
export interface ApiFault {
  readonly id: string;
  readonly status: number;
  readonly message: string | ((facts: FaultFacts) => string);
  /** `error.type` and `error.error_type` of the Anthropic envelope, if not the usual ones; null if `/messages` answers plainly too. */
  readonly envelope?: Envelope | null;
  /** The envelope's own wording, if it differs. */
  readonly envelopeMessage?: string;
  /** Whether the request got as far as a generation id. */
  readonly routed?: boolean;
  readonly metadata?: (facts: FaultFacts) => Json;
  /** Some captures of the envelope carry the metadata too. */
  readonly envelopeMetadata?: boolean;
  readonly availability?: (facts: FaultFacts) => Json;
  readonly headers?: (facts: FaultFacts) => Headers;
  /** Whether a server in front of the API answers with a web page; `message` is its title. */
  readonly page?: boolean;
}

/** Metadata that names the routing step that left no endpoint. */
export const failedStep =
  (name: string, more: Json = {}) =>
  (): Json => ({ failed_routing_step: name, ...more });

/** The member `availability` for the model that was asked for. */
export const unavailable =
  (code: string, more: Json = {}) =>
  ({ model }: FaultFacts): Json => ({ code, retryable: false, requested_models: [model], ...more });

/** How OpenRouter wraps a provider's error, whose text is in the metadata. */
export const RETURNED = { message: 'Provider returned error', routed: true, envelopeMetadata: true } as const;

/** Part of the metadata of routing faults. */
export const ONE_ENDPOINT: Json = { routing_funnel: [{ step: 'Initial Endpoints', endpoint_count: 1 }] };
