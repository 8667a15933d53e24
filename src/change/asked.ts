import type { Say } from '../core/say.ts';
import type { Style } from '../text/style.ts';
import type { TargetId } from '../targets/types.ts';
import type { Desired } from './desired.ts';
import type { Machine } from './machine.ts';
import type { Keys, Planned } from './types.ts';

/** A change that a command has decided on. */
export interface Change<D> extends Keys {
  readonly command: string;
  /** Plain data that holds no key. */
  readonly decision: D;
  /** What the decision means on this machine. Pure: asks nobody, starts nothing. */
  readonly desire: (decision: D, machine: Machine) => Desired;
  /** Makes the decision again if another orcc has changed orcc's own files since. */
  readonly decideAgain?: (machine: Machine) => Promise<D>;
  /** The machine as the decision saw it, after `recoverFirst`; if absent, `change` does both itself. */
  readonly machine?: Machine;
  /** Targets besides those that orcc has written. */
  readonly targets?: readonly TargetId[];
  /** Whether shells are asked where their files are, or orcc's records count (the default). */
  readonly places?: 'found' | 'recorded';
  /** Paths besides the targets' own that the plan may change (.gitignore). */
  readonly extraPaths?: readonly string[];
  /** Applies fixes to single files before planning (`doctor --fix`). Pure. */
  readonly prepare?: (machine: Machine) => Machine;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly say: Say;
  /** Asked on a terminal before the first byte is written. */
  readonly question: string;
  /** `orcc undo` can't bring back what is lost, so Enter alone means no. */
  readonly isDangerous?: true;
  /**
   * Replaces diff and question on a terminal, also for a plan without edits: shows what it likes, the difference with `showDiff` (and
   * further lines below it), and returns whether to go on.
   */
  readonly consent?: (planned: Planned, showDiff: (below: string) => Promise<void>) => Promise<boolean>;
  /** Asks about values that are in the way, in place of `ctx.ask`. */
  readonly agree?: (about: readonly string[], question: string, initial: boolean) => Promise<boolean>;
  /** The last step before the lock, after consent: if it throws, every file stays as it was. */
  readonly beforeWrite?: () => Promise<void>;
  /** Proves that new blocks are reached, by running the shell if reading its files does not tell (only `init`). */
  readonly provesBlocks?: boolean;
  /** What changes besides the files of the plan: lines below their differences. */
  readonly also?: (style: Style, planned: Planned) => readonly string[];
  /** Lines between the preview and the question: costs, warnings. */
  readonly beforeQuestion?: () => void;
  /** Problems do not stop the rest (`remove`): the caller reports them. */
  readonly goOnPastProblems?: boolean;
  /** The caller does more than the plan says (`remove` deletes orcc's folder), so an empty plan needs consent too. */
  readonly asksAnyway?: boolean;
}
