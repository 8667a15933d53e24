import type { BuiltinModel } from '../openrouter/builtin.ts';
import { applyRules, isProvider, zdrKey } from '../openrouter/remaining.ts';
import type { Routing } from '../openrouter/routing.ts';
import { endpointRowSchema, type EndpointRow } from '../openrouter/schemas.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { endpointRows, type SimulatorCatalog } from './catalog.ts';
import type { Json } from './json.ts';
import type { MessagesRequest } from './request-schema.ts';
import type { Refusal } from './strict.ts';

/** In the simulator the first ones keep no prompts, and the second ones collect data. */
const ZDR: ReadonlySet<string> = new Set(['Anthropic', 'Together']);
const COLLECTING: ReadonlySet<string> = new Set(['DeepSeek', 'Perplexity']);
/** The provider that is quicker than a model's first one. */
const QUICK = 'Together';

/** GET /endpoints/zdr. */
export function listZdr(catalog: SimulatorCatalog): Answer {
  return jsonAnswer(200, { data: catalog.models.flatMap((model) => endpointRows(model).filter((row) => ZDR.has(nameOf(row)))) });
}

/**
 * Chooses the provider by the request's rules: the session's if it is still allowed, else the first in the requested order. A request
 * without rules gets the model's first provider. Refuses like OpenRouter if none is left.
 */
export function chooseProvider(
  request: MessagesRequest,
  model: BuiltinModel,
  sessions: Map<string, string>,
): { readonly provider: string } | Refusal {
  const rules: Routing = request.provider ?? {};
  const rows = endpointRows(model).map((row) => endpointRowSchema.parse(row));
  const zdrList = new Set(rows.filter((row) => ZDR.has(nameOf(row))).map((row) => zdrKey(model.id, row)));
  const needsTools = (request.tools?.length ?? 0) > 0;
  const ruled = applyRules(model.id, rows, rules, zdrList).map(({ row, barredBy }) => ({
    row,
    barredBy: [
      ...barredBy.filter((rule) => rule !== 'tools' || needsTools),
      ...(rules.data_collection === 'deny' && COLLECTING.has(nameOf(row)) ? (['data_collection'] as const) : []),
    ],
  }));
  const left = sorted(
    ruled.filter(({ barredBy }) => barredBy.length === 0).map(({ row }) => row),
    rules,
  );
  const [first] = left;
  if (first === undefined) return { code: refusalFor(new Set(ruled.flatMap(({ barredBy }) => barredBy))) };
  const key = request.session_id === undefined ? undefined : `${request.session_id} ${model.id}`;
  const before = key === undefined ? undefined : sessions.get(key);
  const provider = left.map(nameOf).find((name) => name === before) ?? nameOf(first);
  if (key !== undefined && sessions.size < 1000) sessions.set(key, provider);
  return { provider };
}

function sorted(rows: readonly EndpointRow[], { order, sort }: Routing): readonly EndpointRow[] {
  const rank = (row: EndpointRow): number => {
    if (order !== undefined) {
      const at = order.findIndex((word) => isProvider(word, row));
      return at < 0 ? order.length : at;
    }
    return (sort === 'throughput' || sort === 'latency') && nameOf(row) !== QUICK ? 1 : 0;
  };
  return [...rows].sort((one, other) => rank(one) - rank(other));
}

/** The refusal for rules that leave no provider: it depends on the step at which OpenRouter gives up. */
function refusalFor(rules: ReadonlySet<string>): string {
  if (rules.has('zdr') || rules.has('data_collection')) return 'data-policy';
  if (rules.has('max_price')) return 'max-price';
  if (rules.has('only') || rules.has('ignore') || rules.has('order')) return 'provider-allowlist';
  return rules.has('tools') && rules.size === 1 ? 'no-tool-support' : 'parameters-unsupported';
}

function nameOf(row: Json | EndpointRow): string {
  const name = row['provider_name'];
  return typeof name === 'string' ? name : '';
}
