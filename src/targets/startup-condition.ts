import type { ShellTargetId } from './types.ts';
import type { Context } from '../core/context.ts';
import type { Condition } from '../edit/shell/shell-scan.ts';
import { staticText } from '../edit/shell/shell-skip.ts';

/** What a condition is judged against: a start of this shell in a terminal, with these files. */
interface ConditionFacts {
  readonly fs: Context['fs'];
  readonly target: ShellTargetId;
  readonly start: 'interactive' | 'login';
  /** Expands a path as written in the file; undefined if only a shell can. */
  readonly expand: (raw: string) => string | undefined;
}

/** True if the condition holds at every such start, false if at none, undefined if reading can't tell. Starts nothing. */
export function holds(condition: Condition, facts: ConditionFacts): boolean | undefined {
  const judged =
    condition.kind === 'test' ? judgeTest(condition.text, facts) : condition.kind === 'case' ? judgeCase(condition.text) : undefined;
  return judged === undefined ? undefined : judged !== condition.negated;
}

/** Judges `case $- in *i*)`, with which start-up files tell a terminal from a script. */
function judgeCase(text: string): boolean | undefined {
  const [, patterns] = /^case ["']?\$\{?-\}?["']? in \(?(.*)\)$/.exec(text) ?? [];
  if (patterns === undefined) return undefined;
  return patterns.split('|').some((each) => /^\*?(?:\[[^\]]*i[^\]]*\]|i)?\*$/.test(each.trim()));
}

function judgeTest(text: string, facts: ConditionFacts): boolean | undefined {
  const parts = text.split(/\s+&&\s+|\s+-a\s+|\s*;\s*and\s+/);
  if (parts.length > 1 && !/\|\||\s-o\s/.test(text)) {
    const judged = parts.map((part) => judgeOne(part.replace(/^(?:\[\[?|test)\s+/, '').replace(/\s+\]\]?$/, ''), facts));
    if (judged.includes(false)) return false;
    return judged.every((each) => each === true) ? true : undefined;
  }
  const inner = /^\[\[?\s+([^]*?)\s+\]\]?$/.exec(text)?.[1] ?? /^test\s+([^]*)$/.exec(text)?.[1];
  if (inner === undefined && /^!\s+/.test(text)) return not(judgeTest(text.replace(/^!\s+/, ''), facts));
  if (inner === undefined && /^not\s+/.test(text)) return not(judgeTest(text.replace(/^not\s+/, ''), facts));
  if (inner !== undefined && /\]\s|\|\||\s-o\s/.test(inner)) return undefined;
  return judgeOne(inner ?? text, facts);
}

function judgeOne(text: string, facts: ConditionFacts): boolean | undefined {
  const plain = text.replace(/\s*\d?>(?:&\d|\s*\/dev\/null)/g, '').trim();
  if (/^!\s+/.test(plain)) return not(judgeOne(plain.replace(/^!\s+/, ''), facts));
  if (plain === 'true' || plain === ':') return true;
  if (plain === 'false') return false;
  const isPosix = facts.target === 'bash' || facts.target === 'zsh';
  if (facts.target === 'fish' && /^status (?:--)?is-interactive$/.test(plain)) return true;
  if (facts.target === 'bash' && plain === 'shopt -oq posix') return false;
  if (facts.target === 'zsh' && plain === '-o interactive') return true;
  if (!isPosix && facts.target !== 'fish') return undefined;
  const dash = /^["']?\$\{?-\}?["']?\s+(==?|=~|!=)\s+["']?\*?i\*?["']?$/.exec(plain)?.[1];
  if (dash !== undefined) return dash !== '!=';
  return judgeFile(plain, facts) ?? judgeVariable(plain, facts);
}

function judgeFile(plain: string, { fs, expand }: ConditionFacts): boolean | undefined {
  const [, flag, raw] = /^-([aefrsdx])\s+(\S+|"[^"]*"|'[^']*')$/.exec(plain) ?? [];
  const path = raw === undefined ? undefined : expand(raw);
  if (path === undefined) return undefined;
  try {
    const stat = fs.stat(path);
    if (stat === undefined) return false;
    if (flag === 'f') return stat.kind === 'file';
    if (flag === 'd') return stat.kind === 'directory';
    if (flag === 's') return stat.kind === 'file' ? stat.size > 0 : undefined;
    // Another user's file may not be readable; permission to execute is not judged.
    if (flag === 'r') return (stat.mode & 0o444) === 0o444 || (stat.mode & 0o400) !== 0 ? true : undefined;
    return flag === 'x' ? undefined : true;
  } catch {
    return undefined;
  }
}

/** Judges `-n "$PS1"`, `-z "$BASH_VERSION"`: variables that a shell sets by itself. */
function judgeVariable(plain: string, { target }: ConditionFacts): boolean | undefined {
  const [, flag = '-n', name] = /^(?:(-[nz])\s+)?["']?\$\{?(\w+)(?:[:]?-)?\}?["']?$/.exec(plain) ?? [];
  const own: Readonly<Record<string, boolean>> = {
    PS1: true,
    BASH: target === 'bash',
    BASH_VERSION: target === 'bash',
    ZSH_VERSION: target === 'zsh',
    ZSH_NAME: target === 'zsh',
    HOME: true,
  };
  if (name === undefined || target === 'fish' || !Object.hasOwn(own, name)) return undefined;
  return flag === '-n' ? own[name] : not(own[name]);
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** Splits a path with `*` or `?` in its last part into the folder and a test for file names; undefined for any other word. */
export function globOf(
  raw: string,
  expand: (raw: string) => string | undefined,
): { readonly folder: string; readonly matches: (name: string) => boolean } | undefined {
  const bare = raw.replace(/["']/g, '').replace(/\([N.@]+\)$/, '');
  const at = bare.lastIndexOf('/');
  const pattern = bare.slice(at + 1);
  if (at < 1 || !/[*?]/.test(pattern) || /[[\]{}$`()]/.test(pattern)) return undefined;
  const folder = expand(bare.slice(0, at));
  if (folder === undefined) return undefined;
  const source = pattern
    .replace(/[.+^|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  const expression = new RegExp(`^${source}$`, 's');
  return { folder, matches: (name) => expression.test(name) && (pattern.startsWith('.') || !name.startsWith('.')) };
}

/** The last word that the text assigns to a variable which the shell does not set by itself; undefined if there is none. */
export function assignedPath(text: string, name: string): string | undefined {
  const found = [
    ...text.matchAll(new RegExp(`(?:^|[\\s;])(?:set\\s+(?:-\\w+\\s+)*${name}\\s+|${name}=)("[^"\\n]*"|'[^'\\n]*'|[^\\s;]+)`, 'g')),
  ].at(-1)?.[1];
  if (found === undefined) return undefined;
  return found.startsWith("'") ? staticText(found) : found;
}
