/** What orcc knows of a name that Claude Code knows. */
export interface AliasRow {
  readonly id: string;
  /** The variable that maps it. */
  readonly variable: string;
  readonly role: string;
  /** What Claude Code's users give it to do. */
  readonly use: string;
  /** The same in three or four words, for a question. */
  readonly purpose: string;
  /** Every mapping names a model for it. */
  readonly required: boolean;
  /** It can be asked for: as the default, and in Claude Code's own picker. */
  readonly selectable: boolean;
  /** Another alias, whose model it takes where it has none. */
  readonly follows?: string;
  /** What it means to leave it out, as the wizard says it. Only where it may be left out. */
  readonly unset?: string;
  /** It serves short helper calls, and whole conversations only as the default. */
  readonly helper?: true;
  /** The first version of Claude Code that maps it (measured). */
  readonly since?: string;
}

/**
 * The names Claude Code knows, one row each, in the order in which they are shown and written. `subagent` is a slot,
 * not an alias that can be asked for (design D6). A row here is all that a new alias needs.
 */
export const ALIAS_TABLE = [
  {
    id: 'opus',
    variable: 'ANTHROPIC_DEFAULT_OPUS_MODEL',
    role: 'the large model',
    use: 'architecture, large refactorings, long work of many steps',
    purpose: 'hard work and planning',
    required: true,
    selectable: true,
  },
  {
    id: 'sonnet',
    variable: 'ANTHROPIC_DEFAULT_SONNET_MODEL',
    role: 'the everyday model',
    use: 'everyday coding, debugging, tests, reviews',
    purpose: 'everyday work',
    required: true,
    selectable: true,
  },
  {
    id: 'haiku',
    variable: 'ANTHROPIC_DEFAULT_HAIKU_MODEL',
    role: 'the small, fast model',
    use: 'quick questions, searching code, small repeated tasks, helper calls',
    purpose: 'quick helper calls',
    required: true,
    selectable: true,
    helper: true,
  },
  {
    id: 'fable',
    variable: 'ANTHROPIC_DEFAULT_FABLE_MODEL',
    role: "the newest tier; takes opus's model unless set",
    use: 'whatever asks for the newest tier',
    purpose: 'the newest tier',
    required: false,
    selectable: true,
    follows: 'opus',
    unset: "the same as opus's",
    since: '2.1.170',
  },
  {
    id: 'subagent',
    variable: 'CLAUDE_CODE_SUBAGENT_MODEL',
    role: 'agents without a model of their own, except the built-in Explore and Plan; inherits unless set',
    use: 'agents without their own model (not Explore and Plan)',
    purpose: 'agents without their own model',
    required: false,
    selectable: false,
    unset: "inherit (each subagent takes its session's model)",
  },
] as const satisfies readonly AliasRow[];
