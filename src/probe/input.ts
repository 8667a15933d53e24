import type { ExtraBody } from './request.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';
import type { ModelPrice } from '../openrouter/charge.ts';

export type ProbeProgress =
  | { readonly kind: 'asked' | 'first-token'; readonly model: string; readonly turn: 1 | 2 }
  /** Sent about once a second before a retry. */
  | { readonly kind: 'waiting'; readonly model: string; readonly remainingMs: number; readonly code: string };

/** How models are asked; the same for each of them. */
export interface ProbeSettings {
  readonly endpoint: Endpoint;
  /** `CLAUDE_CODE_MAX_OUTPUT_TOKENS` in effect: Claude Code asks for that many, or fewer if it knows that the model gives fewer. */
  readonly maxTokens: number;
  /** false if `ENABLE_TOOL_SEARCH` is off, so that Claude Code defers no tools. */
  readonly toolSearch?: boolean | undefined;
  /** The members that CLAUDE_CODE_EXTRA_BODY sets in every request. */
  readonly extraBody?: ExtraBody | undefined;
  /** Knows the full names under which OpenRouter answers. */
  readonly catalog?: Pick<Catalog, 'find'> | undefined;
  /** Stop after the first turn. */
  readonly quick?: boolean | undefined;
  /** Milliseconds for each turn. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ProbeProgress) => void) | undefined;
  /** For findings. */
  readonly nearest?: ((id: string) => readonly string[]) | undefined;
}

export interface ProbeInput extends ProbeSettings {
  readonly model: string;
  /** The effort in effect for it, `unset` for none; absent: Claude Code's own default. */
  readonly effort?: string | undefined;
  /** The catalog's price, to check the cost that the answer states. */
  readonly price?: ModelPrice | undefined;
  /** For findings. */
  readonly alias?: string | undefined;
}
