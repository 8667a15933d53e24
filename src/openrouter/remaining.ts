import { perMillion } from './price.ts';
import type { Routing } from './routing.ts';
import type { EndpointRow } from './schemas.ts';

/** The endpoints that keep no prompts: the `zdrKey` of each row of GET /endpoints/zdr; undefined if that could not be read. */
export type ZdrList = ReadonlySet<string> | undefined;

/** An endpoint of a model, judged by the routing rules. */
export interface RuledEndpoint {
  readonly row: EndpointRow;
  /** The rules that exclude it; empty if it may answer. */
  readonly barredBy: readonly (keyof Routing | 'tools')[];
  /** True if it keeps no prompts; null if not known. */
  readonly zdr: boolean | null;
}

/** The name of a provider in routing rules: its tag, else its name as a slug. */
function providerSlug({ tag, provider_name: name }: Pick<EndpointRow, 'tag' | 'provider_name'>): string {
  return (tag ?? name ?? '').toLowerCase().replaceAll(/[^a-z0-9/._-]+/g, '-');
}

/** Whether a word in a rule means this provider: `deepinfra` also means `deepinfra/fp8`. */
export function isProvider(word: string, row: Pick<EndpointRow, 'tag' | 'provider_name'>): boolean {
  const [asked, slug] = [word.toLowerCase(), providerSlug(row)];
  return asked === slug || asked === slug.split('/')[0] || asked === providerSlug({ tag: null, provider_name: row.provider_name });
}

/**
 * Judges a model's endpoints by the routing rules, as far as that is possible from outside: it is not known who trains on prompts.
 * Every request of Claude Code contains tools, so a provider without tools never answers. Pure.
 */
export function applyRules(model: string, endpoints: readonly EndpointRow[], rules: Routing, zdrList: ZdrList): readonly RuledEndpoint[] {
  return endpoints.map((row) => {
    const zdr = zdrList === undefined ? null : zdrList.has(zdrKey(model, row));
    return { row, zdr, barredBy: barredBy(row, rules, zdr) };
  });
}

/** The entry of an endpoint in `ZdrList`: the model without its variant, a blank, the provider. */
export function zdrKey(model: string, row: Pick<EndpointRow, 'tag' | 'provider_name'>): string {
  return `${model.replace(/:[^:/]*$/, '')} ${providerSlug(row)}`;
}

function barredBy(row: EndpointRow, rules: Routing, zdr: boolean | null): RuledEndpoint['barredBy'] {
  const names = (words: readonly string[]): boolean => words.some((word) => isProvider(word, row));
  const { only, ignore, order, quantizations, max_price: most } = rules;
  const isOver = (price: unknown, limit: string | undefined): boolean => {
    const usd = perMillion(typeof price === 'string' || typeof price === 'number' ? price : undefined);
    return limit !== undefined && usd !== null && usd > Number(limit);
  };
  const quantization = row.quantization ?? 'unknown';
  const hasTools = row.supported_parameters?.includes('tools') !== false;
  return [
    ...(hasTools ? [] : (['tools'] as const)),
    ...(rules.zdr === true && zdr === false ? (['zdr'] as const) : []),
    ...(only !== undefined && !names(only) ? (['only'] as const) : []),
    ...(ignore !== undefined && names(ignore) ? (['ignore'] as const) : []),
    ...(quantizations !== undefined && !quantizations.some((each) => each === quantization) ? (['quantizations'] as const) : []),
    ...(isOver(row.pricing.prompt, most?.prompt) || isOver(row.pricing.completion, most?.completion) ? (['max_price'] as const) : []),
    ...(rules.allow_fallbacks === false && order !== undefined && !names(order) ? (['order'] as const) : []),
  ];
}
