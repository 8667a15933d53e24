/** Something `doctor` or `test` found. Plain data: the same value is printed, put into `--json` and asserted in tests. */
export interface Finding {
  /** A row of the findings table, UPPER_SNAKE. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** What it is about: an alias, a variable, a file. */
  readonly subject?: string;
  /** What was seen, one line each, secrets masked, control characters stripped. */
  readonly evidence: readonly string[];
  /** One sentence. */
  readonly cause: string;
  /** A command or a link where one exists. */
  readonly fix: string;
  /** Trying again later may help. */
  readonly transient?: boolean;
  /** How Claude Code itself would hide it, where it does. */
  readonly hidden?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
