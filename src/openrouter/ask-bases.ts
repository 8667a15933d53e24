import { orUndefined } from '../core/errors.ts';
import { fetchPreset, type ClientContext } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { presetOf } from './model-id.ts';
import type { PresetBases } from './catalog.ts';

/**
 * Asks OpenRouter for the presets among some ids. One that it does not tell (no such preset, a key that may not see it, no
 * answer) stays as `known` has it.
 *
 * @throws only Cancelled
 */
export async function askBases(
  ctx: ClientContext,
  endpoint: Endpoint,
  ids: readonly string[],
  known: PresetBases = {},
): Promise<PresetBases> {
  const asked = [...new Set(ids)].map(async (id): Promise<[string, string][]> => {
    const slug = id.startsWith('@') ? presetOf(id) : undefined;
    if (slug === undefined) return [];
    const base = (await orUndefined(fetchPreset(ctx, endpoint, slug)))?.base;
    return base === undefined ? [] : [[id, base]];
  });
  return { ...known, ...Object.fromEntries((await Promise.all(asked)).flat()) };
}
