import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { findRepair, type RepairId } from '../../src/probe/repair.ts';
import { buildRequest, firstTurn, makeTask, secondTurn, type Turn } from '../../src/probe/request.ts';
import { sharedFile } from '../support/shared.ts';

interface Recorded {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> & { readonly messages: readonly Turn[] };
}

const task = makeTask((bytes) => Uint8Array.from({ length: bytes }, (_, index) => index * 37));
const NONE: ReadonlySet<RepairId> = new Set();
const answered = [
  { type: 'thinking', thinking: '', signature: '' },
  { type: 'tool_use', id: 'toolu_1', name: 'orcc_check', input: task.call },
];

function request(turns: readonly Turn[], repairs: ReadonlySet<RepairId> = NONE): ReturnType<typeof buildRequest> {
  return buildRequest({ model: 'z-ai/glm-4.7', maxTokens: 32000, turns, repairs, key: 'sk-or-v1-x', version: '1.2.3' });
}

describe('the request of a probe', () => {
  const shape = sharedFile('openrouter/claude-code-request.shape.json');
  it.skipIf(shape === undefined)(
    "has every field of Claude Code's own but those that name the sender (skipped where the recorded shape is absent)",
    () => {
      const real = JSON.parse(readFileSync(shape ?? '', 'utf8')) as Recorded;
      const { body, headers, path } = request(firstTurn(task, NONE));
      expect(real.url.endsWith(path)).toBe(true);
      expect(Object.keys(body).sort()).toEqual(
        Object.keys(real.body)
          .filter((name) => name !== 'metadata')
          .sort(),
      );
      expect(body['max_tokens']).toBe(real.body['max_tokens']);
      for (const name of ['thinking', 'context_management', 'output_config', 'stream'] as const)
        expect(body[name]).toEqual(real.body[name]);
      expect((body['messages'] as Turn[]).map(({ role }) => role)).toEqual(real.body.messages.map(({ role }) => role));
      expect(JSON.stringify(body['tools'])).toContain('"defer_loading":true');
      expect(JSON.stringify(body['system'])).toContain('"cache_control":{"type":"ephemeral"}');
      const foreign = Object.keys(real.headers).filter((name) => /^(x-|anthropic-dangerous)/.test(name));
      expect(foreign.length).toBeGreaterThan(5);
      for (const name of foreign) expect(headers).not.toHaveProperty(name);
      expect(headers['anthropic-version']).toBe(real.headers['anthropic-version']);
      for (const beta of (headers['anthropic-beta'] ?? '').split(',')) expect(real.headers['anthropic-beta']).toContain(beta);
    },
  );

  it('says who sends it, and sends the key as bearer alone', () => {
    const { body, headers } = request(firstTurn(task, NONE));
    expect(headers['user-agent']).toBe('orcc/1.2.3');
    expect(headers['authorization']).toBe('Bearer sk-or-v1-x');
    expect(headers).not.toHaveProperty('x-api-key');
    expect(JSON.stringify({ body, headers })).not.toMatch(/billing|claude-cli|claude-code|"metadata"/i);
  });

  it('keeps the prompt the same from call to call, so that it can be cached', () => {
    const other = makeTask(() => new Uint8Array([9, 9, 9, 9]));
    const { system, tools } = request(firstTurn(other, NONE)).body;
    expect({ system, tools }).toEqual({
      system: request(firstTurn(task, NONE)).body['system'],
      tools: request(firstTurn(task, NONE)).body['tools'],
    });
  });

  const spec = sharedFile('openrouter/openapi.yaml');
  it.skipIf(spec === undefined)(
    "is allowed by OpenRouter's description in both turns, repaired or not (skipped where openapi.yaml is absent)",
    () => {
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      addFormats.default(ajv);
      ajv.addSchema(parse(readFileSync(spec ?? '', 'utf8')) as AnySchema, 'or');
      const validate = ajv.compile({ $ref: 'or#/components/schemas/MessagesRequest' });
      for (const repairs of [NONE, new Set<RepairId>(['system-role', 'context-management', 'adaptive-thinking', 'defer-loading'])]) {
        for (const turns of [firstTurn(task, repairs), secondTurn(task, repairs, answered, ['toolu_1'])]) {
          expect(validate(request(turns, repairs).body), JSON.stringify(validate.errors)).toBe(true);
        }
      }
    },
  );
});

describe('what Claude Code repairs by itself', () => {
  const refusal = (message: string, status = 400): RepairId | undefined =>
    findRepair({ status, body: JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }) });
  it.each([
    ["messages.1.role: Input should be 'user' or 'assistant'", 'system-role'],
    [
      'Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
      'system-role',
    ],
    ['context_management: Extra inputs are not permitted', 'context-management'],
    ['adaptive thinking is not supported on this model', 'adaptive-thinking'],
    ['tools.2.custom.defer_loading: Extra inputs are not permitted', 'defer-loading'],
    ['output_config: Extra inputs are not permitted', undefined],
    ['max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens', undefined],
    ['tools.0.cache_control: Extra inputs are not permitted', undefined],
  ])('%s', (message, expected) => {
    expect(refusal(message)).toBe(expected);
  });

  it('is read from what the provider said as well', () => {
    const body = JSON.stringify({
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: { raw: '{"error":{"message":"adaptive thinking is not supported"}}' },
      },
    });
    expect(findRepair({ status: 400, body })).toBe('adaptive-thinking');
  });

  it('is tried after a 400 alone', () => {
    expect(refusal('context_management: Extra inputs are not permitted', 500)).toBeUndefined();
  });
});
