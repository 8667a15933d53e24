import { resolveAliases } from '../claude/aliases.ts';
import { AUTO_MODE_MODEL, EFFORT, EXTRA_BODY } from '../claude/variables.ts';
import { mappingOf, type Config } from '../config/config.ts';
import { extrasSchema, joinExtras, type Extras } from '../config/extras.ts';
import { settingsRoot } from '../edit/json/json-gate.ts';
import { valueAt } from '../edit/json/json-verify.ts';
import { routingSchema, type Routing } from '../openrouter/routing.ts';
import type { Machine } from './machine.ts';
import { tryJsonObject } from '../text/json.ts';
import { FOLDER_TARGETS } from '../targets/types.ts';

/** The extras in this folder's settings, `local` over `project`. They are not recorded, so they are read back from the files. Pure. */
export function readFolderExtras(machine: Machine, config: Config): Extras {
  const texts = FOLDER_TARGETS.flatMap((id) =>
    (machine.located.get(id)?.files ?? []).flatMap(({ path }) => machine.files.get(path)?.bytes ?? []),
  );
  return texts.map((bytes) => extrasIn(bytes, config)).reduce<Extras>((all, each) => joinExtras(all, each), {});
}

function extrasIn(bytes: Uint8Array, config: Config): Extras {
  const root = settingsRoot(bytes);
  const at = (...path: string[]): unknown => valueAt(root, path);
  const body = at('env', EXTRA_BODY);
  const routing = typeof body === 'string' ? routingIn(body) : undefined;
  const all = at('env', EFFORT);
  const effort = all === undefined || all === '' ? levelsIn(config, (model) => at('modelSettings', model, 'effortLevel')) : { all };
  const members: readonly (readonly [keyof Extras, unknown])[] = [
    ['routing', routing],
    ['fallback', at('fallbackModel')],
    ['effort', Object.keys(effort).length === 0 ? undefined : effort],
    ['autoModeModel', at('env', AUTO_MODE_MODEL)],
  ];
  // A value that orcc would not write is someone else's, and is left out.
  const valid = members.flatMap(([name, value]) => {
    const parsed = value === undefined ? undefined : extrasSchema.safeParse({ [name]: value });
    return parsed?.success === true ? [parsed.data] : [];
  });
  return Object.assign({}, ...valid) as Extras;
}

/** Levels by alias, one for each model. If all mapped models have one, the most frequent is that for all. */
function levelsIn(config: Config, levelOf: (model: string) => unknown): Readonly<Record<string, unknown>> {
  const levels = resolveAliases(mappingOf(config).models)
    .filter(({ model }, index, all) => all.findIndex((each) => each.model === model) === index)
    .map(({ alias, model }) => [alias, levelOf(model)] as const);
  const named = levels.filter(([, level]) => level !== undefined);
  if (named.length < levels.length) return Object.fromEntries(named);
  const count = (level: unknown): number => levels.filter(([, each]) => each === level).length;
  const all = levels.map(([, level]) => level).toSorted((a, b) => count(b) - count(a))[0];
  return { ...Object.fromEntries(levels.filter(([, level]) => level !== all)), all };
}

/** The routing rules in the JSON for every request; undefined if it has none that orcc could have written. */
export function routingIn(body: string): Routing | undefined {
  const parsed = routingSchema.safeParse(tryJsonObject(body)?.['provider']);
  return parsed.success ? parsed.data : undefined;
}
