import { DAY_MS } from '../text/day.ts';
import { smallestWindow, USUAL_OUTPUT, SMALLEST_SETTING } from '../claude/compaction.ts';
import type { CatalogModel } from './catalog-model.ts';
import { formatTokens } from '../text/format.ts';

type SuitabilityRule = 'tools' | 'tool-choice' | 'text' | 'window' | 'output' | 'expiry' | 'price' | 'batch' | 'account';

interface SuitabilityProblem {
  readonly rule: SuitabilityRule;
  /** `unusable`: Claude Code can't work with the model. `warning`: it works, with this drawback. */
  readonly severity: 'unusable' | 'warning';
  /** Short, without a full stop, to follow the model's name. */
  readonly reason: string;
}

export interface Suitability {
  /** True if no problem is `unusable`. */
  readonly suitable: boolean;
  readonly problems: readonly SuitabilityProblem[];
}

/** Below this, answers are cut off all the time: Claude Code's own recovery starts at 4096 (measured on 2.1.330). */
const SMALLEST_OUTPUT = 4096;
/** A model that is retired within this time is worth a warning, in days. */
export const EXPIRY_DAYS = 30;

type Rule = (model: CatalogModel, now: number) => SuitabilityProblem | undefined;

const unusable = (rule: SuitabilityRule, reason: string): SuitabilityProblem => ({ rule, severity: 'unusable', reason });
const warning = (rule: SuitabilityRule, reason: string): SuitabilityProblem => ({ rule, severity: 'warning', reason });

const RULES: readonly Rule[] = [
  (model) =>
    model.barred === true ? unusable('account', "not allowed for this key by the account's privacy settings or guardrails") : undefined,
  (model) => (model.batch ? unusable('batch', 'batch only: answers take hours') : undefined),
  (model) => (model.textIn && model.textOut ? undefined : unusable('text', model.textIn ? 'writes no text' : 'reads no text')),
  (model) => (model.tools ? undefined : unusable('tools', "no tools: Claude Code can't read or edit files with it")),
  (model) => (model.toolsUntold === true ? warning('tools', 'tool support not stated') : undefined),
  (model) => (model.toolChoice || !model.tools ? undefined : warning('tool-choice', "can't be told which tool to use")),
  judgeWindow,
  judgeOutput,
  judgeExpiry,
  (model) =>
    model.inputPrice === null || model.outputPrice === null
      ? warning('price', model.priceUntold === true ? 'the price is not stated' : 'the price is not fixed')
      : undefined,
];

/**
 * Judges whether a model can serve Claude Code. The wizard, `switch`,
 * `models` and `doctor` all use these rules.
 *
 * @param now milliseconds since 1970, for the expiry
 */
export function judgeModel(model: CatalogModel, now: number): Suitability {
  const problems = RULES.flatMap((rule) => rule(model, now) ?? []);
  return { suitable: problems.every((problem) => problem.severity !== 'unusable'), problems };
}

function judgeWindow({ context, maxOutput }: CatalogModel): SuitabilityProblem | undefined {
  if (context === null) return warning('window', 'the window is not stated');
  // If the model's output cap is lower than usual, orcc writes that as the limit.
  if (context < smallestWindow(Math.min(maxOutput ?? USUAL_OUTPUT, USUAL_OUTPUT)))
    return unusable('window', `a window of ${formatTokens(context)} tokens is too small for Claude Code`);
  if (context < SMALLEST_SETTING) return warning('window', `a small window: ${formatTokens(context)} tokens`);
  return undefined;
}

function judgeOutput({ maxOutput }: CatalogModel): SuitabilityProblem | undefined {
  if (maxOutput === null || maxOutput >= USUAL_OUTPUT) return undefined;
  if (maxOutput < SMALLEST_OUTPUT) return unusable('output', `writes at most ${formatTokens(maxOutput)} tokens per answer`);
  return warning('output', `writes at most ${formatTokens(maxOutput)} tokens per answer, which then limits every alias`);
}

function judgeExpiry({ expires }: CatalogModel, now: number): SuitabilityProblem | undefined {
  if (expires === undefined) return undefined;
  const left = Date.parse(expires) - now;
  if (left <= 0) return unusable('expiry', `gone since ${expires}`);
  return left <= EXPIRY_DAYS * DAY_MS ? warning('expiry', `is retired on ${expires}`) : undefined;
}
