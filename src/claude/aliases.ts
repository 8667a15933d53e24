/**
 * The names Claude Code knows, one row each. `subagent` is a slot, not an alias
 * that can be asked for: it has no default role and may stay unset (design D6).
 */
export const ALIASES = [
  { id: 'opus', variable: 'ANTHROPIC_DEFAULT_OPUS_MODEL', role: 'the large model', selectable: true },
  { id: 'sonnet', variable: 'ANTHROPIC_DEFAULT_SONNET_MODEL', role: 'the everyday model', selectable: true },
  { id: 'haiku', variable: 'ANTHROPIC_DEFAULT_HAIKU_MODEL', role: 'the small, quick model', selectable: true },
  { id: 'fable', variable: 'ANTHROPIC_DEFAULT_FABLE_MODEL', role: "the newest tier; takes opus's model unless set", selectable: true },
  { id: 'subagent', variable: 'CLAUDE_CODE_SUBAGENT_MODEL', role: 'subagents that name no model; inherits unless set', selectable: false },
] as const;

export type AliasId = (typeof ALIASES)[number]['id'];
export const ALIAS_IDS: readonly AliasId[] = ALIASES.map((alias) => alias.id);
/** Aliases that can be the default (ANTHROPIC_MODEL). */
export type DefaultAlias = 'opus' | 'sonnet' | 'haiku' | 'fable';
export const DEFAULT_ALIASES: readonly DefaultAlias[] = ['opus', 'sonnet', 'haiku', 'fable'];

/** alias -> OpenRouter model id. `fable` absent means opus's model; `subagent` absent means inherit. */
export interface AliasModels {
  readonly opus: string;
  readonly sonnet: string;
  readonly haiku: string;
  readonly fable?: string;
  readonly subagent?: string;
}

/** A mapping: the models and which alias Claude Code starts with. */
export interface Mapping {
  readonly models: AliasModels;
  readonly defaultAlias: DefaultAlias;
}

/** Every alias with the model it gets, `fable` filled in from opus, `subagent` only where set. */
export function resolveAliases(models: AliasModels): ReadonlyArray<{ readonly alias: AliasId; readonly model: string }> {
  return ALIASES.flatMap(({ id }) => {
    const model = id === 'fable' ? (models.fable ?? models.opus) : models[id];
    return model === undefined ? [] : [{ alias: id, model }];
  });
}
