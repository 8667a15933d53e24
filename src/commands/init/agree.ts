import type { Context } from '../../core/context.ts';
import type { Say } from '../../core/say.ts';
import type { Ground } from './ground.ts';
import type { InitIntent } from './intent.ts';

/**
 * Says what the matter is, and asks. The same question about the same matter is answered once: it comes up again each time that
 * another answer is changed.
 */
export type Agree = (about: readonly string[], question: string, initial: boolean) => Promise<boolean>;

/** What every decision of one run goes by. */
export interface Deciding {
  readonly intent: InitIntent;
  readonly ground: Ground;
  readonly agree: Agree;
  readonly say: Say;
}

/** Answers that were given so far, by matter and question. */
export type Agreements = Map<string, boolean>;

/** What asks and remembers in `given`. */
export function agreeIn(given: Agreements, ctx: Pick<Context, 'ask'>, say: Say): Agree {
  return async (about, question, initial) => {
    const matter = [...about, question].join('\n');
    const known = given.get(matter);
    if (known !== undefined) return known;
    for (const line of about) say.warn(line);
    const answer = await ctx.ask.confirm(question, initial);
    given.set(matter, answer);
    return answer;
  };
}
