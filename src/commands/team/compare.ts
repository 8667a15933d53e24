import { aliasOf, resolveAliases, type AliasId, type AliasModels, type DefaultAlias } from '../../claude/aliases.ts';
import { placements, type Placement } from '../../claude/layers.ts';
import type { InEffect } from '../../change/in-effect.ts';
import { describePlace } from '../status/describe-place.ts';
import type { TeamFile } from '../../config/team-file.ts';
import { compareExtras } from './compare-extras.ts';

/** One thing that is not as orcc.json asks. */
export interface Difference {
  /** An alias, `default`, or `connection`. */
  readonly what: string;
  readonly wanted: string;
  /** null where nothing is set. */
  readonly found: string | null;
  /** Where it is set; null where it is nowhere. */
  readonly from: string | null;
  /** The same as data, for what is to be done about it. */
  readonly placed?: Placement;
  /** What would count without that, strongest first, as far as it is not what is asked for either. */
  readonly beneath?: readonly Placement[];
}

/** What Claude Code, started here, would do otherwise than orcc.json asks. Pure. */
export function compareWithTeam(file: TeamFile, now: InEffect, home: string): readonly Difference[] {
  if (file.mapping === undefined && file.extras === undefined) return [];
  return [
    ...compareConnection(now),
    ...(file.mapping === undefined ? [] : compareModels(file.mapping, now, home)),
    ...compareDefault(file.defaultAlias, now, home),
    ...(file.extras === undefined ? [] : compareExtras(file.extras, now, home)),
  ];
}

/** The models only mean anything where requests go to OpenRouter, or a gateway like it. */
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
    return [
      {
        what: alias,
        wanted: model,
        found: found?.model ?? null,
        from: found?.source === undefined ? null : describePlace(found.source, home),
        ...(found?.source === undefined ? {} : { placed: found.source, beneath: beneath(now, alias, model) }),
      },
    ];
  });
  const extra = now.mapping.aliases.flatMap(({ alias, model, source }): Difference[] => {
    if (wanted.some((each) => each.alias === alias) || source === undefined || model === undefined) return [];
    return [{ what: alias, wanted: 'not set (inherit)', found: model, from: describePlace(source, home), placed: source }];
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
  if (wanted === undefined || named === wanted) return [];
  const from = source === undefined ? {} : { placed: source };
  return [{ what: 'default', wanted, found: named, from: source === undefined ? null : describePlace(source, home), ...from }];
}
