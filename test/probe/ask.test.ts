import { expect, it } from 'vitest';
import { askModel } from '../../src/probe/ask.ts';
import type { ProbeRequest } from '../../src/probe/request.ts';

it('a request whose JSON is nested too deeply is refused with the variable that makes it so', async () => {
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  const deps = { clock: { monotonic: () => 0 }, http: { request: () => Promise.reject(new Error('sent')) } } as unknown as Parameters<
    typeof askModel
  >[0];
  const request = { path: '/v1/messages', headers: {}, body: { deep } } as unknown as ProbeRequest;
  await expect(askModel(deps, { baseUrl: 'http://127.0.0.1:9' }, request, { timeoutMs: 1000 })).rejects.toMatchObject({
    exit: 'usage',
    message: expect.stringContaining('CLAUDE_CODE_EXTRA_BODY') as string,
  });
});
