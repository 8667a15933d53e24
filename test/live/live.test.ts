import { isObject } from '../../src/text/json.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Json } from '../../src/simulator/json.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { makeDeps } from '../probe/support.ts';
import { simulate } from '../simulator/support.ts';
import { MOST, runLive, type LiveResult } from './live.ts';
import { writeReport } from './report.ts';
import { scrub } from './scrub.ts';

type Spoil = (path: string, body: Json, status: number) => { readonly body?: unknown; readonly status?: number } | undefined;

/** A simulator that stands in for OpenRouter, behind a server that changes its answers. */
async function standIn(spoil: Spoil = () => undefined, options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await simulate({ lenient: false, ...options });
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const kept = Object.entries(request.headers).filter(([name]) => ['authorization', 'content-type', 'user-agent'].includes(name));
      const headers = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
      const answer = await fetch(new URL(request.url ?? '/', simulator.baseUrl), {
        method: request.method ?? 'GET',
        headers,
        ...(request.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
      });
      const text = await answer.text();
      const type = answer.headers.get('content-type') ?? '';
      const json: unknown = type.includes('json') ? JSON.parse(text) : undefined;
      const changed = isObject(json) ? spoil(request.url ?? '/', json, answer.status) : undefined;
      response.writeHead(changed?.status ?? answer.status, { 'content-type': type });
      response.end(changed?.body === undefined ? text : JSON.stringify(changed.body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { ...simulator, baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api` };
}

async function prove(simulator: Simulator, key = simulator.key): Promise<LiveResult> {
  const deps = makeDeps();
  onTestFinished(() => deps.close());
  return await runLive(deps, { baseUrl: simulator.baseUrl, key });
}

const about = { day: '2026-11-27', version: '0.1.0' };
const of = (result: LiveResult, id: string) => result.compared.find((each) => each.id === id);

describe('the live proof, against a simulator in the place of OpenRouter', () => {
  it('finds nothing where nothing differs, for less than a cent', async () => {
    const result = await prove(await standIn());
    expect(result.compared.filter(({ outcome }) => outcome !== 'same')).toEqual([]);
    expect(result.compared.length).toBeGreaterThan(20);
    expect(result.spent).toBeGreaterThan(0);
    expect(result.spent).toBeLessThan(MOST);
  });

  it('tries every cheap kind of refusal', async () => {
    const { compared } = await prove(await standIn());
    const refused = compared.filter(({ real }) => (real?.status ?? 200) >= 400).map(({ id, real }) => `${String(real?.status)} ${id}`);
    expect(refused).toEqual([
      '403 credits',
      '404 a preset that is not there',
      '401 key: none',
      '401 key: made up',
      '401 messages: no key',
      '401 messages: made-up key',
      '400 messages: no such model',
      '404 messages: no such preset',
      '400 messages: none',
      '400 messages: an unknown role',
      '400 messages: a deferred tool',
      '400 messages: a result without its call',
      '404 messages: an image',
      '400 messages: adaptive thinking',
      '400 messages: effort',
    ]);
  });

  it('finds a member that is gone, one that is new, one of another type, and another finding', async () => {
    const result = await prove(
      await standIn((path, body) => {
        if (path.endsWith('/key') && isObject(body['data'])) {
          const { usage_daily, ...rest } = body['data'];
          return { body: { data: { ...rest, usage: String(usage_daily), tier: 'gold' } } };
        }
        if (isObject(body['error']) && String(body['error']['message']).startsWith('Deferred')) return { status: 200, body: { ok: true } };
        return undefined;
      }),
    );
    expect(of(result, 'key')).toMatchObject({
      outcome: 'differs',
      added: ['data.tier'],
      differences: ['only the simulator has data.usage_daily', 'of another type: data.usage (string, not number)'],
    });
    expect(of(result, 'messages: a deferred tool')?.outcome).toBe('differs');
    expect(of(result, 'endpoints')?.outcome).toBe('same');
    const report = writeReport(result, about);
    expect(report).toContain('only the simulator has data.usage_daily');
    expect(report).toContain('status: 200, the simulator says 400');
  });

  it('notices the short id and another model in a reply', async () => {
    const answered =
      (model: string): Spoil =>
      (path, body) =>
        path.includes('/messages') && body['type'] === 'message' ? { body: { ...body, model } } : undefined;
    const other = await prove(await standIn(answered('somebody/else')));
    expect(of(other, 'messages: answered')?.differences).toEqual(['model of the reply: another, the simulator says its canonical slug']);
  });

  it('takes a busy server for no proof', async () => {
    const busy = await prove(
      await standIn((path) =>
        path.includes('/messages') ? { status: 429, body: { error: { code: 429, message: 'Rate limit exceeded' } } } : undefined,
      ),
    );
    expect(of(busy, 'messages: answered')?.outcome).toBe('busy');
  });

  it('expects of an account what its key says', async () => {
    const simulator = await standIn();
    for (const name of ['free', 'management', 'capped'] as const) {
      const { compared } = await prove(simulator, simulator.keys[name]);
      expect(compared.filter(({ outcome }) => outcome === 'differs').map(({ id, differences }) => [name, id, differences])).toEqual([]);
    }
  });

  it('writes nothing into the report that names the account, whatever the answers hold', async () => {
    const names = [
      'user_2dHFtVWx2n56',
      'Ada Lovelace',
      'Analytical Engines Ltd',
      'ada@example.org',
      'acme-billing',
      '550e8400-e29b-41d4-a716-446655440000',
    ];
    const simulator = await standIn((path, body, status) => {
      const told = names.join(' and ');
      if (path.endsWith('/key') && isObject(body['data']))
        return {
          body: {
            data: {
              ...body['data'],
              label: names[1],
              creator_user_id: names[0],
              workspace_id: names[4],
              organization: { organization_name: names[2] },
              'Ada Lovelace': 1,
              [String(names[3])]: 2,
            },
          },
        };
      if (status >= 400 && isObject(body['error']))
        return {
          body: {
            ...body,
            user_id: names[0],
            error: { ...body['error'], message: `${told} with ${path} https://openrouter.ai/workspaces/acme-billing/keys sk-or-v1-abcdef` },
          },
        };
      return undefined;
    });
    const result = await prove(simulator);
    const report = writeReport(result, about);
    expect(report).toContain('its words');
    for (const name of [...names, simulator.key, simulator.key.slice(0, 16), 'sk-or', 'acme', 'Lovelace'])
      expect(report).not.toContain(name);
  });
});

describe('scrub', () => {
  it.each([
    ['key sk-or-v1-0123 of user_abcdefgh', 'key … of …'],
    ['see https://openrouter.ai/workspaces/acme/keys', 'see https://openrouter.ai/workspaces/…/keys'],
    ['gen-1790000000-AAAA from 10.0.0.1', '… from …'],
    ['from 2001:db8::1 or 2001:db8:0:0:1:2:3:4, at 10:30 call +49 170 1234567', 'from … or …, at 10:30 call …'],
    ['No endpoints found for z-ai/glm-4.7.', 'No endpoints found for z-ai/glm-4.7.'],
  ])('%s', (text, clean) => {
    expect(scrub(text, [])).toBe(clean);
  });
});
