import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { compareModels } from '../../../src/commands/models/models-compare.ts';
import { showModel } from '../../../src/commands/models/models-show.ts';
import { runModels, type ModelsContext, type ModelsQuery, type ModelsSource } from '../../../src/commands/models/models.ts';
import { plainStyle } from '../../../src/text/style.ts';
import { createFileSystem } from '../../../src/system/files.ts';
import { createHttp, type SystemHttp } from '../../../src/system/http.ts';
import { sendJson, serve, type TestServer } from '../../support/http-servers.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const row = (id: string, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  name: `Name of ${id}`,
  created: 1_780_000_000,
  context_length: 200_000,
  architecture: { input_modalities: ['text'], output_modalities: ['text'] },
  pricing: { prompt: '0.000001', completion: '0.000004' },
  top_provider: { context_length: 200_000, max_completion_tokens: 64_000 },
  supported_parameters: ['tools', 'tool_choice'],
  ...changes,
});
const scored = (agentic: number, coding: number): unknown => ({ artificial_analysis: { agentic_index: agentic, coding_index: coding } });
const ROWS = [
  row('acme/new', { created: 1_790_000_000, benchmarks: scored(40, 60), name: '=cmd,"x"' }),
  row('acme/large', {
    context_length: 1_000_000,
    top_provider: {},
    pricing: { prompt: '0.00001', completion: '0.00005' },
    benchmarks: scored(60, 70),
  }),
  row('acme/plain', { supported_parameters: [], pricing: { prompt: '0.0000001', completion: '0.0000002' } }),
  row('acme/gift:free', { pricing: { prompt: '0', completion: '0' } }),
  row('acme/new:batch'),
  row('other/router', { pricing: { prompt: '-1', completion: '-1' } }),
  row('~anthropic/claude-opus-latest', {
    alias_target: { slug: 'anthropic/claude-opus-5.5' },
    pricing: { prompt: '0.000005', completion: '0.000025' },
  }),
  row('anthropic/claude-opus-5.5', { benchmarks: scored(59, 78) }),
];

let folder: string;
let server: TestServer;
let http: SystemHttp;
let ctx: ModelsContext;
let source: ModelsSource;
let endpoints: unknown[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'orcc-models-'));
  endpoints = [];
  server = await serve((request, response) => {
    if (request.url === '/api/v1/models') sendJson(response, { data: ROWS });
    else if (request.url === '/api/v1/model/acme/old-name') sendJson(response, { data: row('acme/new') });
    else if (request.url?.endsWith('/endpoints') === true) sendJson(response, { data: { id: 'x', endpoints } });
    else response.writeHead(404).end('{"error":{"code":404,"message":"no"}}');
  });
  http = createHttp({});
  ctx = {
    fs: createFileSystem(),
    platform: 'linux',
    clock: { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() },
    http,
    version: '0',
    signal: new AbortController().signal,
  };
  source = { folder, endpoint: { baseUrl: `http://127.0.0.1:${server.port}/api` } };
});
afterEach(async () => {
  await http.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const list = async (query: Partial<ModelsQuery> = {}): Promise<string[]> => {
  const outcome = await runModels(ctx, source, { query: '', ...query });
  expect(outcome).toMatchObject({ exit: 'ok' });
  return (outcome.data as { models: { id: string }[] }).models.map((model) => model.id);
};

describe('the list of models', () => {
  it('leaves out batch ids unless they are asked for', async () => {
    expect(await list()).not.toContain('acme/new:batch');
    expect(await list({ query: 'batch' })).toEqual(['acme/new:batch']);
  });

  it('is narrowed by each flag', async () => {
    expect(await list({ tools: true })).not.toContain('acme/plain');
    expect(await list({ free: true })).toEqual(['acme/gift:free']);
    expect(await list({ minContext: 500_000 })).toEqual(['acme/large']);
    expect(await list({ maxPrice: 0.5 })).toEqual(['acme/plain', 'acme/gift:free']);
    expect(await list({ author: 'Anthropic' })).toEqual(['~anthropic/claude-opus-latest', 'anthropic/claude-opus-5.5']);
  });

  it('is sorted by price, window, age and score, what is unknown last', async () => {
    expect((await list({ sort: 'price' })).slice(0, 2)).toEqual(['acme/gift:free', 'acme/plain']);
    expect((await list({ sort: 'price' })).at(-1)).toBe('other/router');
    expect((await list({ sort: 'context' }))[0]).toBe('acme/large');
    expect((await list({ sort: 'new' }))[0]).toBe('acme/new');
    expect((await list({ sort: 'score' })).slice(0, 3)).toEqual(['acme/large', 'anthropic/claude-opus-5.5', 'acme/new']);
  });

  it('says why a model does not suit', async () => {
    const outcome = await runModels(ctx, source, { query: 'plain' });
    expect(outcome.data).toMatchObject({
      models: [{ id: 'acme/plain', suitable: false, problems: [{ rule: 'tools', severity: 'unusable' }] }],
    });
    expect(outcome.text(plainStyle(120))).toMatch(/acme\/plain.*no tools/);
  });

  it.each([40, 80, 100, 160])('keeps each model on one line of %i cells or what its id needs', async (width) => {
    const lines = (await runModels(ctx, source, { query: '', sort: 'score' })).text(plainStyle(width)).split('\n');
    expect(lines).toHaveLength(ROWS.length);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(width, 90));
  });

  it('says that nothing matches, and is no failure', async () => {
    const outcome = await runModels(ctx, source, { query: 'zzzzzz' });
    expect(outcome.text(plainStyle())).toBe('');
    expect(outcome.remarks?.(plainStyle())).toContain('zzzzzz');
  });

  it('points to compare where several ids are searched for at once', async () => {
    const remarks = async (query: string): Promise<string> => (await runModels(ctx, source, { query })).remarks?.(plainStyle()) ?? '';
    expect(await remarks('acme/new acme/large')).toContain('hint: `orcc models compare acme/new acme/large` compares them');
    for (const query of ['acme/new acme/no-such', 'zzzzzz', 'acme/new']) expect(await remarks(query)).not.toContain('compare');
  });

  it('is CSV that no spreadsheet runs', async () => {
    const text = (await runModels(ctx, source, { query: 'acme/new', csv: true })).text(plainStyle());
    const [heading, first] = text.split('\n');
    expect(heading?.split(',')[0]).toBe('id');
    expect(first).toContain(`acme/new,"'=cmd,""x""",200000,64000,1,4`);
  });

  it('works from the cache and from nothing', async () => {
    await list();
    const before = server.requests.length;
    source = { ...source, offline: true };
    expect(await list({ query: 'acme' })).toHaveLength(4);
    expect(server.requests).toHaveLength(before);
    source = { ...source, folder: path.join(folder, 'none') };
    expect(await list({ query: 'z-ai/glm-4.7' })).toContain('z-ai/glm-4.7');
  });
});

describe('one model', () => {
  it('is shown with its limits, its providers and a verdict', async () => {
    endpoints = [
      {
        provider_name: 'Up\x1b[31m',
        context_length: 200_000,
        max_completion_tokens: 64_000,
        status: 0,
        supported_parameters: ['tools'],
        pricing: { prompt: '0.000001', completion: '0.000004' },
        uptime_last_1d: 99.5,
      },
      { provider_name: 'Down', context_length: 100_000, max_completion_tokens: null, status: -2, supported_parameters: [], pricing: {} },
    ];
    const outcome = await showModel(ctx, source, 'acme/new');
    expect(outcome.data).toMatchObject({
      model: { id: 'acme/new', context: 200_000 },
      suitable: true,
      providers: [
        { name: 'Up', up: true, uptime: 99.5, tools: true, inputPrice: 1 },
        { name: 'Down', up: false, maxOutput: null, inputPrice: null },
      ],
    });
    expect(outcome.text(plainStyle())).not.toContain('\x1b');
  });

  it('is found by an old name that OpenRouter still resolves', async () => {
    expect((await showModel(ctx, source, 'acme/old-name')).data).toMatchObject({ model: { id: 'acme/new' } });
  });

  it.each(['acme/nwe', 'new', 'ACME/NEW'])('that does not exist gives the nearest ids: %s', async (id) => {
    await expect(showModel(ctx, source, id)).rejects.toMatchObject({
      exit: 'usage',
      code: 'MODEL_UNKNOWN',
      data: { nearest: expect.arrayContaining(['acme/new']) as string[] },
    });
  });

  it('is shown from the cache offline, without its providers', async () => {
    await list();
    expect((await showModel(ctx, { ...source, offline: true }, 'acme/new')).data).toMatchObject({ providers: null, source: 'cache' });
  });
});

describe('price steps', () => {
  const steps = [{ min_prompt_tokens: 32_000, prompt: '0.000009', completion: '0.00009' }];
  beforeEach(() => ROWS.push(row('acme/steps', { pricing: { prompt: '0.0000001', completion: '0.0000001', overrides: steps } })));
  afterEach(() => ROWS.pop());

  it('count in order, limit and list, and are named', async () => {
    expect((await list({ query: 'acme', sort: 'price' })).indexOf('acme/steps')).toBeGreaterThan(2);
    expect(await list({ maxPrice: 50 })).not.toContain('acme/steps');
    expect(await list({ maxPrice: 90 })).toContain('acme/steps');
    const outcome = await runModels(ctx, source, { query: 'steps' });
    expect(outcome.data).toMatchObject({ models: [{ inputPrice: 0.1, session: { input: 9, output: 90, from: 32_000 } }] });
    expect(outcome.text(plainStyle(160))).toMatch(/\$9\.00 +\$90\.00 .*32K/);
    const csv = (await runModels(ctx, source, { query: 'steps', csv: true })).text(plainStyle());
    expect(csv.split('\n')[1]).toMatch(/,9,90,32000$/);
  });

  it('count in a day, which names them', async () => {
    const outcome = await compareModels(ctx, source, { ids: ['acme/steps'], tokensIn: 1_000_000, tokensOut: 100_000 });
    expect(outcome.data).toMatchObject({ rows: [{ day: 18 }] });
    expect(outcome.text(plainStyle(200))).toContain('32K');
  });

  it('are named in the price of one model', async () => {
    expect((await showModel(ctx, source, 'acme/steps')).text(plainStyle())).toMatch(/price +\$9\.00 in \/ \$90\.00 out.*32K/);
  });
});

describe('the comparison', () => {
  const models = { opus: 'acme/large', sonnet: 'acme/new', haiku: 'acme/plain' };
  const rows = (data: unknown): { alias: string | null; id: string; own: boolean; day: number | null }[] =>
    (data as { rows: never[] }).rows;

  it("puts Claude's own model beside the mapped one, with the scores of what a moving id stands for", async () => {
    const { data } = await compareModels(ctx, source, { ids: [], models });
    expect(rows(data).slice(0, 2)).toMatchObject([
      { alias: 'opus', id: 'acme/large', own: false },
      { alias: 'opus', id: '~anthropic/claude-opus-latest', own: true, model: { scores: { agentic: 59 } } },
    ]);
  });

  it('stays a table in 80 columns, by leaving the authors out, and has no empty column', async () => {
    const long = row('acme-and-sons/a-model-with-quite-a-long-name', { benchmarks: undefined });
    ROWS.push(long);
    const ids = ['acme-and-sons/a-model-with-quite-a-long-name', 'acme/new'];
    const text = (await compareModels(ctx, source, { ids, models })).text(plainStyle(80));
    ROWS.pop();
    expect(text.split('\n')[0]).toMatch(/^model +window +in +out +coding +agent +day$/);
    const narrow = (await compareModels(ctx, source, { ids: [], models: { ...models, opus: 'acme/large' } })).text(plainStyle(76));
    expect(narrow.split('\n')[0]).toMatch(/^alias +model +window/);
    expect(narrow).toMatch(/^ +claude-opus-latest /m);
    expect(narrow).toContain('acme/large: ');
  });

  it('shows a fable and a subagent only where they are mapped', async () => {
    const aliases = async (extra: object): Promise<unknown[]> =>
      rows((await compareModels(ctx, source, { ids: [], models: { ...models, ...extra } })).data).map((each) => each.alias);
    expect(await aliases({})).not.toContain('fable');
    expect(await aliases({ fable: 'acme/new', subagent: 'acme/new' })).toEqual(expect.arrayContaining(['fable', 'subagent']));
  });

  it('sums up a day at the given figures', async () => {
    const { data } = await compareModels(ctx, source, {
      ids: ['acme/new', 'other/router', 'no/such'],
      tokensIn: 2_000_000,
      tokensOut: 500_000,
    });
    expect(rows(data).map((each) => each.day)).toEqual([4, null, null]);
  });

  it('refuses an id that is none', async () => {
    await expect(compareModels(ctx, source, { ids: ["x'; rm"] })).rejects.toMatchObject({ exit: 'usage' });
  });
});
