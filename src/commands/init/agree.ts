import type { Context } from '../../core/context.ts';
import type { Say } from '../../core/say.ts';
import type { Agree } from './types.ts';

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
