import { compactsAt, USUAL_OUTPUT, SMALLEST_SETTING } from './compaction.ts';
import { knowsModel } from './known-models.ts';
import { DISABLE_1M, MAX_CONTEXT, MAX_OUTPUT } from './variables.ts';
import { assumesMillion, heedsWindows } from './version.ts';

export interface Belief {
  /** Tokens: the window that Claude Code assumes. */
  readonly window: number;
  /** Tokens: the max_tokens it sends. */
  readonly maxOutput: number;
  /** The number of used tokens at which it compacts; undefined if it never does so by itself. */
  readonly compactsAt: number | undefined;
}

interface BeliefInput {
  readonly model: string;
  /** True if it was named with a `[1m]` tag, as the built-in default `opus[1m]` is. */
  readonly million: boolean;
  /** The effective value of a variable; undefined or empty if unset. */
  readonly variable: (name: string) => string | undefined;
  /** The effective `modelSettings.<id>.autoCompactWindow`; undefined if there is none. */
  readonly setting: number | undefined;
  /** The version of Claude Code; undefined counts as the newest. */
  readonly version: string | undefined;
}

const MILLION = 1_000_000;
const WITHOUT_1M = 200_000;

/** The limits that Claude Code assumes for a model, from all settings in effect (measured on 2.1.330, 36 combinations). */
export function believe({ model, million, variable, setting, version }: BeliefInput): Belief {
  const known = knowsModel(model);
  const no1m = isOn(variable(DISABLE_1M));
  const tagged = million && !no1m;
  const named = readNumber(variable('CLAUDE_CODE_AUTO_COMPACT_WINDOW'));
  const heeded = version === undefined || heedsWindows(version) ? setting : undefined;
  const lowered =
    named === undefined ? (heeded !== undefined && heeded >= SMALLEST_SETTING ? heeded : undefined) : Math.max(named, SMALLEST_SETTING);
  const window = Math.min(baseWindow(), lowered ?? Infinity);
  const maxOutput = Math.min(readNumber(variable(MAX_OUTPUT)) ?? USUAL_OUTPUT, known?.maxOutput ?? 128_000);
  const compacts = lowered !== undefined || (!tagged && known?.compacts !== false);
  const switchedOff = isOn(variable('DISABLE_COMPACT')) || isOn(variable('DISABLE_AUTO_COMPACT'));
  return { window, maxOutput, compactsAt: compacts && !switchedOff ? compactsAt(window, maxOutput) : undefined };

  function baseWindow(): number {
    if (known !== undefined) {
      if (tagged) return Math.max(known.window, MILLION);
      return no1m ? Math.min(known.window, WITHOUT_1M) : known.window;
    }
    if (tagged) return MILLION;
    return readNumber(variable(MAX_CONTEXT)) ?? (no1m || (version !== undefined && !assumesMillion(version)) ? WITHOUT_1M : MILLION);
  }
}

/** Parses leading digits, as Claude Code does: `128k` is 128 (measured). Undefined for zero, negative values and non-numbers. */
function readNumber(text: string | undefined): number | undefined {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** Whether a switch of Claude Code is on: with any value except these and an empty one. */
export function isOn(text: string | undefined): boolean {
  const value = (text ?? '').trim().toLowerCase();
  return value !== '' && !['0', 'false', 'no', 'off'].includes(value);
}
