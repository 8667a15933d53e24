import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptFile } from '../../src/core/keep-file.ts';
import { appendCatalogPrices, appendEndpointPrices, readPriceBook } from '../../src/openrouter/price-log.ts';
import { endpointRowSchema, type EndpointRow } from '../../src/openrouter/schemas.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { makeModel } from '../support/models.ts';

const URL = 'https://openrouter.ai/api';
let folder: string;
const ctx = {
  fs: createFileSystem(),
  platform: process.platform,
};
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'orcc-prices-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fetched = (day: string, inputPrice: number, baseUrl = URL): void =>
  appendCatalogPrices(ctx, folder, { baseUrl, asOf: Date.parse(day), models: [makeModel({ inputPrice, outputPrice: 1 })] });
const looked = (day: string, ...rows: readonly [provider: string, prompt: string][]): void =>
  appendEndpointPrices(
    ctx,
    folder,
    { baseUrl: URL, id: 'acme/one', now: Date.parse(day) },
    rows.map(([provider, prompt]): EndpointRow =>
      endpointRowSchema.parse({ provider_name: provider, pricing: { prompt, completion: '0.000001' } }),
    ),
  );
const on = (day: string, provider?: string): string => {
  const known = readPriceBook(ctx, folder, URL).priceOn('acme/one', provider, day);
  return known === undefined ? 'none' : `${known.isOfThatDay ? '' : '~'}${String(known.price.input / 1e6)} ${known.source}`;
};
const lines = (): string[] =>
  readFileSync(keptFile(ctx, folder, 'prices.jsonl'), 'utf8')
    .trim()
    .split('\n');

describe('the log of prices', () => {
  it('knows nothing before the first catalog', () => {
    expect(on('2026-11-01')).toBe('none');
    expect(readPriceBook(ctx, folder, URL).lastLookAtProviders('acme/one')).toBeUndefined();
  });

  it('gives the price of the day, and the latest with a mark where nobody looked', () => {
    fetched('2026-11-01', 1);
    fetched('2026-11-05', 1);
    fetched('2026-11-10', 2);
    fetched('2026-11-12', 2);
    expect(on('2026-10-31')).toBe('~2 catalog');
    expect(on('2026-11-01')).toBe('1 catalog');
    expect(on('2026-11-04')).toBe('1 catalog');
    expect(on('2026-11-05')).toBe('1 catalog');
    expect(on('2026-11-07')).toBe('~2 catalog');
    expect(on('2026-11-10')).toBe('2 catalog');
    expect(on('2026-11-13')).toBe('2 catalog');
    expect(on('2026-11-14')).toBe('~2 catalog');
  });

  it('knows which price was when, although the clock was set back in between', () => {
    fetched('2026-11-10', 2);
    looked('2026-11-10', ['Acme', '0.000003']);
    fetched('2026-11-01', 1);
    looked('2026-11-01', ['Acme', '0.000004']);
    fetched('2026-11-03', 1);
    expect([on('2026-11-02'), on('2026-11-10'), on('2026-11-01', 'Acme'), on('2026-11-10', 'Acme')]).toEqual([
      '1 catalog',
      '2 catalog',
      '4 endpoint',
      '3 endpoint',
    ]);
    expect(readPriceBook(ctx, folder, URL).lastLookAtProviders('acme/one')).toBe('2026-11-10');
  });

  it('grows by what has changed alone', () => {
    fetched('2026-11-01', 1);
    expect(lines()).toHaveLength(2);
    fetched('2026-11-01', 1);
    expect(lines()).toHaveLength(2);
    fetched('2026-11-02', 1);
    expect(lines()).toHaveLength(3);
    fetched('2026-11-02', 3);
    expect(lines()).toHaveLength(4);
    expect(on('2026-11-02')).toBe('3 catalog');
  });

  it("takes the provider's own price where it is known, else the catalog's", () => {
    fetched('2026-11-01', 1);
    looked('2026-11-02', ['Z.AI', '0.000004'], ['Novita', '0.000005']);
    expect(on('2026-11-02', 'Z.AI')).toBe('4 endpoint');
    expect(on('2026-11-03', 'Novita')).toBe('5 endpoint');
    expect(on('2026-11-01', 'Z.AI')).toBe('~4 endpoint');
    expect(on('2026-11-02', 'Somebody')).toBe('1 catalog');
    expect(on('2026-11-02')).toBe('1 catalog');
    expect(readPriceBook(ctx, folder, URL).lastLookAtProviders('acme/one')).toBe('2026-11-02');
  });

  it('leaves out a provider that asks two prices for one model', () => {
    fetched('2026-11-01', 1);
    looked('2026-11-01', ['Two', '0.000004'], ['Two', '0.000005'], ['Same', '0.000006'], ['Same', '0.000006']);
    expect(on('2026-11-01', 'Two')).toBe('1 catalog');
    expect(on('2026-11-01', 'Same')).toBe('6 endpoint');
  });

  it('keeps the prices of another base URL apart', () => {
    fetched('2026-11-01', 1);
    fetched('2026-11-01', 9, 'http://127.0.0.1:1/api');
    expect(on('2026-11-01')).toBe('1 catalog');
  });

  it('passes over lines that are none, and a price that is none', () => {
    fetched('2026-11-01', 1);
    const file = keptFile(ctx, folder, 'prices.jsonl');
    const odd = [
      `["2026-11-01","${URL}","acme/one","",{"input":-1,"output":1}]`,
      `{"${URL}":1}`,
      `["2026-11-01","${URL}","acme/o`,
      '',
      '\0',
    ];
    writeFileSync(file, `${readFileSync(file, 'utf8')}${odd.join('\n')}\n`);
    expect(on('2026-11-01')).toBe('1 catalog');
    fetched('2026-11-02', 2);
    expect(on('2026-11-02')).toBe('2 catalog');
  });
});
