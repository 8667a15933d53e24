import type { Context } from '../../core/context.ts';
import type { Say } from '../../core/say.ts';
import type { Ground } from './ground.ts';
import type { InitIntent } from './intent.ts';

/** Says what it is about, and asks. A question with the same text is asked once: it comes up again each time another answer is changed. */
export type Agree = (about: readonly string[], question: string, initial: boolean) => Promise<boolean>;

/** What every decision of one run is based on. */
export interface Deciding {
  readonly intent: InitIntent;
  readonly ground: Ground;
  readonly agree: Agree;
  readonly say: Say;
}

/** The answers given so far, by the text and the question. */
export type Agreements = Map<string, boolean>;

/** An `Agree` that remembers its answers in `given`. */
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
