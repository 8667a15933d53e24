/** What orcc knows about an alias of Claude Code. */
export interface AliasRow {
  readonly id: string;
  /** The variable that maps it to a model. */
  readonly variable: string;
  readonly role: string;
  /** What users of Claude Code use it for. */
  readonly use: string;
  /** The use in three or four words, for a question. */
  readonly purpose: string;
  /** True if every mapping must name a model for it. */
  readonly required: boolean;
  /** True if it can be selected: as the default, and in Claude Code's own picker. */
  readonly selectable: boolean;
  /** The alias whose model it uses if it has none of its own. */
  readonly follows?: string;
  /** What leaving it out means, in the wizard's words. Only for an alias that is not required. */
  readonly unset?: string;
  /** It serves short helper calls, and whole conversations only if it is the default. */
  readonly helper?: true;
  /** The first version of Claude Code that maps it (measured). */
  readonly since?: string;
}

/**
 * The aliases of Claude Code, one row each, in the order in which they are shown and written. `subagent` is a slot,
 * not an alias that can be selected (design D6). A new alias needs only a row here.
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
