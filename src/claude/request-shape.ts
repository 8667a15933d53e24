import { knowsModel, UNKNOWN, type RequestRow } from './known-models.ts';

/** The parameters of Claude Code's main request for a model, apart from prompt and tools. */
export interface RequestShape extends Omit<RequestRow, 'turnControl' | 'toolsStay'> {
  /** `thinking.budget_tokens`: one less than `maxTokens`; only with `budget`. */
  readonly budgetTokens?: number;
  /** `context_management` with the edit `clear_thinking_20251015`. */
  readonly contextManagement: boolean;
  /** True if some tools carry `defer_loading: true`. */
  readonly deferral: boolean;
  /** The values of the `anthropic-beta` header except `claude-code-20250219`, which identifies the client. */
  readonly betas: readonly string[];
}

/** The effective values of the variables that change the shape. */
export interface ShapeSettings {
  /** false with `ENABLE_TOOL_SEARCH=false`; absent or true if the variable is not set. */
  readonly toolSearch?: boolean;
  /** `CLAUDE_CODE_MAX_OUTPUT_TOKENS`; Claude Code lowers it to the cap it assumes for the model, 128000 if it does not know the model. */
  readonly maxOutput?: number;
}

/** The most output tokens that it requests from a model that it does not know. */
const UNKNOWN_MOST = 128_000;

/**
 * The shape of Claude Code's main request for a model id. Depends only on the id's text: Claude Code
 * does not ask the gateway, so a canonical slug (`anthropic/claude-4.5-sonnet-20250929`), a moving alias
 * (`~anthropic/…-latest`) and a preset are unknown to it even if it knows the model behind them,
 * and a variant (`:nitro`) or a preset after the id changes nothing.
 *
 * Measured on Claude Code 2.1.332 with 84 ids and a recording server: `claude -p hi` with all four
 * aliases mapped to the id, once with only URL, token and models, once with every variable that orcc
 * writes; the latter change `deferral` and the beta `advanced-tool-use`, nothing else here. Thinking
 * also carries `display`: `omitted` with `-p`, `updates` in interactive sessions, or none there with
 * CLAUDE_CODE_THINKING_DISPLAY_UPDATES=0. Interactive sessions in auto mode add `safeguards`.
 */
export function requestShapeFor(modelId: string, settings: ShapeSettings = {}): RequestShape {
  const known = knowsModel(modelId);
  const row = known?.asks ?? UNKNOWN;
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
