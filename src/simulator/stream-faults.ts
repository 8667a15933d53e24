import { gzipSync } from 'node:zlib';
import type { Answer, Headers } from './answer.ts';
import { eventText } from './events.ts';
import type { Json } from './json.ts';
import { EVENT_HEADERS, hang, pause, put, sendAnswer, type Wire } from './wire.ts';

type Spoil = (wire: Wire, answer: Answer) => Promise<void>;

/** What would have been sent, in pieces. */
function piecesOf(answer: Answer): readonly string[] {
  if (answer.kind === 'events') return answer.events;
  const half = Math.floor(answer.body.length / 2);
  return [answer.body.slice(0, half), answer.body.slice(half)];
}

function open(wire: Wire, answer: Answer, more: Headers = {}): void {
  const status = answer.kind === 'body' ? answer.status : 200;
  wire.response.writeHead(status, { ...(answer.kind === 'events' ? EVENT_HEADERS : {}), ...answer.headers, ...more });
}

/** Sends the first half of the answer, flushed. Returns false if the client went away meanwhile. */
async function sendHalf(wire: Wire, answer: Answer): Promise<boolean> {
  open(wire, answer);
  const pieces = piecesOf(answer);
  for (const piece of pieces.slice(0, Math.ceil(pieces.length / 2))) {
    if (!(await put(wire, piece))) return false;
  }
  return await pause(wire, 20);
}

/** Sends an error in the middle of a stream, or in place of an answer that is no stream. */
function failHalfway(status: number, error: Json): Spoil {
  const whole = { type: 'error', error };
  return async (wire, answer) => {
    if (answer.kind === 'body')
      return await sendAnswer(wire, { ...answer, status, body: JSON.stringify({ ...whole, request_id: null }) }, 0);
    if (await sendHalf(wire, answer)) await end(wire, eventText('error', whole));
  };
}

/** Sends the last piece of an answer. */
async function end(wire: Wire, piece: string | Uint8Array): Promise<void> {
  await put(wire, piece);
  wire.response.end();
}

const REDIRECTED = 'redirected=1';

const ESCAPES = '\u001b]0;pwned\u0007\u001b[31mred\u001b[2J\u202Egnp';

/** `text` inside a JSON string, without the quotes. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

const MEBIBYTE_OF_BLANKS = Buffer.alloc(1024 * 1024, 0x20);

/** Answers that no client should fall for, hang on, or run out of memory with. */
const STREAM_FAULTS: Readonly<Record<string, Spoil>> = {
  /** Three seconds of comments, then the answer. */
  slow: async (wire, answer) => {
    if (answer.kind === 'body') return await sendAnswer(wire, answer, 3000);
    open(wire, answer);
    for (let beat = 0; beat < 6; beat += 1) {
      if (!(await put(wire, ': OPENROUTER PROCESSING\n\n')) || !(await pause(wire, 500))) return;
    }
    for (const event of answer.events) {
      if (!(await put(wire, event))) return;
    }
    wire.response.end();
  },
  'first-byte-never': async (wire) => await hang(wire),
  /** Headers and comments for ever, no content: the connection never looks idle. */
  'comments-only': async (wire, answer) => {
    open(wire, answer);
    while ((await put(wire, ': OPENROUTER PROCESSING\n\n')) && (await pause(wire, 500)));
  },
  stall: async (wire, answer) => {
    if (await sendHalf(wire, answer)) await hang(wire);
  },
  /** The connection breaks in the middle. */
  cut: async (wire, answer) => {
    if (await sendHalf(wire, answer)) wire.response.destroy();
  },
  /** The answer ends in the middle as if it were complete. */
  'ended-early': async (wire, answer) => {
    if (await sendHalf(wire, answer)) wire.response.end();
  },
  /** Events whose data does not parse. */
  malformed: async (wire, answer) => {
    if (answer.kind === 'body') return await sendAnswer(wire, { ...answer, body: answer.body.replaceAll('":', '"') }, 0);
    await sendAnswer(wire, { ...answer, events: answer.events.map((event) => event.replaceAll('":', '"')) }, 0);
  },
  'midstream-error': failHalfway(529, {
    type: 'overloaded_error',
    message: 'Provider is temporarily overloaded',
    error_type: 'provider_overloaded',
  }),
  /** OpenRouter's name for a provider's failure that it has no other name for. */
  'midstream-unmapped': failHalfway(500, { type: 'api_error', message: 'An error occurred', error_type: 'unmapped' }),
  /** An error after everything has been said. */
  'error-after-delta': async (wire, answer) => {
    if (answer.kind === 'body') return await sendAnswer(wire, answer, 0);
    const error = { type: 'error', error: { type: 'api_error', message: 'late', error_type: 'server' } };
    await sendAnswer(wire, { ...answer, events: [...withoutStop(answer.events, true), eventText('error', error)] }, 0);
  },
  /** Everything but the event that ends a message. */
  'no-message-stop': async (wire, answer) => {
    await sendAnswer(wire, answer.kind === 'body' ? answer : { ...answer, events: withoutStop(answer.events, false) }, 0);
  },
  /** A few comments and the end. */
  'comments-then-end': async (wire, answer) => {
    if (answer.kind === 'body') return await sendAnswer(wire, { ...answer, body: '' }, 0);
    open(wire, answer);
    await end(wire, ': OPENROUTER PROCESSING\n\n'.repeat(3));
  },
  html: async (wire) => {
    wire.response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    wire.response.end('<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body><h1>Welcome</h1></body></html>');
  },
  /** An error as the body of a 200, which was sent before the provider failed. */
  'error-as-200': async (wire, answer) => {
    const body = JSON.stringify({ error: { code: 502, message: 'Provider returned error', metadata: { provider_name: 'Novita' } } });
    await sendAnswer(wire, { kind: 'body', status: 200, headers: { ...answer.headers, 'content-type': 'application/json' }, body }, 0);
  },
  /** 200 and nothing. */
  'no-body': async (wire, answer) => {
    open(wire, answer);
    wire.response.end();
  },
  'truncated-json': async (wire, answer) => {
    const body = answer.kind === 'body' ? answer.body : JSON.stringify({ id: 'gen-1', type: 'message', role: 'assistant', content: [] });
    await sendAnswer(
      wire,
      { kind: 'body', status: 200, headers: { 'content-type': 'application/json' }, body: body.slice(0, Math.ceil(body.length / 2)) },
      0,
    );
  },
  garbage: async (wire, answer) => {
    open(wire, answer);
    const noise = Buffer.alloc(4096);
    for (let index = 0; index < noise.length; index += 1) noise[index] = (index * 167 + (index >> 3) * 91) % 256;
    await end(wire, noise);
  },
  /** 100 MB before the JSON ends. */
  'big-body': async (wire) => {
    wire.response.writeHead(200, { 'content-type': 'application/json' });
    if (!(await put(wire, '{"data":['))) return;
    for (let written = 0; written < 100; written += 1) {
      if (!(await put(wire, MEBIBYTE_OF_BLANKS))) return;
    }
    await end(wire, ']}');
  },
  /** Two megabytes of headers. */
  'header-bomb': async (wire, answer) => {
    for (let index = 0; index < 2000; index += 1) wire.response.setHeader(`x-bomb-${String(index)}`, 'x'.repeat(1000));
    open(wire, answer);
    await end(wire, piecesOf(answer).join(''));
  },
  /** Text for ever. */
  'endless-stream': async (wire, answer) => {
    open(wire, answer, EVENT_HEADERS);
    const start = answer.kind === 'events' ? answer.events.slice(0, 1) : [];
    const text = [
      ...start,
      eventText('content_block_start', {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'text', text: '', citations: null },
      }),
    ];
    if (!(await put(wire, text.join('')))) return;
    const more = eventText('content_block_delta', {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: 'again and '.repeat(8) },
    });
    while ((await put(wire, more.repeat(16))) && (await pause(wire, 2)));
  },
  /** One byte a second. */
  'slow-drip': async (wire, answer) => {
    open(wire, answer);
    for (const byte of Buffer.from(piecesOf(answer).join(''))) {
      if (!(await put(wire, Uint8Array.of(byte))) || !(await pause(wire, 1000))) return;
    }
    wire.response.end();
  },
  /** Lone continuation bytes and a code point cut in two: within the text of a stream, or outside the strings of a JSON body. */
  'invalid-utf8': async (wire, answer) => {
    open(wire, answer);
    const bad = Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x28, 0xf0, 0x9f]);
    const text = piecesOf(answer).join('');
    const [before = '', after = ''] = answer.kind === 'body' ? [text.slice(0, -1), text.slice(-1)] : splitInText(text);
    await end(wire, Buffer.concat([Buffer.from(before), bad, Buffer.from(after)]));
  },
  /** Model names and texts that would drive a terminal. */
  'terminal-escapes': async (wire, answer) => {
    const spoil = (text: string): string =>
      text.replace(/"(text|name|model|provider|provider_name|label|description)":"(?=[^"])/g, (start) => start + escaped(ESCAPES));
    if (answer.kind === 'body') return await sendAnswer(wire, { ...answer, body: spoil(answer.body) }, 0);
    await sendAnswer(wire, { ...answer, events: answer.events.map(spoil) }, 0);
  },
  /** An error message that would drive a terminal. */
  'terminal-escapes-error': async (wire) => {
    const body = JSON.stringify({
      error: { message: `${ESCAPES} Provider returned error`, code: 400, metadata: { raw: ESCAPES, provider_name: ESCAPES } },
    });
    await sendAnswer(wire, { kind: 'body', status: 400, headers: { 'content-type': 'application/json' }, body }, 0);
  },
  /** A redirect to this server under another host name, which answers: `requests` shows whether the key followed. */
  redirect: async (wire, answer) => {
    if (wire.path.includes(REDIRECTED)) return await sendAnswer(wire, answer, 0);
    wire.response.writeHead(307, { location: `${wire.otherHost}${wire.path}${wire.path.includes('?') ? '&' : '?'}${REDIRECTED}` });
    wire.response.end();
  },
  /** Announces more bytes than it sends. */
  'wrong-length': async (wire, answer) => {
    const text = piecesOf(answer).join('');
    open(wire, answer, { 'content-length': String(Buffer.byteLength(text) + 1000) });
    await put(wire, text);
    if (await pause(wire, 20)) wire.response.destroy();
  },
  /** A gigabyte of blanks in about a megabyte: gzip members repeated. */
  'gzip-bomb': async (wire) => {
    const member = gzipSync(MEBIBYTE_OF_BLANKS);
    wire.response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    if (!(await put(wire, gzipSync('{"data":[')))) return;
    for (let written = 0; written < 1024; written += 1) {
      if (!(await put(wire, member))) return;
    }
    await end(wire, gzipSync(']}'));
  },
};

/** The events without `message_stop`; with `all` also without the `[DONE]` after it. */
function withoutStop(events: readonly string[], all: boolean): readonly string[] {
  return events.filter((event) => !event.startsWith('event: message_stop') && !(all && event.includes('[DONE]')));
}

/** Splits in the middle of the first non-empty text of the answer. */
function splitInText(text: string): [string, string] {
  const found = /"(?:text|name|partial_json)":"[^"]/.exec(text);
  const at = found === null ? Math.floor(text.length / 2) : found.index + found[0].length;
  return [text.slice(0, at), text.slice(at)];
}

export const STREAM_FAULT_IDS: readonly string[] = Object.keys(STREAM_FAULTS);

/** The stream fault with this code; undefined if there is none. */
export function findStreamFault(id: string): Spoil | undefined {
  return Object.hasOwn(STREAM_FAULTS, id) ? STREAM_FAULTS[id] : undefined;
}
