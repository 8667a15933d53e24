import type { Mapping } from '../../claude/aliases.ts';
import type { Config } from '../../config/config.ts';
import type { Extras } from '../../config/extras.ts';
import type { ExtrasChange } from '../../config/extras-change.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { nameModels } from '../../change/name-models.ts';
import type { Say } from '../../core/say.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { PRESET_NAMES } from '../../claude/presets.ts';
import { listNamed, type Named } from '../../config/named-mapping.ts';
import { shortPath } from '../../text/text.ts';
import { findNamedHere, teamMapping, tellLeftOut, tryTeam, withWayOut } from '../../config/find-team.ts';
import { changeMapping, parseDefaultAlias } from '../../config/mapping-input.ts';
import { readWords } from './words.ts';

/** What words and flags say about the mapping. */
export interface MappingIntent {
  readonly changes: readonly string[];
  readonly default?: string | undefined;
  readonly back: boolean;
  /** The extras that the flags ask for. */
  readonly extras?: ExtrasChange | undefined;
}

export interface MappingChoice {
  readonly mapping: Mapping;
  /** The extras that come with it; undefined: the previous ones stay. */
  readonly profileExtras: Extras | undefined;
  readonly profile: string | undefined;
  /** `back to OpenRouter` was picked: from Anthropic back to the mapping. */
  readonly isBack?: true;
}

/** A choice that a mapping alone can't express: back to Anthropic, or a picked profile with a key of its own. */
export type Otherwise = 'native' | { readonly picked: string };

/** True for an `Otherwise`. */
export const isOtherwise = (made: object | Otherwise): made is Otherwise =>
  made === 'native' || (typeof made === 'object' && 'picked' in made);

/** True if nothing says what to switch to, so that it has to be asked. */
export function isAsked(intent: MappingIntent): boolean {
  return intent.changes.length === 0 && intent.default === undefined && intent.extras === undefined && !intent.back;
}

/**
 * The mapping that words, flags, the repository's orcc.json or answers ask for; `native` for back to Anthropic. `isNative`: whether
 * Claude Code is on Anthropic at present; undefined if only this folder changes. Throws exit 2 for a word with no meaning, and if
 * something must be asked without a terminal.
 */
export async function chooseSwitch(
  ctx: Context,
  intent: MappingIntent,
  config: Config,
  from: Mapping,
  isNative: boolean | undefined,
  catalog: Catalog,
  say: Say,
): Promise<MappingChoice | Otherwise> {
  if (!isAsked(intent)) return readChoice(ctx, intent, config, from, catalog, say);
  const { team, broken } = tryTeam(ctx);
  if (broken !== undefined) {
    if (!ctx.interactive) throw withWayOut(broken, '`orcc switch NAME` and `orcc switch alias=model` leave it out');
    say.warn(tellLeftOut(broken));
  }
  const asked = teamMapping(team, from);
  if (team !== undefined && asked !== undefined) {
    const { shortMapping } = await import('../init/mapping-step.ts');
    say.line(`${shortPath(team.path, ctx.home)} asks for ${shortMapping(asked)}`);
    if (!ctx.interactive) return { mapping: asked, profile: undefined, profileExtras: team.file.extras ?? {} };
  }
  if (!ctx.interactive) {
    throw new OrccError('usage', 'Nothing to switch to was given, and there is no terminal to ask', {
      hint: `Pass alias=model, or a preset: ${PRESET_NAMES.join(', ')}`,
    });
  }
  const { pickSwitch } = await import('./pick.ts');
  const picked = await pickSwitch(ctx, { present: from, team: asked, named: listNamed(config, team?.file) }, isNative, catalog);
  if (picked.kind === 'native') return 'native';
  if (picked.kind === 'back') return { mapping: from, profile: undefined, profileExtras: undefined, isBack: true };
  if (picked.named?.otherKey !== undefined) return { picked: picked.named.name };
  return { mapping: picked.mapping, ...comingWith(picked.named) };
}

/** The mapping that words and flags ask for; asks for the model of an alias given without one. */
async function readChoice(
  ctx: Context,
  intent: MappingIntent,
  config: Config,
  from: Mapping,
  catalog: Catalog,
  say: Say,
): Promise<MappingChoice> {
  const defaultAlias = intent.default === undefined ? undefined : parseDefaultAlias(intent.default);
  const { models, open, names } = readWords(intent.changes, ctx.interactive);
  const named = names.map((name) => findNamedHere(ctx, config, name, say.warn)).at(-1);
  const base = changeMapping(named?.mapping ?? from, models, defaultAlias);
  const whole = nameModels(base, catalog, config.baseUrl);
  return {
    mapping: open === undefined ? whole : await (await import('./pick.ts')).pickModel(ctx, open, whole, catalog),
    ...comingWith(named),
  };
}

/** What a named mapping brings along; extras of a previous profile don't stay then. */
function comingWith(named: Named | undefined): Pick<MappingChoice, 'profile' | 'profileExtras'> {
  if (named === undefined) return { profile: undefined, profileExtras: undefined };
  // A name from orcc.json is not remembered: it would mean nothing in another repository.
  return { profile: named.source === 'team' ? undefined : named.name, profileExtras: named.extras ?? {} };
}
