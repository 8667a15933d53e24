import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import type { Json } from '../../src/simulator/json.ts';

/** One call of the proof. */
export interface Step {
  readonly id: string;
  readonly path: string;
  readonly auth: 'key' | 'none' | 'made-up';
  /** POST with it, GET without. */
  readonly body?: Json;
  /** What it may cost, USD, where it is answered in spite of all. */
  readonly worst: number;
}

/** The models that the proof asks. */
export interface Chosen {
  /** The cheapest model with tools at a fixed price. */
  readonly cheap: CatalogModel;
  readonly free: CatalogModel | undefined;
  /** One that reads no images. */
  readonly blind: CatalogModel | undefined;
  /** Claude Haiku 4.5, where it is listed. */
  readonly claude: CatalogModel | undefined;
}

const worth = (model: CatalogModel): number => (model.inputPrice ?? 0) + 4 * (model.outputPrice ?? 0);

/** undefined where no model with tools has a price. `blindIds` are those that read no images. */
export function chooseModels(models: readonly CatalogModel[], blindIds: ReadonlySet<string>): Chosen | undefined {
  const usable = models.filter(
    ({ tools, textIn, textOut, batch, context, id }) =>
      tools && textIn && textOut && !batch && (context ?? 0) >= 32_000 && !id.startsWith('~') && !id.startsWith('openrouter/'),
  );
  const paid = usable.filter(({ free, inputPrice, outputPrice }) => !free && (inputPrice ?? 0) > 0 && (outputPrice ?? 0) > 0);
  const byPrice = paid.filter(({ id }) => !id.startsWith('anthropic/')).sort((one, two) => worth(one) - worth(two));
  const [cheap] = byPrice;
  if (cheap === undefined) return undefined;
  return {
    cheap,
    free: usable.filter(({ free, variant }) => free && variant === 'free').sort((one, two) => two.created - one.created)[0],
    blind: byPrice.find(({ id }) => blindIds.has(id)),
    claude: paid.find(({ id }) => id === 'anthropic/claude-haiku-4.5'),
  };
}

const TOOL = {
  name: 'orcc_check',
  description: 'Checks a word',
  input_schema: { type: 'object', properties: { word: { type: 'string' } } },
};
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } };
/** Tokens of output that a step asks for. */
const FEW = 16;

/** The calls after the catalog, cheapest kinds of refusal included; each costs nothing or almost nothing. */
export function listSteps(chosen: Chosen): readonly Step[] {
  const { cheap, free, blind, claude } = chosen;
  return [
    { id: 'one model', path: `/v1/model/${cheap.id}`, auth: 'none', worst: 0 },
    { id: 'endpoints', path: `/v1/models/${cheap.id}/endpoints`, auth: 'none', worst: 0 },
    { id: 'key', path: '/v1/key', auth: 'key', worst: 0 },
    { id: 'credits', path: '/v1/credits', auth: 'key', worst: 0 },
    { id: 'models of this key', path: '/v1/models/user', auth: 'key', worst: 0 },
    { id: 'presets', path: '/v1/presets', auth: 'key', worst: 0 },
    { id: 'a preset that is not there', path: '/v1/presets/orcc-live-proof-none', auth: 'key', worst: 0 },
    { id: 'key: none', path: '/v1/key', auth: 'none', worst: 0 },
    { id: 'key: made up', path: '/v1/key', auth: 'made-up', worst: 0 },
    ask('messages: no key', cheap, {}, 'none'),
    ask('messages: made-up key', cheap, {}, 'made-up'),
    ask('messages: answered', cheap, {}),
    ...(free === undefined ? [] : [ask('messages: a free model', free, {})]),
    ask('messages: no such model', cheap, { model: 'orcc-live/none' }),
    ask('messages: no such preset', cheap, { model: '@preset/orcc-live-proof-none' }),
    ask('messages: none', cheap, { messages: [] }),
    ask('messages: an unknown role', cheap, { messages: [{ role: 'narrator', content: 'hi' }] }),
    ask('messages: a deferred tool', cheap, { tools: [TOOL, { ...TOOL, name: 'later', defer_loading: true }] }),
    ask('messages: a result without its call', cheap, {
      tools: [TOOL],
      messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_none', content: 'x' }] }],
    }),
    ...(blind === undefined ? [] : [ask('messages: an image', blind, { messages: [{ role: 'user', content: [IMAGE] }] })]),
    ...(claude === undefined
      ? []
      : [
          ask('messages: adaptive thinking', claude, { thinking: { type: 'adaptive' } }),
          ask('messages: effort', claude, { output_config: { effort: 'high' } }),
        ]),
  ];
}

function ask(id: string, model: CatalogModel, change: Json, auth: Step['auth'] = 'key'): Step {
  const body = { model: model.id, max_tokens: FEW, messages: [{ role: 'user', content: 'Say ok.' }], ...change };
  return { id, path: '/v1/messages', auth, body, worst: priceOf(model, 400, FEW) };
}

/** USD for so many tokens. */
export function priceOf(model: CatalogModel, input: number, output: number): number {
  return (input * (model.peakInput ?? model.inputPrice ?? 0) + output * (model.peakOutput ?? model.outputPrice ?? 0)) / 1_000_000;
}
