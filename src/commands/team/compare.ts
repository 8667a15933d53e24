import { aliasOf, resolveAliases, type AliasId, type AliasModels, type DefaultAlias } from '../../claude/aliases.ts';
import { placements, type Placement, effortInEffect, inEffect, modelsInEffect } from '../../claude/layers.ts';
import type { InEffect } from '../../change/in-effect.ts';
import { describePlace } from '../status/describe-place.ts';
import type { TeamFile } from '../../config/team-file.ts';
import { EFFORT, EXTRA_BODY, AUTO_MODE_MODEL } from '../../claude/variables.ts';
import { routingIn } from '../../change/folder-extras.ts';
import { isPerModel, namedEfforts, type Extras } from '../../config/extras.ts';
import { describeRouting, missingRules, type Routing } from '../../openrouter/routing.ts';

/** One difference from what orcc.json asks for. */
export interface Difference {
  /** An alias, `default`, `connection`, or the name of an extra. */
  readonly what: string;
  readonly wanted: string;
  /** null if nothing is set. */
  readonly found: string | null;
  /** Where it is set; null if nowhere. */
  readonly from: string | null;
  /** The same as data, for working out a fix. */
  readonly placed?: Placement;
  /** The weaker values that would count next, strongest first, down to one that is as asked for, which is left out. */
  readonly beneath?: readonly Placement[];
}

/** How Claude Code, started in this folder, would differ from what orcc.json asks for. Pure. */
export function compareWithTeam(file: TeamFile, now: InEffect, home: string): readonly Difference[] {
  if (file.mapping === undefined && file.extras === undefined) return [];
  return [
    ...compareConnection(now),
    ...(file.mapping === undefined ? [] : compareModels(file.mapping, now, home)),
    ...compareDefault(file.defaultAlias, now, home),
    ...(file.extras === undefined ? [] : compareExtras(file.extras, now, home)),
  ];
}

/** The models only mean anything if requests go to OpenRouter or a gateway like it. */
function compareConnection({ mapping, token }: InEffect): readonly Difference[] {
  const wanted = 'a base URL with a key';
  if (mapping.otherProvider !== undefined)
    return [{ what: 'connection', wanted, found: mapping.otherProvider.name, from: null, placed: mapping.otherProvider.source }];
  if (mapping.baseUrl === undefined) return [{ what: 'connection', wanted, found: null, from: null }];
  if (token === undefined && mapping.apiKeyHelper === undefined)
    return [{ what: 'connection', wanted, found: `${mapping.baseUrl.value} without a key`, from: null }];
  return [];
}

function compareModels(models: AliasModels, now: InEffect, home: string): readonly Difference[] {
  const wanted = resolveAliases(models);
  const differences = wanted.flatMap(({ alias, model }): Difference[] => {
    const found = now.mapping.aliases.find((each) => each.alias === alias);
    if (found?.model === model) return [];
    const difference = differs(home, alias, model, found?.model ?? null, found?.source);
    return [found?.source === undefined ? difference : { ...difference, beneath: beneath(now, alias, model) }];
  });
  const extra = now.mapping.aliases.flatMap(({ alias, model, source }): Difference[] => {
    if (wanted.some((each) => each.alias === alias) || source === undefined || model === undefined) return [];
    return [differs(home, alias, 'not set (inherit)', model, source)];
  });
  return [...differences, ...extra];
}

function beneath({ layers, view }: InEffect, alias: AliasId, wanted: string): readonly Placement[] {
  const [, ...weaker] = placements(layers, aliasOf(alias).variable, view);
  const right = weaker.findIndex(({ value }) => value === wanted);
  return right === -1 ? weaker : weaker.slice(0, right);
}

function compareDefault(wanted: DefaultAlias | undefined, { mapping }: InEffect, home: string): readonly Difference[] {
  const { named, source } = mapping.default;
  return wanted === undefined || named === wanted ? [] : [differs(home, 'default', wanted, named, source)];
}

function differs(home: string, what: string, wanted: string, found: string | null, placed?: Placement): Difference {
  const from = placed === undefined ? null : describePlace(placed, home);
  return { what, wanted, found, from, ...(placed === undefined ? {} : { placed }) };
}

/** Extras that differ from what orcc.json asks for; any others are up to the user. Pure. */
function compareExtras(wanted: Extras, now: InEffect, home: string): readonly Difference[] {
  const variable = (what: string, name: string, value: string | undefined): readonly Difference[] => {
    const found = inEffect(now.layers, name, now.view);
    return value === undefined || found?.value === value ? [] : [differs(home, what, value, found?.value ?? null, found)];
  };
  const member = (what: 'fallback' | 'pins', value: readonly string[] | undefined): readonly Difference[] => {
    const { models: found = [], placed } = modelsInEffect(now.layers, what) ?? {};
    const isThere = what === 'pins' ? value?.every((id) => found.includes(id)) : value?.join() === found.join();
    if (value === undefined || isThere === true) return [];
    return [differs(home, what, value.join(', '), placed?.value ?? null, placed)];
  };
  const efforts = wantedEfforts(wanted.effort, now).flatMap(({ alias, level }): Difference[] => {
    const model = now.mapping.aliases.find((each) => each.alias === alias)?.model;
    const placed = model === undefined ? undefined : effortInEffect(now.layers, model, now.view);
    return placed?.value === level ? [] : [differs(home, `effort of ${alias}`, level, placed?.value ?? null, placed)];
  });
  return [
    ...compareRules(wanted.routing ?? {}, now, home),
    ...member('fallback', wanted.fallback),
    ...member('pins', wanted.pins),
    ...variable('effort', EFFORT, isPerModel(wanted.effort) ? undefined : wanted.effort?.all),
    ...efforts,
    ...variable("auto mode's check", AUTO_MODE_MODEL, wanted.autoModeModel),
  ];
}

/** The level of each alias, where not all have the same. One for all leaves out the models that aliases have named a level for. */
function wantedEfforts(
  effort: Extras['effort'],
  { mapping: { aliases } }: InEffect,
): ReadonlyArray<{ readonly alias: AliasId; readonly level: string }> {
  if (!isPerModel(effort)) return [];
  const named = namedEfforts(effort);
  const taken = new Set(aliases.flatMap(({ alias, model }) => (named.some((each) => each.alias === alias) ? (model ?? []) : [])));
  const level = effort?.all;
  if (level === undefined) return named;
  const others = aliases.filter(({ model }) => model !== undefined && !taken.has(model));
  return [...named, ...others.map(({ alias }) => ({ alias, level }))];
}

/** One difference for each wanted rule that requests would not carry. */
function compareRules(wanted: Routing, { layers, view }: InEffect, home: string): readonly Difference[] {
  const placed = inEffect(layers, EXTRA_BODY, view);
  const found = routingIn(placed?.value ?? '') ?? {};
  const said = (routing: Routing, rule: keyof Routing): string | undefined =>
    describeRouting(routing).find((line) => line.rule === rule)?.text;
  return missingRules(wanted, found).map((rule) => {
    const there = said(found, rule) ?? null;
    return differs(home, 'routing', said(wanted, rule) ?? rule, there, there === null ? undefined : placed);
  });
}
