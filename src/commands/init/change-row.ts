import type { Context } from '../../core/context.ts';
import type { Say } from '../../core/say.ts';
import type { Answers } from './answers.ts';
import type { Ground } from './ground.ts';
import type { InitIntent } from './intent.ts';

/** What a change of one answer rests on. */
export interface ChangeSlice {
  readonly ctx: Context;
  readonly intent: InitIntent;
  readonly ground: Ground;
  readonly say: Say;
}

/** One thing that can be changed from the recap. */
export interface ChangeRow {
  readonly id: string;
  readonly title: string;
  /** What it is now, in a few words. */
  readonly now: (answers: Answers, ground: Ground) => string;
  /** Asks, and gives the answers with this one changed: the others stay. */
  readonly change: (answers: Answers, slice: ChangeSlice) => Promise<Answers>;
}
