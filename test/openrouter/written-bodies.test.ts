import { ProviderPreferences$outboundSchema, ProviderSort, Quantization } from '@openrouter/sdk/models';
import { describe, expect, it } from 'vitest';
import { requestShapeFor } from '../../src/claude/request-shape.ts';
import { EXTRA_BODY } from '../../src/claude/variables.ts';
import { parseRouteIntent } from '../../src/commands/route/intent.ts';
import { recordedVariables } from '../../src/config/config.ts';
import type { RULE_WORDS } from '../../src/openrouter/routing.ts';
import { QUANTIZATIONS, SORTS } from '../../src/openrouter/routing-words.ts';
import { buildRequest, firstTurn, makeTask, secondTurn } from '../../src/probe/request.ts';
import { readMessagesRequest } from '../../src/simulator/request-schema.ts';
import { asClaude } from '../simulator/support.ts';
import { CONFIG } from '../support/machine.ts';
import { breaks, camelCased } from '../support/openrouter-types.ts';

/** Each rule's flag as it reaches the command, and the member that it becomes. */
const FLAGS = {
  zdr: { zdr: true },
  data_collection: { training: false },
  sort: { sort: 'throughput' },
  order: { order: 'deepinfra,google-vertex/us-east5' },
  only: { only: 'deepinfra,google-vertex/us-east5,Together' },
  ignore: { ignore: 'z-ai' },
  quantizations: { quantizations: QUANTIZATIONS.join(',') },
  max_price: { maxPrice: '$0.5/2' },
  require_parameters: { requireParameters: true },
  allow_fallbacks: { fallbacks: false },
} as const satisfies Readonly<Record<keyof typeof RULE_WORDS, object>>;
const { sort: _alone, ...WITHOUT_SORT } = FLAGS;
const CASES = [
  ...Object.entries(FLAGS),
  ['max_price', { maxPrice: '/2' }],
  ['max_price', { maxPrice: '0.5' }],
  ['max_price', { maxPrice: '0/0' }],
  ['all but the sort', Object.assign({}, ...Object.values(WITHOUT_SORT)) as object],
] as const;

/** The text that stands in every target for these flags. */
function written(flags: object): string {
  const rules = parseRouteIntent(flags).change?.set ?? {};
  const variables = recordedVariables({ ...CONFIG, extras: { routing: rules } });
  return variables.find(({ name }) => name === EXTRA_BODY)?.value ?? '';
}

const bodyOf = (flags: object): Readonly<Record<string, unknown>> => JSON.parse(written(flags)) as Record<string, unknown>;

describe("what orcc lays over every request, by OpenRouter's own types (@openrouter/sdk)", () => {
  it.each(CASES)('%s %j is known to them, whole, and to the simulator', (_rule, flags) => {
    const text = written(flags);
    expect(text).toMatch(/^[\x21-\x7e]{2,4000}$/);
    const body = bodyOf(flags);
    expect(ProviderPreferences$outboundSchema.parse(camelCased(body['provider']))).toEqual(body['provider']);
    const request = { ...asClaude('z-ai/glm-4.7'), ...body, session_id: 'orcc-0123456789abcdef01234567' };
    expect(breaks(request)).toBeUndefined();
    expect(readMessagesRequest(request)).toHaveProperty('request');
  });

  it('has their words for quantizations and sorts', () => {
    expect(QUANTIZATIONS.toSorted()).toEqual(Object.values(Quantization).toSorted());
    expect(Object.values(ProviderSort)).toEqual(expect.arrayContaining([...SORTS]));
  });

  it.each([{ provider: { max_price: { prompt: 1 } } }, { provider: { zdr: 'yes' } }, { provider: { only: 'deepinfra' } }])(
    'would be caught with %j',
    (body) => {
      expect(breaks({ ...asClaude('z-ai/glm-4.7'), ...body })).toBeDefined();
    },
  );

  it.each([
    'z-ai/glm-4.7',
    'anthropic/claude-haiku-4.5',
    'anthropic/claude-opus-4.7',
    'anthropic/claude-3-haiku',
    '~anthropic/claude-opus-latest',
  ])('goes along with both turns of the test of %s', (model) => {
    const task = makeTask((bytes) => new Uint8Array(bytes));
    const answered = [{ type: 'tool_use', id: 'toolu_1', name: 'orcc_check', input: task.call }];
    const given = { model, repairs: new Set<never>(), extraBody: bodyOf({ zdr: true, maxPrice: '1/4' }), endpoint: {}, version: '1.0.0' };
    const shape = requestShapeFor(model, {});
    for (const turns of [firstTurn(task, shape.systemRole), secondTurn(task, shape.systemRole, answered, ['toolu_1'])])
      expect(breaks(buildRequest({ ...given, shape, turns }).body)).toBeUndefined();
  });
});
