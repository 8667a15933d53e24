import type { Plan } from '../apply/types.ts';
import type { TargetState } from '../config/state.ts';
import type { TargetFile, TargetId } from '../targets/types.ts';

/** A file of a target; `stale` if orcc wrote it once but the target is elsewhere now. */
export type PlannedFile = Pick<TargetFile, 'path'> & { readonly stale?: true };

/** Why one file can't be changed as desired: shown to the user, exit 6. */
export interface Problem {
  readonly target: TargetId;
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** What the user may agree to (a foreign value, an edited block); undefined if that would not help. */
  readonly consent: 'replace' | 'force' | undefined;
}

export interface Planned {
  readonly plan: Plan;
  /** Everything that is in the way; the edits of these files are left out of the plan. */
  readonly problems: readonly Problem[];
  /** Shown before the question. */
  readonly notes: readonly string[];
}

/** What orcc recorded of one file at one moment. */
export interface Recorded {
  readonly target: TargetState | undefined;
  /** Raw text of what it had replaced, by member path. */
  readonly replaced: Readonly<Record<string, string>>;
}

/** The keys of one change. They are in no Decision and no Desired, and are added only where bytes are made. */
export interface Keys {
  /** The key that files are to get; undefined if none of them holds it. */
  readonly key?: string | undefined;
  /** Keys that are to leave: nothing that orcc keeps for restoring may hold one of them. */
  readonly leaving?: readonly string[];
  /** Keys to be written to files of their own, by their names. */
  readonly named?: Readonly<Record<string, string>>;
}
