import { isObject } from '../../src/text/json.ts';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Json } from '../../src/simulator/json.ts';
import { sharedFile } from '../support/shared.ts';
import { ASK_TOOL, parseEvents, post, request, simulate, TOOL } from './support.ts';

interface Recorded {
  readonly id: string;
  readonly model: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { readonly type?: string; readonly error: Record<string, unknown> };
  readonly text?: string;
}

/** The fault that gives each answer of autumn 2026. */
const FAULTS: Readonly<Record<string, string>> = {
  '401-provider-openai-byok': 'byok-key-refused',
  '403-byok-needed': 'byok-required',
  '403-workspace-budget': 'workspace-budget',
  '402-guardrail-budget': 'guardrail-budget',
  '403-moderation-envelope': 'moderation',
  '403-cf-challenge': 'cloudflare-challenge',
  '404-tools-availability': 'no-tool-support-available',
  '404-cache-control': 'no-cache-control-support',
  '404-context-length-filter': 'context-filtered',
  '404-max-price-availability': 'max-price',
  '404-upstream-gone': 'model-gone-upstream',
  '404-free-period': 'free-period-ended',
  '404-preset': 'preset-unknown',
  '400-model-empty': 'model-empty',
  '400-effort-envelope': 'effort-unsupported',
  '413-html': 'cloudflare-too-large',
  '429-day-limit-source-min': 'rate-free-rpm',
  '529-html': 'cloudflare-overloaded',
  'live-429-rpd-shared': 'rate-model-day',
  'live-404-guardrail-provider': 'guardrail-provider',
  'live-400-location': 'provider-location',
  'mid-unmapped': 'midstream-unmapped',
  'comments-then-end': 'comments-then-end',
  'no-message-stop-but-delta': 'no-message-stop',
  'max-tokens-stop': 'out-of-tokens',
  'cmp-error-after-delta': 'error-after-delta',
  'live-429-per-minute': 'rate-free-minute',
};

const file = sharedFile('openrouter/answers-2026-11.json');
const cases = file === undefined ? [] : (JSON.parse(readFileSync(file, 'utf8')) as { cases: Recorded[] }).cases;

/** Paths of all members with their types; what a number or a text says is not compared. */
function shapeOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.slice(0, 1).flatMap((item) => shapeOf(item, `${path}[]`));
  if (!isObject(value)) return [`${path}: ${value === null ? 'null' : typeof value}`];
  return Object.entries(value).flatMap(([name, member]) => shapeOf(member, `${path}.${name}`));
}

describe.skipIf(file === undefined)('answers of autumn 2026, each on demand (skipped where the data is absent)', () => {
  it('has a fault for every one', () => {
    expect(cases.map(({ id }) => id).filter((id) => FAULTS[id] === undefined)).toEqual([]);
  });

  it.each(cases.filter(({ body }) => body !== undefined).map((each) => [each.id, each] as const))('%s', async (id, each) => {
    const errorShape = each.body?.type === 'error' ? 'anthropic' : 'plain';
    const simulator = await simulate({ errorShape, faults: [{ code: FAULTS[id] ?? id }] });
    const { status, json } = await post(simulator, request({ model: each.model, tools: [TOOL] }));
    expect(status).toBe(each.status);
    expect(shapeOf(json)).toEqual(
      expect.arrayContaining(
        shapeOf(each.body).filter((path) => path !== '.request_id: null' && !/X-RateLimit-(?:Limit|Remaining)/.test(path)),
      ),
    );
    const words = (text: unknown): string =>
      String(text)
        .replaceAll(/\d{8}/g, 'DATE')
        .replaceAll(/"[^"]*"/g, 'NAME')
        .slice(0, 70);
    expect(words(json.error.message)).toBe(words(each.body?.error['message']));
    for (const name of ['code', 'type', 'error_type'] as const)
      if (name in (each.body?.error ?? {})) expect(json.error[name]).toBe(each.body?.error[name]);
    const clue = (error: unknown, member: string): Json | undefined =>
      isObject(error) && isObject(error[member]) ? error[member] : undefined;
    const { requested_models, ...available } = clue(each.body?.error, 'availability') ?? {};
    if (Object.keys(available).length > 0) expect(json.error.availability).toMatchObject(available);
    expect(json.error.availability?.requested_models).toEqual(requested_models === undefined ? undefined : [each.model]);
    const source = clue(each.body?.error, 'metadata')?.['limit_source'];
    if (source !== undefined) expect(json.error.metadata.limit_source).toBe(source);
  });

  it.each(cases.filter(({ text }) => text?.startsWith('<') === true).map((each) => [each.id, each] as const))('%s', async (id, each) => {
    const { status, headers, text } = await post(await simulate({ faults: [{ code: FAULTS[id] ?? id }] }), request());
    expect([status, headers.get('server'), headers.get('content-type')?.slice(0, 9)]).toEqual([each.status, 'cloudflare', 'text/html']);
    expect(headers.get('cf-ray')).not.toBeNull();
    expect(/<title>(.*?)<\/title>/.exec(text)?.[1]).toBe(/<title>(.*?)<\/title>/.exec(each.text ?? '')?.[1]);
  });

  it.each(cases.filter(({ text }) => text?.startsWith(':') === true).map((each) => [each.id, each] as const))('%s', async (id, each) => {
    const simulator = await simulate({ faults: [{ code: FAULTS[id] ?? id }] });
    const body = request({ stream: true, tools: [TOOL], messages: [{ role: 'user', content: ASK_TOOL }] });
    const { status, text } = await post(simulator, body);
    expect(status).toBe(200);
    const kinds = (events: string): string[] =>
      [...new Set(parseEvents(events).map(({ event }) => event))].filter((event) => event !== 'ping' && event !== 'content_block_stop');
    expect(kinds(text).sort()).toEqual(kinds(each.text ?? '').sort());
    const ends = (events: string): unknown => {
      const delta = parseEvents(events).find(({ event }) => event === 'message_delta')?.data;
      return isObject(delta) && isObject(delta['delta']) ? delta['delta']['stop_reason'] : undefined;
    };
    expect(ends(text)).toBe(ends(each.text ?? ''));
  });
});
