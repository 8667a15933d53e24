import type { ModelPrice } from './charge.ts';

/** What orcc keeps of one model. Prices in USD per million tokens, windows in tokens. */
export interface CatalogModel {
  readonly id: string;
  /** Stripped of control characters. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** The smaller of the model's and its top provider's window; null where neither is told (routers). */
  readonly context: number | null;
  /** The top provider's cap on output; null if not stated. */
  readonly maxOutput: number | null;
  /** null where the price is not fixed (routers answer "-1"). */
  readonly inputPrice: number | null;
  readonly outputPrice: number | null;
  /** A price is null because nobody tells it, not because it is not fixed. */
  readonly priceUntold?: true;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** The whole price, where there is more to it than the four above: steps, longer caching, searches. */
  readonly price?: ModelPrice;
  /** What a request of a session costs, where a step makes that another price than the base price. */
  readonly session?: SessionPrice;
  /** The highest price of any step (long prompts, hours of the day), where it is above the base price. */
  readonly peakInput?: number;
  readonly peakOutput?: number;
  readonly tools: boolean;
  /** Whether it takes tools is told by nobody; `tools` is true then. */
  readonly toolsUntold?: true;
  readonly toolChoice: boolean;
  readonly reasoning: boolean;
  readonly textIn: boolean;
  readonly textOut: boolean;
  /** It takes no images: once Claude Code reads one, the session is unusable. Absent if it takes them or that is not stated. */
  readonly textOnly?: true;
  /** The account's privacy settings or guardrails keep the key from it (`markBarred`). Absent where they do not, or nobody asked; never cached. */
  readonly barred?: true;
  /** For jobs that run for hours, not for interactive use. */
  readonly batch: boolean;
  readonly free: boolean;
  /** `2026-12-31`: the day it goes away. 2098 stands for "never" and is left out. */
  readonly expires?: string;
  /** What a `~…-latest` id stands for at present. */
  readonly aliasTarget?: string;
  /** Of a preset of the account (`withBases`): the id of the model behind it, whose row this is. Never cached. */
  readonly base?: string;
  /** Artificial Analysis indices, 0 to 100. */
  readonly scores?: ModelScores;
  /** `free` of `…:free`. */
  readonly variant?: string;
  /** The dated full name, under which OpenRouter answers and which it takes as an id; absent where it is the id itself. Variants share one. */
  readonly canonicalSlug?: string;
}

/** The price step that a usual request of Claude Code's sessions falls into (`SESSION_REQUEST_TOKENS`), USD per million tokens. */
export interface SessionPrice {
  readonly input: number;
  readonly output: number;
  /** It holds from so many prompt tokens on; 0: for any prompt, at some hours of the day. */
  readonly from: number;
}

export interface ModelScores {
  readonly coding?: number;
  readonly agentic?: number;
  readonly intelligence?: number;
}
