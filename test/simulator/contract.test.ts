import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { API_FAULTS } from '../../src/simulator/faults.ts';
import { isObject } from '../../src/text/json.ts';
import { type Contract, OWN_CONTRACT } from '../support/messages-contract.ts';
import { breaks } from '../support/openrouter-types.ts';
import { besideTitle, sharedFile } from '../support/shared.ts';
import { ASK_TOOL, get, parseEvents, post, request, simulate, type SseEvent, TOOL } from './support.ts';

const METADATA = { headers: { 'x-openrouter-metadata': 'enabled' } };
const ASKS = [
  ['text', {}],
  ['a tool call', { tools: [TOOL], messages: [{ role: 'user', content: ASK_TOOL }] }],
  ['text after thinking', { thinking: { type: 'adaptive' } }],
  ['a cut text', { max_tokens: 1 }],
  ['a cached prompt', { system: [{ type: 'text', text: 'x'.repeat(400), cache_control: { type: 'ephemeral' } }] }],
  ['an alias', { model: '~anthropic/claude-haiku-latest' }],
  ['a router', { model: 'openrouter/auto' }],
] as const;

/** A stream's events; those of a fault's are fewer. */
async function eventsOf(body: object, fault?: string): Promise<readonly SseEvent[]> {
  const simulator = await simulate(fault === undefined ? {} : { faults: [{ code: fault }] });
  const { text } = await post(simulator, request({ ...body, stream: true }), METADATA);
  return parseEvents(text).filter(({ data }) => data !== '[DONE]');
}

/** Holds messages, their generations, events and refusals against a description. */
async function holdAgainst(contract: Contract): Promise<void> {
  for (const [title, body] of ASKS) {
    const simulator = await simulate();
    const { json } = await post(simulator, request(body), METADATA);
    expect(contract.message(json), title).toBeUndefined();
    const { json: generation } = await get(simulator, `/v1/generation?id=${String(json.id)}`, { key: simulator.key });
    expect(contract.generation(generation), title).toBeUndefined();
    const events = await eventsOf(body);
    expect(events.length, title).toBeGreaterThan(4);
    for (const event of events) {
      expect(contract.event(event), `${title}: ${event.event}`).toBeUndefined();
      expect((event.data as { type: string }).type).toBe(event.event);
    }
  }
  for (const fault of ['empty', 'refusal', 'midstream-error'])
    for (const event of await eventsOf({}, fault)) expect(contract.event(event), `${fault}: ${event.event}`).toBeUndefined();
  const simulator = await simulate();
  for (const { id, envelope } of API_FAULTS) {
    if (envelope === null) continue;
    simulator.setFaults([{ code: id }]);
    expect(contract.refusal((await post(simulator, request())).json), id).toBeUndefined();
  }
  // What is no such envelope is noticed, so that the rest can fail.
  expect(contract.refusal({ error: { message: 1 } })).toBeDefined();
}

describe('every answer to POST /messages, its generation, every event and every refusal', () => {
  it("is as the project's own description has it", async () => {
    await holdAgainst(OWN_CONTRACT);
  });

  it('misses no member that the description asks for, and has no other', async () => {
    const { json } = await post(await simulate(), request({ thinking: { type: 'adaptive' } }), METADATA);
    const events = await eventsOf({ tools: [TOOL], messages: [{ role: 'user', content: ASK_TOOL }] });
    const wholes = [[OWN_CONTRACT.message, json], ...events.map((event) => [OWN_CONTRACT.event, event] as const)] as const;
    for (const [check, whole] of wholes) {
      expect(spoilt(whole).filter((value) => check(value) === undefined)).toEqual([]);
    }
  });

  it.each(ASKS)("%s can be sent back by the types of OpenRouter's own client", async (_title, body) => {
    const { json } = await post(await simulate(), request(body));
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: json.content },
      { role: 'user', content: 'Go on.' },
    ];
    expect(breaks(request({ tools: [TOOL], messages }))).toBeUndefined();
  });

  const file = sharedFile('openrouter/openapi.yaml');
  it.skipIf(file === undefined)(besideTitle("is as OpenRouter's OpenAPI description has it", 1), async () => {
    await holdAgainst(readOpenApi(file ?? ''));
  });
});

/** Copies of a value, each without one member that is always there, at any depth, or with one too many. */
function spoilt(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((item, at) => spoilt(item).map((other) => items.toSpliced(at, 1, other)));
  }
  if (!isObject(value)) return [];
  const names = Object.keys(value).filter((name) => name !== 'openrouter_metadata');
  return [
    { ...value, of_its_own: 1 },
    ...names.map((name) => Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))),
    // The arguments of a call are the tool's own.
    ...names.filter((name) => name !== 'input').flatMap((name) => spoilt(value[name]).map((other) => ({ ...value, [name]: other }))),
  ];
}

function readOpenApi(file: string): Contract {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  // Both are CommonJS with a default export, which the two ways of loading them see differently.
  const addFormats = formats as unknown as { default?: (to: Ajv2020) => void } & ((to: Ajv2020) => void);
  (addFormats.default ?? addFormats)(ajv);
  ajv.addFormat('double', true);
  ajv.addSchema({ ...(parse(readFileSync(file, 'utf8')) as object), $id: 'or' });
  const breaksAt = (name: string): ((value: unknown) => string | undefined) => {
    let validate: ValidateFunction | undefined;
    return (value) => {
      validate ??= ajv.compile({ $ref: `or#/components/schemas/${name}` });
      return validate(value) ? undefined : ajv.errorsText(validate.errors).slice(0, 400);
    };
  };
  return {
    message: breaksAt('MessagesResult'),
    event: breaksAt('MessagesStreamingResponse'),
    refusal: breaksAt('AnthropicMessagesErrorResponse'),
    generation: breaksAt('GenerationResponse'),
  };
}
