import type { BuiltinModel } from '../openrouter/builtin.ts';
import type { Json } from './json.ts';
import { authorOf, canonicalSlug, isAnthropic, priceTraits, takesImages, toolChoiceSupport } from './model-traits.ts';

/** Suffixes that every model accepts; they choose the provider, not the model. */
const DYNAMIC = /:(?:nitro|floor|exacto|online)$/;

/** OpenRouter's provider names by author; all other models are served by Novita. */
const PROVIDERS: Readonly<Record<string, string>> = {
  anthropic: 'Anthropic',
  deepseek: 'DeepSeek',
  google: 'Google AI Studio',
  minimax: 'Minimax',
  moonshotai: 'Moonshot AI',
  nvidia: 'Nvidia',
  openai: 'OpenAI',
  perplexity: 'Perplexity',
  qwen: 'Alibaba',
  thinkingmachines: 'Thinking Machines',
  'z-ai': 'Z.AI',
};

/** Authors whose models nobody else serves. */
const CLOSED = new Set(['anthropic', 'openai', 'perplexity', 'openrouter']);

/** Further providers of open models: the second offers less than the first, the third the same. */
const SECOND_PROVIDER = 'DeepInfra';
const THIRD_PROVIDER = 'Together';
const QUANTIZATION: Readonly<Record<string, string>> = { [SECOND_PROVIDER]: 'fp8', [THIRD_PROVIDER]: 'bf16' };

/** Output cap of the second provider, too small for Claude Code's 32000; it has no tools either. */
const SECOND_PROVIDER_CAP = 16384;

/** The simulator's models and the providers behind them. */
export class SimulatorCatalog {
  readonly models: readonly BuiltinModel[];
  readonly #byId: ReadonlyMap<string, BuiltinModel>;
  readonly #bySlug: ReadonlyMap<string, BuiltinModel>;

  constructor(models: readonly BuiltinModel[]) {
    this.models = models;
    this.#byId = new Map(models.map((model) => [model.id, model]));
    // A slug that several variants share means the plain model.
    const plainLast = [...models].sort((one, two) => Number(two.id.includes(':')) - Number(one.id.includes(':')));
    this.#bySlug = new Map(plainLast.map((model) => [canonicalSlug(model), model]));
  }

  /** Finds a model by its id or canonical slug, dynamic suffixes aside. Case-sensitive, as OpenRouter may be. */
  find(id: string): BuiltinModel | undefined {
    const plain = id.replace(DYNAMIC, '');
    return this.#byId.get(id) ?? this.#byId.get(plain) ?? this.#bySlug.get(plain);
  }

  /** The model that really answers: the target of an alias, or the choice of a router. */
  serving(model: BuiltinModel): BuiltinModel {
    if (model.aliasTarget !== undefined) return this.#byId.get(model.aliasTarget) ?? model;
    if (model.id === 'openrouter/free') return this.models.find((row) => row.id.endsWith(':free') && row.tools) ?? model;
    if (model.input === null) return this.models.find((row) => row.tools && row.input !== null && row.input > 0) ?? model;
    return model;
  }
}

/** The provider that serves a model first. */
function providerOf(model: BuiltinModel): string {
  return PROVIDERS[authorOf(model.id)] ?? 'Novita';
}

/** Converts USD per million tokens to USD per token, as the string that the API uses; `-1` for routers (null). */
function perToken(usdPerMillion: number | null): string {
  if (usdPerMillion === null) return '-1';
  return (usdPerMillion / 1_000_000).toFixed(14).replace(/\.?0+$/, '');
}

/** Shares of the input price: for cached input, and for writing to Anthropic's cache, for five minutes or an hour. */
const [CACHE_READ, CACHE_WRITE, CACHE_WRITE_1H] = [0.1, 1.25, 2];

/** The prices as a share of the list prices, without steps. */
function plainPricing(model: BuiltinModel, share: number): Json {
  const [input, output] = [model.input, model.output].map((price) => (price === null ? null : price * share));
  const isPriced = typeof input === 'number' && input > 0;
  return {
    prompt: perToken(input ?? null),
    completion: perToken(output ?? null),
    ...(isPriced ? { input_cache_read: perToken(input * CACHE_READ) } : {}),
    ...(isPriced && isAnthropic(model)
      ? { input_cache_write: perToken(input * CACHE_WRITE), input_cache_write_1h: perToken(input * CACHE_WRITE_1H) }
      : {}),
  };
}

function pricingOf(model: BuiltinModel, share = 1): Json {
  const overrides = (priceTraits(model).steps ?? []).map(({ least, hours, share: step }) => ({
    ...(least === undefined ? {} : { min_prompt_tokens: least }),
    ...(hours === undefined ? {} : { utc_start: hours[0], utc_end: hours[1] }),
    ...plainPricing(model, share * step),
  }));
  return { ...plainPricing(model, share), ...(overrides.length === 0 ? {} : { overrides }) };
}

/** The prices of the endpoint that serves a model. */
export function servedPricing(model: BuiltinModel): Json {
  return pricingOf(model, priceTraits(model).provider ?? 1);
}

function parametersOf(model: BuiltinModel): string[] {
  return [
    ...(model.reasoning ? ['include_reasoning', 'reasoning'] : []),
    'max_tokens',
    'stop',
    'temperature',
    ...(model.tools ? ['tool_choice', 'tools'] : []),
    'top_p',
  ];
}

function architectureOf(model: BuiltinModel): Json {
  const input = takesImages(model) ? ['text', 'image'] : ['text'];
  return {
    modality: `${input.join('+')}->text`,
    input_modalities: input,
    output_modalities: ['text'],
    tokenizer: 'Other',
    instruct_type: null,
  };
}

/** The row of `GET /models`. */
export function modelRow(model: BuiltinModel): Json {
  const slug = canonicalSlug(model);
  return {
    id: model.id,
    canonical_slug: slug,
    hugging_face_id: '',
    name: model.name,
    created: model.created,
    description: `${model.name}, as the simulator has it.`,
    context_length: model.context,
    architecture: architectureOf(model),
    pricing: pricingOf(model),
    top_provider: {
      context_length: model.input === null ? null : model.context,
      max_completion_tokens: model.maxOutput,
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: parametersOf(model),
    default_parameters: {},
    supported_voices: null,
    knowledge_cutoff: null,
    expiration_date: model.expires ?? null,
    links: { details: `/api/v1/models/${slug}/endpoints` },
    ...(model.aliasTarget === undefined ? {} : { alias_target: { name: model.name.replace(/ Latest$/, ''), slug: model.aliasTarget } }),
    ...(model.reasoning ? { reasoning: { mandatory: false, default_enabled: true } } : {}),
  };
}

const UPTIME: Json = {
  uptime_last_5m: 100,
  uptime_last_30m: 99.9,
  uptime_last_1d: 99.8,
  latency_last_30m: null,
  throughput_last_30m: null,
};

function endpointRow(model: BuiltinModel, provider: string, cap: number | null, parameters: readonly string[], pricing: Json): Json {
  return {
    name: `${provider} | ${model.id}`,
    model_id: model.id,
    model_name: model.name,
    context_length: model.context,
    pricing,
    provider_name: provider,
    tag: provider.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    quantization: QUANTIZATION[provider] ?? 'unknown',
    max_completion_tokens: cap,
    max_prompt_tokens: null,
    supported_parameters: parameters,
    status: 0,
    supports_implicit_caching: true,
    supports_tool_choice: toolChoiceSupport(parameters.includes('tools') ? model : { ...model, tools: false }),
    ...UPTIME,
  };
}

/** The endpoints behind a model. Open models have two more: one that offers less, and one that offers the same. */
export function endpointRows(model: BuiltinModel): readonly Json[] {
  const first = endpointRow(model, providerOf(model), model.maxOutput, parametersOf(model), servedPricing(model));
  if (CLOSED.has(authorOf(model.id)) || model.id.includes(':')) return [first];
  const cap = Math.min(SECOND_PROVIDER_CAP, model.maxOutput ?? SECOND_PROVIDER_CAP);
  return [
    first,
    endpointRow(model, SECOND_PROVIDER, cap, parametersOf({ ...model, tools: false }), pricingOf(model)),
    endpointRow(model, THIRD_PROVIDER, model.maxOutput, parametersOf(model), servedPricing(model)),
  ];
}

/** The body of `GET /models/{author}/{slug}/endpoints`. */
export function endpointsBody(model: BuiltinModel): Json {
  const endpoints = endpointRows(model);
  return { id: model.id, name: model.name, created: model.created, description: '', architecture: architectureOf(model), endpoints };
}
