import { visibleEdits } from '../../change/visible-edits.ts';
import type { Planned } from '../../change/types.ts';
import type { Choice, Context } from '../../core/context.ts';
import type { InitIntent } from './intent.ts';
import type { OtherPlace } from './target-step.ts';

type Answer = 'write' | 'change' | 'place' | 'diff' | 'stop';

/** What is to be done with the recap above; the diff is shown as often as it is asked for. The other usual place is one key away. */
export async function askRecap(
  ctx: Pick<Context, 'ask'>,
  planned: Planned,
  { test }: Pick<InitIntent, 'test'>,
  place: OtherPlace | undefined,
  showDiff: () => Promise<void>,
): Promise<Exclude<Answer, 'diff'>> {
  const hasEdits = visibleEdits(planned).length > 0;
  const go = hasEdits ? (test ? 'Write and test' : 'Write') : test ? 'Test' : 'Done, nothing to write';
  const choices: Choice<Answer>[] = [
    { value: 'write', name: go },
    { value: 'change', name: 'Change something' },
    ...(hasEdits ? [{ value: 'diff' as const, name: 'Show the diff' }] : []),
    { value: 'stop', name: 'Cancel' },
    ...(place === undefined ? [] : [{ value: 'place' as const, key: 'p', name: `writes ${place.name} instead`, short: place.name }]),
  ];
  for (;;) {
    const answer = await ctx.ask.select<Answer>(hasEdits ? 'Write this?' : 'And now?', choices, 'write');
    if (answer !== 'diff') return answer;
    await showDiff();
  }
}
