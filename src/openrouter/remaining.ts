import { perMillion } from './price.ts';
import type { Routing } from './routing.ts';
import type { EndpointRow } from './schemas.ts';

/** Which endpoints keep no prompts: `model tag` of each row of GET /endpoints/zdr; undefined where nobody could be asked. */
export type ZdrList = ReadonlySet<string> | undefined;

/** One provider of a model under the rules. */
export interface RuledEndpoint {
  readonly row: EndpointRow;
  /** The rules that keep it out; empty: it may answer. */
  readonly barredBy: readonly (keyof Routing | 'tools')[];
  /** Keeps no prompts; null where nobody tells. */
  readonly zdr: boolean | null;
}

/** The name by which rules call a provider: its tag, else its name as a slug. */
function providerSlug({ tag, provider_name: name }: Pick<EndpointRow, 'tag' | 'provider_name'>): string {
  return (tag ?? name ?? '').toLowerCase().replaceAll(/[^a-z0-9/._-]+/g, '-');
}

/** Whether a rule's word means this provider: `deepinfra` means `deepinfra/fp8` too. */
export function isProvider(word: string, row: Pick<EndpointRow, 'tag' | 'provider_name'>): boolean {
  const [asked, slug] = [word.toLowerCase(), providerSlug(row)];
  return asked === slug || asked === slug.split('/')[0] || asked === providerSlug({ tag: null, provider_name: row.provider_name });
}

/**
 * The endpoints of one model under the rules, as far as that is known from outside: who trains on prompts is not. Every request of
 * Claude Code holds tools, so that a provider without them never answers. Pure.
 */
export function applyRules(model: string, endpoints: readonly EndpointRow[], rules: Routing, zdrList: ZdrList): readonly RuledEndpoint[] {
  return endpoints.map((row) => {
    const zdr = zdrList === undefined ? null : zdrList.has(zdrKey(model, row));
    return { row, zdr, barredBy: barredBy(row, rules, zdr) };
  });
}

/** How `ZdrList` names an endpoint. */
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
