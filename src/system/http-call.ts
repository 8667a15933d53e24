import { Readable, type Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { HttpRequest, HttpResponse } from '../core/context.ts';
import { Cancelled, OrccError } from '../core/errors.ts';
import { NetworkError } from '../core/network-error.ts';
import { toNetworkError } from './network-cause.ts';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Milliseconds. A slow model may think for minutes before its first byte, but OpenRouter sends comments meanwhile. */
export const HTTP_DEFAULTS = { connectMs: 10_000, firstByteMs: 60_000, idleMs: 60_000 } as const;

interface CallHooks {
  /** Called once, when the call is over, however it ended. */
  readonly onDone: () => void;
  /** Called before onDone if the call never got a connection. */
  readonly onNoConnection: () => void;
}

/** Sends a request over a dispatcher. Resolves at the headers; the body is a stream. Rejects with NetworkError or the abort reason. */
export function call(
  dispatcher: Dispatcher,
  request: HttpRequest,
  url: URL,
  proxy: string | undefined,
  hooks: CallHooks,
): Promise<HttpResponse> {
  return new Promise<HttpResponse>((resolve, reject) => {
    const one = new Call(request, url, proxy, { ...hooks, resolve, reject });
    try {
      dispatcher.dispatch(
        {
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: request.method,
          headers: { ...request.headers },
          ...(request.body === undefined ? {} : { body: request.body }),
        },
        one,
      );
    } catch (error) {
      one.fail(toNetworkError(error, { host: url.host, proxy, sent: false }));
    }
  });
}

interface Settle extends CallHooks {
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (error: Error) => void;
}

/** Handles undici's events for one request and keeps track of how far it has come. */
class Call implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #url: URL;
  readonly #proxy: string | undefined;
  readonly #settle: Settle;
  readonly #onAbort = (): void => this.fail(abortReason(this.#request.signal));
  #phase: 'connect' | 'wait' | 'body' | 'over' = 'connect';
  #controller: Dispatcher.DispatchController | undefined;
  #body: IncomingBody | undefined;
  #failure: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;

  constructor(request: HttpRequest, url: URL, proxy: string | undefined, settle: Settle) {
    this.#request = request;
    this.#url = url;
    this.#proxy = proxy;
    this.#settle = settle;
    request.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#limit('timeout-connect', request.connectMs ?? HTTP_DEFAULTS.connectMs);
  }

  /** Ends the call, unless it is over: before the headers the promise rejects, after them the body fails. */
  fail(error: Error): void {
    if (this.#phase === 'over') return;
    this.#failure = error;
    this.#finish();
    this.#controller?.abort(error);
    if (this.#body === undefined) this.#settle.reject(error);
    else this.#body.destroy(error);
  }

  onRequestStart(started: Dispatcher.DispatchController): void {
    this.#controller = started;
    if (this.#phase === 'over') {
      started.abort(this.#failure ?? new Cancelled());
      return;
    }
    this.#phase = 'wait';
    this.#limit('timeout-first-byte', this.#request.firstByteMs ?? HTTP_DEFAULTS.firstByteMs);
  }

  onResponseStart(_started: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (this.#phase !== 'wait' || status < 200) return;
    clearTimeout(this.#timer);
    this.#phase = 'body';
    const { host } = this.#url;
    if (status >= 300 && status < 400 && status !== 304) {
      const location = locationOf(headers['location'], this.#url);
      this.fail(new NetworkError('redirect', { host, proxy: this.#proxy, status, location }));
      return;
    }
    const incoming = this.#openBody();
    const plain = flatten(headers);
    let decoded: Readable;
    try {
      decoded = decodeBody(incoming, plain['content-encoding'], host);
    } catch (error) {
      this.#body = undefined;
      this.fail(this.#explain(error));
      return;
    }
    decoded.on('error', () => undefined);
    this.#settle.resolve({
      status,
      headers: plain,
      body: readChunks(
        decoded,
        (on) => this.#idle(on),
        (error) => this.#failure ?? this.#explain(error),
      ),
      cancel: () => {
        decoded.destroy();
        incoming.destroy();
        return Promise.resolve();
      },
    });
  }

  onResponseData(started: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#phase !== 'body' || this.#body === undefined) return;
    if (this.#reading) this.#timer?.refresh();
    if (!this.#body.push(chunk)) started.pause();
  }

  onResponseEnd(): void {
    const incoming = this.#body;
    this.#finish();
    // Two turns of the event loop later undici has taken the connection back, so that a reader's next call finds it free.
    setImmediate(() => setImmediate(() => incoming?.push(null)));
  }

  onResponseError(_started: Dispatcher.DispatchController, error: Error): void {
    this.fail(toNetworkError(error, { host: this.#url.host, proxy: this.#proxy, sent: this.#phase !== 'connect' }));
  }

  #openBody(): IncomingBody {
    const incoming = new IncomingBody(
      () => this.#controller?.resume(),
      (error) => {
        this.#finish();
        this.#controller?.abort(error ?? new Cancelled());
      },
    );
    incoming.on('error', () => undefined);
    this.#body = incoming;
    return incoming;
  }

  #limit(kind: 'timeout-connect' | 'timeout-first-byte' | 'timeout-idle', ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.fail(new NetworkError(kind, { host: this.#url.host, proxy: this.#proxy, afterMs: ms })), ms);
  }

  #idle(on: boolean): void {
    this.#reading = on;
    if (on) this.#limit('timeout-idle', this.#request.idleMs ?? HTTP_DEFAULTS.idleMs);
    else clearTimeout(this.#timer);
  }

  #explain(error: unknown): Error {
    return toNetworkError(error, { host: this.#url.host, proxy: this.#proxy, sent: true });
  }

  #finish(): void {
    if (this.#phase === 'over') return;
    const isConnected = this.#phase !== 'connect';
    this.#phase = 'over';
    clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
    if (!isConnected) this.#settle.onNoConnection();
    this.#settle.onDone();
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The decoded bytes. The idle limit runs only while the reader waits, so that the server is not blamed for a slow reader. */
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

function flatten(headers: Headers): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** The origin that a Location header points to, without the path, which could contain anything. */
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

/** The decompression streams for a Content-Encoding header, outermost first. Throws NetworkError for an encoding it does not know. */
function createDecoders(encoding: string | undefined, host: string): Transform[] {
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  // No real server sends more than two layers, and each multiplies what a decompression bomb can do.
  if (names.length > 2) throw new NetworkError('encoding', { host, reason: `${names.length} layers of compression` });
  return names.reverse().map((name) => {
    if (name === 'gzip' || name === 'x-gzip') return createGunzip();
    if (name === 'deflate') return createInflate();
    if (name === 'br') return createBrotliDecompress();
    throw new NetworkError('encoding', { host, reason: `content-encoding ${name}` });
  });
}

/**
 * Decompresses the raw bytes as a stream with back pressure: however small
 * a bomb is packed, only a few chunks of it exist at a time.
 */
function decodeBody(raw: Readable, encoding: string | undefined, host: string): Readable {
  let stream: Readable = raw;
  for (const decoder of createDecoders(encoding, host)) {
    const source = stream;
    source.on('error', (error) => decoder.destroy(error));
    // A decoder that ends early (an error, a cancelled reader) must end the connection too.
    decoder.on('close', () => source.destroy());
    stream = source.pipe(decoder);
  }
  return stream;
}

/** A stream that undici's callbacks fill: `resume` is called when the reader wants more. */
class IncomingBody extends Readable {
  readonly #resume: () => void;
  readonly #stop: (error: Error | null) => void;

  constructor(resume: () => void, stop: (error: Error | null) => void) {
    super({ highWaterMark: 64 * 1024 });
    this.#resume = resume;
    this.#stop = stop;
  }

  override _read(): void {
    this.#resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#stop(error);
    callback(error);
  }
}
