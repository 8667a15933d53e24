import { type Mapping, mappedModels, type MappedModel } from '../claude/aliases.ts';
import { OrccError, orUndefined, unknownWord } from '../core/errors.ts';
import { fetchModelEndpoints, fetchProviders, fetchZdrEndpoints, type ClientContext } from '../openrouter/client.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';
import { applyRules, isProvider, type RuledEndpoint, type ZdrList } from '../openrouter/remaining.ts';
import { barWord, type Routing } from '../openrouter/routing.ts';
import type { EndpointRow } from '../openrouter/schemas.ts';

/** A mapped model with its providers under the rules; null if OpenRouter could not be asked for them. */
export interface RuledModel extends MappedModel {
  readonly endpoints: readonly RuledEndpoint[] | null;
}

interface RulesChecked {
  readonly models: readonly RuledModel[];
  /** Shown before anything is written. */
  readonly remarks: readonly string[];
}

/**
 * Asks OpenRouter for the providers of every mapped model and applies the rules to them. Throws exit 2 for an unknown provider, and
 * for rules that certainly leave a model without any, unless `force`.
 */
export async function checkRules(
  ctx: ClientContext,
  endpoint: Endpoint,
  mapping: Mapping,
  rules: Routing,
  { force }: { readonly force: boolean },
): Promise<RulesChecked> {
  const zdrList = await orUndefined(fetchZdrEndpoints(ctx, endpoint));
  const found = await Promise.all(
    mappedModels(mapping).map(async (each) => ({ ...each, rows: await endpointsOf(ctx, endpoint, each.model) })),
  );
  const named = [...(rules.order ?? []), ...(rules.only ?? []), ...(rules.ignore ?? [])];
  const rows = found.flatMap((each) => each.rows ?? []);
  const unknown = await unknownProviders(ctx, endpoint, named, rows, force);
  const models = found.map(({ rows, ...each }): RuledModel => ({
    ...each,
    endpoints: rows === undefined ? null : applyRules(each.model, rows, rules, zdrList),
  }));
  const empty = models.find(({ endpoints }) => endpoints !== null && leavesNothing(endpoints));
  if (empty !== undefined && !force) throw nothingLeft(empty);
  return { models, remarks: [...unknown, ...(empty === undefined ? [] : [describeEmpty(empty)]), ...remarksOn(models, rules, zdrList)] };
}

/** Whether it is the rules that leave no provider: if none has tools, the model is to blame, which is reported elsewhere. */
function leavesNothing(endpoints: readonly RuledEndpoint[]): boolean {
  const able = endpoints.filter(({ barredBy }) => !barredBy.includes('tools'));
  return able.length > 0 && able.every(({ barredBy }) => barredBy.length > 0);
}

function describeEmpty({ model, aliases, endpoints }: RuledModel): string {
  const rules = new Set((endpoints ?? []).flatMap(({ barredBy }) => barredBy.filter((rule) => rule !== 'tools')));
  return `The rules leave no provider of ${model} (${aliases.join(', ')}): ${[...rules].map(barWord).join(', ')}`;
}

function nothingLeft(model: RuledModel): OrccError {
  return new OrccError('usage', describeEmpty(model), {
    code: 'ROUTING_EMPTY',
    hint: '`orcc route --check` shows its providers; map another model, remove a rule with `--drop`, or use `--force`',
    data: { model: model.model, aliases: model.aliases },
  });
}

function remarksOn(models: readonly RuledModel[], rules: Routing, zdrList: ZdrList): readonly string[] {
  const unasked = models.filter(({ endpoints, model }) => endpoints === null && !model.startsWith('@')).map(({ model }) => model);
  return [
    ...(rules.zdr === true && zdrList === undefined ? ['Could not ask which providers keep no prompts'] : []),
    ...(rules.data_collection === 'deny'
      ? ["Which providers train on prompts can't be seen from outside: `orcc test` shows whether one is left"]
      : []),
    ...(unasked.length === 0 ? [] : [`The providers of ${unasked.join(', ')} could not be asked`]),
  ];
}

async function unknownProviders(
  ctx: ClientContext,
  endpoint: Endpoint,
  named: readonly string[],
  rows: readonly EndpointRow[],
  force: boolean,
): Promise<readonly string[]> {
  const open = named.filter((word) => !rows.some((row) => isProvider(word, row)));
  if (open.length === 0) return [];
  const known = await orUndefined(fetchProviders(ctx, endpoint));
  if (known === undefined) return [`Could not ask whether these providers exist: ${open.join(', ')}`];
  const none = open.find((word) => !known.includes(word.toLowerCase().replace(/\/.*/, '')));
  if (none === undefined) return [`No mapped model has the provider ${open.join(', ')}`];
  if (!force) throw unknownWord('provider', none, known);
  return [`OpenRouter has no provider ${none}; used unchecked`];
}

async function endpointsOf(ctx: ClientContext, endpoint: Endpoint, model: string): Promise<readonly EndpointRow[] | undefined> {
  return model.startsWith('@') ? undefined : orUndefined(fetchModelEndpoints(ctx, endpoint, model));
}
