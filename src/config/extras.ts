import * as z from 'zod/mini';
import { aliasMembers, type AliasId } from '../claude/aliases.ts';
import { EFFORT_LEVELS } from '../claude/effort.ts';
import { later } from '../core/later.ts';

/** What a model can be kept in, as OpenRouter names it. */
export const QUANTIZATIONS = ['int4', 'int8', 'fp4', 'mxfp4', 'nvfp4', 'fp6', 'fp8', 'mxfp8', 'fp16', 'bf16', 'fp32', 'unknown'] as const;
export const SORTS = ['price', 'throughput', 'latency'] as const;

/** OpenRouter's `provider` rules, in its own words, as far as orcc writes them. */
function routing() {
  const slug = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/, 'a provider such as deepinfra or google-vertex is wanted'));
  const slugs = z.array(slug).check(z.minLength(1), z.maxLength(50));
  /** USD per million tokens. Text, as OpenRouter's description of the API has it. */
  const price = z.string().check(z.regex(/^\d{1,6}(?:\.\d{1,6})?$/, 'a price in USD per million tokens, such as 0.5, is wanted'));
  return z.strictObject({
    zdr: z.exactOptional(z.boolean()),
    data_collection: z.exactOptional(z.enum(['deny', 'allow'])),
    sort: z.exactOptional(z.enum(SORTS)),
    order: z.exactOptional(slugs),
    only: z.exactOptional(slugs),
    ignore: z.exactOptional(slugs),
    quantizations: z.exactOptional(z.array(z.enum(QUANTIZATIONS)).check(z.minLength(1), z.maxLength(QUANTIZATIONS.length))),
    max_price: z.exactOptional(z.strictObject({ prompt: z.exactOptional(price), completion: z.exactOptional(price) })),
    require_parameters: z.exactOptional(z.boolean()),
    allow_fallbacks: z.exactOptional(z.boolean()),
  });
}
export type Routing = z.infer<ReturnType<typeof routing>>;

/** How many models Claude Code takes in `fallbackModel`; those after them it drops (2.1.332). */
export const MOST_FALLBACKS = 3;

function extras() {
  const model = z.string().check(z.minLength(3), z.maxLength(256), z.regex(/^[\x21-\x7e]+$/, 'a model id or an alias is wanted'));
  const effort = z.enum(EFFORT_LEVELS);
  return z.strictObject({
    routing: z.exactOptional(routing()),
    /** Ids or aliases, the first one first. */
    fallback: z.exactOptional(z.array(model).check(z.minLength(1), z.maxLength(MOST_FALLBACKS))),
    /** Ids that get a row of their own in /model. */
    pins: z.exactOptional(z.array(model).check(z.minLength(1), z.maxLength(50))),
    /** `all`: one for every model. */
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
export type Extras = z.infer<ReturnType<typeof extras>>;
/**
 * What is wanted beyond the mapping: one member for each row of `EXTRAS` that a user sets. Config, profiles, presets and orcc.json hold
 * it in this form.
 */
export const extrasSchema = later(extras);
export type ExtraName = keyof Extras;

/** A pinned model as its row in /model says it. */
export interface PinRow {
  readonly model: string;
  readonly name: string;
  readonly description: string;
}

/**
 * The extras of a machine with those that came with the profile in use: rules are laid over each other one by one and effort alias
 * by alias, pins are put together, of everything else the profile's counts.
 */
export function joinExtras(base: Extras | undefined, over: Extras | undefined): Extras {
  const joined: Extras = { ...base, ...over };
  if (base?.routing !== undefined && over?.routing !== undefined) joined.routing = joinRouting(base.routing, over.routing);
  if (base?.effort !== undefined && over?.effort !== undefined) joined.effort = { ...base.effort, ...over.effort };
  if (base?.pins !== undefined && over?.pins !== undefined) joined.pins = [...new Set([...base.pins, ...over.pins])];
  return joined;
}

/** Rules over rules: what protects (ZDR, no training, what is ignored) is never lifted by what is laid over it. */
export function joinRouting(base: Routing, over: Routing): Routing {
  return {
    ...base,
    ...over,
    ...(base.zdr === true ? { zdr: true } : {}),
    ...(base.data_collection === 'deny' ? { data_collection: 'deny' } : {}),
    ...(base.ignore === undefined ? {} : { ignore: [...new Set([...base.ignore, ...(over.ignore ?? [])])] }),
  };
}

/** The aliases whose effort is named, with it. */
export function namedEfforts(
  effortOf: Extras['effort'],
): ReadonlyArray<{ readonly alias: AliasId; readonly level: (typeof EFFORT_LEVELS)[number] }> {
  return Object.entries(effortOf ?? {}).flatMap(([alias, level]) =>
    alias === 'all' || level === undefined ? [] : [{ alias: alias as AliasId, level: level as (typeof EFFORT_LEVELS)[number] }],
  );
}
