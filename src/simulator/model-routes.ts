import { sha256 } from '../core/hash.ts';
import type { BuiltinModel } from '../openrouter/builtin.ts';
import { type Answer, jsonAnswer, plainError } from './answer.ts';
import { endpointRows, endpointsBody, modelRow, type SimulatorCatalog } from './catalog.ts';
import type { Json } from './json.ts';
import { authorOf } from './model-traits.ts';

/**
 * `GET /models`, with the query's filters, order and paging. `ifNoneMatch` is the request's header,
 * `allows` tells which models an account may use.
 */
export function listModels(
  catalog: SimulatorCatalog,
  path: string,
  query: URLSearchParams,
  ifNoneMatch?: string,
  allows: (model: BuiltinModel) => boolean = () => true,
): Answer {
  const bad = [...NUMBERS].find((name) => query.has(name) && !Number.isFinite(Number(query.get(name))));
  const limit = query.has('limit') ? Number(query.get('limit')) : undefined;
  const offset = Number(query.get('offset') ?? 0);
  if (
    bad !== undefined ||
    (limit !== undefined && (!Number.isInteger(limit) || limit < 1 || limit > 1000)) ||
    !Number.isInteger(offset) ||
    offset < 0
  ) {
    return plainError(400, 'Invalid query parameters');
  }
  const rows = sortModels(
    catalog.models.filter((model) => allows(model) && fitsQuery(model, query)),
    query.get('sort'),
  );
  const whole = limit === undefined && !query.has('offset');
  const end = whole ? rows.length : offset + (limit ?? 500);
  const body: Json = {
    data: rows.slice(whole ? 0 : offset, end).map(modelRow),
    links: { next: end < rows.length ? nextLink(path, query, end, limit ?? 500) : null },
    total_count: rows.length,
  };
  const etag = `W/"${sha256(JSON.stringify(body)).slice(0, 16)}"`;
  const headers = { etag, 'cache-control': 'public, max-age=60' };
  if (ifNoneMatch !== undefined && ifNoneMatch.split(',').some((tag) => tag.trim() === etag))
    return { kind: 'body', status: 304, headers, body: '' };
  return jsonAnswer(200, body, headers);
}

const NUMBERS: ReadonlySet<string> = new Set([
  'limit',
  'offset',
  'context',
  'min_price',
  'max_price',
  'min_output_price',
  'max_output_price',
]);

function nextLink(path: string, query: URLSearchParams, offset: number, limit: number): string {
  const next = new URLSearchParams(query);
  next.set('offset', String(offset));
  next.set('limit', String(limit));
  return `${path}?${next.toString()}`;
}

function fitsQuery(model: BuiltinModel, query: URLSearchParams): boolean {
  const text = query.get('q')?.toLowerCase();
  const parameters = query.get('supported_parameters')?.split(',').filter(Boolean) ?? [];
  const authors = query.get('model_authors')?.split(',').filter(Boolean) ?? [];
  const outputs = query.get('output_modalities')?.split(',') ?? ['text'];
  const supported = modelRow(model)['supported_parameters'];
  return (
    (text === undefined || `${model.id} ${model.name}`.toLowerCase().includes(text)) &&
    parameters.every((name) => Array.isArray(supported) && supported.includes(name)) &&
    (authors.length === 0 || authors.includes(authorOf(model.id))) &&
    (outputs.includes('all') || outputs.includes('text')) &&
    within(model.context, query.get('context'), null) &&
    within(model.input ?? 0, query.get('min_price'), query.get('max_price')) &&
    within(model.output ?? 0, query.get('min_output_price'), query.get('max_output_price'))
  );
}

function within(value: number, min: string | null, max: string | null): boolean {
  return (min === null || value >= Number(min)) && (max === null || value <= Number(max));
}

function sortModels(models: readonly BuiltinModel[], order: string | null): BuiltinModel[] {
  const by = (value: (model: BuiltinModel) => number) => [...models].sort((one, two) => value(one) - value(two));
  if (order === 'pricing-low-to-high') return by((model) => model.input ?? 0);
  if (order === 'pricing-high-to-low') return by((model) => -(model.input ?? 0));
  if (order === 'context-high-to-low') return by((model) => -model.context);
  return by((model) => -model.created);
}

/** `GET /model/{author}/{slug}`. */
export function oneModel(catalog: SimulatorCatalog, id: string): Answer {
  const model = catalog.find(id);
  return model === undefined ? plainError(404, 'Model not found') : jsonAnswer(200, { data: modelRow(model) });
}

/** `GET /models/{author}/{slug}/endpoints`. */
export function modelEndpoints(catalog: SimulatorCatalog, id: string): Answer {
  const model = catalog.find(id);
  return model === undefined ? plainError(404, 'Model not found') : jsonAnswer(200, { data: endpointsBody(catalog.serving(model)) });
}

/** GET /providers. */
export function listProviders(catalog: SimulatorCatalog): Answer {
  const names = [...new Set(catalog.models.flatMap((model) => endpointRows(model).map((row) => String(row['provider_name']))))].sort();
  const slug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return jsonAnswer(200, {
    data: names.map((name) => ({ name, slug: slug(name), privacy_policy_url: null, terms_of_service_url: null, status_page_url: null })),
  });
}
