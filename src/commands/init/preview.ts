import { resolveAliases, type Mapping } from '../../claude/aliases.ts';
import { MAX_OUTPUT } from '../../claude/variables.ts';
import type { DerivedLimits } from '../../claude/limits.ts';
import { modelCells } from '../../openrouter/describe.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { priceOfModel } from '../../openrouter/read-price.ts';
import { describeEstimate, estimateCost } from '../../probe/cost.ts';
import { renderTable } from '../../text/table.ts';
import { stripControls } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';
import { describeTextOnly, type ModelRemark } from '../../change/check-models.ts';
import type { InitIntent } from './intent.ts';
import type { Say } from '../../core/say.ts';

/** The chosen mapping with windows and prices, then what is to be said about single models. */
export function tellRemarks(mapping: Mapping, catalog: Catalog, remarks: readonly ModelRemark[], say: Say): void {
  const rows = resolveAliases(mapping.models).map(({ alias, model }) => {
    const row = catalog.find(model);
    const cells = row === undefined ? undefined : modelCells(row);
    const mark = alias === mapping.defaultAlias ? `${alias} *` : alias;
    return [mark, stripControls(model), cells?.window ?? '?', cells?.inPrice ?? '?', cells?.outPrice ?? '?'];
  });
  const columns = [
    { title: 'alias' },
    { title: 'model' },
    { title: 'window', align: 'right' as const },
    { title: '$/M in', align: 'right' as const },
    { title: '$/M out', align: 'right' as const },
  ];
  say.line(renderTable(columns, rows, say.style));
  say.line(say.style.dim(`* Claude Code starts with it. ${ageOf(catalog)}`));
  const textOnly = describeTextOnly(mapping, catalog);
  if (textOnly !== undefined) say.line(textOnly);
  for (const remark of remarks) say.warn(`${remark.alias} -> ${remark.model}: ${remark.text}`);
}

function ageOf(catalog: Catalog): string {
  if (catalog.source === 'live') return 'Prices as of now.';
  const day = new Date(catalog.asOf).toISOString().slice(0, 10);
  return catalog.source === 'cache' ? `Prices from the cached catalog of ${day}.` : `Prices from orcc's built-in list of ${day}.`;
}

/** Between diff and question: why the limits, what the test will cost. */
export function tellCosts(
  limits: DerivedLimits,
  mapping: Mapping,
  catalog: Catalog,
  intent: Pick<InitIntent, 'test' | 'quick'>,
  say: Say,
): void {
  const { style } = say;
  if (limits.variables.length > 0) {
    say.line('');
    for (const { name, value, reason } of limits.variables) say.line(style.dim(wrap(`  ${name}=${value}: ${reason}`, style.width, '    ')));
    for (const { id, autoCompactWindow, reason } of limits.modelSettings)
      say.line(style.dim(wrap(`  ${id} compacts within ${autoCompactWindow}: ${reason}`, style.width, '    ')));
  }
  for (const warning of limits.warnings) say.warn(`${warning.alias} -> ${warning.model}: ${warning.reason}`);
  if (!intent.test) return;
  const most = limits.variables.find(({ name }) => name === MAX_OUTPUT)?.value;
  const cost = estimateCost(
    resolveAliases(mapping.models).map(({ model }) => model),
    (id) => priceOfModel(catalog.find(id)),
    { quick: intent.quick, maxTokens: most === undefined ? undefined : Number(most) },
  );
  say.line(`\nThe test afterwards calls each model: ${describeEstimate(cost)}`);
}
