import { describe, expect, it } from 'vitest';

import { matchThrown } from '../../src/diagnose/match.ts';
import { ApiError, parseErrorBody } from '../../src/openrouter/error-body.ts';

describe('an error body', () => {
  it('is read in the plain shape', () => {
    const body = { error: { code: 402, message: 'Insufficient credits', metadata: { limit_source: 'openrouter_credits' } }, user_id: 'u' };
    expect(parseErrorBody(JSON.stringify(body))).toEqual({
      message: 'Insufficient credits',
      code: 402,
      metadata: { limit_source: 'openrouter_credits' },
      shape: 'openrouter',
    });
  });

  it('is read in the envelope of /messages', () => {
    const body = {
      type: 'error',
      error: { type: 'not_found_error', message: 'No endpoints', error_type: 'not_found' },
      request_id: 'gen-1',
      metadata: { failed_routing_step: 'Filter by Guardrails' },
    };
    expect(parseErrorBody(JSON.stringify(body))).toEqual({
      message: 'No endpoints',
      type: 'not_found_error',
      errorType: 'not_found',
      metadata: { failed_routing_step: 'Filter by Guardrails' },
      requestId: 'gen-1',
      shape: 'anthropic',
    });
  });

  it('gives its availability', () => {
    const body = { error: { code: 400, message: 'x', availability: { code: 'model_not_found', fallback_models: ['a/b'] } } };
    expect(parseErrorBody(JSON.stringify(body))?.availability).toEqual({ code: 'model_not_found', fallback_models: ['a/b'] });
  });

  it.each(['', 'null', '[]', '"error"', '{}', '{"error":"text"}', '{"error":{}}', '{"error":{"mess', '<html>404</html>', '{"error":null}'])(
    'is none in %j',
    (text) => {
      expect(parseErrorBody(text)).toBeUndefined();
    },
  );

  it('loses control characters, keys and length on the way into a message', () => {
    const key = `sk-or-v1-${'ab12'.repeat(16)}`;
    const message = `\x1b[31mred\x1b[0m ${key} ${'x'.repeat(10_000)}`;
    const parsed = parseErrorBody(JSON.stringify({ error: { message, code: 500 } }));
    expect(parsed?.message).not.toContain(key);
    expect(parsed?.message).not.toContain('\x1b');
    expect(parsed?.message.length).toBeLessThanOrEqual(2000);
    expect(new ApiError('host', 500, {}, JSON.stringify({ error: { message, code: 500 } }), 'https://host').message.length).toBeLessThan(
      400,
    );
  });
});

describe('an answer that is nested thousands deep', () => {
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;

  it.each([`{"error":{"message":${deep}}}`, `{"error":{"message":"x","code":400,"metadata":{"raw":${deep}}}}`])(
    'is read, and judged, without exhausting the stack',
    (body) => {
      const error = new ApiError('h', 400, {}, body, 'https://h/api');
      expect(error.parsed?.shape).toBe('openrouter');
      expect(matchThrown(error)).toBeDefined();
    },
  );
});
