import { ALIAS_IDS } from '../../claude/aliases.ts';
import { effective, modelsInEffect } from '../../claude/layers.ts';
import { EXTRA_BODY } from '../../claude/variables.ts';
import { routingIn } from '../../change/folder-extras.ts';
import { findingOf } from '../../diagnose/build.ts';
import { describeRouting, missingRules } from '../../openrouter/routing.ts';
import { judgeModel } from '../../openrouter/suitability.ts';
import { ASK_ADMINISTRATOR, describePlace, placeArgs, type Check, type Result } from '../check.ts';
import type { Observed } from '../observed.ts';
import { fixOverride } from './layers.ts';
import { isFolderTarget } from '../../targets/types.ts';

/** Layers merge by variable, so a folder's value replaces the machine's rules as a whole, and hides those that it lacks. */
export const routingHidden: Check = {
  code: 'ROUTING_HIDDEN',
  fine: "the machine's routing rules apply to every request here",
  applies: ({ configured }) => configured?.variables.some(({ name }) => name === EXTRA_BODY) === true,
  run: ({ configured, layers, own }) => {
    const ours = routingIn(configured?.variables.find(({ name }) => name === EXTRA_BODY)?.value ?? '') ?? {};
    const found = effective(layers, EXTRA_BODY, 'startup');
    if (found === undefined) return [];
    const hidden = missingRules(ours, routingIn(found.value) ?? {});
    if (hidden.length === 0) return [];
    const rules = describeRouting(ours).filter(({ rule }) => hidden.includes(rule));
    const args = { ...placeArgs(found), file: describePlace(found), rules };
    const finding = findingOf('ROUTING_HIDDEN', args, [`${describePlace(found)} sets ${EXTRA_BODY}`], EXTRA_BODY);
    const mine = own.find(({ path }) => path === found.file);
    // A fix would lose what else orcc wrote for this folder: the command that the finding names writes both there.
    if (mine !== undefined && isFolderTarget(mine.id)) return [{ finding }];
    const fixes = found.layer === 'shell' ? [] : fixOverride(found, mine !== undefined, EXTRA_BODY);
    return [{ finding, fixes, ...(found.layer === 'managed' ? { byHand: ASK_ADMINISTRATOR } : {}) }];
  },
};

/** The fallback models that the strongest settings file with some names. */
export const fallbackUnfit: Check = {
  code: 'FALLBACK_UNFIT',
  fine: 'the fallback models suit Claude Code',
  applies: ({ layers }) => modelsInEffect(layers, 'fallback') !== undefined,
  run: (observed) => {
    const found = modelsInEffect(observed.layers, 'fallback');
    if (found === undefined) return [];
    const { models, placed: where } = found;
    return models.flatMap((id): Result[] => {
      const reason = whyUnfit(observed, id);
      if (reason === undefined) return [];
      const args = { model: id, reason, ...placeArgs(where) };
      return [{ finding: findingOf('FALLBACK_UNFIT', args, [`${describePlace(where)} names it`], id) }];
    });
  },
};

function whyUnfit({ catalog, views, now }: Observed, id: string): string | undefined {
  if (ALIAS_IDS.some((alias) => alias === id) || id === 'default' || id.startsWith('@')) return undefined;
  const main = views.at(-1)?.mapping.default.model;
  if (main === id) return 'is the same model that it would replace';
  const row = catalog?.find(id);
  if (row === undefined) return catalog === undefined || catalog.source === 'builtin' ? undefined : 'is not in the catalog';
  const problem = judgeModel(row, now).problems.find(({ severity }) => severity === 'unusable');
  if (problem !== undefined) return `does not suit Claude Code: ${problem.reason}`;
  const author = (model: string | undefined): string | undefined => model?.split('/')[0]?.replace('~', '');
  return author(main) === author(id) ? `is by the author of ${main ?? ''}: whatever stops one may stop the other too` : undefined;
}
