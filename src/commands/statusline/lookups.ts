import type { Answer } from '../../claude/transcript-answer.ts';
import type { Context } from '../../core/context.ts';
import { keptFile } from '../../core/keep-file.ts';
import { charge } from '../../openrouter/charge.ts';
import { dayOf } from '../../text/day.ts';
import type { Found } from './ledger.ts';
import type { Price } from './spending.ts';

/** How many prices and how many windows are kept: the newest. */
const MOST = 50;

/** Prices and windows, mostly from the ledger: reading the catalog and the price log takes as long as the rest of a status line. */
interface Lookups {
  /** A function that prices these answers. */
  readonly pricesFor: (answers: readonly Answer[]) => Promise<Price>;
  /** Tokens; undefined if the catalog does not have the model. */
  readonly windowOf: (model: string) => Promise<number | undefined>;
  /** What to keep in the ledger; the same object as before if nothing had to be looked up. */
  readonly found: () => Found;
}

/** Starts from what an earlier run found, unless one of the two files has changed since. */
export function createLookups(ctx: Pick<Context, 'fs' | 'platform' | 'clock'>, folder: string, baseUrl: string, before: Found): Lookups {
  const times = (['models.json', 'prices.jsonl'] as const).map((name) => ctx.fs.stat(keptFile(ctx, folder, name))?.mtimeMs ?? 0);
  const stamp = times.join(' ');
  const known = before.stamp === stamp;
  const prices = new Map(known ? Object.entries(before.prices) : []);
  const windows = new Map(known ? Object.entries(before.windows) : []);
  let opened: ReturnType<typeof open> | undefined;
  const open = async () => (await import('./prices.ts')).cachedPrices(ctx, folder, baseUrl);
  const cached = (): ReturnType<typeof open> => (opened ??= open());
  return {
    async pricesFor(answers) {
      for (const answer of answers) {
        const name = nameOf(answer);
        if (!prices.has(name)) prices.set(name, (await cached()).priceOf(answer));
      }
      return (answer) => {
        const price = prices.get(nameOf(answer)) ?? null;
        return price === null ? null : charge(price, answer.tokens, { at: answer.at });
      };
    },
    async windowOf(model) {
      const window = windows.get(model) ?? (windows.has(model) ? null : (await cached()).windowOf(model));
      windows.set(model, window);
      return window ?? undefined;
    },
    found: () =>
      opened === undefined
        ? before
        : { stamp, prices: Object.fromEntries([...prices].slice(-MOST)), windows: Object.fromEntries([...windows].slice(-MOST)) },
  };
}

/** A key of all that a price depends on. The start of the id shows whether OpenRouter or Anthropic answered. */
function nameOf({ at, id, model, requested, provider = '' }: Answer): string {
  return [dayOf(at), id.slice(0, 4), model, requested, provider].join(' ');
}
