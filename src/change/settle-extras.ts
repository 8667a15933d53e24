import { ALIAS_IDS, resolveAliases, type Mapping } from '../claude/aliases.ts';
import { extrasOf, type Config } from '../config/config.ts';
import { changeExtras, checkExtras, type ExtrasChange } from '../config/extras-change.ts';
import { joinExtras, namedEfforts, type Extras } from '../config/extras.ts';
import { sameMapping } from '../config/mapping-input.ts';
import { sameJson } from '../edit/json/json-verify.ts';
import { didYouMean, OrccError } from '../core/errors.ts';
import { nameOfGateway } from '../core/hosts.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import type { ClientContext } from '../openrouter/client.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';
import { judgeModel } from '../openrouter/suitability.ts';
import { checkRules } from './check-rules.ts';
import { readFolderExtras } from './folder-extras.ts';
import { labelPin } from './labels.ts';
import { requireConfig, type Machine } from './machine.ts';

/** The extras beside a mapping: the machine's own, those that came with the profile in use, and the rows of pinned models. */
export type Kept = Pick<Config, 'extras' | 'profileExtras' | 'pinRows'>;

/**
 * The extras after the change. Those that flags set become the machine's own, and replace what a profile brought; a folder's own take
 * precedence over the machine's. Throws as `requireConfig` does. Pure.
 */
export function decideExtras(
  machine: Machine,
  { here, extras: change }: { readonly here: boolean; readonly extras?: ExtrasChange | undefined },
  { profileExtras }: { readonly profileExtras: Extras | undefined },
): Kept {
  const config = requireConfig(machine);
  if (!here) return changeKept(config, change, profileExtras);
  const folder = joinExtras(readFolderExtras(machine, config), profileExtras);
  const changed = change === undefined ? folder : changeExtras(folder, change);
  return keptWith(joinExtras(extrasOf(config), changed), {}, config.pinRows);
}

/** The same for a machine's own. `profileExtras` come with the mapping; undefined keeps those from before. Pure. */
export function changeKept(before: Kept, change: ExtrasChange | undefined, profileExtras: Extras | undefined): Kept {
  const { extras: own = {}, pinRows } = before;
  const profile = profileExtras ?? before.profileExtras ?? {};
  if (change === undefined) return keptWith(own, profile, pinRows);
  const joined = joinExtras(own, profile);
  const names = Object.keys(change) as (keyof Extras)[];
  return keptWith(changeExtras(pick(joined, names, own), change), leave(profile, names), pinRows);
}

function keptWith(extras: Extras, profileExtras: Extras, pinRows: Kept['pinRows']): Kept {
  return {
    ...(Object.keys(extras).length === 0 ? {} : { extras }),
    ...(Object.keys(profileExtras).length === 0 ? {} : { profileExtras }),
    ...(pinRows === undefined ? {} : { pinRows }),
  };
}

/** These members as they are in effect, the others as the machine has them. */
function pick(joined: Extras, names: readonly (keyof Extras)[], own: Extras): Extras {
  const taken = names.flatMap((name) => (joined[name] === undefined ? [] : [[name, joined[name]] as const]));
  return { ...leave(own, names), ...Object.fromEntries(taken) };
}

function leave(extras: Extras, names: readonly (keyof Extras)[]): Extras {
  return Object.fromEntries(Object.entries(extras).filter(([name]) => !names.some((each) => each === name)));
}

/** Adds the /model rows of everything that is pinned; a row that is recorded stays as it is. Pure. */
export function pinRowsFor(extras: Kept, catalog: Pick<Catalog, 'find' | 'asOf'>): Kept {
  const { pins = [] } = extrasOf(extras);
  const { pinRows: before = [], ...rest } = extras;
  const pinRows = pins.map((id) => before.find(({ model }) => model === id) ?? labelPin(id, catalog.find(id), catalog.asOf));
  return pinRows.length === 0 ? rest : { ...rest, pinRows };
}

/** What extras are checked against. */
export interface KeptChecks {
  readonly mapping: Mapping;
  /** The mapping until now, if there was one: unchanged rules on an unchanged mapping need no remark. */
  readonly mappingBefore?: Mapping;
  /** The extras until now: a model that they name and that has gone since gets a remark, and stops nothing. */
  readonly before: Extras;
  readonly catalog: Catalog;
  readonly baseUrl: string;
  /** undefined: OpenRouter is not asked for providers. */
  readonly endpoint: Endpoint | undefined;
  readonly force: boolean;
}

/**
 * Checks extras against what OpenRouter has. Throws exit 2 for what can't be meant, an unknown model or provider, and rules that leave
 * no provider. Returns the extras with their pinned rows, and the remarks to show.
 */
export async function checkKept(
  ctx: ClientContext,
  kept: Kept,
  { mapping, mappingBefore, before, catalog, baseUrl, endpoint, force }: KeptChecks,
): Promise<{ readonly kept: Kept; readonly remarks: readonly string[] }> {
  const extras = extrasOf(kept);
  checkExtras(extras, mapping);
  checkNewEfforts(extras.effort, before.effort, mapping);
  const known = new Set(namedModels(before).map(({ id }) => id));
  const remarks = namedModels(extras).flatMap((named) =>
    checkNamed(named, catalog, { force: force || known.has(named.id), isNew: !known.has(named.id), now: ctx.clock.now(), baseUrl }),
  );
  const { routing } = extras;
  if (routing === undefined || Object.keys(routing).length === 0) return { kept: pinRowsFor(kept, catalog), remarks };
  const isSame = mappingBefore !== undefined && sameMapping(mapping, mappingBefore) && sameJson(routing, before.routing);
  if (endpoint === undefined && isSame) return { kept: pinRowsFor(kept, catalog), remarks };
  const ruled =
    endpoint === undefined
      ? ['The routing rules are used unchecked: OpenRouter was not asked for the providers']
      : (await checkRules(ctx, endpoint, mapping, routing, { force })).remarks;
  return { kept: pinRowsFor(kept, catalog), remarks: [...remarks, ...ruled] };
}

/** Throws exit 2 for a new effort of an alias without a model, which would have no effect; one named before waits for its alias. */
function checkNewEfforts(effort: Extras['effort'], before: Extras['effort'], { models }: Mapping): void {
  const mapped = new Set(resolveAliases(models).map(({ alias }) => alias));
  const known = new Set(namedEfforts(before).map(({ alias }) => alias));
  const open = namedEfforts(effort).find(({ alias }) => !mapped.has(alias) && !known.has(alias));
  if (open !== undefined)
    throw new OrccError('usage', `\`${open.alias}\` is not mapped to a model that accepts an effort`, {
      hint: `Mapped: ${[...mapped].join(', ')}; \`${open.alias}=ID\` maps it`,
    });
}

interface NamedModel {
  readonly what: string;
  readonly id: string;
}

/** Every model that the extras name; an alias among them already has its model. */
function namedModels({ fallback = [], pins = [], autoModeModel }: Extras): readonly NamedModel[] {
  return [
    ...fallback.map((id) => ({ what: 'fallback', id })),
    ...pins.map((id) => ({ what: 'pin', id })),
    ...(autoModeModel === undefined ? [] : [{ what: "auto mode's check", id: autoModeModel }]),
  ].filter(({ id }) => !ALIAS_IDS.some((alias) => alias === id) && !id.startsWith('@'));
}

/** Remarks on one of them; throws exit 2 for one that OpenRouter does not have, unless `force`. */
function checkNamed(
  { what, id }: NamedModel,
  catalog: Pick<Catalog, 'find' | 'nearest' | 'source'>,
  { force, isNew, now, baseUrl }: { readonly force: boolean; readonly isNew: boolean; readonly now: number; readonly baseUrl: string },
): readonly string[] {
  const row = catalog.find(id);
  // A pin that was accepted with its drawbacks need not be mentioned at every switch.
  if (row !== undefined)
    return isNew || what !== 'pin' ? judgeModel(row, now).problems.map(({ reason }) => `${what} ${id}: ${reason}`) : [];
  if (catalog.source === 'builtin' || force) return [`${what} ${id} is not in any available catalog; used unchecked`];
  const nearest = catalog.nearest(id, 3);
  throw new OrccError('usage', `${nameOfGateway(baseUrl)} has no model \`${id}\` (${what})`, {
    code: 'MODEL_UNKNOWN',
    hint: didYouMean(nearest).trim() || '`orcc models` searches them',
    data: { model: id, nearest },
  });
}
