import type { Context } from '../../src/core/context.ts';
import { createHttp } from '../../src/system/http.ts';

export type ProbeDeps = Pick<Context, 'http' | 'clock' | 'random' | 'version'> & { close(): Promise<void> };

/** The real HTTP port and clock, with random bytes that are the same in each run. */
export function makeDeps(env: Context['env'] = {}): ProbeDeps {
  const http = createHttp(env);
  let seed = 1;
  return {
    http,
    version: '9.9.9-test',
    random: (bytes) => Uint8Array.from({ length: bytes }, () => (seed = (seed * 75 + 74) % 65537) % 256),
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(resolve, ms);
          signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            reject(new Error('aborted'));
          });
        }),
    },
    close: () => http.close(),
  };
}

/** A clock whose sleeps take no time, and which notes them. */
export function withoutWaiting(deps: ProbeDeps): ProbeDeps & { readonly slept: number[] } {
  const slept: number[] = [];
  let ahead = 0;
  return {
    ...deps,
    slept,
    clock: {
      now: () => Date.now() + ahead,
      monotonic: () => performance.now() + ahead,
      sleep: (ms) => {
        slept.push(ms);
        ahead += ms;
        return Promise.resolve();
      },
    },
  };
}

/** One event of a stream. */
export function event(type: string, data: Readonly<Record<string, unknown>> = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

export const START = event('message_start', {
  message: { id: 'gen-1', type: 'message', role: 'assistant', content: [], model: 'm', usage: { input_tokens: 10, output_tokens: 1 } },
});
export const STOP =
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { input_tokens: 10, output_tokens: 5 } }) +
  event('message_stop') +
  'event: data\ndata: [DONE]\n\n';

/** A text block of a stream. */
export function textEvents(text: string, index = 0): string {
  return (
    event('content_block_start', { index, content_block: { type: 'text', text: '' } }) +
    event('content_block_delta', { index, delta: { type: 'text_delta', text } }) +
    event('content_block_stop', { index })
  );
}

/** A tool call of a stream, its arguments in two pieces. */
export function toolEvents(name: string, json: string, index = 0, id = 'toolu_1'): string {
  const half = Math.floor(json.length / 2);
  return (
    event('content_block_start', { index, content_block: { type: 'tool_use', id, name, input: {} } }) +
    event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: json.slice(0, half) } }) +
    event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: json.slice(half) } }) +
    event('content_block_stop', { index })
  );
}
