import type { FindingCode } from '../../../src/diagnose/table.ts';

/**
 * One way in which a call to a model is refused: OpenRouter's words (its documentation, public reports), with models, providers and figures
 * of the project's own. The bodies of all shapes that it comes in are made from it.
 */
export interface Answer {
  readonly code: FindingCode;
  readonly status: number;
  readonly message: string;
  /** The simulator's fault that gives it; undefined if it has none. */
  readonly fault?: string;
  /** What was asked for; `acme/one` if that does not matter. */
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly availability?: Readonly<Record<string, unknown>>;
  /** The envelope's own message and `error_type` where they are not the usual ones; null if `/messages` answers in OpenRouter's own shape. */
  readonly envelope?: { readonly message?: string; readonly errorType?: string } | null;
  /** Whether it got as far as a generation id. */
  readonly routed?: true;
  /** The finding where the metadata is left out, as the envelope often does, if that is less. */
  readonly bare?: FindingCode;
  /** A web page with the message as its title, of Cloudflare in front of the API or of another server. */
  readonly page?: 'edge' | 'other';
  /** Other words that were seen for it, some of which mean something else. */
  readonly also?: readonly (string | readonly [FindingCode, string])[];
}

/** `own`: OpenRouter's shape. `envelope`: the Anthropic envelope with the metadata, `bare`: without. `event`: an error in a stream. */
export type Shape = 'own' | 'envelope' | 'bare' | 'event' | 'page';

/** One body, and the finding that it must give. */
export interface Body {
  readonly title: string;
  readonly fault: string | undefined;
  readonly shape: Shape;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly model: string;
  readonly code: FindingCode;
  /** Whether a finding is right by data of others. */
  readonly fits?: (code: string) => boolean;
}

/** `error.type` and `error.error_type` of the envelope by status. */
const TYPES: Readonly<Record<number, readonly [type: string, errorType: string]>> = {
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

export const JSON_TYPE = { 'content-type': 'application/json' };
const HTML = { 'content-type': 'text/html; charset=UTF-8' };
const EDGE = { ...HTML, server: 'cloudflare', 'cf-ray': '7f3c00ab12cd34ef-CDG' };

/** How OpenRouter wraps a provider's error: `raw` is what the provider said, as a rule JSON. */
export function returned(
  raw: string | object,
  more: Readonly<Record<string, unknown>> = {},
): Pick<Answer, 'message' | 'routed' | 'metadata'> {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return { message: 'Provider returned error', routed: true, metadata: { raw: text, provider_name: 'Acme Cloud', ...more } };
}

/** The metadata of a refusal that a step of the routing gives. */
export const step = (name: string, more: object = {}): { metadata: Readonly<Record<string, unknown>> } => ({
  metadata: { failed_routing_step: name, ...more },
});

/** `availability` as OpenRouter gives it for the model that was asked for. */
export const unavailable = (code: string, more: object = {}): { availability: Readonly<Record<string, unknown>> } => ({
  availability: { code, retryable: false, requested_models: ['acme/one'], ...more },
});

/** The bodies of every shape that the answer comes in. */
export function bodiesOf(answer: Answer): readonly Body[] {
  const { code, status, message, fault, model = 'acme/one', metadata, availability, envelope } = answer;
  const body = (shape: Shape, given: object | string, found: FindingCode): Body => ({
    title: `${fault ?? message.slice(0, 40)} (${shape})`,
    fault,
    shape,
    status: shape === 'event' ? 200 : status,
    headers: shape === 'page' ? (answer.page === 'edge' ? EDGE : HTML) : { ...JSON_TYPE, ...answer.headers },
    body: typeof given === 'string' ? given : JSON.stringify(given),
    model,
    code: found,
  });
  if (answer.page !== undefined)
    return [body('page', `<!DOCTYPE html><html><head><title>${message}</title></head><body>…</body></html>`, code)];
  const own = {
    error: { message, code: status, ...(metadata && { metadata }), ...(availability && { availability }) },
    user_id: 'user_own',
  };
  const types = TYPES[status];
  if (envelope === null || types === undefined) return [body('own', own, code)];
  const [type, errorType] = types;
  const error = {
    type,
    message: envelope?.message ?? message,
    error_type: envelope?.errorType ?? errorType,
    ...(availability && { availability }),
  };
  const whole = { type: 'error', error, request_id: answer.routed === true ? 'gen-1795000000-own' : null };
  const less = answer.bare ?? code;
  return [
    body('own', own, code),
    ...(metadata === undefined ? [] : [body('envelope', { ...whole, metadata }, code)]),
    body('bare', whole, less),
    body('event', { type: 'error', error }, less),
  ];
}

/** The other words for the answer, in OpenRouter's shape and in the envelope. */
export function wordingsOf(answer: Answer): readonly Body[] {
  return (answer.also ?? []).flatMap((each) => {
    const [code, message] = typeof each === 'string' ? [answer.bare ?? answer.code, each] : each;
    const { status, model, fault } = answer;
    const other: Answer = { code, status, message, ...(model !== undefined && { model }), ...(fault !== undefined && { fault }) };
    return bodiesOf(other)
      .filter(({ shape }) => shape !== 'event')
      .map((body) => ({ ...body, title: `${message.slice(0, 60)} (${body.shape})` }));
  });
}
