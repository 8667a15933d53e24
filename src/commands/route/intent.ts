import * as z from 'zod/mini';
import { OrccError, unknownWord } from '../../core/errors.ts';
import { changeFlags, flag, parseIntent, text } from '../../core/intent.ts';
import type { ExtrasChange } from '../../config/extras-change.ts';
import { routingSchema, RULE_WORDS, type Routing } from '../../openrouter/routing.ts';
import { QUANTIZATIONS, SORTS } from '../../openrouter/routing-words.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import { defined } from '../../text/defined.ts';

const RULES = new Map(Object.entries(RULE_WORDS).map(([rule, word]) => [word, rule as keyof Routing]));

/** The schema members for `ROUTING_FLAGS`. */
export const routingFlags = {
  zdr: flag,
  training: z._default(z.boolean(), true),
  sort: text,
  order: text,
  only: text,
  ignore: text,
  quantizations: text,
  maxPrice: text,
  requireParameters: flag,
  fallbacks: z._default(z.boolean(), true),
};

const schema = z.object({
  ...routingFlags,
  drop: text,
  reset: flag,
  check: flag,
  here: flag,
  target: z.exactOptional(z.array(z.string())),
  offline: flag,
  to: toFlag,
  adopt: flag,
  ...changeFlags,
});

export type RouteIntent = Omit<z.infer<typeof schema>, keyof typeof routingFlags | 'drop' | 'reset'> & {
  /** undefined: show the rules. */
  readonly change: NonNullable<ExtrasChange['routing']> | undefined;
};

/** Turns flags into an intent. Throws exit 2 with what is valid. */
export function parseRouteIntent(input: unknown): RouteIntent {
  const { drop, reset, ...flags } = parseIntent(schema, input);
  const set = parseRouting(flags);
  const dropped = (words(drop) ?? []).map(ruleOf);
  const isChange = reset || dropped.length > 0 || Object.keys(set).length > 0;
  return { ...flags, change: isChange ? { reset, drop: dropped, set } : undefined };
}

/** The rules that the flags set. Throws exit 2 with what is valid. */
export function parseRouting(flags: z.infer<z.ZodMiniObject<typeof routingFlags>>): Routing {
  const { sort, order, only, ignore, quantizations, maxPrice } = flags;
  if (sort !== undefined && order !== undefined)
    throw new OrccError('usage', "`--sort` and `--order` can't be combined", { hint: 'OpenRouter only sorts when no order is given' });
  const rules = {
    ...(flags.zdr ? { zdr: true } : {}),
    ...(flags.training ? {} : { data_collection: 'deny' }),
    ...defined({
      sort: sort === undefined ? undefined : oneOf('sort', sort, SORTS),
      ...{ order: words(order), only: words(only), ignore: words(ignore) },
      quantizations: words(quantizations)?.map((word) => oneOf('quantization', word.toLowerCase(), QUANTIZATIONS)),
      max_price: maxPrice === undefined ? undefined : parsePrices(maxPrice),
    }),
    ...(flags.requireParameters ? { require_parameters: true } : {}),
    ...(flags.fallbacks ? {} : { allow_fallbacks: false }),
  };
  const parsed = routingSchema.safeParse(rules);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const rule = [...RULES].find(([, each]) => each === issue?.path[0])?.[0] ?? 'rules';
  throw new OrccError('usage', `\`--${rule}\` can't take this value: ${issue?.message ?? 'unexpected'}`);
}

function ruleOf(word: string): keyof Routing {
  const rule = RULES.get(word);
  if (rule === undefined) throw unknownWord('rule', word, [...RULES.keys()]);
  return rule;
}

function oneOf<T extends string>(what: string, word: string, valid: readonly T[]): T {
  const found = valid.find((each) => each === word);
  if (found === undefined) throw unknownWord(what, word, valid);
  return found;
}

/** `0.5/2`; `0.5` limits input only, `/2` output only. */
function parsePrices(given: string): NonNullable<Routing['max_price']> {
  const [prompt = '', completion = '', ...more] = given.split('/').map((part) => part.trim().replace(/^\$/, ''));
  const isPrice = (part: string): boolean => part === '' || /^\d{1,6}(?:\.\d{1,6})?$/.test(part);
  if (more.length > 0 || !isPrice(prompt) || !isPrice(completion) || prompt + completion === '')
    throw new OrccError('usage', "`--max-price` can't take this value: it is not a price", {
      hint: 'USD per million tokens, in and out: `--max-price 0.5/2`, or one of them: `0.5`, `/2`',
    });
  return { ...(prompt === '' ? {} : { prompt }), ...(completion === '' ? {} : { completion }) };
}

function words(given: string | undefined): string[] | undefined {
  return given === undefined ? undefined : [...new Set(given.split(',').map((word) => word.trim()))];
}
