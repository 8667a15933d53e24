import { visibleEdits } from '../../change/change.ts';
import type { Planned } from '../../change/types.ts';
import type { Choice, Context } from '../../core/context.ts';
import type { InitIntent } from './intent.ts';

type Answer = 'write' | 'change' | 'diff' | 'stop';

/** What is to be done with the recap above; the diff is shown as often as it is asked for. */
export async function askRecap(
  ctx: Pick<Context, 'ask'>,
  planned: Planned,
  { test }: Pick<InitIntent, 'test'>,
  showDiff: () => void,
): Promise<Exclude<Answer, 'diff'>> {
  const hasEdits = visibleEdits(planned).length > 0;
  const go = hasEdits ? (test ? 'Write and test' : 'Write') : test ? 'Test' : 'Done, nothing to write';
  const choices: Choice<Answer>[] = [
    { value: 'write', name: go },
    { value: 'change', name: 'Change something' },
    ...(hasEdits ? [{ value: 'diff' as const, name: 'Show the diff' }] : []),
    { value: 'stop', name: 'Cancel' },
  ];
  for (;;) {
    const answer = await ctx.ask.select<Answer>(hasEdits ? 'Write this?' : 'And now?', choices, 'write');
    if (answer !== 'diff') return answer;
    showDiff();
  }
}
