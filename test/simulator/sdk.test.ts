import { createHash } from 'node:crypto';
import { OpenRouter } from '@openrouter/sdk';
import { OpenRouterError, ResponseValidationError } from '@openrouter/sdk/models/errors';
import { describe, expect, it } from 'vitest';
import { KEY_NAMES } from '../../src/simulator/accounts.ts';
import { API_FAULTS } from '../../src/simulator/faults.ts';
import { readMessagesRequest } from '../../src/simulator/request-schema.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { breaks } from '../support/openrouter-types.ts';
import { NEAR_MISSES } from './near-misses.ts';
import { asClaude, post, request, simulate } from './support.ts';

/** OpenRouter's own client, which checks each answer against the API's newest types. */
function client(simulator: Simulator, key = simulator.key): OpenRouter {
  return new OpenRouter({ apiKey: key, serverURL: `${simulator.baseUrl}/v1`, retryConfig: { strategy: 'none' } });
}

/** Everything that a client's page iterator gives. */
async function pagesOf<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

describe("OpenRouter's own client (@openrouter/sdk) takes", () => {
  it('the catalog, whole and in pages, and its filters', async () => {
    const sdk = client(await simulate());
    const whole = await pagesOf(await sdk.models.list());
    const pages = await pagesOf(await sdk.models.list({ limit: 10, supportedParameters: 'tools' }));
    expect(whole[0]?.result.data.map(({ id }) => id)).toContain('z-ai/glm-4.7');
    expect(pages.length).toBeGreaterThan(3);
    expect((await sdk.models.count()).data.count).toBe(whole[0]?.result.data.length);
  });

  it.each([
    ['z-ai', 'glm-4.7'],
    ['z-ai', 'glm-4.7-20251222'],
    ['~anthropic', 'claude-opus-latest'],
    ['openrouter', 'auto'],
    ['google', 'gemma-4-31b-it:free'],
  ])('the row and the endpoints of %s/%s', async (author, slug) => {
    const sdk = client(await simulate());
    expect((await sdk.models.get({ author, slug })).data.id).toMatch(/\//);
    const { data } = await sdk.endpoints.list({ author, slug });
    expect(data.endpoints.length).toBeGreaterThan(0);
    expect(data.endpoints[0]?.supportsToolChoice.auto).toBe(true);
  });

  it('what a key may use, which a guardrail makes fewer', async () => {
    const simulator = await simulate();
    const idsFor = async (bearer: string): Promise<string[]> =>
      (await pagesOf(await client(simulator).models.listForUser({ bearer }))).flatMap(({ result }) => result.data.map(({ id }) => id));
    const all = await idsFor(simulator.key);
    const few = await idsFor(simulator.keys.guarded);
    expect(all).toContain('openai/gpt-oss-120b');
    expect(few).toContain('z-ai/glm-4.7');
    expect(few).not.toContain('openai/gpt-oss-120b');
  });

  it.each(KEY_NAMES.filter((name) => name !== 'bad'))('the key %s', async (name) => {
    const simulator = await simulate();
    expect((await client(simulator, simulator.keys[name]).apiKeys.getCurrentKeyMetadata()).data.label).toMatch(/^sk-or-v1-/);
  });

  it('credits, providers, presets and a generation', async () => {
    const simulator = await simulate();
    expect((await client(simulator, simulator.keys.management).credits.getCredits()).data.totalCredits).toBeGreaterThan(0);
    const sdk = client(simulator);
    expect((await sdk.providers.list()).data.length).toBeGreaterThan(0);
    expect((await pagesOf(await sdk.presets.list()))[0]?.result.data.map(({ slug }) => slug)).toContain('cheap');
    expect((await sdk.presets.get({ slug: 'cheap' })).data.designatedVersion?.config['model']).toBe('z-ai/glm-4.7-flash');
    const { json } = await post(simulator, request());
    expect((await sdk.generations.getGeneration({ id: String(json.id) })).data.totalCost).toBeGreaterThan(0);
  });

  it('the exchange of a login code', async () => {
    const simulator = await simulate();
    const verifier = 'v'.repeat(43);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const page = await fetch(new URL(`/auth?code_challenge=${challenge}&code_challenge_method=S256`, simulator.baseUrl));
    const code = /<pre id="code">([^<]+)</.exec(await page.text())?.[1] ?? '';
    const sdk = client(simulator);
    const given = await sdk.oAuth.exchangeAuthCodeForAPIKey({ requestBody: { code, codeVerifier: verifier, codeChallengeMethod: 'S256' } });
    expect(given.key).toMatch(/^sk-or-v1-/);
    await expect(sdk.oAuth.exchangeAuthCodeForAPIKey({ requestBody: { code, codeVerifier: verifier } })).rejects.toMatchObject({
      statusCode: 403,
    });
  });

  it.each(API_FAULTS.map(({ id, status }) => [id, status] as const))(
    'the refusal %s (%i), as an error of its own',
    async (code, status) => {
      const sdk = client(await simulate({ faults: [{ code, path: '/v1/generation' }] }));
      const error: unknown = await sdk.generations.getGeneration({ id: 'gen-1' }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(OpenRouterError);
      expect(error).not.toBeInstanceOf(ResponseValidationError);
      expect(error).toMatchObject({ statusCode: status });
    },
  );
});

/** Values of lists that the client keeps open for newer servers, and texts whose length it leaves to the server. */
const OPEN = ['a role of its own', 'an unknown effort', 'a cache mark for 2h', 'a session_id that is too long'];

describe("a request by the client's types", () => {
  const base = (): Record<string, unknown> => {
    const body = structuredClone(asClaude('z-ai/glm-4.7'));
    const text = [{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }];
    const [first, second] = body['messages'] as object[];
    return {
      ...body,
      system: text,
      messages: [
        { ...first, content: text },
        { ...second, content: text },
      ],
      metadata: { user_id: 'x' },
      stream: true,
    };
  };

  it.each([
    'z-ai/glm-4.7',
    'anthropic/claude-haiku-4.5',
    'anthropic/claude-opus-5.5',
    'anthropic/claude-opus-4.7',
    'anthropic/claude-3-haiku',
  ])('is what Claude Code sends for %s, to the simulator too', (id) => {
    expect(breaks(asClaude(id))).toBeUndefined();
    expect(readMessagesRequest(asClaude(id))).toHaveProperty('request');
  });

  it.each(NEAR_MISSES)('agrees with the simulator on one with: %s', (title, change) => {
    const body = base();
    change(body);
    const problem = breaks(body);
    const refused = 'problem' in readMessagesRequest(body);
    if (OPEN.includes(title)) expect([problem, refused]).toEqual([undefined, true]);
    else expect(refused, problem).toBe(problem !== undefined);
  });
});
