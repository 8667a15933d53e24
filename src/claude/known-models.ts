import { USUAL_OUTPUT } from './compaction.ts';

/** What Claude Code assumes about a model in its own catalog. */
export interface KnownModel {
  /** Tokens: the window that it assumes, whatever the gateway offers. */
  readonly window: number;
  /** Tokens: a higher CLAUDE_CODE_MAX_OUTPUT_TOKENS is lowered to this. */
  readonly maxOutput: number;
  /** Whether it compacts before the window is full even if no setting names a window. */
  readonly compacts: boolean;
  readonly asks: RequestRow;
}

/** `adaptive`: the model decides; `budget`: `enabled` with `budget_tokens`; `none`: requests have no `thinking`. */
type ThinkingStyle = 'adaptive' | 'budget' | 'none';
type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** The parameters of Claude Code's requests, unless a variable changes them. */
export interface RequestRow {
  readonly thinking: ThinkingStyle;
  /** `output_config.effort`; if absent, requests have no `output_config`. */
  readonly effort?: Effort;
  /** True: a message of role `system` follows the user's. False: its text is part of the user's turn. */
  readonly systemRole: boolean;
  /** `max_tokens`; in `KnownModel.asks`, its value if CLAUDE_CODE_MAX_OUTPUT_TOKENS is not set. */
  readonly maxTokens: number;
  /** True if the beta `per-turn-control` is requested. */
  readonly turnControl?: boolean;
  /** True if the system message comes without the beta for tool changes in mid-conversation. */
  readonly toolsStay?: boolean;
}

/** The parameters for a model that it does not know. */
export const UNKNOWN: RequestRow = { thinking: 'adaptive', effort: 'high', systemRole: true, maxTokens: USUAL_OUTPUT };
const FIVE: RequestRow = { ...UNKNOWN, maxTokens: 64_000 };
const FIVE_FIVE: RequestRow = { thinking: 'adaptive', effort: 'medium', systemRole: true, maxTokens: 128_000, turnControl: true };
const BUDGET: RequestRow = { thinking: 'budget', systemRole: false, maxTokens: 32_000 };
const THREE: RequestRow = { thinking: 'none', systemRole: false, maxTokens: 8192 };

const M = 1_000_000;
const K200 = 200_000;

/** Name, window, output cap (from the catalog of Claude Code 2.1.330), requests (of 2.1.332). Longest names first within a family. */
const CATALOG: readonly (readonly [string, number, number, RequestRow])[] = [
  ['claude-fable-5-2', M, 128_000, FIVE_FIVE],
  ['claude-fable-5-1', M, 128_000, { ...FIVE, turnControl: true }],
  ['claude-fable-5', M, 128_000, FIVE],
  ['claude-mythos-5-2', M, 128_000, FIVE_FIVE],
  ['claude-mythos-5-1', M, 128_000, FIVE],
  ['claude-mythos-5', M, 128_000, FIVE],
  ['claude-opus-5-5', M, 128_000, FIVE_FIVE],
  ['claude-opus-5', M, 128_000, FIVE],
  ['claude-opus-4-8', M, 128_000, FIVE],
  ['claude-opus-4-7', M, 128_000, { ...FIVE, effort: 'xhigh', systemRole: false }],
  ['claude-opus-4-6', K200, 128_000, { ...FIVE, systemRole: false }],
  ['claude-opus-4-5', K200, 64_000, { ...BUDGET, effort: 'high' }],
  ['claude-opus-4-1', K200, 32_000, BUDGET],
  ['claude-opus-4-0', K200, 32_000, BUDGET],
  ['claude-sonnet-5-5', M, 128_000, FIVE_FIVE],
  ['claude-sonnet-5', M, 128_000, { ...FIVE, toolsStay: true }],
  ['claude-sonnet-4-6', K200, 128_000, { ...UNKNOWN, systemRole: false }],
  ['claude-sonnet-4-5', K200, 64_000, BUDGET],
  ['claude-sonnet-4-0', K200, 64_000, BUDGET],
  ['claude-haiku-5-5', M, 128_000, FIVE_FIVE],
  ['claude-haiku-4-5', K200, 64_000, BUDGET],
  ['claude-3-7-sonnet', K200, 64_000, { ...THREE, maxTokens: 32_000 }],
  ['claude-3-5-sonnet', K200, 8192, THREE],
  ['claude-3-5-haiku', K200, 8192, THREE],
  ['claude-3-opus', K200, 4096, { ...THREE, maxTokens: 4096 }],
  ['claude-3-sonnet', K200, 4096, THREE],
  ['claude-3-haiku', K200, 4096, { ...THREE, maxTokens: 4096 }],
];

/** Models that Claude Code fills past their window without compacting, unless a setting names a window for them (measured). */
const NEVER_COMPACTS = new Set(['claude-sonnet-4-5', 'claude-haiku-4-5', 'claude-3-haiku']);

/**
 * What Claude Code knows about a model id; undefined for one that it does not know and takes for
 * a million-token model. Follows Claude Code's own rules (measured on 2.1.330 with `/context`): a
 * plain versioned name must be in the catalog exactly, so `anthropic/claude-opus-5.7` and
 * `~anthropic/claude-opus-latest` are unknown; any other id is known if it contains a catalog name,
 * whoever the author, so `anthropic/claude-opus-4.6:thinking` is known and `vend/claude-opus-x` is not.
 */
export function knowsModel(id: string): KnownModel | undefined {
  const text = id
    .trim()
    .toLowerCase()
    .replace(/\[[12]m\]$/, '')
    .replace(/(claude-(?:[a-z]+-)?\d{1,2})\.(?=\d)/g, '$1-');
  const plain = /^claude-([a-z]+)-(\d{1,2})(?:-(\d{1,2}))?(?:-fast|-latest)?(?:[-@]\d{8})?$/.exec(text.slice(text.lastIndexOf('/') + 1));
  if (plain !== null) {
    const name = `claude-${plain[1] ?? ''}-${plain[2] ?? ''}`;
    const minor = plain[3];
    return find((row) => (minor === undefined ? row === name || row === `${name}-0` : row === `${name}-${minor}`));
  }
  return find((row) => (row.endsWith('-4-0') ? new RegExp(`${row.slice(0, -2)}(?!-\\d(?!\\d))`).test(text) : text.includes(row)));
}

function find(matches: (name: string) => boolean): KnownModel | undefined {
  const row = CATALOG.find(([name]) => matches(name));
  return row && { window: row[1], maxOutput: row[2], compacts: !NEVER_COMPACTS.has(row[0]), asks: row[3] };
}
