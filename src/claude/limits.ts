import type { Mapping, UseName } from './aliases.ts';
import { describeUse, listUses, type ModelFacts, type ModelUse } from './model-use.ts';
import { compactsAt, smallestWindow, USUAL_OUTPUT, usableWindow, SMALLEST_SETTING } from './compaction.ts';
import { MAX_CONTEXT, MAX_OUTPUT } from './variables.ts';

interface LimitVariable {
  readonly name: string;
  readonly value: string;
  readonly reason: string;
}

/** A `modelSettings.<id>.autoCompactWindow` member for user settings. */
interface ModelSetting {
  readonly id: string;
  readonly autoCompactWindow: number;
  readonly reason: string;
}

interface LimitWarning {
  readonly kind: 'unusable' | 'late' | 'unknown' | 'short-answers';
  readonly alias: UseName;
  readonly model: string;
  readonly reason: string;
}

export interface DerivedLimits {
  readonly variables: readonly LimitVariable[];
  readonly modelSettings: readonly ModelSetting[];
  readonly warnings: readonly LimitWarning[];
}

interface LimitsInput {
  readonly mapping: Mapping;
  /** The real limits of the gateway's endpoints for a model id; undefined if nothing is known about it. */
  readonly facts: (id: string) => ModelFacts | undefined;
  /** True if user settings are a target, so that single models can have a window of their own. */
  readonly userTarget: boolean;
}

/**
 * The variables and settings that keep Claude Code within the real limits of the mapped models
 * (design D7), each with a reason that names the alias and model behind the limit. Pure.
 */
export function deriveLimits({ mapping, facts, userTarget }: LimitsInput): DerivedLimits {
  const uses = listUses(mapping, facts);
  const output = limitOutput(uses);
  const maxOutput = Number(output.value);
  const unknown = uses
    .filter((use) => use.known === undefined)
    .flatMap((use) => (use.window === null ? [] : [sized(use, use.window, maxOutput)]));
  const context = limitContext(unknown, userTarget);
  const known = uses.flatMap((use) => settleKnown(use, maxOutput, userTarget));
  const small =
    userTarget && context !== undefined ? unknown.filter((use) => use.usable < context.value && use.usable >= SMALLEST_SETTING) : [];
  const settings = small.map((use) => ({
    id: use.model,
    autoCompactWindow: use.usable,
    reason: `${describeUse(use)} has a window of ${use.real} tokens, less than ${MAX_CONTEXT} says`,
  }));

  return {
    variables: [output, ...(context === undefined ? [] : [{ name: MAX_CONTEXT, value: String(context.value), reason: context.reason }])],
    modelSettings: [...settings, ...known.flatMap((each) => ('setting' in each ? [each.setting] : []))],
    warnings: [
      ...uses.flatMap((use) => warnOfModel(use, maxOutput)),
      ...unknown.flatMap((use) => warnOfLateness(use, context?.value, maxOutput, settings)),
      ...known.flatMap((each) => ('warning' in each ? [each.warning] : [])),
    ],
  };
}

const ASSUMES = 'Claude Code assumes a million tokens for models it does not know';

type SizedUse = ModelUse & { readonly real: number; readonly usable: number };

function sized(use: ModelUse, real: number, maxOutput: number): SizedUse {
  return { ...use, real, usable: usableWindow(real, maxOutput) };
}

function limitOutput(uses: readonly ModelUse[]): LimitVariable {
  // Claude Code itself limits a known model to its own cap, so that model need not limit the others.
  const capped = uses
    .filter((use) => use.maxOutput !== null && !(use.known !== undefined && use.known.maxOutput <= use.maxOutput))
    .map((use) => ({ use, cap: Math.floor(use.maxOutput ?? USUAL_OUTPUT) }))
    .filter(({ cap }) => cap > 0 && cap < USUAL_OUTPUT)
    .sort((one, other) => one.cap - other.cap)[0];
  return {
    name: MAX_OUTPUT,
    value: String(capped?.cap ?? USUAL_OUTPUT),
    reason:
      capped === undefined
        ? 'no mapped model gives less, and without it Claude Code asks for 128000 tokens after a cut-off answer'
        : `${describeUse(capped.use)} gives at most ${capped.cap} tokens in one answer, and the limit applies to all models`,
  };
}

function limitContext(unknown: readonly SizedUse[], userTarget: boolean): { value: number; reason: string } | undefined {
  const working = unknown.filter((use) => use.counts);
  const counted = working.length > 0 ? working : unknown;
  const bySize = [...counted].sort((one, other) => one.usable - other.usable);
  const smallest = bySize[0];
  if (smallest === undefined) return undefined;
  const largest = [...unknown].sort((one, other) => other.usable - one.usable)[0] ?? smallest;
  if (userTarget && smallest.usable >= SMALLEST_SETTING) {
    return {
      value: largest.usable,
      reason: `${ASSUMES}; this is what ${describeUse(largest)} has, the most of all mapped: ${describeWindow(largest)}. Models with less have their own number in modelSettings`,
    };
  }
  return {
    value: smallest.usable,
    reason: `${ASSUMES}; this is what ${describeUse(smallest)} has, the least of all mapped: ${describeWindow(smallest)}`,
  };
}

/** Explains why the number written differs from the window on the model's page. */
function describeWindow({ real, usable }: SizedUse): string {
  return usable < real ? `${real} tokens, less the room for a last answer` : `${real} tokens`;
}

/**
 * The setting or warning for a model in Claude Code's own catalog: CLAUDE_CODE_MAX_CONTEXT_TOKENS does not apply to it, and a
 * setting can only lower its window.
 */
function settleKnown(use: ModelUse, maxOutput: number, userTarget: boolean): ({ setting: ModelSetting } | { warning: LimitWarning })[] {
  if (use.known === undefined) return [];
  const believed = use.known.window;
  const real = use.window ?? believed;
  if (real >= believed && use.known.compacts) return [];
  const window = real < believed ? usableWindow(real, maxOutput) : believed;
  const why =
    real < believed
      ? `${describeUse(use)} has ${real} tokens here, but Claude Code assumes ${believed}`
      : `Claude Code never compacts ${describeUse(use)} unless its window is set`;
  if (userTarget && window >= SMALLEST_SETTING) return [{ setting: { id: use.model, autoCompactWindow: window, reason: why } }];
  return [{ warning: { kind: 'late', alias: use.aliases[0], model: use.model, reason: `${why}; only user settings can say so` } }];
}

function warnOfModel(use: ModelUse, maxOutput: number): LimitWarning[] {
  const at = { alias: use.aliases[0], model: use.model };
  if (use.window === null) {
    if (use.known !== undefined) return [];
    return [{ ...at, kind: 'unknown', reason: `the window of ${describeUse(use)} is not known, so Claude Code may overfill it` }];
  }
  const needed = smallestWindow(maxOutput);
  if (use.window < needed) {
    const reason = `${describeUse(use)} has a window of ${use.window} tokens; Claude Code needs ${needed}, or compacts before its first request`;
    return [{ ...at, kind: 'unusable', reason }];
  }
  if (use.maxOutput !== null && use.maxOutput < 4096) {
    return [
      {
        ...at,
        kind: 'short-answers',
        reason: `${describeUse(use)} gives at most ${use.maxOutput} tokens in one answer, too few to write a file`,
      },
    ];
  }
  return [];
}

function warnOfLateness(use: SizedUse, context: number | undefined, maxOutput: number, settings: readonly ModelSetting[]): LimitWarning[] {
  const late = context !== undefined && compactsAt(context, maxOutput) > use.real - maxOutput;
  if (!late || settings.some((setting) => setting.id === use.model)) return [];
  const reason = `${describeUse(use)} has ${use.real} tokens, and Claude Code compacts only at ${compactsAt(context, maxOutput)}: long work in it is cut short`;
  return [{ kind: 'late', alias: use.aliases[0], model: use.model, reason }];
}
