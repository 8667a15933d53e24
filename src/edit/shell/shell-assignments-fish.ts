import { judgeLines, lineCounter, type Assignment, type Include, type StartupText, type Statement as Found } from './shell-scan.ts';

interface Statement {
  readonly words: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly chained: boolean;
}

const OPENERS = new Set(['if', 'for', 'while', 'switch', 'function', 'begin']);

/** One word: quoted stretches, substitutions and escapes kept together. */
const WORD = /(?:'(?:[^\\']|\\.)*'|"(?:[^\\"]|\\.)*"|\((?:[^()'"]|'(?:[^\\']|\\.)*'|"(?:[^\\"]|\\.)*"|\([^()]*\))*\)|\\[^]|[^\s;&|'"()])+/y;

/** Splits fish text into statements; what it can't make out ends up deeper than it is. */
function* readStatements(text: string): Generator<Statement> {
  let words: string[] = [];
  let [start, end, depth] = [0, 0, 0];
  let chained = false;
  const finish = (separator: string): Statement | undefined => {
    const [first] = words;
    if (first === 'end') depth = Math.max(0, depth - 1);
    const isCondition = first === 'and' || first === 'or' || first === 'not';
    const statement =
      first === undefined
        ? undefined
        : { words: isCondition ? words.slice(1) : words, start, end, depth, chained: chained || isCondition || separator === '|' };
    if (first !== undefined && OPENERS.has(first)) depth += 1;
    words = [];
    chained = separator === '&&' || separator === '||' || separator === '|';
    return statement;
  };
  for (let i = 0; i < text.length;) {
    const char = text[i] ?? '';
    if (char === ' ' || char === '\t' || char === '\r') i += 1;
    else if (char === '\\' && text[i + 1] === '\n') i += 2;
    else if (char === '#') {
      const newline = text.indexOf('\n', i);
      i = newline === -1 ? text.length : newline;
    } else if (/[\n;&|]/.test(char)) {
      const separator = text.startsWith('&&', i) || text.startsWith('||', i) ? char + char : char;
      const statement = finish(separator);
      if (statement !== undefined) yield statement;
      i += separator.length;
    } else {
      WORD.lastIndex = i;
      const word = WORD.exec(text)?.[0] ?? char;
      if (words.length === 0) start = i;
      words.push(word);
      i += word.length;
      end = i;
    }
  }
  const last = finish('\n');
  if (last !== undefined) yield last;
}

/** fish: `set -gx N v`, `set -Ux N v`, `set N v`, `export N=v`, `set -e N`. */
export function scanFish(text: string, names: ReadonlySet<string>): StartupText {
  const found: Found[] = [];
  const includes: Include[] = [];
  const lineOf = lineCounter(text);
  for (const statement of readStatements(text)) {
    const { words, start, end, depth, chained } = statement;
    const line = lineOf(start);
    if ((words[0] === 'source' || words[0] === '.') && words[1] !== undefined) includes.push({ raw: words[1], offset: start, line });
    const conditional = depth > 0 || chained;
    const settings = settingsOf(words);
    const whole = !conditional && settings.every(({ name }) => names.has(name));
    for (const setting of settings) {
      if (names.has(setting.name)) found.push({ assignment: { ...setting, line, offset: start, conditional }, end, whole });
    }
  }
  return { assignments: judgeLines(text, found), includes };
}

function settingsOf(words: readonly string[]): Pick<Assignment, 'kind' | 'name' | 'value'>[] {
  if (words[0] === 'export') {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(words[1] ?? '') ?? [];
    return name === undefined ? [] : [{ kind: 'set', name, value: unquote(value ?? '') }];
  }
  if (words[0] !== 'set') return [];
  const flags = words.slice(1).filter((word) => /^-/.test(word));
  const rest = words.slice(1).filter((word) => !/^-/.test(word));
  const has = (short: string, long: string): boolean =>
    flags.includes(long) || flags.some((flag) => /^-[A-Za-z]+$/.test(flag) && flag.includes(short));
  const [name, ...values] = rest;
  if (name === undefined || has('q', '--query') || has('l', '--local') || has('f', '--function') || has('n', '--names')) return [];
  if (has('e', '--erase')) return rest.map((each) => ({ kind: 'unset', name: each, value: undefined }));
  if (has('u', '--unexport')) return [{ kind: 'unset', name, value: undefined }];
  return [{ kind: 'set', name, value: values.length === 0 ? '' : values.length === 1 ? unquote(values[0] ?? '') : undefined }];
}

function unquote(word: string): string | undefined {
  if (/^'(?:[^\\']|\\.)*'$/s.test(word)) return word.slice(1, -1).replace(/\\([\\'])/g, '$1');
  if (/^"[^"\\$()]*"$/.test(word)) return word.slice(1, -1);
  return /^[^'"\\$()~*?{}]*$/.test(word) ? word : undefined;
}
