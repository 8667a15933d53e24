import { describe, expect, it } from 'vitest';

import { requestShapeFor } from '../../src/claude/request-shape.ts';
import { nextRepairs, type RepairId, type Repairs } from '../../src/probe/repair.ts';
import { buildRequest, firstTurn, makeTask, secondTurn, type Turn } from '../../src/probe/request.ts';
import { breaks } from '../support/openrouter-types.ts';
import { CLIENT_BETAS, CLIENT_BODY, CLIENT_NAMES_ITSELF, CLIENT_VERSION } from '../support/client-request.ts';

const task = makeTask((bytes) => Uint8Array.from({ length: bytes }, (_, index) => index * 37));
const NONE: Repairs = new Set();
const DEFERRING = requestShapeFor('z-ai/glm-4.7', { maxOutput: 32_000 });
const answered = [
  { type: 'thinking', thinking: '', signature: '' },
  { type: 'tool_use', id: 'toolu_1', name: 'orcc_check', input: task.call },
];

function request(turns: readonly Turn[], repairs: Repairs = NONE, shape = DEFERRING): ReturnType<typeof buildRequest> {
  return buildRequest({ model: 'z-ai/glm-4.7', shape, turns, repairs, endpoint: { key: 'sk-or-v1-x' }, version: '1.2.3' });
}

describe('the request of a probe', () => {
  it("has every field of Claude Code's own but those that name the sender", () => {
    const { body, headers, path } = request(firstTurn(task, true));
    expect(path).toMatch(/\/v1\/messages\?beta=true$/);
    const { metadata: _sender, ...real } = CLIENT_BODY;
    expect(Object.keys(body).sort()).toEqual(Object.keys(real).sort());
    for (const name of ['max_tokens', 'thinking', 'context_management', 'output_config', 'stream'] as const)
      expect(body[name]).toEqual(real[name]);
    expect((body['messages'] as Turn[]).map(({ role }) => role)).toEqual(real.messages.map(({ role }) => role));
    expect(JSON.stringify(body['tools'])).toContain('"defer_loading":true');
    expect(JSON.stringify(body['system'])).toContain('"cache_control":{"type":"ephemeral"}');
    for (const name of CLIENT_NAMES_ITSELF) expect(headers).not.toHaveProperty(name);
    expect(headers['anthropic-version']).toBe(CLIENT_VERSION);
    for (const beta of (headers['anthropic-beta'] ?? '').split(',')) expect(CLIENT_BETAS).toContain(beta);
  });

  it('says who sends it, and sends the key as bearer alone', () => {
    const { body, headers } = request(firstTurn(task, true));
    expect(headers['user-agent']).toBe('orcc/1.2.3');
    expect(headers['authorization']).toBe('Bearer sk-or-v1-x');
    expect(headers).not.toHaveProperty('x-api-key');
    expect(JSON.stringify({ body, headers })).not.toMatch(/billing|claude-cli|claude-code|"metadata"/i);
  });

  it('keeps the prompt the same from call to call, so that it can be cached', () => {
    const other = makeTask(() => new Uint8Array([9, 9, 9, 9]));
    const { system, tools } = request(firstTurn(other, true)).body;
    expect({ system, tools }).toEqual({
      system: request(firstTurn(task, true)).body['system'],
      tools: request(firstTurn(task, true)).body['tools'],
    });
  });

  it("is allowed by the types of OpenRouter's own client in both turns, repaired or not", () => {
    for (const repairs of [NONE, new Set<RepairId>(['system-role', 'context-management', 'adaptive-thinking', 'defer-loading'])]) {
      for (const turns of [
        firstTurn(task, !repairs.has('system-role')),
        secondTurn(task, !repairs.has('system-role'), answered, ['toolu_1']),
      ]) {
        expect(breaks(request(turns, repairs).body)).toBeUndefined();
      }
    }
  });
});

describe('the shape follows the id', () => {
  it.each([
    ['z-ai/glm-4.7', { type: 'adaptive', display: 'omitted' }, 'high', true],
    ['anthropic/claude-haiku-5.5', { type: 'adaptive', display: 'omitted' }, 'medium', true],
    ['anthropic/claude-opus-4.6', { type: 'adaptive', display: 'omitted' }, 'high', false],
    ['anthropic/claude-opus-4.5', { type: 'enabled', budget_tokens: 31_999, display: 'omitted' }, 'high', false],
    ['anthropic/claude-sonnet-4.5', { type: 'enabled', budget_tokens: 31_999, display: 'omitted' }, undefined, false],
    ['anthropic/claude-3-haiku', undefined, undefined, false],
  ])('%s', (id, thinking, effort, systemRole) => {
    const shape = requestShapeFor(id, { maxOutput: 32_000 });
    const { body, headers } = request(firstTurn(task, shape.systemRole), NONE, shape);
    expect(body['thinking']).toEqual(thinking);
    expect(body['output_config']).toEqual(effort === undefined ? undefined : { effort });
    expect((body['messages'] as Turn[]).some(({ role }) => role === 'system')).toBe(systemRole);
    expect('context_management' in body).toBe(thinking !== undefined);
    expect((headers['anthropic-beta'] ?? '').split(',').filter((beta) => beta !== '')).toEqual(shape.betas);
  });

  it('defers no tools where ENABLE_TOOL_SEARCH is off', () => {
    const shape = requestShapeFor('z-ai/glm-4.7', { toolSearch: false });
    expect(JSON.stringify(request(firstTurn(task, true), NONE, shape))).not.toMatch(/defer_loading|advanced-tool-use/);
  });
});

describe('what Claude Code repairs by itself', () => {
  const about = { shape: DEFERRING, holdsThinking: true };
  const refusal = (message: string, status = 400, made: readonly RepairId[] = []): readonly RepairId[] | undefined => {
    const next = nextRepairs(
      { status, body: JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }) },
      new Set(made),
      about,
    );
    return next === undefined ? undefined : [...next];
  };
  it.each<[string, readonly RepairId[] | undefined]>([
    ["messages.1.role: Input should be 'user' or 'assistant'", ['system-role']],
    [
      'Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
      ['system-role'],
    ],
    ['context_management: Extra inputs are not permitted', ['context-management']],
    ['adaptive thinking is not supported on this model', ['adaptive-thinking']],
    ['This model does not support the effort parameter.', ['effort']],
    ['messages.1.content.0: Invalid `signature` in `thinking` block', ['thinking-blocks']],
    ['messages.0.content.0.cache_control: Extra inputs are not permitted', ['again']],
    ['output_config: Extra inputs are not permitted', undefined],
    ["This endpoint's maximum context length is 131072 tokens.", undefined],
    ['tools.2.custom.defer_loading: Extra inputs are not permitted', ['token-count']],
    ['max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens', ['token-count']],
    ['Provider returned error', ['token-count']],
  ])('%s', (message, expected) => {
    expect(refusal(message)).toEqual(expected);
  });

  it('is tried once for each text that it can read', () => {
    expect(refusal('context_management: Extra inputs are not permitted', 400, ['context-management'])).toBeUndefined();
  });

  it('goes down its ladder after any other, in the order that was measured', () => {
    const made: (readonly RepairId[])[] = [];
    for (let next = refusal('hopeless'); next !== undefined; next = refusal('hopeless', 400, next)) made.push(next);
    expect(made).toEqual([
      ['token-count'],
      ['token-count', 'thinking-display'],
      ['defer-loading'],
      ['defer-loading', 'token-count'],
      ['defer-loading', 'token-count', 'thinking-display'],
    ]);
  });

  it('is read from what the provider said as well', () => {
    const body = JSON.stringify({
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: { raw: '{"error":{"message":"adaptive thinking is not supported"}}' },
      },
    });
    expect([...(nextRepairs({ status: 400, body }, NONE, about) ?? [])]).toEqual(['adaptive-thinking']);
  });

  it('is tried after a 400 or 422 alone', () => {
    expect(refusal('context_management: Extra inputs are not permitted', 500)).toBeUndefined();
    expect(refusal('anything', 422)).toEqual(['token-count']);
  });
});
