import type { AliasId, Mapping } from '../../claude/aliases.ts';
import { mappingOf, type Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { chooseMapping, shortMapping } from '../init/mapping-step.ts';
import type { Say } from '../../core/say.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import type { ModelFacts } from '../../openrouter/model-facts.ts';
import { PRESET_NAMES } from '../../claude/presets.ts';
import { findNamed } from '../../config/named-mapping.ts';
import { shortPath } from '../../text/short-path.ts';
import { findTeam, teamMapping } from '../../config/find-team.ts';
import { changeMapping, parseAssignment, parseDefaultAlias, sameMapping } from '../../config/mapping-input.ts';

/** What a switch was told to do. */
export interface SwitchWish {
  readonly changes: readonly string[];
  readonly default?: string | undefined;
  readonly back: boolean;
  readonly here: boolean;
}

interface Choice {
  readonly mapping: Mapping;
  readonly profile: string | undefined;
}

/** A choice with what it started from and what it makes of the configuration. */
export interface Wanted extends Choice {
  readonly from: Mapping;
  readonly facts: readonly ModelFacts[];
  readonly config: Config;
}

/** The configuration after the choice. A folder's own mapping (`--here`) changes nothing in it. */
export function configWith(intent: SwitchWish, config: Config, { mapping, profile }: Choice): Config {
  if (intent.here) return config;
  const { activeProfile: _old, ...rest } = config;
  return {
    ...rest,
    mapping: { ...mapping.models },
    defaultAlias: mapping.defaultAlias,
    native: config.native && !intent.back,
    ...(profile === undefined ? keepProfile(config) : { activeProfile: profile }),
  };
}

/** The same change of the configuration as it is now. What was picked on a terminal stays as it was picked. */
export async function onTopOf(
  ctx: Context,
  intent: SwitchWish,
  config: Config,
  wanted: Wanted,
  {
    catalog,
    factsOf,
    say,
  }: { readonly catalog: Catalog; readonly factsOf: (models: Mapping['models']) => Promise<readonly ModelFacts[]>; readonly say: Say },
): Promise<Wanted> {
  const from = mappingOf(config);
  const isSame = sameMapping(from, wanted.from);
  const choice = isSame || isAsked(intent) ? wanted : await chooseWanted(ctx, intent, config, from, catalog, say);
  const facts = isSame ? wanted.facts : await factsOf(choice.mapping.models);
  return { mapping: choice.mapping, profile: choice.profile, from, facts, config: configWith(intent, config, choice) };
}

/** Nothing says what to switch to. */
function isAsked(intent: SwitchWish): boolean {
  return intent.changes.length === 0 && intent.default === undefined && !intent.back;
}

/** `orcc status` shows `work (changed)`: the name stays, since it says where the mapping came from. */
function keepProfile(config: Config): { activeProfile?: string } {
  return config.activeProfile === undefined ? {} : { activeProfile: config.activeProfile };
}

/** The mapping that words, flags, the repository's orcc.json or answers ask for. Throws exit 2 for a word that means nothing, and where nobody can be asked. */
export async function chooseWanted(
  ctx: Context,
  intent: SwitchWish,
  config: Config,
  from: Mapping,
  catalog: Catalog,
  say: Say,
): Promise<Choice> {
  const defaultAlias = intent.default === undefined ? undefined : parseDefaultAlias(intent.default);
  const models: Partial<Record<AliasId, string | undefined>> = {};
  const team = findTeam(ctx);
  let base = from;
  let profile: string | undefined;
  for (const word of intent.changes) {
    const assignment = parseAssignment(word);
    if (assignment !== undefined) {
      models[assignment.alias] = assignment.model;
      continue;
    }
    const named = findNamed(config, team?.file, word);
    base = named.mapping;
    // A name that only this repository knows would say nothing elsewhere.
    profile = named.source === 'team' ? undefined : word;
  }
  if (!isAsked(intent)) return { mapping: changeMapping(base, models, defaultAlias), profile };
  const asked = teamMapping(team, from);
  if (team !== undefined && asked !== undefined) {
    say.line(`${shortPath(team.path, ctx.home)} asks for ${shortMapping(asked)}`);
    if (!ctx.interactive) return { mapping: asked, profile: undefined };
  }
  if (!ctx.interactive) {
    throw new OrccError('usage', 'What to switch to is missing, and there is no terminal to ask', {
      hint: `Give alias=model, or a preset: ${PRESET_NAMES.join(', ')}`,
    });
  }
  const open = { models: {}, preset: undefined, defaultAlias: undefined };
  return { mapping: await chooseMapping(ctx, open, asked ?? from, catalog, say), profile: undefined };
}
