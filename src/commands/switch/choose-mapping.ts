import type { AliasId, Mapping } from '../../claude/aliases.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { chooseMapping, shortMapping } from '../init/mapping-step.ts';
import type { Say } from '../../core/say.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { PRESET_NAMES } from '../../claude/presets.ts';
import { findNamed, listNamed, type Named } from '../../config/named-mapping.ts';
import { shortPath } from '../../text/short-path.ts';
import { findTeam, teamMapping } from '../../config/find-team.ts';
import { changeMapping, parseAssignment, parseDefaultAlias } from '../../config/mapping-input.ts';

/** What the flags say of the mapping. */
export interface MappingIntent {
  readonly changes: readonly string[];
  readonly default?: string | undefined;
  readonly back: boolean;
}

export interface MappingChoice {
  readonly mapping: Mapping;
  readonly profile: string | undefined;
}

/** Nothing says what to switch to. */
export function isAsked(intent: MappingIntent): boolean {
  return intent.changes.length === 0 && intent.default === undefined && !intent.back;
}

/** The mapping that words, flags, the repository's orcc.json or answers ask for. Throws exit 2 for a word that means nothing, and where nobody can be asked. */
export async function chooseSwitch(
  ctx: Context,
  intent: MappingIntent,
  config: Config,
  from: Mapping,
  catalog: Catalog,
  say: Say,
): Promise<MappingChoice> {
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
    profile = profileName(named);
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
  const offers = { present: from, team: asked, named: listNamed(config, team?.file) };
  const { mapping, named } = await chooseMapping(ctx, open, offers, catalog, say);
  return { mapping, profile: named === undefined ? undefined : profileName(named) };
}

/** The name to remember: one that only this repository knows would say nothing elsewhere. */
function profileName({ name, source }: Named): string | undefined {
  return source === 'team' ? undefined : name;
}
