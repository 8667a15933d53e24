import type { Context } from '../../core/context.ts';
import { fetchGeneration } from '../../openrouter/client.ts';
import { USD } from '../../openrouter/charge.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { ApiError } from '../../openrouter/error-body.ts';
import { formatUsd, exactUsd } from '../../text/format.ts';
import type { Style } from '../../text/style.ts';
import { renderTable, right } from '../../text/table.ts';
import { stripControls } from '../../text/text.ts';
import type { PricedAnswer } from '../../openrouter/price-answer.ts';

/** One answer: what orcc calculates and what OpenRouter charged, in 10^-12 USD; undefined if not known. */
interface Compared {
  readonly id: string;
  readonly model: string;
  readonly reckoned: bigint | undefined;
  readonly charged: bigint | undefined;
}

type Slice = Pick<Context, 'http' | 'version' | 'signal' | 'clock'>;

const AT_ONCE = 6;

/**
 * Asks OpenRouter what each of these answers cost. `charged` is undefined for one that OpenRouter does not know (yet, or any more).
 * Throws for every other failure.
 */
export async function compareExact(ctx: Slice, endpoint: KeyedEndpoint, answers: readonly PricedAnswer[]): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
  for (let start = 0; start < answers.length; start += AT_ONCE) {
    compared.push(...(await Promise.all(answers.slice(start, start + AT_ONCE).map((each) => compareOne(ctx, endpoint, each)))));
  }
  return compared;
}

async function compareOne(ctx: Slice, endpoint: KeyedEndpoint, { answer, pricing, cost: reckoned }: PricedAnswer): Promise<Compared> {
  const about = { id: answer.id, model: pricing.model, reckoned: reckoned === undefined ? undefined : BigInt(reckoned) };
  try {
    const { total_cost: cost, is_byok: isByok, upstream_inference_cost: upstream } = await fetchGeneration(ctx, endpoint, answer.id);
    // What a provider charges to the account's own key (BYOK) counts too; OpenRouter's share of it is next to nothing.
    const isKnown = cost !== null && !(isByok && upstream === null);
    return { ...about, charged: isKnown ? BigInt(Math.round((cost + (isByok ? (upstream ?? 0) : 0)) * USD)) : undefined };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { ...about, charged: undefined };
    throw error;
  }
}

interface Totals {
  readonly both: readonly { readonly each: Compared; readonly reckoned: bigint; readonly charged: bigint }[];
  readonly reckoned: bigint;
  readonly charged: bigint;
}

function totalsOf(compared: readonly Compared[]): Totals {
  const both = compared.flatMap((each) => {
    const { reckoned, charged } = each;
    return reckoned === undefined || charged === undefined ? [] : [{ each, reckoned, charged }];
  });
  return {
    both,
    reckoned: both.reduce((sum, each) => sum + each.reckoned, 0n),
    charged: both.reduce((sum, each) => sum + each.charged, 0n),
  };
}

const usd = (amount: bigint): string => formatUsd(Number(exactUsd(amount)));

/** The sums, and up to 20 answers whose two costs differ. */
export function renderExact(compared: readonly Compared[], style: Style): string {
  const { both, reckoned, charged } = totalsOf(compared);
  const differing = both.filter((each) => each.reckoned !== each.charged);
  const missing = compared.length - both.length;
  const difference = reckoned - charged;
  const apart =
    difference === 0n
      ? 'no difference'
      : `difference ${difference > 0n ? '+' : '-'}$${exactUsd(difference < 0n ? -difference : difference)}`;
  const told = both.length === 0 ? 'none' : `${String(both.length)}: ${usd(charged)} charged, ${usd(reckoned)} reckoned, ${apart}`;
  const lines = [`${style.bold('exact')}: of the newest ${String(compared.length)} answers, OpenRouter reports the cost of ${told}`];
  if (missing > 0) lines.push(style.dim(`${String(missing)} without a cost from OpenRouter or a known price`));
  if (differing.length === 0) return lines.join('\n');
  const rows = differing
    .slice(0, 20)
    .map((each) => [stripControls(each.each.id), stripControls(each.each.model), exactUsd(each.reckoned), exactUsd(each.charged)]);
  return [...lines, renderTable(['answer', 'model', right('reckoned'), right('charged')], rows, style)].join('\n');
}

/** The same for `--json`; amounts in USD, exact. */
export function exactData(compared: readonly Compared[]): Readonly<Record<string, unknown>> {
  const { both, reckoned, charged } = totalsOf(compared);
  const text = (amount: bigint | undefined): string | null => (amount === undefined ? null : exactUsd(amount));
  return {
    asked: compared.length,
    known: both.length,
    reckonedUsd: exactUsd(reckoned),
    chargedUsd: exactUsd(charged),
    differenceUsd: exactUsd(reckoned - charged),
    answers: compared.map(({ id, model, ...each }) => ({ id, model, reckonedUsd: text(each.reckoned), chargedUsd: text(each.charged) })),
  };
}
