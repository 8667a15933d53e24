import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import { judgeModel } from '../../src/openrouter/suitability.ts';
import type { Ran } from '../support/box.ts';
import { sendJson, serve, type TestServer } from '../support/http-servers.ts';
import { makeModel } from '../support/models.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

/** What no member is ever meant to hold, and what the wire has held all the same. */
const ODD: readonly unknown[] = [
  undefined,
  null,
  '',
  ' ',
  '-1',
  -1,
  0,
  '0',
  'abc',
  1e30,
  '1e999',
  true,
  [],
  {},
  [null],
  { a: 1 },
  '\u001b[31m',
];
const MEMBERS = [
  'canonical_slug',
  'name',
  'created',
  'context_length',
  'architecture',
  'architecture.input_modalities',
  'architecture.output_modalities',
  'pricing',
  'pricing.prompt',
  'pricing.completion',
  'pricing.input_cache_read',
  'pricing.overrides',
  'pricing.overrides.0',
  'pricing.overrides.0.prompt',
  'pricing.overrides.0.min_prompt_tokens',
  'top_provider',
  'top_provider.context_length',
  'top_provider.max_completion_tokens',
  'supported_parameters',
  'expiration_date',
  'alias_target',
  'alias_target.slug',
  'benchmarks',
  'benchmarks.artificial_analysis',
  'benchmarks.artificial_analysis.coding_index',
] as const;
const ENDPOINT_MEMBERS = [
  'provider_name',
  'context_length',
  'max_completion_tokens',
  'status',
  'supported_parameters',
  'pricing',
  'pricing.prompt',
  'uptime_last_1d',
];

type Plain = Record<string, unknown>;
const sound = (id: string): Plain => ({
  id,
  name: id,
  created: 1_780_000_000,
  context_length: 200_000,
  architecture: { input_modalities: ['text'], output_modalities: ['text'] },
  pricing: {
    prompt: '0.000001',
    completion: '0.000004',
    overrides: [{ prompt: '0.000002', completion: '0.000005', min_prompt_tokens: 10_000 }],
  },
  top_provider: { context_length: 200_000, max_completion_tokens: 64_000 },
  supported_parameters: ['tools', 'tool_choice'],
  alias_target: null,
  benchmarks: { artificial_analysis: { coding_index: 5 } },
});
const soundEndpoint = (): Plain => ({
  provider_name: 'Acme',
  context_length: 200_000,
  max_completion_tokens: 64_000,
  status: 0,
  supported_parameters: ['tools', 'tool_choice'],
  pricing: { prompt: '0.000001', completion: '0.000004' },
  uptime_last_1d: 99,
});

/** The row with one member replaced; `undefined` takes it out. */
function spoiled(row: Plain, path: string, value: unknown): Plain {
  const copy = structuredClone(row);
  const names = path.split('.');
  const last = names.pop() ?? '';
  const holder = names.reduce<unknown>((at, name) => (at as Plain | undefined)?.[name], copy) as Plain | undefined;
  if (holder !== undefined && holder !== null) holder[last] = value;
  return copy;
}

const rows = MEMBERS.flatMap((path, member) => ODD.map((value, odd) => spoiled(sound(`odd/m${member}-${odd}`), path, value)));
const endpoints = ENDPOINT_MEMBERS.flatMap((path) => ODD.map((value) => spoiled(soundEndpoint(), path, value)));

const box = useBox('file');
let server: TestServer;
const simulator = await useSimulator();
beforeAll(async () => {
  server = await serve((request, response) => {
    const path = request.url ?? '';
    const numbers = /\/models\/odd\/m(\d+)-(\d+)\/endpoints$/.exec(path);
    if (path === '/api/v1/models' || path === '/api/v1/models/user')
      sendJson(response, { data: [...rows, null, 7, 'x', [], { id: null }, { id: '' }] });
    else if (numbers !== null) {
      const at = (Number(numbers[1]) * ODD.length + Number(numbers[2])) % endpoints.length;
      sendJson(response, { data: { id: 'x', endpoints: [endpoints[at]] } });
    } else if (path === '/api/v1/key')
      sendJson(response, { data: { label: null, limit: 'x', usage: null, free_model_daily_requests: { limit: null } } });
    else response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"code":404,"message":"no"}}');
  });
});
afterAll(() => server.close());

const orcc = (...args: string[]): Promise<Ran> => box.orcc(args, { env: { K: simulator.key } });
/** No crash, and nothing that only a program says. */
function expectPlain(ran: Ran): void {
  expect(ran.code, ran.stderr).not.toBe(70);
  const said = `${ran.stdout}\n${ran.stderr}`;
  // The words themselves, not the whole output: a failure names its line.
  const odd = said.split('\n').filter((line) => /\bNaN\b|\bundefined\b|\bInfinity\b|\[object |\u001b\[31m/.test(line));
  expect(odd.slice(0, 5)).toEqual([]);
}

describe(`a catalog in which single members are odd (${rows.length} rows, ${endpoints.length} answers of providers)`, () => {
  it('can be set up from, listed, narrowed, sorted and compared', async () => {
    const ids = rows.map(({ id }) => String(id));
    const [first = '', second = '', third = ''] = ids;
    const models = ['--opus', first, '--sonnet', second, '--haiku', third];
    const init = await initIn(box, { ...simulator, baseUrl: `http://127.0.0.1:${server.port}/api` }, ['--target', 'user', ...models]);
    expectPlain(init);
    expect(init.code, init.stderr).toBe(0);
    for (const args of [
      ['models', '--json'],
      ['models', 'odd'],
      ['models', '--csv'],
      ...['price', 'context', 'new', 'score'].map((sort) => ['models', '--sort', sort]),
      ['models', '--max-price', '3', '--min-context', '1000', '--tools'],
      ['models', 'compare', ...ids.filter((_, index) => index % 9 === 0)],
      ['models', 'compare'],
    ]) {
      const ran = await orcc(...args);
      expectPlain(ran);
      expect(ran.code, `${args.join(' ').slice(0, 80)}: ${ran.stderr}`).toBe(0);
    }
  }, 120_000);

  it('has the reason for each figure that is not known', async () => {
    const at = (path: (typeof MEMBERS)[number], value: unknown): string => `odd/m${MEMBERS.indexOf(path)}-${ODD.indexOf(value)}`;
    const say = async (id: string): Promise<string> => (await orcc('models', 'show', id)).stdout;
    const because = (told: Partial<CatalogModel>): string =>
      judgeModel(makeModel({ inputPrice: null, ...told }), 0).problems[0]?.reason ?? 'no reason';
    const [untold, varies] = [because({ priceUntold: true }), because({})];
    for (const value of [null, '', ' ', 'abc']) expect(await say(at('pricing.prompt', value))).toContain(untold);
    expect(await say(at('pricing.prompt', '-1'))).toContain(varies);
    expect(await say(at('pricing.prompt', '0'))).toMatch(/\bfree \//);
    const windowless = rows.find(({ id }) => id === at('context_length', null));
    expect(windowless).toBeDefined();
    expect(await say(at('top_provider', null))).toContain('output cap');
  }, 60_000);

  it.each([
    ['', '?'],
    ['-1', 'varies'],
  ])(
    'shows a price of %j as %s with a window that is known, in every command',
    async (value, shown) => {
      const id = `odd/m${MEMBERS.indexOf('pricing.prompt')}-${ODD.indexOf(value)}`;
      const switched = await orcc('switch', `opus=${id}`, `haiku=${id}`, '--yes', '--force');
      expect(switched.stderr).toContain(`-> ${shown}/`);
      const line = (await orcc('status')).stdout.split('\n').find((each) => each.includes(id) && each.includes('200K'));
      expect(line?.trim().split(/\s+/)).toContain(shown);
      const { data } = (await orcc('status', '--json')).json();
      expect(data).toMatchObject({
        aliases: expect.arrayContaining([
          expect.objectContaining({ alias: 'opus', inputPrice: null, priceTold: shown === 'varies' }),
        ]) as unknown,
      });
      expect((await orcc('models', id)).stdout).toContain(shown);
    },
    60_000,
  );

  it('is switched to and looked at, model by model', async () => {
    // Every member once, and another odd value of it each time.
    for (const [member] of MEMBERS.entries()) {
      const id = `odd/m${member}-${(member * 5) % ODD.length}`;
      const switched = await orcc('switch', `opus=${id}`, '--yes', '--force');
      expectPlain(switched);
      expect(switched.code, `${id}: ${switched.stderr}`).toBe(0);
      if (member % 5 === 0)
        for (const args of [['status'], ['doctor', '--offline'], ['models', 'show', id], ['test', '--dry-run']])
          expectPlain(await orcc(...args));
    }
  }, 240_000);
});
