import { beforeAll, describe, expect, it } from 'vitest';
import type { Http } from '../../src/core/context.ts';
import { initIn, initWords, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox('file');
const SET_UP = initWords(['--key-stdin', '--target', 'user'], simulator.baseUrl);
beforeAll(async () => {
  expect((await initIn(box, simulator, ['--target', 'user'])).code).toBe(0);
});

const EDGE = { 'content-type': 'text/html', server: 'cloudflare', 'cf-ray': '9a-FRA' };
const JSON_TYPE = { 'content-type': 'application/json' };
const ANSWERS: Readonly<Record<string, readonly [number, Readonly<Record<string, string>>, string]>> = {
  RATE_LIMITED: [429, { ...JSON_TYPE, 'retry-after': '0' }, '{"error":{"message":"Rate limit exceeded","code":429}}'],
  SERVER_ERROR: [503, { ...JSON_TYPE, 'retry-after': '0' }, '{"error":{"message":"Service temporarily unavailable","code":503}}'],
  EDGE_BLOCKED: [403, EDGE, '<!DOCTYPE html><title>Just a moment...</title>'],
  NOT_OPENROUTER: [200, { 'content-type': 'text/html' }, '<!DOCTYPE html><title>Welcome to the hotel</title>'],
};

/** Every call to a path is answered so; counts them. */
function failing(paths: RegExp, code: string): { readonly http: (real: Http) => Http; readonly calls: () => number } {
  let calls = 0;
  const [status, headers, body] = ANSWERS[code] ?? [500, {}, ''];
  const http = (real: Http): Http => ({
    ...real,
    request: (request) => {
      if (!paths.test(new URL(request.url).pathname)) return real.request(request);
      calls += 1;
      const chunks = (async function* () {
        yield await Promise.resolve(Buffer.from(body));
      })();
      return Promise.resolve({ status, headers, body: chunks, cancel: () => Promise.resolve() });
    },
  });
  return { http, calls: () => calls };
}

describe('where OpenRouter answers one path with an error or a page, the command names code, cause and fix', () => {
  it.each(
    (
      [
        [/\/key$/, ['usage'], 5],
        [/\/key$/, ['key', 'show'], 5],
        [/\/key$/, ['doctor'], undefined],
        [/\/key$/, SET_UP, 5],
        [/\/models$/, ['models', 'glm', '--refresh'], 0],
        [/\/models$/, ['models', 'show', 'z-ai/glm-4.7', '--refresh'], 0],
        [/\/models$/, ['models', 'compare', 'z-ai/glm-4.7', '--refresh'], 0],
        [/\/models$/, ['doctor'], undefined],
        [/\/models$/, SET_UP, 5],
        [/\/credits$/, ['usage'], 0],
        [/\/endpoints$/, ['models', 'show', 'z-ai/glm-4.7'], 0],
        [/\/presets\//, ['models', 'show', '@preset/coding'], 5],
      ] as const
    ).flatMap(([paths, args, exit]) => Object.keys(ANSWERS).map((code) => [code, args.slice(0, 3).join(' '), paths, args, exit] as const)),
  )('%s for `%s` (%s)', async (code, _words, paths, args, exit) => {
    const { http, calls } = failing(paths, code);
    const { code: left, stdout, stderr } = await box.orcc(args, { http, input: simulator.keys.good });
    const told = `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
    expect(told).toContain(code);
    expect(told).toMatch(/(?:hint:|fix:) \S/);
    if (code === 'EDGE_BLOCKED') expect(told).toContain('Cloudflare');
    if (exit !== undefined) expect(left, told).toBe(exit);
    // What may pass is asked once more.
    expect(calls() >= 2).toBe(code === 'RATE_LIMITED' || code === 'SERVER_ERROR');
  });
});
