import {
  dynamic,
  judgeLines,
  lineCounter,
  type Condition,
  type Definition,
  type Include,
  type Leave,
  type StartupText,
  type Statement,
} from './shell-scan.ts';
import type { Stretch } from './types.ts';

/** What PowerShell treats as a quote (its CharTraits), as UTF-16 characters and as UTF-8 bytes. */
const SINGLE = "(?:['\u2018-\u201b]|\xe2\x80[\x98-\x9b])";
const DOUBLE = '(?:["\u201c-\u201e]|\xe2\x80[\x9c-\x9e])';
const IN_BRACKETS = '(?:[^()]|\\((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\))*';
const hereString = (quote: string): string => `@${quote}[ \\t]*(?=\\r?\\n)[^]*?(?:\\n${quote}@|$)`;

const TOKEN = new RegExp(
  [
    '<#[^]*?(?:#>|$)|(?<![\\w./\\\\:*?~-])#[^\\r\\n]*|`\\r?\\n',
    `${hereString(SINGLE)}|${hereString(DOUBLE)}|\`[^]|\\$\\{(?!env:)[^}]*\\}`,
    `(?<single>${SINGLE}(?:(?!${SINGLE})[^]|${SINGLE}${SINGLE})*${SINGLE})`,
    `(?<double>${DOUBLE}(?:\`[^]|\\$\\(${IN_BRACKETS}\\)|(?!${DOUBLE}|\\$\\()[^\`]|${DOUBLE}${DOUBLE})*${DOUBLE})`,
  ].join('|'),
  'gi',
);

/** The end of a here-string. */
const CLOSED = new RegExp(`\\n(?:${SINGLE}|${DOUBLE})@$`);

/** The text with comments blanked and strings as `'___'` or `"___"`, with every offset kept; line breaks within them are replaced too. */
function mask(text: string): string {
  return text.replace(TOKEN, (part, single?: string, double?: string) => {
    const [edge, inner] = single !== undefined ? "'_" : double !== undefined ? '"_' : /^(?:<?#|`\s)/.test(part) ? '  ' : '__';
    return part.length < 2 ? ' ' : `${edge}${(inner ?? '').repeat(part.length - 2)}${edge}`;
  });
}

/** The here-strings, block comments and multi-line strings that are closed. */
export function closedStringsPowershell(text: string): { readonly strings: readonly Stretch[]; readonly documents: readonly Stretch[] } {
  const all = [...text.matchAll(TOKEN)].map(({ 0: part, 1: single, 2: double, index }) => ({
    ...{ part, start: index, end: index + part.length, isString: single !== undefined || double !== undefined },
  }));
  return {
    strings: all.filter(({ part, isString }) => isString && part.includes('\n')),
    documents: all.filter(({ part, isString }) => !isString && (part.startsWith('@') ? CLOSED.test(part) : /^<#[^]*#>$/.test(part))),
  };
}

const ASSIGNED = /\$(?:env:(\w+)|\{env:(\w+)\})(?=((?:[ \t]*,[^=\n;]*)?[ \t]*(?:\?\?|[-+*/%])?=)(?!=))/gi;
const CMDLET = /((?:^|[;{}(|&=\n\r])[ \t]*)(?:(Set-Item|si|New-Item|ni|Set-Content|sc)|Remove-Item|ri|rm|del|erase|Clear-Item|cli)[ \t]+/gi;
const ENV_PATH = /(?<![^\s,'"])Env:[\\/]?(\w+)/gi;
const BEFORE_VALUE = /^(?:-(?:Literal)?Path[ \t]+)?(['"]?)Env:[\\/]?\w+\1[ \t]+(?:-Value[ \t]+)?/i;
const METHOD = /\[(?:System\.)?Environment\]::SetEnvironmentVariable\(/gi;
const INCLUDE = /(?:^|[;{}\n\r])[ \t]*([.&])[ \t]+((['"])_*\3|[^\s;'"{][^\s;'"]*)/g;
/** Commands that run computed text. */
const INVOKES = /(?<![\w-])(?:Invoke-Expression|iex)\b/gi;
const DEFINES =
  /(?:^|[;{}\n\r])[ \t]*(?:function[ \t]+(?:global:)?([\w-]+)|(?:Set-Alias|New-Alias|sal|nal)[ \t]+(?:-Name[ \t]+)?([\w-]+))/gi;
const LEAVES = /(?:^|[;{}\n\r])[ \t]*(return|exit)\b/gi;
/** A line with this end continues on the next one, and one with this start continues the one before. */
const OPEN_END = /(?:[-+*/%,|&=.]|\s-(?:[ci]?(?:not)?(?:replace|split|match|like|eq|ne|in|contains)|join|f|and|or|is|as))$/i;
const OPEN_START = /^\s*(?:\||&&|(?:else|elseif|catch|finally)\b)/i;

/** Scans for `$env:N =`, `${env:N} =`, `Set-Item Env:N`, `[Environment]::SetEnvironmentVariable('N'`, `Remove-Item Env:N`, in any case. */
export function scanPowershell(text: string, names: ReadonlySet<string>): StartupText {
  const code = mask(text);
  const around = enclosing(code, text);
  const runsAt = (offset: number): readonly Condition[] | undefined => runsUnder(code, around(offset));
  const lineOf = lineCounter(text);
  const leaves: Leave[] = [...code.matchAll(LEAVES)].flatMap(({ 0: match, 1: word = '', index }) => {
    const offset = index + match.length - word.length;
    const { inFunction, conditions } = around(offset);
    return inFunction ? [] : [{ how: /exit/i.test(word) ? 'exit' : 'return', offset, line: lineOf(offset), conditions }];
  });
  const left = leaves.find(({ conditions }) => conditions.length === 0)?.offset ?? Infinity;
  const statements = statementsOf(code, text, names, { runsAt, left });
  const assignments = judgeLines(code, statements);
  const assignmentLine = lineCounter(text);
  return {
    assignments: assignments.map((each) => ({ ...each, line: assignmentLine(each.offset) })),
    includes: includesOf(code, text, runsAt),
    dynamics: dynamicsOf(code, text, runsAt),
    leaves,
    definitions: definitionsOf(code, text),
  };
}

function includesOf(code: string, text: string, runsAt: Place['runsAt']): readonly Include[] {
  const lineOf = lineCounter(text);
  return [...code.matchAll(INCLUDE)].flatMap(({ 0: match, 1: how, 2: path = '', index }) => {
    const offset = index + match.length - path.length;
    const raw = text.slice(offset, index + match.length);
    const conditions = runsAt(offset);
    // `& program` changes nothing in this process, but environment variables that a script sets stay.
    if (conditions === undefined || (how === '&' && !/\.ps1\W?$/i.test(raw))) return [];
    return [{ raw, offset, line: lineOf(offset), conditions }];
  });
}

function dynamicsOf(code: string, text: string, runsAt: Place['runsAt']): StartupText['dynamics'] {
  const lineOf = lineCounter(text);
  return [...code.matchAll(INVOKES)].flatMap(({ index }) => {
    const conditions = runsAt(index);
    const from = Math.max(...['\n', ';', '{'].map((before) => code.lastIndexOf(before, index))) + 1;
    const found = conditions === undefined ? undefined : dynamic(text.slice(from, endOf(code, index)), index, lineOf(index), conditions);
    return found === undefined ? [] : [found];
  });
}

function definitionsOf(code: string, text: string): readonly Definition[] {
  const lineOf = lineCounter(text);
  return [...code.matchAll(DEFINES)].map(({ 1: name, 2: alias, index }): Definition => {
    const offset = index + 1;
    return { name: name ?? alias ?? '', kind: name === undefined ? 'alias' : 'function', text: undefined, offset, line: lineOf(offset) };
  });
}

interface Place {
  /** What has to hold for the statement at an offset to run; undefined in a function that the file does not call. */
  readonly runsAt: (offset: number) => readonly Condition[] | undefined;
  /** Offset at which the file always returns or exits; Infinity if it does not. */
  readonly left: number;
}

function statementsOf(code: string, text: string, names: ReadonlySet<string>, { runsAt, left }: Place): Statement[] {
  const statements: Statement[] = [];
  const add = (offset: number, end: number, name: string, value: string | undefined | null, isPlain: boolean, isSure = true): void => {
    if (!names.has(name.toUpperCase())) return;
    const outer = runsAt(offset);
    if (outer === undefined) return;
    const own: Condition[] = isSure ? [] : [{ kind: 'other', text: name, negated: false, offset }];
    const conditions = [...outer, ...own];
    const line = code.lastIndexOf('\n', offset) + 1;
    const stop = code.indexOf('\n', end);
    const lines = text.slice(line, stop === -1 ? undefined : stop);
    const whole = isPlain && conditions.length === 0 && offset < left && !/[\r\n]./s.test(lines) && !OPEN_END.test(lastBefore(code, line));
    const kind = value === null ? 'unset' : 'set';
    statements.push({
      assignment: { kind, name: name.toUpperCase(), line: 0, offset, value: value ?? undefined, exported: true, conditions },
      end,
      whole,
    });
  };
  const literal = (from: number, to: number): string | undefined => literalIn(code, text, from, to);
  for (const { 0: match, 1: name, 2: braced, 3: tail = '', index } of code.matchAll(ASSIGNED)) {
    const from = index + match.length + tail.length;
    const end = endOf(code, index);
    const right = code.slice(from, end);
    const isPlain = !tail.includes(',') && !right.includes('=');
    const value = right.trim() === '$null' ? null : tail.trim() === '=' ? literal(from, end) : undefined;
    add(index, end, name ?? braced ?? '', value, isPlain, !tail.includes('?'));
  }
  for (const { 0: match, 1: lead = '', 2: sets, index } of code.matchAll(CMDLET)) {
    const from = index + match.length;
    const end = endOf(code, from);
    const words = text.slice(from, end);
    const found = [...words.matchAll(ENV_PATH)].map((each) => each[1] ?? '');
    const before = BEFORE_VALUE.exec(words)?.[0];
    const value = sets === undefined ? null : before === undefined ? undefined : literal(from + before.length, end);
    for (const name of found)
      add(
        index + lead.length,
        end,
        name,
        value,
        found.every((each) => names.has(each.toUpperCase())),
      );
  }
  for (const { 0: match, index } of code.matchAll(METHOD)) {
    const start = index + match.length;
    const stops = [...level(code, start)].filter(([, char, depth]) => depth < 0 || char === ',').map(([at]) => at);
    const [from, end, target = end] = stops;
    // `User` and `Machine` write to the registry, which does not affect this process.
    if (from === undefined || end === undefined || /User|Machine/i.test(text.slice(end, target))) continue;
    add(index, (stops.at(-1) ?? end) + 1, literal(start, from) ?? '', literal(from + 1, end), true);
  }
  return statements.sort((a, b) => a.assignment.offset - b.assignment.offset);
}

/** The value of a stretch that is one plain string, with the second quote of each doubled one; undefined for anything else. */
function literalIn(code: string, text: string, from: number, to: number): string | undefined {
  const [string = '', blanks = '', quote] = /^(\s*)(?:(['"])_*\2)(?=\s*$)/.exec(code.slice(from, to)) ?? [];
  const raw = text.slice(from + blanks.length, from + string.length);
  if (quote === undefined || (quote === '"' && /[$`]/.test(raw))) return undefined;
  const each = quote === '"' ? DOUBLE : SINGLE;
  return raw.replace(new RegExp(`^${each}|${each}$`, 'g'), '').replace(new RegExp(`${each}(${each})`, 'g'), '$1');
}

const lastBefore = (code: string, offset: number): string => code.slice(0, offset).trimEnd().slice(-12);

/** Characters of a statement that are read; a longer one is left as it is. */
const LONGEST = 10_000;

/** The characters from an offset on that are not inside further brackets, and the closing bracket after them (depth -1). */
function* level(code: string, from: number): Generator<readonly [at: number, char: string, depth: number]> {
  let depth = 0;
  for (let at = from; at < code.length && at < from + LONGEST && depth >= 0; at += 1) {
    const char = code.charAt(at);
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    if (depth <= 0) yield [at, char, depth];
  }
}

/** Where the statement at an offset ends: before `;`, a closing bracket, or a line break after which it does not continue. */
function endOf(code: string, from: number): number {
  for (const [at, char, depth] of level(code, from)) {
    if (depth < 0 || char === ';') return at;
    if (char === '\n' && !OPEN_END.test(lastBefore(code, at)) && !OPEN_START.test(code.slice(at, at + 99))) return at;
  }
  return code.length;
}

interface Around {
  /** True in the body of a function or a filter. */
  readonly inFunction: boolean;
  readonly conditions: readonly Condition[];
}

/** Returns a function that tells what is around an offset. Ascending offsets take one pass over the text; a smaller one starts again. */
function enclosing(code: string, text: string): (offset: number) => Around {
  let at = 0;
  let open: { readonly head: string; readonly offset: number; readonly isCode: boolean }[] = [];
  return (offset) => {
    if (offset < at) [at, open] = [0, []];
    for (; at < offset; at += 1) {
      const char = code[at];
      if (char === '{' || char === '(') open.push(headBefore(code, text, at));
      if (char === '}' || char === ')') open.pop();
    }
    const conditions = open.map(({ head, offset: from }): Condition => ({ kind: 'other', text: head, negated: false, offset: from }));
    return { inFunction: open.some(({ head, isCode }) => isCode && /^(?:function|filter)\b/i.test(head)), conditions };
  };
}

/** What comes before an opening bracket in its statement: `if (Test-Path x)`. */
function headBefore(code: string, text: string, at: number): { readonly head: string; readonly offset: number; readonly isCode: boolean } {
  let from = at;
  let depth = 0;
  for (; from > 0 && at - from < 300; from -= 1) {
    const char = code.charAt(from - 1);
    if (char === ')') depth += 1;
    if (char === '(') depth -= 1;
    if (depth < 0 || (depth === 0 && /[;{}\n\r]/.test(char))) break;
  }
  return { head: text.slice(from, at).replace(/\s+/g, ' ').trim(), offset: from, isCode: code[at] === '{' };
}

/** With a function's call in place of the function; undefined if the file does not call it. */
function runsUnder(code: string, { inFunction, conditions }: Around): readonly Condition[] | undefined {
  if (!inFunction) return conditions;
  const at = conditions.findIndex(({ text }) => /^(?:function|filter)\b/i.test(text));
  const name = /^\w+\s+(?:\w+:)?([\w-]+)/.exec(conditions[at]?.text ?? '')?.[1];
  const call = name === undefined ? undefined : new RegExp(`(?:^|[;{}\\n\\r])[ \\t]*${name}(?=[\\s;}]|$)`, 'i').exec(code);
  if (name === undefined || call === null || call === undefined) return undefined;
  const called: Condition = { kind: 'call', text: name, negated: false, offset: call.index };
  return [...conditions.slice(0, at), called, ...conditions.slice(at + 1)];
}
