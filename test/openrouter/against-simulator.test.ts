import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { OrccError } from '../../src/core/errors.ts';
import { BUILTIN_MODELS } from '../../src/openrouter/builtin.ts';
import { loadCatalog } from '../../src/openrouter/load-catalog.ts';
import { fetchCredits, fetchKey, fetchModel, fetchModelEndpoints } from '../../src/openrouter/client.ts';
import { fetchUserModels } from '../../src/openrouter/fetch-catalog.ts';
import { fetchModelFacts } from '../../src/openrouter/model-facts.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { createHttp, type SystemHttp } from '../../src/system/http.ts';
import { keyed } from '../support/keyed.ts';
import { useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
let http: SystemHttp;
const folder = mkdtempSync(path.join(tmpdir(), 'orcc-client-'));

beforeAll(() => {
  http = createHttp({});
});
afterAll(async () => {
  await http.close();
  rmSync(folder, { recursive: true, force: true });
});

const ctx = () => ({
  http,
  version: '0',
  signal: new AbortController().signal,
  fs: createFileSystem(),
  random: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
  platform: 'linux' as const,
  clock: { now: () => Date.now(), monotonic: () => 0, sleep: () => Promise.resolve() },
});
const endpoint = (key = simulator.key) => keyed(simulator.baseUrl, key);

describe('the client against the simulator', () => {
  it('reads every key for what it is', async () => {
    expect(await fetchKey(ctx(), endpoint())).toMatchObject({ is_management_key: false });
    expect(await fetchKey(ctx(), endpoint(simulator.keys.management))).toMatchObject({ is_management_key: true });
    for (const key of [simulator.keys.bad, 'sk-or-v1-nonsense']) {
      await expect(fetchKey(ctx(), endpoint(key))).rejects.toMatchObject({ exit: 'key', code: 'KEY_BAD' });
    }
  });

  it('reads credits with a management key', async () => {
    const { bought, used } = await fetchCredits(ctx(), endpoint(simulator.keys.management));
    expect(bought).toBeGreaterThanOrEqual(used);
  });

  it('gets the catalog, then its confirmation by ETag', async () => {
    const first = await loadCatalog(ctx(), { folder, endpoint: endpoint() });
    expect(first.source).toBe('live');
    expect(first.models.length).toBe(BUILTIN_MODELS.length);
    const again = await loadCatalog(ctx(), { folder, endpoint: endpoint(), refresh: true });
    expect(again).toMatchObject({ source: 'live' });
    expect(again.models).toEqual(first.models);
    expect(simulator.requests.at(-1)?.headers['if-none-match']).toBeDefined();
    expect((await fetchUserModels(ctx(), endpoint())).length).toBeGreaterThan(10);
  });

  it('gets one model, its providers and its limits', async () => {
    expect(await fetchModel(ctx(), endpoint(), 'z-ai/glm-4.7')).toMatchObject({ id: 'z-ai/glm-4.7' });
    expect((await fetchModelEndpoints(ctx(), endpoint(), 'z-ai/glm-4.7:exacto')).length).toBeGreaterThan(0);
    await expect(fetchModel(ctx(), endpoint(), 'acme/none')).rejects.toMatchObject({ status: 404 });
    const catalog = await loadCatalog(ctx(), { folder, endpoint: endpoint(), offline: true });
    const facts = await fetchModelFacts(ctx(), endpoint(), ['z-ai/glm-4.7', 'acme/none'], catalog);
    expect(facts).toMatchObject([
      { id: 'z-ai/glm-4.7', known: true, source: 'endpoints' },
      { id: 'acme/none', known: false, source: 'none' },
    ]);
    expect(facts[0]?.window).toBeGreaterThan(100_000);
  });
});

describe('the client against hostile answers of the simulator', () => {
  const cases: readonly [string, string][] = [
    ['html', 'html'],
    ['truncated-json', 'not-json'],
    ['garbage', 'not-json'],
    ['invalid-utf8', ''],
    ['big-body', 'too-big'],
    ['header-bomb', 'header-too-big'],
    ['endless-stream', ''],
    ['redirect', 'redirect'],
    ['wrong-length', 'reset'],
    ['gzip-bomb', ''],
  ];

  it.each(cases)('ends %s in one sentence, soon, and without the key', async (code, kind) => {
    simulator.setFaults([{ code, path: '/key' }]);
    const started = performance.now();
    const error: unknown = await fetchKey(ctx(), endpoint()).catch((thrown: unknown) => thrown);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(error).toBeInstanceOf(OrccError);
    if (!(error instanceof OrccError)) return;
    expect(error.exit).toBe('network');
    if (kind !== '') expect(error).toMatchObject({ kind });
    expect(error.message).not.toContain(simulator.key);
    expect(error.message).not.toMatch(/[\x00-\x1f]/);
    expect(error.message.length).toBeLessThan(300);
  });

  it('prints no terminal escape that stands in an answer', async () => {
    simulator.setFaults([{ code: 'terminal-escapes', path: '/key' }]);
    const result: unknown = await fetchKey(ctx(), endpoint()).catch((thrown: unknown) => thrown);
    if (result instanceof OrccError) expect(result.message).not.toMatch(/[\x00-\x1f]/);
    else expect(result).toMatchObject({ is_management_key: false });
  });
});
