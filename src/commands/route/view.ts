import type { RuledModel } from '../../change/check-rules.ts';
import type { Config } from '../../config/config.ts';
import { perMillion, showPrice } from '../../openrouter/price.ts';
import type { RuledEndpoint } from '../../openrouter/remaining.ts';
import { barWord, describeRouting, type Routing } from '../../openrouter/routing.ts';
import { formatTokens } from '../../text/format.ts';
import type { Style } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';
import { stripControls } from '../../text/text.ts';

/** The rules, one line each; those that came with the profile say so. */
export function renderRules(rules: Routing, config: Pick<Config, 'profileExtras' | 'activeProfile'> | undefined, style: Style): string {
  const lines = describeRouting(rules);
  if (lines.length === 0) return 'No rules: OpenRouter chooses among all providers of a model, cheapest first';
  const profile = config?.profileExtras?.routing;
  return lines
    .map(({ rule, text }) => {
      const isProfiles = profile !== undefined && Object.hasOwn(profile, rule);
      return `${stripControls(text)}${isProfiles ? style.dim(` (from the profile ${config?.activeProfile ?? 'in use'})`) : ''}`;
    })
    .join('\n');
}

/** A model's providers as data. */
export function viewRuled({ model, aliases, endpoints }: RuledModel): Readonly<Record<string, unknown>> {
  return { model, aliases, providers: endpoints?.map(viewEndpoint) ?? null };
}

function viewEndpoint({ row, barredBy, zdr }: RuledEndpoint): Readonly<Record<string, unknown>> {
  return {
    provider: stripControls(row.provider_name ?? row.tag ?? '(unnamed)'),
    tag: row.tag,
    remains: barredBy.length === 0,
    barredBy,
    zdr,
    dataCollection: 'not known from outside',
    quantization: row.quantization,
    window: row.context_length,
    inputPrice: perMillion(row.pricing.prompt),
    outputPrice: perMillion(row.pricing.completion),
  };
}

/** A provider's price that is missing exists but is not stated. */
const UNTOLD = { priceUntold: true } as const;

/** A model's providers as a table: which ones remain, and what keeps the others out. */
export function renderRuled({ model, aliases, endpoints }: RuledModel, style: Style): string {
  const title = `${style.bold(stripControls(model))}  ${style.dim(aliases.join(', '))}`;
  if (endpoints === null) return `${title}\nIts providers could not be asked`;
  const yesNo = (value: boolean | null): string => (value === null ? '?' : value ? 'yes' : 'no');
  const rows = endpoints.map(({ row, barredBy, zdr }) => [
    `${barredBy.length === 0 ? style.green('✓') : style.red('✗')} ${stripControls(row.provider_name ?? row.tag ?? '(unnamed)')}`,
    showPrice(perMillion(row.pricing.prompt), UNTOLD),
    showPrice(perMillion(row.pricing.completion), UNTOLD),
    formatTokens(row.context_length),
    stripControls(row.quantization ?? 'unknown'),
    yesNo(zdr),
    barredBy.map(barWord).join(', '),
  ]);
  const columns = ['provider', 'in', 'out', 'window', 'quant.', 'ZDR', 'kept out by'];
  return `${title}\n${renderTable(columns, rows, style)}`;
}
