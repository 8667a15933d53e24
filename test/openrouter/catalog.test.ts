import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Context, FileSystem } from '../../src/core/context.ts';
import { Cancelled } from '../../src/core/errors.ts';
import { keptFile } from '../../src/core/keep-file.ts';
import { readCachedCatalog, type CatalogOptions } from '../../src/openrouter/catalog.ts';
import { keepCatalog, loadCatalog } from '../../src/openrouter/load-catalog.ts';
import { readRows } from '../../src/openrouter/fetch-catalog.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { createHttp, type SystemHttp } from '../../src/system/http.ts';
import { sendJson, serve, type TestServer } from '../support/http-servers.ts';
import { catalogRows } from '../support/shared.ts';
import { keyed } from '../support/keyed.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const row = (id: string) => ({
  id,
  name: id,
  context_length: 200_000,
  pricing: { prompt: '0.000001', completion: '0.000002' },
  supported_parameters: ['tools'],
});

let base: string;
let folder: string;
let server: TestServer;
let http: SystemHttp;
let now: number;
let rows: unknown[];
let etag: string | undefined;
let answer: Parameters<typeof serve>[0];

beforeEach(async () => {
  base = fs.mkdtempSync(path.join(tmpdir(), 'orcc-catalog-'));
  folder = path.join(base, 'config', 'orcc');
  now = NOW;
  rows = [row('acme/one'), row('acme/two:free'), row('acme/two:batch')];
  etag = '"v1"';
  answer = (request, response) => {
    if (etag !== undefined && request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else sendJson(response, { data: rows, links: {}, total_count: rows.length }, etag === undefined ? {} : { etag });
  };
  server = await serve((request, response) => answer(request, response));
  http = createHttp({});
});
afterEach(async () => {
  await http.close();
  await server.close();
  fs.rmSync(base, { recursive: true, force: true });
});

type Slice = Pick<Context, 'fs' | 'random' | 'platform' | 'clock' | 'http' | 'version' | 'signal'>;
const context = (changes: Partial<Slice> = {}): Slice => ({
  fs: createFileSystem(),
  random: (count) => new Uint8Array(count).map(() => Math.floor(Math.random() * 256)),
  platform: 'linux',
  clock: { now: () => now, monotonic: () => 0, sleep: () => Promise.resolve() },
  http,
  version: '0',
  signal: new AbortController().signal,
  ...changes,
});
const options = (changes: Partial<CatalogOptions> = {}): CatalogOptions => ({
  folder,
  endpoint: { baseUrl: `http://127.0.0.1:${server.port}/api` },
  ...changes,
});
const ids = (catalog: { models: readonly { id: string }[] }): string[] => catalog.models.map((model) => model.id);

describe('the catalog', () => {
  it('is fetched once and then taken from the cache for a day', async () => {
    const first = await loadCatalog(context(), options());
    expect(first).toMatchObject({ source: 'live', asOf: NOW, stale: false });
    now += 23 * HOUR;
    const second = await loadCatalog(context(), options());
    expect(second).toMatchObject({ source: 'cache', asOf: NOW, stale: false });
    expect(second.models).toEqual(first.models);
    expect(server.requests).toHaveLength(1);
  });

  it('is asked for again by its ETag after a day, and dated anew', async () => {
    await loadCatalog(context(), options());
    now += 25 * HOUR;
    const later = await loadCatalog(context(), options());
    expect(later).toMatchObject({ source: 'live', asOf: now, stale: false });
    expect(ids(later)).toEqual(['acme/one', 'acme/two:free', 'acme/two:batch']);
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe('"v1"');
    expect(readCachedCatalog(context(), options())).toMatchObject({ asOf: now, stale: false });
  });

  it('keeps its ETag where a command writes it late', async () => {
    const fetched = await loadCatalog(context(), options({ keep: false }));
    keepCatalog(context(), options(), fetched);
    await loadCatalog(context(), options({ refresh: true }));
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe('"v1"');
  });

  it('is asked for at once by refresh', async () => {
    await loadCatalog(context(), options());
    etag = '"v2"';
    rows = [row('acme/three')];
    expect(ids(await loadCatalog(context(), options({ refresh: true })))).toEqual(['acme/three']);
    expect(ids(readCachedCatalog(context(), options()))).toEqual(['acme/three']);
  });

  it('is the old cache with a warning where OpenRouter gives none', async () => {
    await loadCatalog(context(), options());
    now += 48 * HOUR;
    for (const bad of ['<html>', '{"data":[]}', '{"data":[{"id":"no slash"}]}', '{}', 'garbage']) {
      answer = (_request, response) => response.end(bad);
      const catalog = await loadCatalog(context(), options());
      expect(catalog).toMatchObject({ source: 'cache', stale: true, warning: expect.any(String) as string });
      expect(ids(catalog)).toContain('acme/one');
    }
    answer = (_request, response) => response.writeHead(500).end('{"error":{"code":500,"message":"\\u001b[2Jbad"}}');
    const catalog = await loadCatalog(context(), options());
    expect(catalog.warning).toBeDefined();
    expect(catalog.warning).not.toContain('\x1b');
  });

  it('is the built-in list where there is neither a network nor a cache', async () => {
    const catalog = await loadCatalog(context(), options({ endpoint: { baseUrl: 'http://127.0.0.1:1/api' } }));
    expect(catalog).toMatchObject({ source: 'builtin', stale: true });
    expect(catalog.find('z-ai/glm-4.7')).toMatchObject({ tools: true });
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('asks nobody and writes nothing offline', async () => {
    const catalog = await loadCatalog(context(), options({ offline: true, refresh: true }));
    expect(catalog.source).toBe('builtin');
    expect(catalog.warning).toBeUndefined();
    expect(server.requests).toEqual([]);
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('is not taken from the cache of another base URL, nor from one of the future', async () => {
    await loadCatalog(context(), options());
    expect(readCachedCatalog(context(), options({ endpoint: { baseUrl: 'https://openrouter.ai/api' } })).source).toBe('builtin');
    now -= HOUR;
    expect(readCachedCatalog(context(), options())).toMatchObject({ source: 'cache', stale: true });
  });

  it('ends with Cancelled when the user cancels', async () => {
    answer = () => undefined;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(loadCatalog(context({ signal: controller.signal }), options())).rejects.toBeInstanceOf(Cancelled);
  });

  it('sends the key only where there is one', async () => {
    await loadCatalog(context(), options());
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    await loadCatalog(context(), options({ refresh: true, endpoint: keyed(options().endpoint.baseUrl, 'sk-or-v1-x') }));
    expect(server.requests[1]?.headers.authorization).toBe('Bearer sk-or-v1-x');
    expect(fs.readFileSync(keptFile({ platform: 'linux' }, folder, 'models.json'), 'utf8')).not.toContain('sk-or');
  });
});

describe('finding a model', () => {
  it('takes dynamic suffixes for their base model and knows static ones apart', async () => {
    const catalog = await loadCatalog(context(), options());
    expect(catalog.find('acme/one')?.id).toBe('acme/one');
    expect(catalog.find('acme/one:nitro')?.id).toBe('acme/one');
    expect(catalog.find('acme/one:free')).toBeUndefined();
    expect(catalog.find('acme/two:free')?.id).toBe('acme/two:free');
  });

  it('takes a full name for an id, a variant for what it is, and a preset behind an id for its model', async () => {
    rows = [
      { ...(row('acme/one') as object), canonical_slug: 'acme/one-20260101' },
      { ...(row('acme/one:free') as object), canonical_slug: 'acme/one-20260101' },
      { ...(row('acme/two:batch') as object), canonical_slug: 'acme/two-20260101' },
    ];
    const live = await loadCatalog(context(), options());
    for (const catalog of [live, readCachedCatalog(context(), options())]) {
      expect(catalog.find('acme/one-20260101')?.id).toBe('acme/one');
      expect(catalog.find('acme/one-20260101:free')?.id).toBe('acme/one:free');
      expect(catalog.find('acme/one-20260101:nitro@preset/mine')?.id).toBe('acme/one');
      expect(catalog.find('acme/one@preset/mine')?.id).toBe('acme/one');
      expect(catalog.find('acme/one:free@preset/mine')?.id).toBe('acme/one:free');
      for (const none of ['acme/two-20260101', '@preset/mine', 'acme/one-2', '']) expect(catalog.find(none), none).toBeUndefined();
    }
  });

  it('never proposes a batch id', async () => {
    const catalog = await loadCatalog(context(), options());
    expect(catalog.nearest('acme/tow', 5)).toEqual(['acme/two:free']);
  });
});

describe('the cache file', () => {
  it('is for the user alone, in folders for the user alone', async () => {
    await loadCatalog(context(), options());
    const file = keptFile({ platform: 'linux' }, folder, 'models.json');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['models.json', 'prices.jsonl']);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"version":1}',
    '{"version":99,"baseUrl":"","asOf":1,"rows":[]}',
    '\xff\xfe',
    '{"version":1,"baseUrl":"B","asOf":1,"rows":[["a/b"]]}',
  ])('is passed over where it holds %j', async (text) => {
    const file = keptFile({ platform: 'linux' }, folder, 'models.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text.replace('"B"', JSON.stringify(options().endpoint.baseUrl)), 'latin1');
    expect(readCachedCatalog(context(), options()).source).toBe('builtin');
    expect(await loadCatalog(context(), options())).toMatchObject({ source: 'live' });
    expect(readCachedCatalog(context(), options()).source).toBe('cache');
  });

  it('of an older orcc is read, and asked for anew without its ETag', async () => {
    await loadCatalog(context(), options());
    const file = keptFile({ platform: 'linux' }, folder, 'models.json');
    const saved = JSON.parse(fs.readFileSync(file, 'utf8')) as { rows: unknown[][] };
    fs.writeFileSync(file, JSON.stringify({ ...saved, rows: saved.rows.map((each) => each.slice(0, 18)) }));
    const before = readCachedCatalog(context(), options());
    expect(ids(before)).toEqual(['acme/one', 'acme/two:free', 'acme/two:batch']);
    expect(before.find('acme/one')).toEqual((await loadCatalog(context(), options())).find('acme/one'));
    await loadCatalog(context(), options({ refresh: true }));
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
    await loadCatalog(context(), options({ refresh: true }));
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe('"v1"');
  });

  it('is passed over where a folder or a FIFO lies in its place', async () => {
    fs.mkdirSync(keptFile({ platform: 'linux' }, folder, 'models.json'), { recursive: true });
    expect(readCachedCatalog(context(), options()).source).toBe('builtin');
    expect((await loadCatalog(context(), options())).source).toBe('live');
  });

  it.each(['mkdir', 'openExclusive', 'write', 'rename'] as const)(
    'is no fault where %s fails, and leaves nothing behind',
    async (method) => {
      const real = createFileSystem();
      const broken: FileSystem = {
        ...real,
        [method]: () => {
          throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
        },
      };
      expect(await loadCatalog(context({ fs: broken }), options())).toMatchObject({ source: 'live' });
      const left = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }) : [];
      expect(left.filter((name) => String(name).includes('models'))).toEqual([]);
    },
  );
});

describe('a whole catalog', () => {
  it('comes back from the cache exactly as it was read', async () => {
    rows = [...catalogRows()];
    const live = await loadCatalog(context(), options());
    expect(live.models).toHaveLength(rows.length);
    const cached = readCachedCatalog(context(), options());
    expect(cached.models).toEqual(live.models);
    const size = fs.statSync(keptFile({ platform: 'linux' }, folder, 'models.json')).size;
    expect(size / rows.length).toBeLessThan(250);
  });

  it('stays quick with 10 000 rows', async () => {
    // Of the size that rows have: most of it is the description.
    rows = Array.from({ length: 10_000 }, (_, index) => ({
      ...row(`acme/model-${index}`),
      description: 'What it is good for. '.repeat(30),
    }));
    expect(readRows(rows)).toHaveLength(10_000);
    const started = performance.now();
    const live = await loadCatalog(context(), options());
    const fetched = performance.now();
    const cached = readCachedCatalog(context(), options());
    const read = performance.now();
    expect(cached.models).toHaveLength(live.models.length);
    expect(cached.find(cached.models.at(-1)?.id ?? '')).toBeDefined();
    console.info(`10 000 rows: fetched in ${Math.round(fetched - started)} ms, read from the cache in ${Math.round(read - fetched)} ms`);
    expect(read - fetched).toBeLessThan(1000);
  });
});
