import { isObject } from '../../src/text/json.ts';
import type { Context } from '../../src/core/context.ts';
import type { BuiltinModel } from '../../src/openrouter/builtin.ts';
import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import { readRows } from '../../src/openrouter/fetch-catalog.ts';
import { probeModel } from '../../src/probe/probe.ts';
import type { KeyName } from '../../src/simulator/accounts.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { keyed } from '../support/keyed.ts';
import { askStep, type Answered } from './ask.ts';
import { privateTexts } from './scrub.ts';
import { compareShapes, type ShapeDifference } from './shape.ts';
import { chooseModels, listSteps, priceOf, type Step } from './steps.ts';

/** USD that the whole proof may cost. */
export const MOST = 0.01;

type Ports = Pick<Context, 'http' | 'clock' | 'random' | 'version'>;

/** One call, held against the simulator's. */
export interface Compared {
  readonly id: string;
  /** `busy`: too many requests or a failure of the other side, which proves nothing. `skipped`: it could have cost too much. */
  readonly outcome: 'same' | 'differs' | 'busy' | 'skipped' | 'no answer';
  /** What differs, a phrase each. */
  readonly differences: readonly string[];
  /** Members that only OpenRouter gives. */
  readonly added: readonly string[];
  readonly real: Answered | undefined;
  readonly simulated: Answered | undefined;
}

export interface LiveResult {
  readonly compared: readonly Compared[];
  /** orcc's own probe of the cheapest model: its verdict, finding and repairs. */
  readonly probe:
    { readonly model: string; readonly verdict: string; readonly finding: string; readonly repairs: readonly string[] } | undefined;
  /** USD, as the answers say. */
  readonly spent: number;
  /** What must not be in a report. */
  readonly secrets: readonly string[];
}

const CATALOG: Step = { id: 'models', path: '/v1/models', auth: 'none', worst: 0 };

/**
 * Makes each call of the contract against OpenRouter and against a simulator with the same catalog.
 *
 * @param endpoint where, `…/api`, and the key for it
 * @throws NetworkError where the catalog cannot be had, Error where it names no usable model
 */
export async function runLive(
  ports: Ports,
  endpoint: { readonly baseUrl: string; readonly key: string },
  say: (line: string) => void = () => undefined,
): Promise<LiveResult> {
  const { http } = ports;
  const catalog = await askStep(http, endpoint.baseUrl, endpoint.key, CATALOG, new Map());
  const rows = rowsOf(catalog.json);
  const models = readRows(rows);
  const chosen = chooseModels(models, blindIds(rows));
  if (chosen === undefined) throw new Error('the catalog has no model with tools and a price');
  const simulator = await startSimulator({ models: models.map(toBuiltin), lenient: false, requestLog: false });
  try {
    const slugs = slugsOf(rows);
    const own = await askStep(http, simulator.baseUrl, simulator.key, CATALOG, new Map());
    const ownSlugs = slugsOf(rowsOf(own.json));
    const compared = [compare('models', catalog, own)];
    const secrets = [endpoint.key];
    let account: KeyName = 'good';
    let spent = 0;
    for (const step of listSteps(chosen)) {
      say(step.id);
      if (spent + step.worst > MOST / 2) {
        compared.push({ id: step.id, outcome: 'skipped', differences: [], added: [], real: undefined, simulated: undefined });
        continue;
      }
      const real = await askStep(http, endpoint.baseUrl, endpoint.key, step, slugs).catch(() => undefined);
      if (step.id === 'key' && real !== undefined) account = accountLike(real.json);
      const simulated = await askStep(http, simulator.baseUrl, simulator.keys[account], step, ownSlugs);
      spent += real?.cost ?? 0;
      if (step.path !== '/v1/models/user' && step.auth === 'key') secrets.push(...privateTexts(real?.json));
      compared.push(
        real === undefined
          ? { id: step.id, outcome: 'no answer', differences: [], added: [], real, simulated }
          : compare(step.id, real, simulated),
      );
    }
    say(`probe of ${chosen.cheap.id}`);
    const probe = await probeCheaply(ports, endpoint, chosen.cheap);
    return { compared, probe, spent: spent + probe.cost, secrets };
  } finally {
    await simulator.close();
  }
}

/** orcc's own probe, with as many tokens of output as half the money buys for both turns. */
async function probeCheaply(ports: Ports, endpoint: { readonly baseUrl: string; readonly key: string }, model: CatalogModel) {
  const most = [16_000, 8000, 4000, 2000].find((tokens) => priceOf(model, 4000, 2 * tokens) <= MOST / 2) ?? 1000;
  const maxTokens = Math.min(most, model.maxOutput ?? most);
  const { verdict, finding, cost, repairs } = await probeModel(ports, {
    endpoint: keyed(endpoint.baseUrl, endpoint.key),
    model: model.id,
    maxTokens,
  });
  return { model: model.id, verdict, finding: finding?.code ?? 'none', repairs, cost: cost ?? 0 };
}

function compare(id: string, real: Answered, simulated: Answered): Compared {
  const expectedBusy = simulated.status === 429 || simulated.status >= 500;
  if (!expectedBusy && (real.status === 429 || real.status >= 500))
    return { id, outcome: 'busy', differences: [], added: [], real, simulated };
  const { missing, added, changed } = sameKind(real, simulated) ? compareShapes(real.shape, simulated.shape) : NO_DIFFERENCE;
  const differences = [
    ...differ('status', real.status, simulated.status),
    ...differ('finding', real.finding, simulated.finding),
    ...differ('error type', real.errorType, simulated.errorType),
    ...differ('clues', real.clues.join(', '), simulated.clues.join(', ')),
    ...(sameKind(real, simulated) ? differ('model of the reply', real.model, simulated.model) : []),
    ...missing.map((path) => `only the simulator has ${path}`),
    ...changed.map((path) => `of another type: ${path}`),
  ];
  return { id, outcome: differences.length === 0 ? 'same' : 'differs', differences, added, real, simulated };
}

const NO_DIFFERENCE: ShapeDifference = { missing: [], added: [], changed: [] };

/** An answer and a refusal have no members in common. */
function sameKind(real: Answered, simulated: Answered): boolean {
  return (real.status === 200) === (simulated.status === 200);
}

function differ(what: string, real: string | number | undefined, simulated: string | number | undefined): string[] {
  return real === simulated ? [] : [`${what}: ${told(real)}, the simulator says ${told(simulated)}`];
}

const told = (value: string | number | undefined): string => (value === undefined || value === '' ? 'none' : String(value));

function rowsOf(json: unknown): readonly unknown[] {
  return isObject(json) && Array.isArray(json['data']) ? json['data'] : [];
}

function slugsOf(rows: readonly unknown[]): ReadonlyMap<string, string> {
  return new Map(rows.filter(isObject).map((row) => [String(row['id']), String(row['canonical_slug'])]));
}

function blindIds(rows: readonly unknown[]): ReadonlySet<string> {
  const seesNothing = (row: unknown): boolean => {
    const architecture = isObject(row) && isObject(row['architecture']) ? row['architecture'] : {};
    const inputs = architecture['input_modalities'];
    return Array.isArray(inputs) && !inputs.includes('image');
  };
  return new Set(rows.filter(seesNothing).map((row) => (isObject(row) ? String(row['id']) : '')));
}

function toBuiltin(model: CatalogModel): BuiltinModel {
  const { id, name, created, context, maxOutput, inputPrice, outputPrice, tools, reasoning, aliasTarget } = model;
  return {
    ...{ id, name, created, context: context ?? 128_000, maxOutput, input: inputPrice, output: outputPrice, tools, reasoning },
    ...(aliasTarget === undefined ? {} : { aliasTarget }),
  };
}

/** The simulated key in the same position as the real one. */
function accountLike(json: unknown): KeyName {
  const data = isObject(json) && isObject(json['data']) ? json['data'] : {};
  if (data['is_management_key'] === true) return 'management';
  if (typeof data['limit_remaining'] === 'number' && data['limit_remaining'] <= 0) return 'capped';
  return data['is_free_tier'] === true ? 'free' : 'good';
}
