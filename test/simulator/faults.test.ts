/* eslint-disable @typescript-eslint/no-unsafe-call -- answers are read loosely: the assertion is the check */
import { describe, expect, it } from 'vitest';
import { TABLE } from '../../src/diagnose/table.ts';
import { OrccError } from '../../src/core/errors.ts';
import { FINDING_FAULTS, listFaultCodes, parseFaultSpec } from '../../src/simulator/fault-spec.ts';
import { parseErrorBody } from '../../src/openrouter/error-body.ts';
import { API_FAULTS } from '../../src/simulator/faults.ts';
import { ASK_TOOL, get, parseEvents, post, request, simulate, TOOL } from './support.ts';

describe('parseFaultSpec', () => {
  it.each([
    ['credits-empty', { code: 'credits-empty' }],
    ['NO_CREDITS', { code: 'credits-empty' }],
    ['cut*2', { code: 'cut', times: 2 }],
    ['stall@z-ai/glm-4.7', { code: 'stall', model: 'z-ai/glm-4.7' }],
    ['stall@google/gemma-4-31b-it:free*3', { code: 'stall', model: 'google/gemma-4-31b-it:free', times: 3 }],
    ['html@/v1/models', { code: 'html', path: '/v1/models' }],
  ])('reads `%s`', (text, spec) => {
    expect(parseFaultSpec(text)).toEqual(spec);
  });

  it.each(['', 'nothing', 'cut*', 'cut*x', 'cut*-1', '@z-ai/glm-4.7', '__proto__', 'constructor'])('refuses `%s`', (text) => {
    expect(() => parseFaultSpec(text)).toThrow(OrccError);
  });

  it('takes every finding name that it lists, and lists only findings that exist', () => {
    const codes = new Set(listFaultCodes());
    const findings = new Set(TABLE.map((row) => row.code));
    expect(Object.values(FINDING_FAULTS).filter((code) => !codes.has(code))).toEqual([]);
    expect(Object.keys(FINDING_FAULTS).filter((code) => !findings.has(code))).toEqual([]);
  });
});

it('lists each fault once', () => {
  const codes = listFaultCodes();
  expect(new Set(codes).size).toBe(codes.length);
});

describe('a fault on demand', () => {
  it('meets only its model', async () => {
    const simulator = await simulate({ faults: [{ code: 'overloaded', model: 'z-ai/glm-4.7' }] });
    expect((await post(simulator, request())).status).toBe(529);
    expect((await post(simulator, request({ model: 'minimax/minimax-m3' }))).status).toBe(200);
  });

  it('ends after its count', async () => {
    const simulator = await simulate({ faults: [{ code: 'rate-upstream', times: 2 }] });
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await post(simulator, request())).status);
    expect(statuses).toEqual([429, 429, 200]);
  });

  it('meets another path where it names one, in the plain shape, and leaves the rest alone', async () => {
    const simulator = await simulate({ faults: [{ code: 'auth-unknown-key', path: '/v1/key' }] });
    const { status, json } = await get(simulator, '/v1/key', { key: simulator.key });
    expect([status, json.error.code]).toEqual([401, 401]);
    expect((await post(simulator, request())).status).toBe(200);
  });

  it('goes when the faults are replaced', async () => {
    const simulator = await simulate({ faults: [{ code: 'internal' }] });
    simulator.setFaults([]);
    expect((await post(simulator, request())).status).toBe(200);
    expect(() => {
      simulator.setFaults([{ code: 'nonsense' }]);
    }).toThrow(OrccError);
  });

  it('is noted in the log of requests', async () => {
    const simulator = await simulate({ faults: [{ code: 'internal' }] });
    await post(simulator, request());
    expect(simulator.requests[0]?.fault).toBe('internal');
  });

  it('answers plainly on /messages where errorShape says so', async () => {
    const simulator = await simulate({ errorShape: 'plain', faults: [{ code: 'no-tool-support' }] });
    const { json } = await post(simulator, request({ tools: [TOOL] }));
    expect(json.error.code).toBe(404);
    expect(json.type).toBeUndefined();
    expect(json.error.metadata.failed_routing_step).toBe('Filter by Tool Compatibility');
  });

  it('tells the reset of the free quota in milliseconds, at the next midnight UTC', async () => {
    const simulator = await simulate({ now: () => Date.UTC(2026, 10, 22, 23, 59), faults: [{ code: 'rate-free-day' }] });
    const { headers } = await post(simulator, request());
    expect(headers.get('x-ratelimit-reset')).toBe(String(Date.UTC(2026, 10, 23)));
  });
});

describe('a model that answers badly', () => {
  const asked = request({ tools: [TOOL], messages: [{ role: 'user', content: ASK_TOOL }] });
  const answered = request({
    tools: [TOOL],
    messages: [
      { role: 'user', content: ASK_TOOL },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '21 degrees' }] },
    ],
  });

  it.each([
    ['empty', asked, 'end_turn', [], 'Tōkyō'],
    ['refusal', asked, 'refusal', [], 'Tōkyō'],
    ['no-tool-call', asked, 'end_turn', ['text'], 'Tōkyō'],
    ['wrong-tool-call', asked, 'tool_use', ['tool_use'], 'Tōkyō'],
    ['stops-after-tool', asked, 'tool_use', ['tool_use'], '21 degrees'],
    ['stops-after-tool', answered, 'end_turn', [], '21 degrees'],
    ['forgets-tool-result', answered, 'end_turn', ['text'], '21 degrees'],
  ] as const)('%s', async (code, body, stop, blocks, absent) => {
    const simulator = await simulate({ faults: [{ code }] });
    const { json, text } = await post(simulator, body);
    expect(json.stop_reason).toBe(stop);
    expect(json.content.map((block: { type: string }) => block.type)).toEqual(blocks);
    expect(text).not.toContain(absent);
  });

  it('streams an empty answer as one without blocks', async () => {
    const simulator = await simulate({ faults: [{ code: 'empty' }] });
    const events = parseEvents((await post(simulator, request({ stream: true }))).text).map(({ event }) => event);
    expect(events).toEqual(['message_start', 'ping', 'message_delta', 'message_stop', 'data']);
  });

  it('writes more than 2000 tokens on too-long', async () => {
    const simulator = await simulate({ faults: [{ code: 'too-long' }] });
    expect((await post(simulator, asked)).json.usage.output_tokens).toBeGreaterThan(2000);
  });
});

it('gives every refusal of the table its own status over HTTP, in either shape, and orcc reads both', async () => {
  const wrong = [];
  for (const errorShape of ['anthropic', 'plain'] as const) {
    const simulator = await simulate({ errorShape });
    for (const { id, status, envelope } of API_FAULTS) {
      simulator.setFaults([{ code: id }]);
      const answer = await post(simulator, request());
      const body = parseErrorBody(answer.text);
      const isEnvelope = errorShape === 'anthropic' && envelope !== null;
      const shape = answer.headers.get('content-type')?.includes('json') !== true ? undefined : isEnvelope ? 'anthropic' : 'openrouter';
      const named = shape === 'anthropic' ? body?.errorType : body?.code;
      const isRead = body?.shape === shape && (shape === undefined || named !== undefined);
      if (answer.status !== status || !isRead) wrong.push([errorShape, id, answer.status, body]);
    }
  }
  expect(wrong).toEqual([]);
});
