import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { markBarred, withBarred } from '../../src/openrouter/account-models.ts';
import { createCatalog, type Catalog } from '../../src/openrouter/catalog.ts';
import { readRows } from '../../src/openrouter/fetch-catalog.ts';
import { judgeModel } from '../../src/openrouter/suitability.ts';
import { createHttp, type SystemHttp } from '../../src/system/http.ts';
import { serve, type TestServer } from '../support/http-servers.ts';
import { keyed } from '../support/keyed.ts';

const rows = readRows([
  { id: 'a/one', canonical_slug: 'a/one-20260101' },
  { id: 'a/two' },
  { id: 'a/two:free' },
  { id: '~a/latest', alias_target: { slug: 'a/one' } },
  { id: 'openrouter/auto' },
]);
const catalog: Catalog = createCatalog(rows, { source: 'live', asOf: 5, stale: false, etag: 'W/"1"' });
const allowed = rows.filter(({ id }) => id === 'a/one' || id === 'a/two:free');

let server: TestServer | undefined;
let http: SystemHttp | undefined;
afterEach(async () => {
  await http?.close();
  await server?.close();
  [http, server] = [undefined, undefined];
});
async function ask(answer: RequestListener, wait?: number, signal?: AbortSignal) {
  server = await serve(answer);
  http = createHttp({});
  const ctx = { http, version: '0', clock: { now: () => 0, sleep: () => Promise.resolve() }, ...(signal === undefined ? {} : { signal }) };
  return markBarred(ctx, keyed(`http://127.0.0.1:${server.port}/api`, 'sk-or-v1-x'), catalog, wait);
}
const say =
  (code: number, body: string): RequestListener =>
  (_, response) =>
    response.writeHead(code, { 'content-type': 'application/json' }).end(body);
const status = (code: number): RequestListener => say(code, '{"error":{"code":0,"message":"no"}}');

describe('what an account allows', () => {
  const marked = withBarred(catalog, allowed);

  it.each([
    ['a/one', undefined],
    ['a/one-20260101', undefined],
    ['a/one:nitro', undefined],
    ['a/one@preset/x', undefined],
    ['a/two', true],
    ['a/two:free', undefined],
    ['~a/latest', undefined],
    ['openrouter/auto', undefined],
    ['@preset/x', undefined],
    ['a/three', undefined],
  ])('marks what its list lacks, and nothing that chooses for itself or that nobody lists: %s', (id, barred) => {
    expect(marked.find(id)?.barred).toBe(barred);
  });

  it('rules a model out with that reason, in the list of all as well', () => {
    expect(marked.models.filter((row) => row.barred).map(({ id }) => id)).toEqual(['a/two']);
    const row = marked.find('a/two');
    expect(row && judgeModel(row, 0)).toMatchObject({ suitable: false, problems: [{ rule: 'account' }, { rule: 'tools' }, {}, {}] });
    expect(marked).toMatchObject({ source: 'live', asOf: 5, etag: 'W/"1"' });
  });

  it('is asked with the key', async () => {
    const got = await ask(say(200, JSON.stringify({ data: [{ id: 'a/one' }] })));
    expect(got.catalog.find('a/two')?.barred).toBe(true);
    expect(got.remark).toBeUndefined();
    expect(server?.requests).toMatchObject([{ url: '/api/v1/models/user', headers: { authorization: 'Bearer sk-or-v1-x' } }]);
  });

  it('is not known to a gateway without such a list, which is no fault', async () => {
    expect(await ask(status(404))).toEqual({ catalog });
  });

  it.each([
    ['a refused key', status(401), 'does not accept the key'],
    ['a broken server', status(500), '500'],
    ['a web page', say(200, '<html>'), 'web page'],
    ['null', say(200, 'null'), 'OpenRouter answers'],
    ['an empty list', say(200, '{"data":[]}'), 'no model'],
  ] as const)('is a remark where the answer is %s', async (_, answer, text) => {
    const got = await ask(answer);
    expect(got.catalog).toBe(catalog);
    expect(got.remark).toContain(text);
  });

  it('is waited for so long and no longer', async () => {
    const got = await ask(() => undefined, 150);
    expect(got.remark).toMatch(/\b0\.15 s$/);
  });

  it('ends where the user cancels', async () => {
    const gone = new AbortController();
    setTimeout(() => gone.abort(), 50);
    await expect(ask(() => undefined, 5000, gone.signal)).rejects.toMatchObject({ exit: 'cancelled' });
  });
});
