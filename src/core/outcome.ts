import type { Finding } from './finding.ts';
import { EXIT, type ExitName } from './errors.ts';
import type { Style } from '../text/style.ts';

/**
 * What a command gives back: one value from which both the human view and the
 * `--json` document are made.
 */
export interface Outcome {
  readonly exit: ExitName;
  /** Plain data for `--json`; never holds a key. */
  readonly data: unknown;
  readonly findings: readonly Finding[];
  /** The human view: data for stdout, without a final newline. Empty for nothing. */
  readonly text: (style: Style) => string;
  /** The text is to hold a key, since that was asked for (`env --with-key`); otherwise it is redacted. */
  readonly showsKey?: boolean;
  /** Read by programs or pasted whole: its lines are not folded to the terminal (`env`, `export`, CSV). */
  readonly isVerbatim?: boolean;
  /** May be longer than a screen: shown in the user's pager then. */
  readonly isLong?: boolean;
  /** What goes to stderr in the human view: remarks, hints, what to do next. */
  readonly remarks?: (style: Style) => string;
  /** In place of the exit table: a child's own code (`orcc run`). */
  readonly exitCode?: number;
}

/** The code that the program ends with. `--json` says `ok` exactly where it is 0: no command says so itself. */
export function exitCodeOf({ exit, exitCode }: Pick<Outcome, 'exit' | 'exitCode'>): number {
  return exitCode ?? EXIT[exit].code;
}

/** The one document that `--json` prints (design D15). */
export interface JsonDocument {
  readonly schemaVersion: 1;
  readonly command: string;
  readonly ok: boolean;
  readonly data: unknown;
  readonly findings: readonly Finding[];
}
