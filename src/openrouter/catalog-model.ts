import type { ModelPrice } from './charge.ts';

/** What orcc keeps about a model. Prices in USD per million tokens, windows in tokens. */
export interface CatalogModel {
  readonly id: string;
  /** Stripped of control characters. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** The smaller of the model's and its top provider's window; null if neither is stated (routers). */
  readonly context: number | null;
  /** The top provider's cap on output; null if not stated. */
  readonly maxOutput: number | null;
  /** null if the price is not stated or not fixed (routers answer "-1"). */
  readonly inputPrice: number | null;
  readonly outputPrice: number | null;
  /** True if a price is null because it is not stated, not because it is not fixed. */
  readonly priceUntold?: true;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** The complete price, if it has more parts than the four above: steps, longer caching, searches. */
  readonly price?: ModelPrice;
  /** The price of a typical request of a session, if a step makes it differ from the base price. */
  readonly session?: SessionPrice;
  /** The highest price of any step (long prompts, hours of the day), if above the base price. */
  readonly peakInput?: number;
  readonly peakOutput?: number;
  readonly tools: boolean;
  /** True if it is not stated whether it supports tools; `tools` is then true. */
  readonly toolsUntold?: true;
  readonly toolChoice: boolean;
  readonly reasoning: boolean;
  readonly textIn: boolean;
  readonly textOut: boolean;
  /** True if it takes no images: once Claude Code reads one, the session is unusable. Absent if it takes them or that is not stated. */
  readonly textOnly?: true;
  /** True if the account's privacy settings or guardrails forbid it (`markBarred`). Absent if allowed or not checked; never cached. */
  readonly barred?: true;
  /** True if it is only for jobs that run for hours, not for interactive use. */
  readonly batch: boolean;
  readonly free: boolean;
  /** The day on which it is retired, as `2026-12-31`. OpenRouter's 2098 means "never" and is left out. */
  readonly expires?: string;
  /** The model that a `~…-latest` id currently refers to. */
  readonly aliasTarget?: string;
  /** For one of the account's presets (`withBases`): the id of the model behind it, which this row describes. Never cached. */
  readonly base?: string;
  /** Artificial Analysis indices, 0 to 100. */
  readonly scores?: ModelScores;
  /** The part after the colon: `free` for `…:free`. */
  readonly variant?: string;
  /** The dated full name that OpenRouter uses in answers and accepts as an id; absent if it equals the id. Variants share it. */
  readonly canonicalSlug?: string;
}

/** The price step of a typical request in a session of Claude Code (`SESSION_REQUEST_TOKENS`), in USD per million tokens. */
export interface SessionPrice {
  readonly input: number;
  readonly output: number;
  /** The number of prompt tokens from which it applies; 0 if it applies to any prompt at some hours of the day. */
  readonly from: number;
}

export interface ModelScores {
  readonly coding?: number;
  readonly agentic?: number;
  readonly intelligence?: number;
}
