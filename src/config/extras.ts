import * as z from 'zod/mini';
import { ALIAS_IDS, aliasMembers, type AliasId, type FurtherModel, type Mapping } from '../claude/aliases.ts';
import { EFFORT_LEVELS } from '../claude/effort.ts';
import { later } from '../core/later.ts';
import { joinRouting, makeRouting, routingSchema, type Routing } from '../openrouter/routing.ts';

/** How many models Claude Code takes from `fallbackModel`; it silently drops the rest (2.1.332). */
export const MOST_FALLBACKS = 3;

/** Builds the schema of the extras. The default for `routing` is one that can be converted to a JSON Schema. */
export function makeExtras(routing: z.ZodMiniType<Routing> = makeRouting()) {
  const model = z.string().check(z.minLength(3), z.maxLength(256), z.regex(/^[\x21-\x7e]+$/, 'expected a model id or an alias'));
  const effort = z.enum(EFFORT_LEVELS);
  return z.strictObject({
    routing: z.exactOptional(routing),
    /** Ids or aliases, in the order in which they are tried. */
    fallback: z.exactOptional(z.array(model).check(z.minLength(1), z.maxLength(MOST_FALLBACKS))),
    /** Ids that get a row of their own in /model. */
    pins: z.exactOptional(z.array(model).check(z.minLength(1), z.maxLength(50, 'at most 50 models can be pinned'))),
    /** By alias; `all` applies to every model. */
    effort: z.exactOptional(
      z.strictObject({
        all: z.exactOptional(z.enum([...EFFORT_LEVELS, 'unset'])),
        ...aliasMembers(z.exactOptional(effort), z.exactOptional(effort)),
      }),
    ),
    /** The model that answers auto mode's check. */
    autoModeModel: z.exactOptional(model),
  });
}
export type Extras = z.infer<ReturnType<typeof makeExtras>>;
/**
 * The settings beyond the mapping: one member for each row of `EXTRAS` that a user can set. Config, profiles, presets and orcc.json
 * hold them in this form.
 */
export const extrasSchema = later(() => makeExtras(routingSchema));
export type ExtraName = keyof Extras;

/** The row of a pinned model in /model. */
export interface PinRow {
  readonly model: string;
  readonly name: string;
  readonly description: string;
}

/**
 * Joins a machine's extras with those of the profile in use: routing rules are merged one by one, effort alias by alias, pins are
 * combined; for everything else the profile wins.
 */
export function joinExtras(base: Extras | undefined, over: Extras | undefined): Extras {
  const joined: Extras = { ...base, ...over };
  if (base?.routing !== undefined && over?.routing !== undefined) joined.routing = joinRouting(base.routing, over.routing);
  // A level for all replaces those of single aliases, as it does in a change.
  if (base?.effort !== undefined && over?.effort !== undefined && over.effort.all === undefined)
    joined.effort = { ...base.effort, ...over.effort };
  if (base?.pins !== undefined && over?.pins !== undefined) joined.pins = [...new Set([...base.pins, ...over.pins])];
  return joined;
}

/** The aliases with an effort of their own, each with its level. */
export function namedEfforts(
  effortOf: Extras['effort'],
): ReadonlyArray<{ readonly alias: AliasId; readonly level: (typeof EFFORT_LEVELS)[number] }> {
  return Object.entries(effortOf ?? {}).flatMap(([alias, level]) =>
    alias === 'all' || level === undefined ? [] : [{ alias: alias as AliasId, level: level as (typeof EFFORT_LEVELS)[number] }],
  );
}

/**
 * Whether each model gets its effort as a member of its own. Claude Code lets the variable for all models win over those members
 * (2.1.332), so it is not set where aliases have levels of their own; only `unset`, which no member can say, is for all in any case.
 */
export function isPerModel(effort: Extras['effort']): boolean {
  return effort?.all !== 'unset' && namedEfforts(effort).length > 0;
}

/** The mapping with the models that the extras name besides it; aliases among them are left out, since they are mapped already. */
export function withFurther({ models, defaultAlias }: Mapping, { fallback = [], pins = [], autoModeModel }: Extras): Mapping {
  const further: readonly FurtherModel[] = [
    ...fallback.map((id) => ({ model: id, as: 'fallback' as const })),
    ...pins.map((id) => ({ model: id, as: 'pin' as const })),
    ...(autoModeModel === undefined ? [] : [{ model: autoModeModel, as: 'auto mode' as const }]),
  ].filter(({ model: id }) => !ALIAS_IDS.some((alias) => alias === id));
  return { models, defaultAlias, ...(further.length === 0 ? {} : { further }) };
}
