/** What Claude Code itself believes of a model it has in its catalog. */
export interface KnownModel {
  /** Its catalog name, for example `claude-opus-4-6`. */
  readonly name: string;
  /** Tokens; what it assumes the window to be, whatever the gateway gives. */
  readonly window: number;
  /** Tokens; CLAUDE_CODE_MAX_OUTPUT_TOKENS above it is lowered to it. */
  readonly maxOutput: number;
  /** Whether it compacts before the window is full without a setting that says so. */
  readonly compacts: boolean;
}

const M = 1_000_000;
const K200 = 200_000;

/** Name, window, output cap; the catalog of Claude Code 2.1.330, longest names first within a family. */
const CATALOG: readonly (readonly [string, number, number])[] = [
  ['claude-fable-5-2', M, 128_000],
  ['claude-fable-5-1', M, 128_000],
  ['claude-fable-5', M, 128_000],
  ['claude-mythos-5-2', M, 128_000],
  ['claude-mythos-5-1', M, 128_000],
  ['claude-mythos-5', M, 128_000],
  ['claude-opus-5-5', M, 128_000],
  ['claude-opus-5', M, 128_000],
  ['claude-opus-4-8', M, 128_000],
  ['claude-opus-4-7', M, 128_000],
  ['claude-opus-4-6', K200, 128_000],
  ['claude-opus-4-5', K200, 64_000],
  ['claude-opus-4-1', K200, 32_000],
  ['claude-opus-4-0', K200, 32_000],
  ['claude-sonnet-5-5', M, 128_000],
  ['claude-sonnet-5', M, 128_000],
  ['claude-sonnet-4-6', K200, 128_000],
  ['claude-sonnet-4-5', K200, 64_000],
  ['claude-sonnet-4-0', K200, 64_000],
  ['claude-haiku-5-5', M, 128_000],
  ['claude-haiku-4-5', K200, 64_000],
  ['claude-3-7-sonnet', K200, 64_000],
  ['claude-3-5-sonnet', K200, 8192],
  ['claude-3-5-haiku', K200, 8192],
  ['claude-3-opus', K200, 4096],
  ['claude-3-sonnet', K200, 4096],
  ['claude-3-haiku', K200, 4096],
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
  return row && { name: row[0], window: row[1], maxOutput: row[2], compacts: !NEVER_COMPACTS.has(row[0]) };
}
