import type { Origin } from '../../claude/transcript-answer.ts';
import type { PricedAnswer } from '../../openrouter/price-answer.ts';
import { dayOf } from '../../text/day.ts';
import type { Writable } from '../../text/defined.ts';
import type { Grouping } from './flags.ts';

/** Sums over answers; money in 10^-12 USD. */
export interface Sum {
  readonly answers: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cost: bigint;
  /** The part of `cost` that is estimated, since the price of that day is not known. */
  readonly estimated: bigint;
  /** The part of `cost` at the serving provider's price; the rest is at the catalog's. */
  readonly atEndpoint: bigint;
  /** Number of answers whose price is not known; `cost` does not include them. */
  readonly unpriced: number;
}

export interface Group extends Sum {
  readonly key: string;
  readonly origin: Origin;
  /** Time of its newest answer, in milliseconds since 1970. */
  readonly last: number;
}

function emptySum(): Writable<Sum> {
  return { answers: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cost: 0n, estimated: 0n, atEndpoint: 0n, unpriced: 0 };
}

function addTo(sum: Writable<Sum>, { answer: { tokens }, pricing, cost: charged }: PricedAnswer): void {
  sum.answers += 1;
  sum.input += tokens.input;
  sum.output += tokens.output;
  sum.cacheRead += tokens.cacheRead;
  sum.cacheWrite += tokens.cacheWrite + tokens.cacheWrite1h;
  if (charged === undefined) {
    sum.unpriced += 1;
    return;
  }
  const cost = BigInt(charged);
  sum.cost += cost;
  if (pricing.isEstimate) sum.estimated += cost;
  if (pricing.source === 'endpoint') sum.atEndpoint += cost;
}

/** The sum over all answers. */
export function sumOf(all: Iterable<PricedAnswer>): Sum {
  const sum = emptySum();
  for (const each of all) addTo(sum, each);
  return sum;
}

type AliasesOf = (model: string) => string | undefined;

/** The group of an answer. `first` holds the folder in which each session began. */
const KEYS: Readonly<Record<Grouping, (each: PricedAnswer, aliasesOf: AliasesOf, first?: ReadonlyMap<string, string>) => string>> = {
  day: ({ answer }) => dayOf(answer.at),
  model: ({ pricing }) => pricing.model,
  session: ({ answer }) => answer.session,
  provider: ({ answer, pricing }) => answer.provider ?? (pricing.origin === 'anthropic' ? 'Anthropic' : '?'),
  alias: ({ answer, pricing }, aliasesOf) => aliasesOf(answer.requested) ?? aliasesOf(pricing.model) ?? '(none at present)',
  project: ({ answer }, _aliasesOf, first) => first?.get(answer.session) ?? answer.cwd,
};

/**
 * Sums up answers, one group for each key and origin: days in their order, everything else with the highest cost first.
 *
 * @param aliasesOf the names, as shown, of the aliases currently mapped to a model; undefined for none
 */
export function groupBy(all: readonly PricedAnswer[], by: Grouping, aliasesOf: AliasesOf): readonly Group[] {
  const groups = new Map<string, Writable<Group>>();
  const first = by === 'project' ? firstFolders(all) : undefined;
  const keyOf = KEYS[by];
  for (const each of all) {
    const { origin } = each.pricing;
    const key = keyOf(each, aliasesOf, first);
    const mark = `${origin}\n${key}`;
    let group = groups.get(mark);
    if (group === undefined) groups.set(mark, (group = { ...emptySum(), key, origin, last: each.answer.at }));
    group.last = Math.max(group.last, each.answer.at);
    addTo(group, each);
  }
  const rows = [...groups.values()];
  if (by === 'day') return rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  return rows.sort((a, b) => (a.cost === b.cost ? b.answers - a.answers : a.cost < b.cost ? 1 : -1));
}

/** The folder in which each session began; a command may have changed it since. */
export function firstFolders(all: Iterable<PricedAnswer>): ReadonlyMap<string, string> {
  const first = new Map<string, { readonly at: number; readonly cwd: string }>();
  for (const { answer } of all) {
    const known = first.get(answer.session);
    if (known === undefined || answer.at < known.at) first.set(answer.session, answer);
  }
  return new Map([...first].map(([session, { cwd }]) => [session, cwd]));
}
