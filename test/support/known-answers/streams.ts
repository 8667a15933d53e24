import { event, START, textEvents, toolEvents } from '../../probe/support.ts';

/** A stream in answer to POST /messages that looks better or worse than it is. */
export interface Stream {
  readonly title: string;
  /** The simulator's fault that gives it; undefined if it has none. */
  readonly fault?: string;
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The finding, or `ok`. */
  readonly code: string;
  /** Whether a finding is right by data of others. */
  readonly fits?: (code: string) => boolean;
}

const COMMENT = ': OPENROUTER PROCESSING\n\n';
const DONE = 'event: data\ndata: [DONE]\n\n';
const ended = (reason: string): string =>
  event('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 7 } });
const failed = (type: string, message: string, error_type: string): string => event('error', { error: { type, message, error_type } });
/** The start of an answer, with half of a text. */
const HALF = START + textEvents('So I wo').replace(/event: content_block_stop[^]*/, '');
/** The tool call that the probe asks for; its test puts the arguments in. */
const CALL = START + toolEvents('orcc_check', '{"to":"be put in"}');

const stream = (title: string, code: string, text: string, fault?: string): Stream => ({
  title,
  code,
  text: COMMENT + text,
  model: 'acme/one',
  headers: { 'content-type': 'text/event-stream' },
  ...(fault !== undefined && { fault }),
});

/** The streams that the simulator can give, then errors in the middle whose type alone says what a status would have said. */
export const STREAMS: readonly Stream[] = [
  stream(
    'a provider error without a name',
    'PROVIDER_ERROR',
    HALF + failed('api_error', 'An error occurred', 'unmapped'),
    'midstream-unmapped',
  ),
  stream(
    'an overload in the middle',
    'UPSTREAM_BUSY',
    HALF + failed('overloaded_error', 'Overloaded', 'provider_overloaded'),
    'midstream-error',
  ),
  stream('comments alone', 'EMPTY_ANSWER', COMMENT, 'comments-then-end'),
  stream('a whole call without message_stop', 'ok', CALL + ended('tool_use') + DONE, 'no-message-stop'),
  stream('an error after a whole call', 'ok', CALL + ended('tool_use') + failed('api_error', 'too late', 'server'), 'error-after-delta'),
  stream(
    'a text that ran out of tokens',
    'ANSWER_CAPPED',
    START + textEvents('First I') + ended('max_tokens') + event('message_stop') + DONE,
    'out-of-tokens',
  ),
  stream(
    'a rate limit of the provider',
    'UPSTREAM_BUSY',
    HALF + failed('rate_limit_error', 'Provider returned error', 'rate_limit_exceeded'),
  ),
  stream(
    'a refusal by the provider',
    'TRANSLATION_400',
    HALF + failed('invalid_request_error', 'Provider returned error', 'invalid_request'),
  ),
  stream(
    'a provider that refuses its key',
    'BYOK_KEY_REFUSED',
    HALF + failed('authentication_error', 'Provider returned error', 'authentication'),
  ),
  stream('credits that end on the way', 'NO_CREDITS', HALF + failed('billing_error', 'Nothing is left', 'payment_required')),
  stream('a provider that went away', 'PROVIDER_ERROR', HALF + failed('api_error', 'Nobody there', 'provider_unavailable')),
  stream('a time-out of the provider', 'TIMEOUT', HALF + failed('timeout_error', 'It took too long', 'timeout')),
];
