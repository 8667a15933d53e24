import { describe, expect, it } from 'vitest';
import { API_FAULTS } from '../../src/simulator/faults.ts';
import { isObject } from '../../src/text/json.ts';
import { type Body, bodiesOf } from '../support/known-answers/answer.ts';
import { readBeside } from '../support/known-answers/beside.ts';
import { ANSWERS } from '../support/known-answers/list.ts';
import { type Stream, STREAMS } from '../support/known-answers/streams.ts';
import { besideTitle } from '../support/shared.ts';
import { ASK_TOOL, parseEvents, post, request, simulate, TOOL } from './support.ts';

/** Paths of all members with their types; what a number or a text says is not compared, nor is advice given. */
function shapeOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.slice(0, 1).flatMap((item) => shapeOf(item, `${path}[]`));
  if (!isObject(value)) return path.endsWith('.remedy_hint') ? [] : [`${path}: ${value === null ? 'null' : typeof value}`];
  return Object.entries(value).flatMap(([name, member]) => shapeOf(member, `${path}.${name}`));
}

/** A message without what each answer has of its own: models, figures, names. */
function wordsOf(message: unknown): string {
  return String(message)
    .replaceAll(/https:\/\/\S+/g, (url) => url.replaceAll('/', '|'))
    .replaceAll(/limit_rpd\/\S+/g, 'CAP')
    .replaceAll(/[\w.-]+\/[\w.:-]+\w/g, 'MODEL')
    .replaceAll(/\d+/g, 'N')
    .replaceAll(/toolu_\w+/g, 'ID')
    .replaceAll(/"[^"]*"/g, 'NAME');
}

/** Members of an error that say which it is, in either shape. */
function signsOf(body: unknown): Record<string, unknown> {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  const available = isObject(error['availability']) ? error['availability'] : {};
  const constraint = isObject(available['constraint']) ? available['constraint'] : {};
  const metadata = isObject(error['metadata']) ? error['metadata'] : {};
  return {
    code: error['code'],
    type: error['type'],
    errorType: error['error_type'],
    available: available['code'],
    excluded: available['excluded_by'],
    field: constraint['field'],
    limit: metadata['limit_source'],
    step: metadata['failed_routing_step'],
  };
}

/** Holds the simulator's answer for the fault against each body: it has every member that the body has, and says the same. */
function holdAgainst(bodies: readonly Body[]): void {
  const json = bodies.filter(({ shape }) => shape !== 'page' && shape !== 'event');
  it.each(json.map((each) => [each.title, each] as const))('%s', async (_title, each) => {
    const errorShape = each.shape === 'own' ? 'plain' : 'anthropic';
    const simulator = await simulate({ errorShape, faults: [{ code: each.fault ?? '' }] });
    const given = await post(simulator, request({ model: each.model, tools: [TOOL] }));
    const body = JSON.parse(each.body) as { error: { message: string; availability?: { requested_models?: unknown } } };
    expect(given.status).toBe(each.status);
    for (const name of Object.keys(each.headers)) expect(given.headers.get(name), name).not.toBeNull();
    expect(shapeOf(given.json)).toEqual(expect.arrayContaining(shapeOf(body)));
    const [opening = ''] = body.error.message.split('…');
    expect(wordsOf(given.json.error.message).startsWith(wordsOf(opening)), String(given.json.error.message)).toBe(true);
    expect(signsOf(given.json)).toMatchObject(JSON.parse(JSON.stringify(signsOf(body))) as object);
    if (body.error.availability?.requested_models !== undefined)
      expect(given.json.error.availability.requested_models).toEqual([each.model]);
  });

  it.each(bodies.filter(({ shape }) => shape === 'page').map((each) => [each.title, each] as const))('%s', async (_title, each) => {
    const { status, headers, text } = await post(await simulate({ faults: [{ code: each.fault ?? '' }] }), request());
    expect([status, headers.get('content-type')?.slice(0, 9)]).toEqual([each.status, 'text/html']);
    expect(headers.get('server')).toBe(each.headers['server'] ?? null);
    if ('cf-ray' in each.headers) expect(headers.get('cf-ray')).not.toBeNull();
    const title = /<title>(.*?)<\/title>/.exec(each.body)?.[1];
    if (title !== undefined) expect(/<title>(.*?)<\/title>/.exec(text)?.[1]).toBe(title);
  });
}

function holdAgainstStreams(streams: readonly Stream[]): void {
  const kindsOf = (events: string): string[] =>
    [...new Set(parseEvents(events).map(({ event }) => event))].filter((event) => event !== 'ping' && event !== 'content_block_stop');
  const endOf = (events: string): unknown => {
    const delta = parseEvents(events).find(({ event }) => event === 'message_delta')?.data;
    return isObject(delta) && isObject(delta['delta']) ? delta['delta']['stop_reason'] : undefined;
  };
  it.each(streams.map((each) => [each.title, each] as const))('%s, as a stream', async (_title, each) => {
    const simulator = await simulate({ faults: [{ code: each.fault ?? '' }] });
    const body = request({ stream: true, tools: [TOOL], messages: [{ role: 'user', content: ASK_TOOL }] });
    const { status, text } = await post(simulator, body);
    expect(status).toBe(200);
    expect(kindsOf(text).sort()).toEqual(kindsOf(each.text).sort());
    expect(endOf(text)).toBe(endOf(each.text));
  });
}

describe('each answer on demand, held against one of the project’s own', () => {
  const given = ANSWERS.filter(({ fault }) => fault !== undefined);
  it('is there for every refusal', () => {
    const faults = given.map(({ fault }) => fault);
    expect(new Set(faults).size).toBe(faults.length);
    expect(faults.toSorted()).toEqual([...API_FAULTS.map(({ id }) => id), 'html-body'].sort());
  });

  // The envelope has the metadata in some captures only; what it has is told by the finding (`probe/faults.test.ts`).
  holdAgainst(given.flatMap(bodiesOf).filter(({ shape }) => shape !== 'envelope'));
  holdAgainstStreams(STREAMS.filter(({ fault }) => fault !== undefined));
});

const beside = readBeside();

describe.skipIf(beside === undefined)(besideTitle('each answer that was collected, on demand', 84), () => {
  const { bodies = [], streams = [] } = beside ?? {};
  it('are as many as the title says', () => {
    expect(bodies.length + streams.length).toBe(84);
  });

  holdAgainst(bodies);
  holdAgainstStreams(streams);
});
