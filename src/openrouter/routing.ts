import * as z from 'zod/mini';
import { later } from '../core/later.ts';
import { QUANTIZATIONS, SORTS } from './routing-words.ts';

/** Builds the schema of routing rules: those of OpenRouter's `provider` rules that orcc writes, in OpenRouter's own words. */
export function makeRouting() {
  const slug = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/, 'expected a provider such as deepinfra or google-vertex'));
  const slugs = z.array(slug).check(z.minLength(1), z.maxLength(50, 'it takes at most 50 providers'));
  /** USD per million tokens. A string, as in OpenRouter's API description. */
  const price = z.string().check(z.regex(/^\d{1,6}(?:\.\d{1,6})?$/, 'expected a price in USD per million tokens, such as 0.5'));
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
export type Routing = z.infer<ReturnType<typeof makeRouting>>;
export const routingSchema = later(makeRouting);

/** Merges rules, with those of `over` winning. Protections in `base` (ZDR, no training, ignored providers) are never lifted. */
export function joinRouting(base: Routing, over: Routing): Routing {
  return {
    ...base,
    ...over,
    ...(base.zdr === true ? { zdr: true } : {}),
    ...(base.data_collection === 'deny' ? { data_collection: 'deny' } : {}),
    ...(base.ignore === undefined ? {} : { ignore: [...new Set([...base.ignore, ...(over.ignore ?? [])])] }),
  };
}

/** The name of each rule on the command line. */
export const RULE_WORDS: Readonly<Record<keyof Routing, string>> = {
  zdr: 'zdr',
  data_collection: 'training',
  sort: 'sort',
  order: 'order',
  only: 'only',
  ignore: 'ignore',
  quantizations: 'quantizations',
  max_price: 'max-price',
  require_parameters: 'require-parameters',
  allow_fallbacks: 'fallbacks',
};
const RULES = Object.keys(RULE_WORDS) as (keyof Routing)[];

/** What excludes a provider, as shown to people. */
export function barWord(rule: keyof Routing | 'tools'): string {
  return rule === 'tools' ? 'no tools' : RULE_WORDS[rule];
}

/** The rules in a fixed order, whatever order they were given in, since their text is compared with what was recorded. */
export function orderRules(routing: Routing): Routing {
  return Object.fromEntries(RULES.flatMap((rule) => (routing[rule] === undefined ? [] : [[rule, routing[rule]]])));
}

/** The wanted rules that are not in effect as wanted. Additional ignored providers do no harm. */
export function missingRules(wanted: Routing, found: Routing): readonly (keyof Routing)[] {
  const there = new Map<string, unknown>(Object.entries(found));
  return Object.entries(wanted).flatMap(([name, value]) => {
    const rule = name as keyof Routing;
    if (rule === 'ignore') return wanted.ignore?.every((each) => found.ignore?.includes(each) === true) === true ? [] : [rule];
    return JSON.stringify(there.get(rule)) === JSON.stringify(value) ? [] : [rule];
  });
}

/** A rule in a few words: `in this order: deepinfra, together`. */
export interface RuleLine {
  readonly rule: keyof Routing;
  readonly text: string;
}

type Values = Required<Routing>;
const listed = (what: string) => (words: readonly string[]) => `${what} ${words.join(', ')}`;

/** The text for each rule, in the order in which OpenRouter applies them; undefined for a value that needs none. */
const TELL: { [Rule in keyof Values]: (value: Values[Rule]) => string | undefined } = {
  zdr: (isOn) => (isOn ? 'only providers that keep no prompts (ZDR)' : 'ZDR not required'),
  data_collection: (data) => (data === 'deny' ? 'providers that do not collect or train on prompts' : 'providers may collect prompts'),
  only: listed('only'),
  ignore: listed('never'),
  quantizations: listed('quantization'),
  max_price: ({ prompt, completion }) => {
    const usd = (price: string | undefined, what: string): string[] => (price === undefined ? [] : [`$${price} ${what}`]);
    return `at most ${[...usd(prompt, 'in'), ...usd(completion, 'out')].join(', ')} per million tokens`;
  },
  require_parameters: (isOn) => (isOn ? 'providers that support every parameter' : undefined),
  order: listed('in this order:'),
  sort: (sort) => `best ${sort} first`,
  allow_fallbacks: (isOn) => (isOn ? undefined : 'no other provider if the first one fails'),
};

/** The rules as text, in the order in which OpenRouter applies them. */
export function describeRouting(routing: Routing): readonly RuleLine[] {
  const tell = <Rule extends keyof Values>(rule: Rule, value: Values[Rule] | undefined): string | undefined =>
    value === undefined ? undefined : TELL[rule](value);
  return (Object.keys(TELL) as (keyof Routing)[]).flatMap((rule) => {
    const text = tell(rule, routing[rule]);
    return text === undefined ? [] : [{ rule, text }];
  });
}

/** The rules in one line; undefined if there are none. */
export function describeRules(routing: Routing | undefined): string | undefined {
  const lines = describeRouting(routing ?? {});
  return lines.length === 0 ? undefined : lines.map(({ text }) => text).join('; ');
}
