import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { API_FAULTS } from '../../src/simulator/faults.ts';
import { sharedFile } from '../support/shared.ts';
import { ASK_TOOL, get, parseEvents, post, request, simulate, TOOL } from './support.ts';

const description = sharedFile('openrouter/openapi.yaml');

// What OpenRouter's own client has no types for; the rest is held against that client, in `sdk.test.ts`.
describe.skipIf(description === undefined)("against OpenRouter's OpenAPI description (skipped where the file is absent)", () => {
  let ajv: Ajv2020;
  const validators = new Map<string, ValidateFunction>();

  beforeAll(() => {
    ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
    // Both are CommonJS with a default export, which the two ways of loading them see differently.
    const addFormats = formats as unknown as { default?: (to: Ajv2020) => void } & ((to: Ajv2020) => void);
    (addFormats.default ?? addFormats)(ajv);
    ajv.addFormat('double', true);
    ajv.addSchema({ ...(parse(readFileSync(description ?? '', 'utf8')) as object), $id: 'or' });
  });

  /** Where `value` breaks the description at `pointer`; undefined where it fits. */
  function breaks(pointer: string, value: unknown): string | undefined {
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `or#${pointer}` });
    validators.set(pointer, validate);
    return validate(value) ? undefined : ajv.errorsText(validate.errors).slice(0, 400);
  }

  const schema = (name: string): string => `/components/schemas/${name}`;
  const asks = [
    ['text', {}],
    ['a tool call', { tools: [TOOL], messages: [{ role: 'user', content: ASK_TOOL }] }],
    ['text after thinking', { thinking: { type: 'adaptive' } }],
    ['a cut text', { max_tokens: 1 }],
    ['a cached prompt', { system: [{ type: 'text', text: 'x'.repeat(400), cache_control: { type: 'ephemeral' } }] }],
    ['an alias', { model: '~anthropic/claude-haiku-latest' }],
    ['a router', { model: 'openrouter/auto' }],
  ] as const;

  it('POST /messages as JSON and its generation, and every event of a full stream and of streams that are refused or break off', async () => {
    for (const [title, body] of asks) {
      const simulator = await simulate();
      const { json } = await post(simulator, request(body), { headers: { 'x-openrouter-metadata': 'enabled' } });
      expect(breaks(schema('MessagesResult'), json), title).toBeUndefined();
      const { json: generation } = await get(simulator, `/v1/generation?id=${json.id}`, { key: simulator.key });
      expect(breaks(schema('GenerationResponse'), generation), title).toBeUndefined();
    }
    const streams = [...asks, ...['empty', 'refusal', 'midstream-error'].map((code) => [code, {}] as const)];
    for (const [title, body] of streams) {
      const isFault = !asks.some(([each]) => each === title);
      const simulator = await simulate(isFault ? { faults: [{ code: title }] } : {});
      const { text } = await post(simulator, request({ ...body, stream: true }), { headers: { 'x-openrouter-metadata': 'enabled' } });
      const events = parseEvents(text).filter(({ data }) => data !== '[DONE]');
      if (!isFault) expect(events.length, title).toBeGreaterThan(4);
      for (const event of events) {
        expect(breaks(schema('MessagesStreamingResponse'), event), `${title}: ${event.event}`).toBeUndefined();
        if (!isFault) expect((event.data as { type: string }).type).toBe(event.event);
      }
    }
  });

  it('every refusal in the envelope of `/messages`', async () => {
    // What is no such envelope is noticed, so that the rest can fail.
    expect(breaks(schema('AnthropicMessagesErrorResponse'), { error: { message: 1 } })).toBeDefined();
    const simulator = await simulate();
    for (const { id, envelope } of API_FAULTS) {
      if (envelope === null) continue;
      simulator.setFaults([{ code: id }]);
      expect(breaks(schema('AnthropicMessagesErrorResponse'), (await post(simulator, request())).json), id).toBeUndefined();
    }
  });
});
