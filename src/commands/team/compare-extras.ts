import { EFFORT, EXTRA_BODY, AUTO_MODE_MODEL } from '../../claude/variables.ts';
import { type Placement, inEffect } from '../../claude/layers.ts';
import { routingIn } from '../../change/folder-extras.ts';
import type { InEffect } from '../../change/in-effect.ts';
import { namedEfforts, type Extras } from '../../config/extras.ts';
import { describeRouting, missingRules, type Routing } from '../../openrouter/routing.ts';
import { describePlace } from '../status/describe-place.ts';
import type { Difference } from './compare.ts';

/** Extras that differ from what orcc.json asks for; any others are up to the user. Pure. */
export function compareExtras(wanted: Extras, now: InEffect, home: string): readonly Difference[] {
  const differs = (what: string, value: string, found: string | null, placed?: Placement): Difference => ({
    what,
    wanted: value,
    found,
    from: placed === undefined ? null : describePlace(placed, home),
    ...(placed === undefined ? {} : { placed }),
  });
  const variable = (what: string, name: string, value: string | undefined): readonly Difference[] => {
    const found = inEffect(now.layers, name, now.view);
    return value === undefined || found?.value === value ? [] : [differs(what, value, found?.value ?? null, found)];
  };
  const member = (what: 'fallback' | 'pins', value: readonly string[] | undefined): readonly Difference[] => {
    const file = now.layers.settings.find(({ members, layer }) => members[what] !== undefined && (what !== 'pins' || layer === 'user'));
    const placed = file?.members[what];
    const found = placed?.value ?? [];
    const isThere = what === 'pins' ? value?.every((id) => found.includes(id)) : value?.join() === found.join();
    if (value === undefined || isThere === true) return [];
    if (file === undefined || placed === undefined) return [differs(what, value.join(', '), null)];
    const { value: _models, ...where } = placed;
    return [differs(what, value.join(', '), found.join(', '), { ...where, value: found.join(', '), layer: file.layer, file: file.path })];
  };
  const efforts = namedEfforts(wanted.effort).flatMap(({ alias, level }): Difference[] => {
    const model = now.mapping.aliases.find((each) => each.alias === alias)?.model;
    const file = now.layers.settings.find(({ members }) => model !== undefined && members.efforts.has(model));
    const placed = model === undefined ? undefined : file?.members.efforts.get(model);
    if (placed?.value === level) return [];
    if (file === undefined || placed === undefined) return [differs(`effort of ${alias}`, level, null)];
    return [differs(`effort of ${alias}`, level, placed.value, { ...placed, layer: file.layer, file: file.path })];
  });
  return [
    ...compareRules(wanted.routing ?? {}, now, differs),
    ...member('fallback', wanted.fallback),
    ...member('pins', wanted.pins),
    ...variable('effort', EFFORT, wanted.effort?.all),
    ...efforts,
    ...variable("auto mode's check", AUTO_MODE_MODEL, wanted.autoModeModel),
  ];
}

/** One difference for each rule that does not go along. */
function compareRules(
  wanted: Routing,
  { layers, view }: InEffect,
  differs: (what: string, value: string, found: string | null, placed?: Placement) => Difference,
): readonly Difference[] {
  const placed = inEffect(layers, EXTRA_BODY, view);
  const found = routingIn(placed?.value ?? '') ?? {};
  const said = (routing: Routing, rule: keyof Routing): string | undefined =>
    describeRouting(routing).find((line) => line.rule === rule)?.text;
  return missingRules(wanted, found).map((rule) => {
    const there = said(found, rule) ?? null;
    return differs('routing', said(wanted, rule) ?? rule, there, there === null ? undefined : placed);
  });
}
