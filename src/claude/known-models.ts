/** What Claude Code itself believes of a model it has in its catalog. */
export interface KnownModel {
  /** Tokens; what it assumes the window to be, whatever the gateway gives. */
  readonly window: number;
  /** Tokens; CLAUDE_CODE_MAX_OUTPUT_TOKENS above it is lowered to it. */
  readonly maxOutput: number;
  /** Whether it compacts before the window is full without a setting that says so. */
  readonly compacts: boolean;
  readonly asks: RequestRow;
}

/** `adaptive`: the model decides; `budget`: `enabled` with `budget_tokens`; `none`: no `thinking` at all. */
type ThinkingStyle = 'adaptive' | 'budget' | 'none';
export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** How it asks for an answer, where no variable says otherwise. */
export interface RequestRow {
  readonly thinking: ThinkingStyle;
  /** `output_config.effort`; no `output_config` without it. */
  readonly effort?: Effort;
  /** A message of role `system` follows the user's; otherwise its text is part of the user's turn. */
  readonly systemRole: boolean;
  /** `max_tokens`; in `asks` without CLAUDE_CODE_MAX_OUTPUT_TOKENS. */
  readonly maxTokens: number;
  /** The beta `per-turn-control` is asked for. */
  readonly turnControl?: boolean;
  /** The system message comes without the beta for tools that change in between. */
  readonly toolsStay?: boolean;
}

/** How it asks a model that it does not know. */
export const UNKNOWN: RequestRow = { thinking: 'adaptive', effort: 'high', systemRole: true, maxTokens: 32_000 };
const FIVE: RequestRow = { ...UNKNOWN, maxTokens: 64_000 };
const FIVE_FIVE: RequestRow = { thinking: 'adaptive', effort: 'medium', systemRole: true, maxTokens: 128_000, turnControl: true };
const BUDGET: RequestRow = { thinking: 'budget', systemRole: false, maxTokens: 32_000 };
const THREE: RequestRow = { thinking: 'none', systemRole: false, maxTokens: 8192 };

const M = 1_000_000;
const K200 = 200_000;

/** Name, window, output cap (the catalog of Claude Code 2.1.330), and how 2.1.332 asks; longest names first within a family. */
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

/** Measured: fed past their window without compacting, unless a setting names a window for them. */
const NEVER_COMPACTS = new Set(['claude-sonnet-4-5', 'claude-haiku-4-5', 'claude-3-haiku']);

/**
 * What Claude Code knows of a model id, or undefined for one that it does not know and takes for
 * a million-token model. Follows its own reading (measured on 2.1.330 with `/context`): a plain
 * versioned name must be in the catalog exactly, so `anthropic/claude-opus-5.7` and
 * `~anthropic/claude-opus-latest` are unknown; any other id is known by a catalog name inside it,
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
