import type { Headers } from './answer.ts';
import type { Json } from './json.ts';

/** What a fault's text and headers may name. */
export interface FaultFacts {
  readonly model: string;
  /** The dated name of the model behind it. */
  readonly slug: string;
  readonly maxTokens: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Name of the first tool offered. */
  readonly tool: string;
  readonly requestId: string;
}

type EnvelopeType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'rate_limit_error'
  | 'api_error'
  | 'overloaded_error'
  | 'billing_error'
  | 'timeout_error';

/** One way in which OpenRouter refuses a request, in both body shapes. */
export interface ApiFault {
  readonly id: string;
  readonly status: number;
  readonly message: string | ((facts: FaultFacts) => string);
  /** `error.type` and `error.error_type` of the Anthropic envelope; null where `/messages` answers plainly too. */
  readonly envelope: readonly [EnvelopeType, string] | null;
  /** The envelope's own wording, where it differs. */
  readonly envelopeMessage?: string;
  /** The request got as far as a generation id. */
  readonly routed?: boolean;
  readonly metadata?: (facts: FaultFacts) => Json;
  /** Some captures of the envelope carry the metadata too. */
  readonly envelopeMetadata?: boolean;
  readonly availability?: (facts: FaultFacts) => Json;
  readonly headers?: (facts: FaultFacts) => Headers;
  /** Answered as a web page by what stands before the API; `message` is its title. */
  readonly page?: boolean;
}

/** Metadata that names the step of the routing that left no endpoint. */
export const failedStep =
  (name: string, more: Json = {}) =>
  (): Json => ({ failed_routing_step: name, ...more });

/** Part of the metadata of routing faults. */
export const ONE_ENDPOINT: Json = { routing_funnel: [{ step: 'Initial Endpoints', endpoint_count: 1 }] };
