import type { Finding } from './finding.ts';
import { EXIT, type ExitName } from './errors.ts';
import type { Style } from '../text/style.ts';

/**
 * What a command returns: one value from which both the human view and the
 * `--json` document are made.
 */
export interface Outcome {
  readonly exit: ExitName;
  /** Plain data for `--json`; never holds a key. */
  readonly data: unknown;
  readonly findings: readonly Finding[];
  /** The human view: data for stdout, without a final newline. Empty if there is none. */
  readonly text: (style: Style) => string;
  /** The user asked for the key (`env --with-key`), so the text is not redacted. */
  readonly showsKey?: boolean;
  /** Meant for programs or for pasting (`env`, `export`, CSV): lines are not folded to the terminal's width. */
  readonly isVerbatim?: boolean;
  /** May be longer than a screen, and is then shown in the user's pager. */
  readonly isLong?: boolean;
  /** For stderr in the human view: remarks, hints, what to do next. */
  readonly remarks?: (style: Style) => string;
  /** Overrides the exit table: a child's own exit code (`orcc run`). */
  readonly exitCode?: number;
}

/** The exit code of the program. `ok` in `--json` is derived from it (true for 0), so no command sets `ok` itself. */
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
