import { createParser } from 'eventsource-parser';

import type { HttpResponse } from '../core/context.ts';
import type { StreamFault } from '../diagnose/clue.ts';
import type { Evidence } from '../diagnose/evidence.ts';
import { type ErrorBody, messageOf, readErrorBody } from '../openrouter/error-body.ts';
import { NetworkError, type NetworkErrorKind } from '../core/network-error.ts';
import { type Answer, Assembler } from './assemble.ts';
import { tryJson } from '../text/json.ts';

/** Output tokens after which a probe is cut off (design D8). */
const CUT_OFF_TOKENS = 2000;
/** Four characters count as one token: near enough to stop a run-away answer. */
const CUT_OFF_CHARACTERS = CUT_OFF_TOKENS * 4;
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_EVENT = 1024 * 1024;
const MOST_ERROR_BODY = 64 * 1024;

/** What a broken connection means once the answer has begun. */
const STREAM_FAULTS: Partial<Record<NetworkErrorKind, StreamFault>> = { reset: 'cut', encoding: 'cut', 'timeout-idle': 'stall' };

/** The result of reading one answer. `fault` is evidence for the findings table; `answer` then holds what came before it. */
export interface Reading {
  readonly answer: Answer;
  readonly fault?: Evidence;
  /** Stopped by orcc after 2000 output tokens. */
  readonly cutOff: boolean;
  /** False if a whole JSON message came instead of events. */
  readonly streamed: boolean;
}

/** Called as the answer comes in, for clocks. */
type OnEvent = (kind: 'content' | 'progress') => void;

/**
 * Reads the answer of POST /v1/messages: an event stream, a whole JSON message, an error body
 * or whatever else a server sends. Stops at `message_stop` (OpenRouter sends `[DONE]` after it), skips
 * comments and pings, keeps at most 8 MiB. Always cancels the response at the end.
 *
 * @param onEvent called at each event that brings text, thinking or a tool call (`content`), or anything else but a ping
 * @throws what the body throws (NetworkError), for the caller to judge
 */
export async function readAnswer(response: HttpResponse, onEvent: OnEvent): Promise<Reading> {
  try {
    const type = response.headers['content-type'] ?? '';
    if (response.status < 200 || response.status > 299) return await readFailure(response);
    if (/^\s*text\/event-stream/i.test(type)) return await readEvents(response, onEvent);
    return await readOther(response, onEvent);
  } finally {
    await response.cancel();
  }
}

async function readFailure(response: HttpResponse): Promise<Reading> {
  const body = await readText(response, MOST_ERROR_BODY);
  return {
    answer: new Assembler().answer,
    fault: { status: response.status, headers: response.headers, body },
    cutOff: false,
    streamed: false,
  };
}

/** A 200 that does not say it is a stream: JSON, a page, or events under a wrong type. */
async function readOther(response: HttpResponse, onEvent: OnEvent): Promise<Reading> {
  const body = await readText(response, MOST_EVENT);
  const { status, headers } = response;
  const assembler = new Assembler();
  const fault = (more: Evidence): Reading => ({
    answer: assembler.answer,
    fault: { status, headers, ...more },
    cutOff: false,
    streamed: false,
  });
  const start = body.trimStart().slice(0, 1);
  if (start === '') return fault({ stream: 'empty', detail: `HTTP ${status} with an empty body` });
  if (start === '<') return fault({ body });
  if (start !== '{' && start !== '[') {
    if (/^(?::|event:|data:)/.test(body.trimStart())) return readEvents({ ...response, body: once(body) }, onEvent);
    return fault({ body: body.slice(0, 1000) });
  }
  if (body.length >= MOST_EVENT) return fault({ stream: 'malformed', detail: 'an answer of more than 1 MiB' });
  const value = tryJson(body);
  if (value === undefined) return fault({ stream: 'malformed', detail: `HTTP ${status} with JSON that is cut off or invalid` });
  const error = readErrorBody(value);
  if (error !== undefined) return fault({ error });
  if (!assembler.takeMessage(value)) return fault({ body: body.slice(0, 1000) });
  if (isEmpty(assembler.answer)) return fault(EMPTY);
  onEvent('content');
  return { answer: assembler.answer, cutOff: false, streamed: false };
}

/** What the events of one answer have said so far. */
interface Heard {
  readonly assembler: Assembler;
  error: ErrorBody | undefined;
  /** What is wrong with an event; undefined while all are fine. */
  broken: string | undefined;
  /** How many events had no name, or lines were not of an event. */
  unnamed: number;
}

function listen(heard: Heard, onEvent: OnEvent): ReturnType<typeof createParser> {
  const { assembler } = heard;
  return createParser({
    maxBufferSize: MOST_EVENT,
    onEvent: ({ event = '', data }) => {
      if (assembler.stopped || heard.error !== undefined || heard.broken !== undefined || data === '[DONE]' || data === '') return;
      // After the stop reason Claude Code ignores everything, even an error.
      if (assembler.ended && event !== 'message_delta' && event !== 'message_stop') return;
      if (!READ_EVENTS.has(event)) {
        // Claude Code reads none of these; an error in one still says why the answer ends.
        if (event === '') heard.unnamed += 1;
        heard.error = event === 'ping' ? undefined : readErrorBody(tryJson(data));
        return;
      }
      const value = tryJson(data);
      if (value === undefined) {
        heard.broken = 'an event that is not JSON';
        return;
      }
      heard.error =
        readErrorBody(value) ?? (event === 'error' ? { message: messageOf(data) ?? '(no message)', shape: 'openrouter' } : undefined);
      if (heard.error !== undefined) return;
      const taken = assembler.take(value);
      if (taken === 'broken') heard.broken = 'an event without the required fields';
      if (taken === 'content' || taken === 'progress') onEvent(taken);
    },
    onError: (problem) => {
      if (problem.type === 'max-buffer-size-exceeded') heard.broken = 'an event of more than 1 MiB';
      else heard.unnamed += 1;
    },
  });
}

async function readEvents(response: HttpResponse, onEvent: OnEvent): Promise<Reading> {
  const assembler = new Assembler();
  const heard: Heard = { assembler, error: undefined, broken: undefined, unnamed: 0 };
  const parser = listen(heard, onEvent);
  const decoder = new TextDecoder();
  let bytes = 0;
  const { status, headers } = response;
  const result = (fault?: Evidence, cutOff = false): Reading => ({
    answer: assembler.answer,
    ...(fault === undefined ? {} : { fault: { status, headers, ...fault } }),
    cutOff,
    streamed: true,
  });
  const settle = (): Reading | undefined => {
    const { error, broken } = heard;
    if (error !== undefined) return result({ error });
    if (broken !== undefined) return result({ stream: 'malformed', detail: broken });
    if (assembler.stopped && assembler.lack !== undefined) return result({ stream: 'malformed', detail: assembler.lack });
    if (assembler.stopped) return isEmpty(assembler.answer) ? result(EMPTY) : result();
    if (assembler.ended) return undefined;
    if (assembler.characters > CUT_OFF_CHARACTERS || assembler.outputTokens > CUT_OFF_TOKENS) return result(undefined, true);
    return undefined;
  };
  try {
    for await (const piece of response.body) {
      bytes += piece.byteLength;
      if (bytes > MOST_BYTES) return result({ stream: 'malformed', detail: 'an answer of more than 8 MiB' });
      parser.feed(decoder.decode(piece, { stream: true }));
      const settled = settle();
      if (settled !== undefined) return settled;
    }
  } catch (problem) {
    const fault = assembler.started && problem instanceof NetworkError ? STREAM_FAULTS[problem.kind] : undefined;
    if (fault === undefined) throw problem;
    return result({ stream: fault, detail: 'it had begun to answer' });
  }
  parser.feed(`${decoder.decode()}\n\n`);
  assembler.stopped ||= assembler.ended;
  return settle() ?? result(judgeNoEnd(assembler.started, heard.unnamed));
}

/** The fault of a stream that closed without its final events. */
function judgeNoEnd(started: boolean, unnamed: number): Evidence {
  if (started) return { stream: 'cut', detail: 'the stream ended before message_delta and message_stop' };
  if (unnamed > 0)
    return {
      stream: 'malformed',
      detail: 'lines that are not events, or events without their `event:` lines, which Claude Code ignores',
    };
  return { stream: 'empty', detail: 'a stream without a message' };
}

/** The events that Claude Code reads; it ignores pings and all others (measured on 2.1.332). */
const READ_EVENTS = new Set([
  'message_start',
  'message_delta',
  'message_stop',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'error',
]);

const EMPTY: Evidence = { stream: 'empty', detail: 'the answer ended normally, without a single block' };

/** Whether an answer has nothing in it; a refusal is an answer even without a word. */
function isEmpty(answer: Answer): boolean {
  return answer.blocks.length === 0 && answer.stopReason !== 'refusal';
}

async function readText(response: HttpResponse, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const piece of response.body) {
    bytes += piece.byteLength;
    text += decoder.decode(piece, { stream: true });
    if (bytes > most) return text.padEnd(most).slice(0, most);
  }
  return text + decoder.decode();
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
