import { afterEach, expect, it } from 'vitest';
import { checkKey } from '../../../src/commands/init/key-step.ts';
import { createSay } from '../../../src/core/say.ts';
import { createHttp, type SystemHttp } from '../../../src/system/http.ts';
import { plainStyle } from '../../../src/text/style.ts';
import { sendJson, serve, type TestServer } from '../../support/http-servers.ts';
import { keyed } from '../../support/keyed.ts';

let server: TestServer;
let http: SystemHttp;
afterEach(async () => {
  await http.close();
  await server.close();
});

/** What is said beside its being accepted of a key whose account has used 5 USD of `bought`; undefined: the key may not see it. */
async function told(bought: number | undefined, key: object = {}): Promise<readonly string[]> {
  server = await serve((request, response) => {
    if (request.url === '/api/v1/key') sendJson(response, { data: { label: 'k', ...key } });
    else if (bought === undefined) response.writeHead(403).end('{"error":{"code":403,"message":"Only management keys"}}');
    else sendJson(response, { data: { total_credits: bought, total_usage: 5 } });
  });
  http = createHttp({});
  let text = '';
  const stream = { write: (piece: string) => void (text += piece), isTTY: false, columns: 80 };
  const say = createSay(stream as never, plainStyle(), false);
  await checkKey(
    {
      http,
      version: '0',
      signal: new AbortController().signal,
      clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
    },
    keyed(`http://127.0.0.1:${server.port}/api`, 'sk-or-v1-x'),
    say,
  );
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('✓'));
}

it.each([
  [4.5, true],
  [5, false],
  [5.5, false],
])('init says a debt, and only a debt: 5 USD used of %j', async (bought, isSaid) => {
  expect(await told(bought)).toEqual(isSaid ? [expect.stringContaining('owes $0.50')] : []);
});

it('init says no debt where the key may not see the account', async () => {
  expect(await told(undefined)).toEqual([]);
});

it.each([
  [{ limit: 5, limit_remaining: 0 }, true],
  [{ limit: 5, limit_remaining: -0.5 }, true],
  [{ limit: 5, limit_remaining: 0.5 }, false],
  [{ limit: null, limit_remaining: null }, false],
])('init says that the limit of a key is used up: %j', async (key, isSaid) => {
  expect(await told(undefined, key)).toEqual(isSaid ? [expect.stringMatching(/^warning: (?!.*\$-).*\blimit\b/)] : []);
});
