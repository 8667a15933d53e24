import { ALIAS_IDS, type Mapping } from '../../claude/aliases.ts';
import { checkRules } from '../../change/check-rules.ts';
import { readFolderExtras } from '../../change/folder-extras.ts';
import { labelPin } from '../../change/labels.ts';
import { requireConfig, type Machine } from '../../change/machine.ts';
import { extrasOf, type Config } from '../../config/config.ts';
import { changeExtras, checkExtras, type ExtrasChange } from '../../config/extras-change.ts';
import { joinExtras, type Extras } from '../../config/extras.ts';
import { OrccError } from '../../core/errors.ts';
import type { Say } from '../../core/say.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import type { ClientContext } from '../../openrouter/client.ts';
import type { Endpoint } from '../../openrouter/endpoint.ts';
import { judgeModel } from '../../openrouter/suitability.ts';

export type Kept = Pick<Config, 'extras' | 'profileExtras' | 'pinRows'>;

/**
 * What stands beside the mapping after the change. What flags set is the machine's, and takes the place of what a profile brought; a
 * folder's own stands over the machine's. Pure.
 */
export function decideExtras(
  machine: Machine,
  { here, extras: change }: { readonly here: boolean; readonly extras?: ExtrasChange | undefined },
  { profileExtras }: { readonly profileExtras: Extras | undefined },
): Kept {
  const config = requireConfig(machine);
  const rows = config.pinRows === undefined ? {} : { pinRows: config.pinRows };
  if (here) {
    const folder = joinExtras(readFolderExtras(machine, config), profileExtras);
    const changed = change === undefined ? folder : changeExtras(folder, change);
    return { ...kept('extras', joinExtras(extrasOf(config), changed)), ...rows };
  }
  const profile = profileExtras ?? config.profileExtras ?? {};
  if (change === undefined) return { ...kept('extras', config.extras ?? {}), ...kept('profileExtras', profile), ...rows };
  const joined = joinExtras(config.extras, profile);
  const names = (Object.keys(change) as (keyof Extras)[]).filter((name) => change[name] !== undefined);
  const start = pick(joined, names, config.extras ?? {});
  return { ...kept('extras', changeExtras(start, change)), ...kept('profileExtras', leave(profile, names)), ...rows };
}

function kept<K extends 'extras' | 'profileExtras'>(name: K, extras: Extras): { readonly [name in K]?: Extras } {
  return (Object.keys(extras).length === 0 ? {} : { [name]: extras }) as { readonly [name in K]?: Extras };
}

/** These members as they are in effect, the others as the machine has them. */
function pick(joined: Extras, names: readonly (keyof Extras)[], own: Extras): Extras {
  const taken = names.flatMap((name) => (joined[name] === undefined ? [] : [[name, joined[name]] as const]));
  return { ...leave(own, names), ...Object.fromEntries(taken) };
}

function leave(extras: Extras, names: readonly (keyof Extras)[]): Extras {
  return Object.fromEntries(Object.entries(extras).filter(([name]) => !names.some((each) => each === name)));
}

/** The rows in /model of everything that is pinned; one that stands in the record stays as it is. Pure. */
export function pinRowsFor(extras: Kept, catalog: Pick<Catalog, 'find' | 'asOf'>): Kept {
  const { pins = [] } = extrasOf(extras);
  const { pinRows: before = [], ...rest } = extras;
  const pinRows = pins.map((id) => before.find(({ model }) => model === id) ?? labelPin(id, catalog.find(id), catalog.asOf));
  return pinRows.length === 0 ? rest : { ...rest, pinRows };
}

/** The same, checked against what OpenRouter has, and told. Throws exit 2 for what can't be meant, an unknown model or provider, and rules that leave nothing. */
export async function settleExtras(
  ctx: ClientContext,
  intent: { readonly here: boolean; readonly force: boolean; readonly extras?: ExtrasChange | undefined },
  machine: Machine,
  choice: { readonly mapping: Mapping; readonly profileExtras: Extras | undefined },
  { catalog, endpoint }: { readonly catalog: Catalog; readonly endpoint: Endpoint | undefined },
  say: Say,
): Promise<Kept> {
  const kept = decideExtras(machine, intent, choice);
  const extras = extrasOf(kept);
  checkExtras(extras, choice.mapping);
  const named = [
    ...(extras.fallback ?? []).map((id) => ({ what: 'fallback', id })),
    ...(intent.extras?.pins?.add ?? []).map((id) => ({ what: 'pin', id })),
  ];
  for (const remark of checkNamed(named, catalog, intent.force, ctx.clock.now())) say.warn(remark);
  const { routing } = extras;
  if (routing !== undefined && Object.keys(routing).length > 0) {
    if (endpoint === undefined) say.warn('The routing rules are taken unchecked: OpenRouter is not asked for the providers');
    else for (const remark of (await checkRules(ctx, endpoint, choice.mapping, routing, intent)).remarks) say.warn(remark);
  }
  return pinRowsFor(kept, catalog);
}

/** What is odd about models that are named beside the mapping; throws exit 2 for one that OpenRouter does not have, unless `force`. */
function checkNamed(
  named: ReadonlyArray<{ readonly what: string; readonly id: string }>,
  catalog: Pick<Catalog, 'find' | 'nearest' | 'source'>,
  force: boolean,
  now: number,
): readonly string[] {
  return named.flatMap(({ what, id }): readonly string[] => {
    if (ALIAS_IDS.some((alias) => alias === id) || id.startsWith('@')) return [];
    const row = catalog.find(id);
    if (row !== undefined) return judgeModel(row, now).problems.map(({ reason }) => `${what} ${id}: ${reason}`);
    if (catalog.source === 'builtin' || force) return [`${what} ${id} is in no catalog at hand; taken unchecked`];
    const nearest = catalog.nearest(id, 3);
    throw new OrccError('usage', `OpenRouter has no model \`${id}\` (${what})`, {
      code: 'MODEL_UNKNOWN',
      hint: nearest.length === 0 ? '`orcc models` searches them' : `Did you mean ${nearest.map((each) => `\`${each}\``).join(', ')}?`,
      data: { model: id, nearest },
    });
  });
}
