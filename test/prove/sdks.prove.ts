import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { realmNeeds } from '../support/realm.ts';
import { useRealm, useSimulation } from '../support/stage.ts';

/** A folder with `node_modules` of @anthropic-ai/sdk 0.128.0 and @openrouter/sdk 1.3.19: clients that nobody here wrote. */
const SDKS = process.env['ORCC_PROVE_SDKS'];
const has = (name: string): string | undefined => (SDKS === undefined ? undefined : path.join(SDKS, 'node_modules', name, 'package.json'));

const missing = realmNeeds(
  { file: has('@anthropic-ai/sdk'), fileName: 'ORCC_PROVE_SDKS (@anthropic-ai/sdk)' },
  { file: has('@openrouter/sdk'), fileName: 'ORCC_PROVE_SDKS (@openrouter/sdk)' },
);

const ANTHROPIC = `
import Anthropic, { BadRequestError, AuthenticationError } from '@anthropic-ai/sdk';
const [base, key] = process.argv.slice(2);
const client = new Anthropic({ baseURL: base, authToken: key, apiKey: null, maxRetries: 0 });
const ask = { model: 'z-ai/glm-4.7', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] };
const tools = [{ name: 'look_up', description: 'Looks a word up', input_schema: { type: 'object', properties: { word: { type: 'string' } } } }];
const call = { ...ask, tools, messages: [{ role: 'user', content: 'Call the tool look_up with exactly this JSON: {"word":"orcc"}' }] };
const plain = await client.messages.create(ask);
const streamed = await client.messages.stream(ask).finalMessage();
const tool = await client.messages.stream(call).finalMessage();
const unknown = await client.messages.create({ ...ask, model: 'nobody/nothing' }).catch((error) => error);
const refused = await new Anthropic({ baseURL: base, authToken: 'sk-or-v1-' + '0'.repeat(64), apiKey: null, maxRetries: 0 }).messages.create(ask).catch((error) => error);
console.log(JSON.stringify({
  plain: [plain.type, plain.model, plain.content[0].type, plain.usage.output_tokens > 0],
  streamed: [streamed.stop_reason, streamed.content[0].type],
  tool: [tool.stop_reason, tool.content.find((block) => block.type === 'tool_use')?.input],
  unknown: unknown instanceof BadRequestError,
  refused: refused instanceof AuthenticationError,
}));`;

const OPENROUTER = `
import { OpenRouter } from '@openrouter/sdk';
const [base, key] = process.argv.slice(2);
const client = new OpenRouter({ apiKey: key, serverURL: base + '/v1', retryConfig: { strategy: 'none' } });
const model = { author: 'z-ai', slug: 'glm-4.7' };
const asked = await fetch(base + '/v1/messages', {
  method: 'POST',
  headers: { authorization: 'Bearer ' + key, 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'z-ai/glm-4.7', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] }),
});
const { id } = await asked.json();
const account = (await client.apiKeys.getCurrentKeyMetadata()).data;
console.log(JSON.stringify({
  ids: (await client.models.list()).result.data.map((each) => each.id),
  mine: (await client.models.listForUser({ bearer: key })).result.data.length,
  count: (await client.models.count()).data.count,
  slug: (await client.models.get(model)).data.canonicalSlug,
  choice: (await client.endpoints.list(model)).data.endpoints[0].supportsToolChoice,
  providers: (await client.providers.list()).data.length,
  label: account.label,
  remaining: account.limitRemaining,
  credits: await client.credits.getCredits().then(() => 200, (error) => error.statusCode),
  presets: (await client.presets.list()).result.data.map((each) => each.slug),
  preset: (await client.presets.get({ slug: 'cheap' })).data.designatedVersion.config.model,
  missing: await client.presets.get({ slug: 'nope' }).then(() => 200, (error) => error.statusCode),
  cost: (await client.generations.getGeneration({ id })).data.totalCost,
}));`;

describe.skipIf(missing)('clients that nobody here wrote', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);

  const run = async (name: string, script: string): Promise<unknown> => {
    const folder = SDKS ?? '';
    // Beside node_modules, where the imports are found.
    const file = path.join(folder, `orcc-${name}.mjs`);
    writeFileSync(file, script);
    const { env, cwd } = realm.makeHome();
    const ran = await realm.run(process.execPath, [file, simulation.baseUrl, simulation.key], { env, cwd });
    expect(ran.stderr).toBe('');
    expect(ran.code).toBe(0);
    return JSON.parse(ran.stdout) as unknown;
  };

  it('@anthropic-ai/sdk 0.128.0 parses answers, streams, a tool call and errors of the simulator', async () => {
    expect(await run('anthropic', ANTHROPIC)).toEqual({
      plain: ['message', expect.stringMatching(/^z-ai\/glm-4\.7/), 'text', true],
      streamed: ['end_turn', 'text'],
      tool: ['tool_use', { word: 'orcc' }],
      unknown: true,
      refused: true,
    });
  });

  it('@openrouter/sdk makes every call that the simulator has an answer for', async () => {
    const found = (await run('openrouter', OPENROUTER)) as { ids: string[]; label: string; remaining: number; cost: number };
    expect(found).toMatchObject({
      mine: found.ids.length,
      count: found.ids.length,
      slug: 'z-ai/glm-4.7-20251222',
      choice: { auto: true, function: true, none: true, required: true },
      credits: 403,
      presets: ['cheap', 'claude', 'private', 'retired'],
      preset: 'z-ai/glm-4.7-flash',
      missing: 404,
    });
    expect(found.ids).toContain('z-ai/glm-4.7');
    expect(found.label).toMatch(/^sk-or-v1-/);
    expect(found.remaining).toBeGreaterThan(0);
    expect(found.cost).toBeGreaterThan(0);
  });
});
