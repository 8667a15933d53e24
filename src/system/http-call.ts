import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

import type { HttpRequest, HttpResponse } from '../core/context.ts';
import { Cancelled, OrccError } from '../core/errors.ts';
import { NetworkError } from '../core/network-error.ts';
import { decodeBody, IncomingBody } from './http-body.ts';
import { toNetworkError } from './network-cause.ts';

/** Milliseconds. A slow model may think for minutes before its first byte, but OpenRouter sends comments meanwhile. */
export const HTTP_DEFAULTS = { connectMs: 10_000, firstByteMs: 60_000, idleMs: 60_000 } as const;

export interface CallHooks {
  /** Once, when the call is over in whichever way. */
  readonly onDone: () => void;
  /** Before onDone, where it never got a connection. */
  readonly onNoConnection: () => void;
}

/** One request over one dispatcher: settles at the headers, then the body is read through a stream. */
export function call(
  dispatcher: Dispatcher,
  request: HttpRequest,
  url: URL,
  proxy: string | undefined,
  hooks: CallHooks,
): Promise<HttpResponse> {
  const host = url.host;
  const connectMs = request.connectMs ?? HTTP_DEFAULTS.connectMs;
  const firstByteMs = request.firstByteMs ?? HTTP_DEFAULTS.firstByteMs;
  const idleMs = request.idleMs ?? HTTP_DEFAULTS.idleMs;
  return new Promise<HttpResponse>((resolve, reject) => {
    let phase: 'connect' | 'wait' | 'body' | 'over' = 'connect';
    let controller: Dispatcher.DispatchController | undefined;
    let body: IncomingBody | undefined;
    let failure: Error | undefined;
    let timer: NodeJS.Timeout | undefined;
    let reading = false;

    const limit = (kind: 'timeout-connect' | 'timeout-first-byte' | 'timeout-idle', ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(new NetworkError(kind, { host, proxy, afterMs: ms })), ms);
    };
    const finish = (): void => {
      if (phase === 'over') return;
      const connected = phase !== 'connect';
      phase = 'over';
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      if (!connected) hooks.onNoConnection();
      hooks.onDone();
    };
    const fail = (error: Error): void => {
      if (phase === 'over') return;
      failure = error;
      finish();
      controller?.abort(error);
      if (body === undefined) reject(error);
      else body.destroy(error);
    };
    const onAbort = (): void => fail(abortReason(request.signal));
    request.signal?.addEventListener('abort', onAbort, { once: true });
    limit('timeout-connect', connectMs);

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (phase === 'over') {
          started.abort(failure ?? new Cancelled());
          return;
        }
        phase = 'wait';
        limit('timeout-first-byte', firstByteMs);
      },
      onResponseStart(_started, status, headers) {
        if (phase !== 'wait' || status < 200) return;
        clearTimeout(timer);
        phase = 'body';
        if (status >= 300 && status < 400 && status !== 304) {
          fail(new NetworkError('redirect', { host, proxy, status, location: locationOf(headers['location'], url) }));
          return;
        }
        const incoming = new IncomingBody(
          () => controller?.resume(),
          (error) => {
            finish();
            controller?.abort(error ?? new Cancelled());
          },
        );
        body = incoming;
        incoming.on('error', () => undefined);
        const plain = flatten(headers);
        let decoded: Readable;
        try {
          decoded = decodeBody(incoming, plain['content-encoding'], host);
        } catch (error) {
          body = undefined;
          fail(toNetworkError(error, { host, proxy, sent: true }));
          return;
        }
        decoded.on('error', () => undefined);
        const idle = (on: boolean): void => {
          reading = on;
          if (on) limit('timeout-idle', idleMs);
          else clearTimeout(timer);
        };
        resolve({
          status,
          headers: plain,
          body: readChunks(decoded, idle, (error) => failure ?? toNetworkError(error, { host, proxy, sent: true })),
          cancel: () => {
            decoded.destroy();
            incoming.destroy();
            return Promise.resolve();
          },
        });
      },
      onResponseData(started, chunk) {
        if (phase !== 'body' || body === undefined) return;
        if (reading) timer?.refresh();
        if (!body.push(chunk)) started.pause();
      },
      onResponseEnd() {
        const incoming = body;
        finish();
        // Two turns later undici has taken the connection back, so that a reader's next call finds it free.
        setImmediate(() => setImmediate(() => incoming?.push(null)));
      },
      onResponseError(_started, error) {
        fail(toNetworkError(error, { host, proxy, sent: phase !== 'connect' }));
      },
    };
    try {
      dispatcher.dispatch(
        {
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: request.method,
          headers: { ...request.headers },
          ...(request.body === undefined ? {} : { body: request.body }),
        },
        handler,
      );
    } catch (error) {
      fail(toNetworkError(error, { host, proxy, sent: false }));
    }
  });
}

/** The decoded bytes; the idle limit runs only while the reader waits, so that a slow reader is no fault of the server's. */
async function* readChunks(
  stream: Readable,
  idle: (reading: boolean) => void,
  explain: (error: unknown) => Error,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      idle(true);
      const next = await iterator.next();
      idle(false);
      if (next.done === true) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } catch (error) {
    throw explain(error);
  } finally {
    idle(false);
    stream.destroy();
  }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** The origin that a Location header points to: its path could hold anything. */
function locationOf(location: string | string[] | undefined, url: URL): string | undefined {
  const first = Array.isArray(location) ? location[0] : location;
  if (first === undefined || !URL.canParse(first, url.href)) return undefined;
  const target = new URL(first, url.href);
  return target.origin === url.origin ? 'another path of its own' : target.origin;
}

function abortReason(signal: AbortSignal | undefined): OrccError {
  const reason: unknown = signal?.reason;
  return reason instanceof OrccError ? reason : new Cancelled();
}

/** Throws the reason of a signal that is already aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortReason(signal);
}
