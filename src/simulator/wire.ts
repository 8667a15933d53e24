import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Headers } from './answer.ts';

/** One response on its way out: everything that a fault needs to spoil it. */
export interface Wire {
  readonly response: ServerResponse;
  /** Aborted when the client goes away or the simulator closes. */
  readonly signal: AbortSignal;
  /** This server under another host name, for redirects. */
  readonly otherHost: string;
  /** Path and query. */
  readonly path: string;
}

export const EVENT_HEADERS: Headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

/** Waits; returns false if the client went away meanwhile. */
export async function pause(wire: Wire, ms: number): Promise<boolean> {
  return isReached(delay(ms, undefined, { signal: wire.signal }));
}

const isReached = (waited: Promise<unknown>): Promise<boolean> =>
  waited.then(
    () => true,
    () => false,
  );

/** Sends nothing more; returns when the client goes away. */
export async function hang(wire: Wire): Promise<void> {
  while (await pause(wire, 60_000));
}

/** Writes with backpressure, so that a slow reader costs no memory; returns false if the client went away. */
export async function put(wire: Wire, chunk: string | Uint8Array): Promise<boolean> {
  if (wire.signal.aborted || wire.response.destroyed) return false;
  if (wire.response.write(chunk)) return true;
  return isReached(once(wire.response, 'drain', { signal: wire.signal }));
}

/** Sends an answer unspoiled. `delayMs` is the time to the first content of a stream, or of a body. */
export async function sendAnswer(wire: Wire, answer: Answer, delayMs: number): Promise<void> {
  const { response } = wire;
  if (answer.kind === 'body') {
    if (delayMs > 0 && !(await pause(wire, delayMs))) return;
    response.writeHead(answer.status, { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) });
    response.end(answer.body);
    return;
  }
  response.writeHead(200, { ...EVENT_HEADERS, ...answer.headers });
  if (!(await put(wire, ': OPENROUTER PROCESSING\n\n'))) return;
  if (delayMs > 0 && !(await pause(wire, delayMs))) return;
  for (const event of answer.events) {
    if (!(await put(wire, event))) return;
  }
  response.end();
}
