import { findAutoModeOff } from '../claude/auto-mode.ts';
import { IMAGE_RULES } from '../claude/image-rules.ts';
import { type Placement, effortInEffect, inEffect, modelsInEffect } from '../claude/layers.ts';
import { AUTO_MODE_MODEL, EFFORT, EXTRA_BODY } from '../claude/variables.ts';
import { describeRules } from '../openrouter/routing.ts';
import { routingIn } from './folder-extras.ts';
import type { InEffect } from './in-effect.ts';
import { tryJsonObject } from '../text/json.ts';

const KEPT_OUT = 'blocked, except for a picture pasted from the clipboard';

/** One setting beyond the mapping that Claude Code, started here, would follow. */
interface ExtraInEffect {
  readonly id: 'routing' | 'fallback' | 'pins' | 'effort' | 'autoModeModel' | 'images';
  readonly value: string;
  readonly placed: Placement;
}

/** The extras in effect here according to the layers, orcc's or not. Pure. */
export function extrasInEffect({ layers, view, mapping }: Pick<InEffect, 'layers' | 'view' | 'mapping'>): readonly ExtraInEffect[] {
  const variable = (id: ExtraInEffect['id'], name: string, say: (value: string) => string): ExtraInEffect[] => {
    const found = inEffect(layers, name, view);
    return found === undefined ? [] : [{ id, value: say(found.value), placed: found }];
  };
  const at = (id: ExtraInEffect['id'], member: 'fallback' | 'pins'): ExtraInEffect[] => {
    const found = modelsInEffect(layers, member);
    if (found === undefined || found.models.length === 0) return [];
    return [{ id, value: found.models.join(member === 'fallback' ? ', then ' : ', '), placed: found.placed }];
  };
  const off = findAutoModeOff(layers);
  const all = variable('effort', EFFORT, (value) => `${value}, for all models`);
  const models = new Set(mapping.aliases.flatMap(({ model }) => model ?? []));
  const efforts = [...(all.length > 0 ? [] : models)].flatMap((model): ExtraInEffect[] => {
    const placed = effortInEffect(layers, model, view);
    return placed === undefined ? [] : [{ id: 'effort', value: `${placed.value} for ${model}`, placed }];
  });
  // The rules of all layers add up, but those that orcc writes are all in one file.
  const imageRules = layers.settings
    .filter(({ members }) => IMAGE_RULES.every((rule) => members.deny?.includes(rule) === true))
    .map(({ layer, path }): ExtraInEffect => ({ id: 'images', value: KEPT_OUT, placed: { layer, file: path, value: KEPT_OUT } }));
  return [
    ...variable('routing', EXTRA_BODY, describeBody),
    ...at('fallback', 'fallback'),
    ...at('pins', 'pins'),
    ...all,
    ...efforts,
    ...variable('autoModeModel', AUTO_MODE_MODEL, (value) =>
      off === undefined ? `checked by ${value}` : `off, so ${value} checks nothing`,
    ),
    ...imageRules,
  ];
}

/** Describes the rules in a body, and the other members that someone put there. */
function describeBody(body: string): string {
  const routing = routingIn(body);
  const rules = describeRules(routing);
  const others = membersOf(body).filter((name) => name !== 'provider' || routing === undefined);
  const said = [...(rules === undefined ? [] : [rules]), ...(others.length === 0 ? [] : [`every request holds ${others.join(', ')}`])];
  return said.length === 0 ? 'no JSON object: Claude Code ignores it' : said.join('; ');
}

/** Names of the members in the JSON for every request; none if it is not an object. */
export function membersOf(body: string): readonly string[] {
  return Object.keys(tryJsonObject(body) ?? {});
}
