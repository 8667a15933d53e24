import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import type { FindingCode } from '../../src/diagnose/table.ts';
import { probeModel, type ProbeResult } from '../../src/probe/probe.ts';
import { ANSWER_ROWS } from '../../src/diagnose/rows/answer.ts';
import { keyed } from '../support/keyed.ts';
import { serve, type TestServer } from '../support/http-servers.ts';
import { event, makeDeps, type ProbeDeps, START, STOP, textEvents, toolEvents, withoutWaiting } from './support.ts';

interface Turn {
  readonly first: boolean;
  /** Number of the request. */
  readonly call: number;
  readonly json: string;
  readonly word: string;
  readonly thinks: boolean;
}
/** Events of an answer, or the text of a 400. */
type Answer = (turn: Turn) => string | { readonly refused: string };

const good = ({ first, json, word }: Turn): string => START + (first ? toolEvents('orcc_check', json) : textEvents(word)) + STOP;
const CAPPED = event('message_delta', { delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 9 } }) + event('message_stop');
const THINKING =
  event('content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } }) +
  event('content_block_delta', { index: 0, delta: { type: 'signature_delta', signature: 'c2ln' } }) +
  event('content_block_stop', { index: 0 });
const SIGNATURE = { refused: 'Invalid `signature` in `thinking` block' };
const thinking = (turn: Turn): string => (turn.first ? START + THINKING + toolEvents('orcc_check', turn.json, 1) + STOP : good(turn));
const named = (answer: string): string => answer.replace('"model":"m"', '"model":"acme/one-20260101"');

/** What the probe alone can see: an answer that must give the finding, and its nearest neighbour. */
const PAIRS: readonly (readonly [code: FindingCode, must: Answer, other: FindingCode | 'ok', not: Answer])[] = [
  ['TOOL_CALL_MISSING', (turn) => START + textEvents(turn.json) + STOP, 'ANSWER_CAPPED', (turn) => START + textEvents(turn.json) + CAPPED],
  [
    'TOOL_CALL_WRONG',
    (turn) => START + toolEvents('orcc_read', turn.json) + STOP,
    'ANSWER_CAPPED',
    (turn) => START + toolEvents('orcc_check', turn.json.slice(0, -5)) + CAPPED,
  ],
  [
    'STOPS_AFTER_TOOL',
    (turn) => (turn.first ? good(turn) : START + STOP),
    'TOOL_RESULT_LOST',
    (turn) => (turn.first ? good(turn) : START + textEvents('Done.') + STOP),
  ],
  [
    'TOOL_RESULT_LOST',
    (turn) => (turn.first ? good(turn) : START + textEvents('word-') + STOP),
    'ok',
    (turn) => named(turn.first ? good(turn) : START + textEvents(`It is ${turn.word}.`) + STOP),
  ],
  ['ANSWER_TOO_LONG', () => START + textEvents('word '.repeat(3000)), 'STREAM_CUT', () => START + textEvents('word '.repeat(300))],
  ['ANSWER_CAPPED', () => START + textEvents('Let me') + CAPPED, 'TOOL_CALL_MISSING', () => START + textEvents('Let me') + STOP],
  [
    'THINKING_REFUSED',
    (turn) => (turn.first ? thinking(turn) : SIGNATURE),
    'REPAIRED',
    (turn) => (turn.thinks ? SIGNATURE : named(thinking(turn))),
  ],
  ['REPAIRED', (turn) => (turn.call === 1 ? { refused: 'odd' } : named(good(turn))), 'ok', (turn) => named(good(turn))],
  ['OTHER_MODEL', (turn) => good(turn), 'ok', (turn) => named(good(turn))],
];

let server: TestServer | undefined;
let deps: ProbeDeps | undefined;
afterEach(async () => {
  await deps?.close();
  await server?.close();
});

async function probe(answer: Answer): Promise<ProbeResult> {
  let call = 0;
  server = await serve((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      const { messages } = z.object({ messages: z.array(z.unknown()) }).parse(JSON.parse(text));
      const said = JSON.stringify(messages);
      const json = /JSON: (\{.*?\})(?:\\n|")/.exec(said)?.[1]?.replaceAll('\\"', '"') ?? '';
      const word = /word-[0-9a-f]+/.exec(said)?.[0];
      const given = answer({ first: word === undefined, call: ++call, json, word: word ?? '', thinks: said.includes('"thinking"') });
      if (typeof given === 'string') response.writeHead(200, { 'content-type': 'text/event-stream' }).end(given);
      else
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: { message: given.refused, code: 400 } }));
    });
  });
  deps = makeDeps();
  return probeModel(withoutWaiting(deps), {
    endpoint: keyed(`http://127.0.0.1:${server.port}/api`, 'sk-or-v1-x'),
    model: 'acme/one',
    maxTokens: 32000,
    timeoutMs: 4000,
    toolSearch: false,
  });
}
const codeOf = (result: ProbeResult): string => result.finding?.code ?? result.warnings[0]?.code ?? 'ok';

describe('each finding that the probe alone can give, and its nearest neighbour', () => {
  it('has a pair for every row', () => {
    const rows = ANSWER_ROWS.filter((row) => !('clues' in row)).map(({ code }) => code);
    expect(PAIRS.map(([code]) => code).sort()).toEqual([...rows].sort());
    console.log(`${String(2 * PAIRS.length)} answers tried for ${String(PAIRS.length)} findings of the probe`);
  });

  it.each(PAIRS)('%s', async (code, must) => {
    expect(codeOf(await probe(must))).toBe(code);
  });

  it.each(PAIRS.map(([code, , other, not]) => [code, other, not] as const))('not %s but %s', async (_code, other, not) => {
    expect(codeOf(await probe(not))).toBe(other);
  });
});
