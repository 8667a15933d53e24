import { createCatalog } from '../../src/openrouter/catalog.ts';
import { makeModel } from '../support/models.ts';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { type ProbeResult, probeModel } from '../../src/probe/probe.ts';
import { serve, type TestServer } from '../support/http-servers.ts';
import { keyed } from '../support/keyed.ts';
import { readBeside } from '../support/known-answers/beside.ts';
import { type Stream, STREAMS } from '../support/known-answers/streams.ts';
import { besideTitle } from '../support/shared.ts';
import { event, makeDeps, type ProbeDeps, START, STOP, textEvents, toolEvents, withoutWaiting } from './support.ts';

/** The arguments that the first turn asks for, or the word of the second one's tool result. */
interface Asked {
  readonly json: string;
  readonly word: string | undefined;
}
type Reply = (asked: Asked) => { readonly status?: number; readonly headers?: Record<string, string>; readonly body: string };

let server: TestServer | undefined;
let deps: ProbeDeps | undefined;
let calls = 0;
afterEach(async () => {
  await deps?.close();
  await server?.close();
});

async function probe(reply: Reply, more: Partial<Parameters<typeof probeModel>[1]> = {}): Promise<ProbeResult & { slept: number[] }> {
  calls = 0;
  server = await serve((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      calls += 1;
      const { messages } = z.object({ messages: z.array(z.unknown()) }).parse(JSON.parse(text));
      const said = JSON.stringify(messages);
      const json = /JSON: (\{.*?\})(?:\\n|")/.exec(said)?.[1]?.replaceAll('\\"', '"') ?? '';
      const { status = 200, headers = {}, body } = reply({ json, word: /word-[0-9a-f]+/.exec(said)?.[0] });
      response.writeHead(status, { 'content-type': 'text/event-stream', ...headers }).end(body);
    });
  });
  deps = makeDeps();
  const patient = withoutWaiting(deps);
  const result = await probeModel(patient, {
    endpoint: keyed(`http://127.0.0.1:${server.port}/api`, 'sk-or-v1-x'),
    model: 'acme/one',
    maxTokens: 32000,
    timeoutMs: 20_000,
    toolSearch: false,
    ...more,
  });
  return { ...result, slept: patient.slept };
}

/** Both turns, each changed by `spoil`. */
const spoilt =
  (spoil: (body: string) => string): Reply =>
  ({ json, word }) => ({ body: spoil(START + (word === undefined ? toolEvents('orcc_check', json) : textEvents(word)) + STOP) });

const LATE = event('error', { error: { type: 'api_error', message: 'late', error_type: 'server' } });
const noStop = (body: string): string => body.slice(0, body.indexOf('event: message_stop'));

describe('what Claude Code accepts is not red (measured on 2.1.330 to 2.1.332)', () => {
  it.each<[string, (body: string) => string]>([
    ['no message_stop after message_delta', noStop],
    ['[DONE] in the place of message_stop', (body) => `${noStop(body)}event: data\ndata: [DONE]\n\n`],
    ['an error event after message_delta', (body) => noStop(body) + LATE],
    [
      'a ping that cannot be parsed',
      (body) => body.replace('event: content_block_start', 'event: ping\ndata: {{\n\nevent: content_block_start'),
    ],
  ])('%s', async (_what, spoil) => {
    expect(await probe(spoilt(spoil))).toMatchObject({ verdict: 'ok', turns: 2 });
  });
});

describe('what breaks Claude Code is not green', () => {
  it.each<[string, (body: string) => string]>([
    ['no content_block_stop', (body) => body.replace(/event: content_block_stop\n.*\n\n/, '')],
    ['no event: lines', (body) => body.replace(/^event: .*\n/gm, '')],
    ['no index', (body) => body.replaceAll('"index":0,', '')],
    ['text for a block that was not opened', (body) => body.replace('"index":0,"delta"', '"index":7,"delta"')],
    [
      'arguments in content_block_start alone',
      (body) => {
        const json = [...body.matchAll(/"partial_json":("(?:[^"\\]|\\.)*")/g)]
          .map(([, piece = '']) => JSON.parse(piece) as string)
          .join('');
        return body.replace(/event: content_block_delta\n.*\n\n/g, '').replace('"input":{}', `"input":${json}`);
      },
    ],
  ])('%s', async (_what, spoil) => {
    const result = await probe(spoilt(spoil));
    expect(result).toMatchObject({ verdict: 'failed', finding: { code: 'STREAM_MALFORMED' } });
  });
});

describe('an answer that stops at its largest length', () => {
  const capped = event('message_delta', { delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 40 } }) + event('message_stop');
  it.each<[string, (asked: Asked) => string]>([
    ['in the middle of text', () => textEvents('Let me')],
    ['in the middle of arguments', ({ json }) => toolEvents('orcc_check', json.slice(0, -6))],
  ])('%s says so, and is neither red nor green', async (_what, events) => {
    const result = await probe((asked) => ({ body: START + events(asked) + capped }), { alias: 'opus' });
    expect(result).toMatchObject({ verdict: 'inconclusive', finding: { code: 'ANSWER_CAPPED' } });
    expect(result.finding?.cause).toMatch(/\bmax_tokens\b.*\b40\b/);
    expect(result.finding?.fix).toContain('orcc test opus --via claude');
  });

  it('with the whole call in it is fine', async () => {
    const result = await probe(({ json, word }) => ({
      body: START + (word === undefined ? toolEvents('orcc_check', json) : textEvents(word)) + capped,
    }));
    expect(result.verdict).toBe('ok');
  });
});

describe('the model that answered', () => {
  const served =
    (model: string): Reply =>
    (asked) => ({ body: spoilt((body) => body)(asked).body.replace('"model":"m"', `"model":"${model}"`) });
  it.each([
    ['z-ai/glm-4.7', 'z-ai/glm-4.7-20251222', undefined],
    ['anthropic/claude-opus-4.5', 'anthropic/claude-4.5-opus-20251124', undefined],
    ['acme/one:free', 'acme/one-2026-01-02', undefined],
    ['@preset/mine', 'acme/two', undefined],
    ['~acme/one-latest', 'acme/one-3-20260101', 'acme/one-3'],
    ['a/b@preset/mine', 'a/b-20260101', undefined],
    ['openrouter/auto', 'acme/two', undefined],
  ])('asked for %s, %s is the same', async (model, answered, target) => {
    const rows = target === undefined ? [] : [makeModel({ id: model, aliasTarget: target })];
    const catalog = createCatalog(rows, { source: 'live', asOf: 0, stale: false });
    expect(await probe(served(answered), { model, catalog })).toMatchObject({ verdict: 'ok', isOther: false, warnings: [] });
  });

  it.each([
    ['z-ai/glm-4.7', 'z-ai/glm-4.7-flash-20260101'],
    ['z-ai/glm-4.7', 'z-ai/glm-4.6-20251222'],
    ['acme/one', 'other/one'],
    ['~acme/one-latest', 'other/one'],
  ])('asked for %s, %s is another: a warning', async (model, answered) => {
    const result = await probe(served(answered), { model, alias: 'opus' });
    expect(result).toMatchObject({ verdict: 'ok', isOther: true, warnings: [{ code: 'OTHER_MODEL', severity: 'warning' }] });
    expect(result.warnings[0]?.cause).toContain(answered);
  });
});

it('the money of an own provider key is shown beside what OpenRouter charges', async () => {
  const usage = { output_tokens: 5, cost: 0, is_byok: true, cost_details: { upstream_inference_cost: 0.004 } };
  const result = await probe((asked) => ({
    body: spoilt((body) => body)(asked).body.replace(
      /event: message_delta\n.*\n\n/,
      event('message_delta', { delta: { stop_reason: 'end_turn' }, usage }),
    ),
  }));
  expect(result).toMatchObject({ verdict: 'ok', cost: 0, ownKeyCost: 0.008 });
});

it('a quota of calls a minute is waited for, and asked once more', async () => {
  const now = Date.now();
  const error = { message: 'Rate limit exceeded: free-models-per-min.', code: 429 };
  const metadata = { limit_source: 'openrouter_free_tier_per_minute', headers: { 'X-RateLimit-Reset': String(now + 45_000) } };
  const result = await probe(() => ({
    status: 429,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { ...error, metadata } }),
  }));
  expect(result).toMatchObject({ verdict: 'failed', retries: 1, finding: { code: 'FREE_QUOTA_MINUTE' } });
  expect(calls).toBe(2);
  expect(result.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(40_000);
});

function tryEach(streams: readonly Stream[]): void {
  it.each(streams.map((each) => [each.title, each.code, each] as const))('%s: %s', async (_title, code, each) => {
    const result = await probe(
      ({ json }) => {
        // The stream's call has arguments of its own: those that are asked for stand in their place.
        const call = JSON.stringify(json).slice(1, -1);
        let first = true;
        const body = each.text.replace(/"partial_json":"(?:[^"\\]|\\.)*"/g, () => {
          const piece = first ? call : '';
          first = false;
          return `"partial_json":"${piece}"`;
        });
        return { headers: each.headers, body };
      },
      { model: each.model, quick: true },
    );
    expect(result.verdict === 'ok' ? 'ok' : result.finding?.code).toBe(code);
    expect(each.fits?.(code) ?? true).toBe(true);
  });
}

describe('a stream that looks better or worse than it is', () => {
  tryEach(STREAMS);
});

const beside = readBeside();

describe.skipIf(beside === undefined)(besideTitle('streams that were collected', 5), () => {
  const { streams = [] } = beside ?? {};
  it('are as many as the title says', () => {
    expect(streams.length).toBe(5);
  });

  tryEach(streams);
});
