import { knowsModel } from './known-models.ts';

/** `adaptive`: the model decides; `budget`: `enabled` with `budget_tokens`; `none`: no `thinking` at all. */
type ThinkingStyle = 'adaptive' | 'budget' | 'none';
export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** What Claude Code's main request holds for a model, beside prompt and tools. */
export interface RequestShape {
  readonly thinking: ThinkingStyle;
  /** `thinking.budget_tokens`: one less than `maxTokens`; only with `budget`. */
  readonly budgetTokens?: number;
  /** `output_config.effort`; no `output_config` without it. */
  readonly effort?: Effort;
  /** A message of role `system` follows the user's; otherwise its text is part of the user's turn. */
  readonly systemRole: boolean;
  /** `context_management` with the edit `clear_thinking_20251015`. */
  readonly contextManagement: boolean;
  /** Some tools carry `defer_loading: true`. */
  readonly deferral: boolean;
  /** `max_tokens`. */
  readonly maxTokens: number;
  /** The header `anthropic-beta` without `claude-code-20250219`, which names the sender. */
  readonly betas: readonly string[];
}

/** The variables that change the shape, as they are in effect. */
export interface ShapeSettings {
  /** false with `ENABLE_TOOL_SEARCH=false`; true without the variable. */
  readonly toolSearch?: boolean;
  /** `CLAUDE_CODE_MAX_OUTPUT_TOKENS`; lowered to what Claude Code believes is the model's most, 128000 for one it does not know. */
  readonly maxOutput?: number;
}

interface Row {
  readonly thinking: ThinkingStyle;
  readonly effort?: Effort;
  readonly systemRole: boolean;
  /** Without CLAUDE_CODE_MAX_OUTPUT_TOKENS. */
  readonly maxTokens: number;
  /** The beta `per-turn-control` is asked for. */
  readonly turnControl?: boolean;
  /** The system message comes without the beta for tools that change in between. */
  readonly toolsStay?: boolean;
}

const UNKNOWN: Row = { thinking: 'adaptive', effort: 'high', systemRole: true, maxTokens: 32_000 };
const FIVE: Row = { ...UNKNOWN, maxTokens: 64_000 };
const FIVE_FIVE: Row = { thinking: 'adaptive', effort: 'medium', systemRole: true, maxTokens: 128_000, turnControl: true };
const BUDGET: Row = { thinking: 'budget', systemRole: false, maxTokens: 32_000 };
const THREE: Row = { thinking: 'none', systemRole: false, maxTokens: 8192 };

/** More output tokens than these it does not ask a model for that it does not know. */
const UNKNOWN_MOST = 128_000;

const ROWS: Readonly<Record<string, Row>> = {
  'claude-fable-5-2': FIVE_FIVE,
  'claude-mythos-5-2': FIVE_FIVE,
  'claude-opus-5-5': FIVE_FIVE,
  'claude-sonnet-5-5': FIVE_FIVE,
  'claude-haiku-5-5': FIVE_FIVE,
  'claude-fable-5-1': { ...FIVE, turnControl: true },
  'claude-mythos-5-1': FIVE,
  'claude-fable-5': FIVE,
  'claude-mythos-5': FIVE,
  'claude-opus-5': FIVE,
  'claude-sonnet-5': { ...FIVE, toolsStay: true },
  'claude-opus-4-8': FIVE,
  'claude-opus-4-7': { ...FIVE, effort: 'xhigh', systemRole: false },
  'claude-opus-4-6': { ...FIVE, systemRole: false },
  'claude-sonnet-4-6': { ...UNKNOWN, systemRole: false },
  'claude-opus-4-5': { ...BUDGET, effort: 'high' },
  'claude-opus-4-1': BUDGET,
  'claude-opus-4-0': BUDGET,
  'claude-sonnet-4-5': BUDGET,
  'claude-sonnet-4-0': BUDGET,
  'claude-haiku-4-5': BUDGET,
  'claude-3-7-sonnet': { ...THREE, maxTokens: 32_000 },
  'claude-3-5-sonnet': THREE,
  'claude-3-5-haiku': THREE,
  'claude-3-sonnet': THREE,
  'claude-3-opus': { ...THREE, maxTokens: 4096 },
  'claude-3-haiku': { ...THREE, maxTokens: 4096 },
};

/**
 * The main request of Claude Code for a model id. Depends on the id's text alone: it does not ask
 * the gateway, so a canonical slug (`anthropic/claude-4.5-sonnet-20250929`), a moving alias
 * (`~anthropic/…-latest`) and a preset are unknown to it even where the model behind them is not,
 * and a variant (`:nitro`) or a preset behind the id changes nothing.
 *
 * Measured on Claude Code 2.1.332 with 84 ids and a recording server: `claude -p hi`, the id behind
 * all four aliases, once with nothing but URL, token and models, once with every variable that orcc
 * writes; those change `deferral` and the beta `advanced-tool-use`, nothing else here. Thinking also
 * carries `display`: `omitted` with `-p`, `updates` in interactive sessions, none there with
 * CLAUDE_CODE_THINKING_DISPLAY_UPDATES=0. Interactive sessions in auto mode add `safeguards`.
 */
export function requestShapeFor(modelId: string, settings: ShapeSettings = {}): RequestShape {
  const known = knowsModel(modelId);
  const row = (known && ROWS[known.name]) ?? UNKNOWN;
  const thinks = row.thinking !== 'none';
  const deferral = settings.toolSearch !== false && !modelId.toLowerCase().includes('claude-3-');
  const maxTokens = settings.maxOutput === undefined ? row.maxTokens : Math.min(settings.maxOutput, known?.maxOutput ?? UNKNOWN_MOST);
  return {
    thinking: row.thinking,
    ...(row.thinking === 'budget' ? { budgetTokens: maxTokens - 1 } : {}),
    ...(row.effort === undefined ? {} : { effort: row.effort }),
    systemRole: row.systemRole,
    contextManagement: thinks,
    deferral,
    maxTokens,
    betas: [
      ...(thinks ? ['interleaved-thinking-2025-05-14', 'context-management-2025-06-27'] : []),
      ...(row.turnControl === true ? ['per-turn-control-2026-07-01'] : []),
      ...(row.systemRole && row.toolsStay !== true ? ['mid-conversation-tool-changes-2026-07-01'] : []),
      ...(thinks ? ['thinking-token-count-2026-05-13'] : []),
      ...(deferral ? ['advanced-tool-use-2025-11-20'] : []),
      ...(row.effort === undefined ? [] : ['effort-2025-11-24']),
    ],
  };
}
