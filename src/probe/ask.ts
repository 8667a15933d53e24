import { defined } from '../text/defined.ts';
import { tryJsonText } from '../text/json.ts';
import { EXTRA_BODY } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { Evidence } from '../diagnose/evidence.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';
import { NetworkError } from '../core/network-error.ts';
import type { ProbeRequest } from './request.ts';
import { readAnswer, type Reading } from './stream.ts';

/** Longest silence in the middle of an answer, milliseconds: a model that hides its thinking may be silent for long. */
const STALL_MS = 90_000;

export interface Asked {
  /** Absent if no answer came at all. */
  readonly reading?: Reading;
  /** Why no usable answer came. */
  readonly fault?: Evidence;
  /** Milliseconds from the request to the first text, thinking or tool call; undefined if none came. */
  readonly ttftMs?: number;
  /** Milliseconds from the request to the end. */
  readonly totalMs: number;
  /** `gen-…` from the header `X-Generation-Id` or the message. */
  readonly requestId?: string;
}

/**
 * Sends one request and reads its answer within `timeoutMs`, whatever the server does meanwhile.
 * Failures are returned as data. Throws what `signal` was aborted with (Cancelled), and exit 2 for a body nested too deeply.
 */
export async function askModel(
  deps: Pick<Context, 'http' | 'clock'>,
  endpoint: Endpoint,
  request: ProbeRequest,
  limits: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined; readonly onFirstToken?: () => void },
): Promise<Asked> {
  const started = deps.clock.monotonic();
  const host = URL.canParse(endpoint.baseUrl) ? new URL(endpoint.baseUrl).host : endpoint.baseUrl;
  const stallMs = Math.min(STALL_MS, limits.timeoutMs);
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(limits.signal?.reason);
  if (limits.signal?.aborted === true) onAbort();
  limits.signal?.addEventListener('abort', onAbort, { once: true });
  let lastEvent: number | undefined;
  const deadline = setTimeout(() => {
    const silentMs = lastEvent === undefined ? 0 : deps.clock.monotonic() - lastEvent;
    const kind = lastEvent === undefined ? 'timeout-first-byte' : silentMs * 2 > limits.timeoutMs ? 'timeout-idle' : 'timeout-total';
    controller.abort(new NetworkError(kind, { host, afterMs: limits.timeoutMs }));
  }, limits.timeoutMs);
  let stall: NodeJS.Timeout | undefined;
  let ttftMs: number | undefined;
  const since = (): number => deps.clock.monotonic() - started;

  try {
    const response = await deps.http.request({
      method: 'POST',
      url: `${endpoint.baseUrl}${request.path}`,
      headers: request.headers,
      body: writeBody(request.body),
      signal: controller.signal,
      firstByteMs: limits.timeoutMs,
      idleMs: stallMs,
    });
    const reading = await readAnswer(response, (kind) => {
      lastEvent = deps.clock.monotonic();
      if (kind === 'content' && ttftMs === undefined) {
        ttftMs = since();
        limits.onFirstToken?.();
      }
      clearTimeout(stall);
      stall = setTimeout(() => controller.abort(new NetworkError('timeout-idle', { host, afterMs: stallMs })), stallMs);
    });
    const requestId = response.headers['x-generation-id'] ?? reading.answer.id;
    return { reading, ...defined({ fault: reading.fault, ttftMs, requestId }), totalMs: since() };
  } catch (error) {
    limits.signal?.throwIfAborted();
    if (!(error instanceof NetworkError)) throw error;
    return { fault: { network: error }, totalMs: since(), ...(ttftMs === undefined ? {} : { ttftMs }) };
  } finally {
    clearTimeout(deadline);
    clearTimeout(stall);
    limits.signal?.removeEventListener('abort', onAbort);
  }
}

/** The JSON of a request; only what the user's own variable adds to it can be nested too deeply. */
function writeBody(body: unknown): string {
  const text = tryJsonText(body);
  if (text !== undefined) return text;
  throw new OrccError('usage', `${EXTRA_BODY} is nested too deeply to be sent`, { hint: 'Change it where you set it' });
}
