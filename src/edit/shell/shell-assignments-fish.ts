import type { Command } from './shell-pipelines.ts';
import { dynamic, Scan, type Assignment, type Condition, type StartupText } from './shell-scan.ts';

type Statement = Omit<Command, 'inFunction' | 'inSubshell' | 'statement'>;

interface Frame {
  readonly words: readonly string[];
  readonly offset: number;
  readonly failed: Condition[];
  held: Condition | undefined;
}

const OPENERS = new Set(['if', 'for', 'while', 'switch', 'function', 'begin']);

/** One word: quoted stretches, substitutions and escapes kept together. */
const WORD = /(?:'(?:[^\\']|\\.)*'|"(?:[^\\"]|\\.)*"|\((?:[^()'"]|'(?:[^\\']|\\.)*'|"(?:[^\\"]|\\.)*"|\([^()]*\))*\)|\\[^]|[^\s;&|'"()])+/y;

/** Reads fish text statement by statement; what it can't parse counts as more deeply nested than it is. */
class Reader {
  private readonly text: string;
  private words: string[] = [];
  private start = 0;
  private end = 0;
  private readonly frames: Frame[] = [];
  private chained = false;
  /** Where the list joined by `and`, `or` and the like starts, and how many of these it has. */
  private list = 0;
  private joints = 0;
  private lastJoint = '';

  constructor(text: string) {
    this.text = text;
  }

  *statements(): Generator<Statement> {
    const { text } = this;
    for (let i = 0; i < text.length;) {
      const char = text.charAt(i);
      if (char === ' ' || char === '\t' || char === '\r') i += 1;
      else if (char === '\\' && text[i + 1] === '\n') i += 2;
      else if (char === '#') {
        const newline = text.indexOf('\n', i);
        i = newline === -1 ? text.length : newline;
      } else if (/[\n;&|]/.test(char)) {
        const separator = text.startsWith('&&', i) || text.startsWith('||', i) ? char + char : char;
        const statement = this.finish(separator);
        if (statement !== undefined) yield statement;
        i += separator.length;
      } else {
        WORD.lastIndex = i;
        const word = WORD.exec(text)?.[0] ?? char;
        if (this.words.length === 0) this.start = i;
        this.words.push(word);
        i += word.length;
        this.end = i;
      }
    }
    const last = this.finish('\n');
    if (last !== undefined) yield last;
  }

  private finish(separator: string): Statement | undefined {
    const { words, start } = this;
    const [first] = words;
    // A line break after `&&` does not end the statement.
    if (first === undefined && separator === '\n' && this.chained) return undefined;
    if (first === 'end') this.frames.pop();
    const isJoined = first === 'and' || first === 'or';
    const isWord = isJoined || first === 'not' || first === '!';
    if (!this.chained && !isJoined && first !== undefined) [this.list, this.joints] = [start, 0];
    if (isJoined) this.lastJoint = first;
    if (isJoined || this.chained) this.joints += 1;
    const statement = first === undefined ? undefined : this.statement(isWord, isJoined, separator);
    if (first !== undefined) this.openOrBranch(first);
    this.words = [];
    this.chained = separator === '&&' || separator === '||' || separator === '|';
    this.lastJoint = separator === '||' ? 'or' : separator;
    return statement;
  }

  private statement(isWord: boolean, isJoined: boolean, separator: string): Statement {
    const { words, start, end, frames } = this;
    const isChained = this.chained || isJoined;
    const own: Condition[] = [];
    if (isChained) {
      const kind = this.joints === 1 && this.lastJoint !== '|' ? 'test' : 'other';
      const text = oneLine(this.text.slice(this.list, start)).replace(/\s*(?:&&|\|\||\||;)\s*$/, '');
      own.push({ kind, text, negated: this.lastJoint === 'or', offset: this.list });
    }
    if (separator === '|' || separator === '&')
      own.push({ kind: 'other', text: oneLine(this.text.slice(start, end)), negated: false, offset: start });
    const inner = frames.flatMap(({ failed, held }) => [...failed, ...(held === undefined ? [] : [held])]);
    const heads = frames.flatMap((frame) => (frame.words[0] === 'for' ? [[frame.words[1] ?? '', frame.words.slice(3)] as const] : []));
    return {
      words: isWord ? words.slice(1) : words,
      start,
      end,
      depth: frames.length,
      chained: isChained || isWord,
      conditions: [...inner, ...own],
      functionNames: frames.find((frame) => frame.words[0] === 'function')?.words.slice(1, 2) ?? [],
      loops: new Map(heads),
    };
  }

  /** Handles the start of a block, or of another branch of `if` or `switch`. */
  private openOrBranch(first: string): void {
    const { words, start } = this;
    const rest = oneLine(this.text.slice(start, this.end)).replace(/^\S+\s*/, '');
    if (OPENERS.has(first)) {
      const frame: Frame = { words, offset: start, failed: [], held: undefined };
      if (first === 'if') frame.held = { kind: 'test', text: rest, negated: false, offset: start };
      if (first === 'for' || first === 'while') frame.held = { kind: 'loop', text: `${first} ${rest}`, negated: false, offset: start };
      this.frames.push(frame);
    }
    const frame = this.frames.at(-1);
    if (first === 'case' && frame?.words[0] === 'switch')
      frame.held = { kind: 'other', text: `${frame.words.join(' ')} case ${rest}`, negated: false, offset: start };
    if (first === 'else' && frame?.words[0] === 'if') {
      if (frame.held !== undefined) frame.failed.push({ ...frame.held, negated: true });
      const isMore = words[1] === 'if';
      frame.held = isMore ? { kind: 'test', text: rest.replace(/^if\s*/, ''), negated: false, offset: start } : undefined;
    }
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Scans fish text for `set -gx N v`, `set -Ux N v`, `set N v`, `export N=v`, `set -e N`. */
export function scanFish(text: string, names: ReadonlySet<string>): StartupText {
  const scan = new FishScan(text, names);
  for (const statement of new Reader(text).statements()) scan.read(statement);
  return scan.result();
}

class FishScan extends Scan {
  read(statement: Statement): void {
    const { words, start, end, depth, chained, conditions, functionNames } = statement;
    const line = this.lineOf(start);
    const settings = settingsOf(words, functionNames.length > 0);
    const whole = words[0] !== 'SETUVAR' && depth === 0 && !chained && settings.every(({ name }) => this.names.has(name));
    for (const setting of settings) {
      if (!this.names.has(setting.name)) continue;
      this.note(
        { kind: 'statement', statement: { assignment: { ...setting, line, offset: start, conditions }, end, whole } },
        functionNames,
      );
    }
    this.readDefinition(words, start, line);
    this.readInclude(statement, line);
    const [first = ''] = words;
    if (functionNames.length === 0 && (first === 'return' || first === 'exit' || first === 'exec'))
      // In a sourced file, `exit` leaves only that file (measured on 3.6, and documented).
      this.leaves.push({ how: first === 'exec' ? 'exit' : 'return', offset: start, line, conditions });
    const isDynamic = first === 'eval' || (first === 'set' && /^[$(]/.test(words.slice(1).find((word) => !word.startsWith('-')) ?? ''));
    const computed = isDynamic ? dynamic(this.text.slice(start, end), start, line, conditions) : undefined;
    if (computed !== undefined) this.note({ kind: 'dynamic', dynamic: computed }, functionNames);
    this.note({ kind: 'call', call: { name: first, offset: start, end, conditions } }, functionNames);
  }

  private readDefinition(words: readonly string[], offset: number, line: number): void {
    const [first, name, ...rest] = words;
    if (first === 'function' && name !== undefined) this.definitions.set(name, { name, kind: 'function', text: undefined, offset, line });
    if (first !== 'alias') return;
    const [, joined, value] = /^([\w.-]+)=(.*)$/s.exec(name ?? '') ?? [];
    const alias = joined ?? name;
    if (alias === undefined || alias.startsWith('-')) return;
    const text = value ?? rest.join(' ');
    this.definitions.set(alias, { name: alias, kind: 'alias', text: unquote(text) ?? text, offset, line });
  }

  private readInclude({ words, start, end, conditions, loops, functionNames }: Statement, line: number): void {
    const [first, raw] = words;
    if (first !== 'source' && first !== '.') return;
    if (raw === undefined || raw === '-' || raw.startsWith('(')) {
      // `program | source`: what comes before it on the line is what runs.
      const from = this.text.lastIndexOf('\n', start) + 1;
      const outer = conditions.filter(({ offset }) => offset < from);
      const computed = dynamic(this.text.slice(from, end), start, line, outer);
      if (computed !== undefined) this.note({ kind: 'dynamic', dynamic: computed }, functionNames);
      return;
    }
    const each = loops.get(/^"?\$(\w+)"?$/.exec(raw)?.[1] ?? '');
    this.note(
      { kind: 'include', include: { raw, offset: start, line, conditions, ...(each === undefined ? {} : { each }) } },
      functionNames,
    );
  }
}

type Setting = Pick<Assignment, 'kind' | 'name' | 'value' | 'exported'> & {
  readonly from?: string;
};

/** In a function, what names no scope changes the variable that there is, exported or not, or makes one that ends with the function. */
function settingsOf(words: readonly string[], inFunction: boolean): readonly Setting[] {
  if (words[0] === 'export') {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(words[1] ?? '') ?? [];
    return [{ kind: 'set', name, ...valueOf([value]), exported: true }];
  }
  if (words[0] === 'SETUVAR') return universal(words);
  if (words[0] === 'read') return words.slice(1).map((name) => ({ kind: 'set', name, value: undefined, exported: false }));
  if (words[0] !== 'set') return [];
  const rest = words.slice(1).filter((word) => !/^-/.test(word));
  const has = (short: string, long: string): boolean =>
    words.includes(long) || words.some((word) => /^-[A-Za-z]+$/.test(word) && word.includes(short));
  const [name, ...values] = rest;
  if (name === undefined || has('q', '--query') || has('l', '--local') || has('f', '--function') || has('n', '--names')) return [];
  const exported = has('x', '--export') && (!inFunction || has('g', '--global') || has('U', '--universal'));
  if (has('e', '--erase')) return rest.map((each) => ({ kind: 'unset', name: each, value: undefined, exported: false }));
  if (has('u', '--unexport')) return [{ kind: 'unset', name, value: undefined, exported: false }];
  return [{ kind: 'set', name, ...valueOf(values), exported }];
}

/** A line of `fish_variables`, where fish keeps what `set -U` has set: `SETUVAR --export NAME:https\x3a//x`. */
function universal(words: readonly string[]): readonly Setting[] {
  const [, name = '', raw = ''] = /^(\w+):(.*)$/s.exec(words.at(-1) ?? '') ?? [];
  const value = raw.replace(/\\x([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const isPlain = !/\x1e/.test(value) && !/\\/.test(value);
  return [{ kind: 'set', name, value: isPlain ? value : undefined, exported: words.includes('--export') }];
}

function valueOf(values: readonly string[]): Pick<Setting, 'value' | 'from'> {
  const [value = ''] = values;
  const from = /^"?\$(\w+)"?$/.exec(value)?.[1];
  return { value: values.length > 1 ? undefined : unquote(value), ...(from === undefined || values.length > 1 ? {} : { from }) };
}

function unquote(word: string): string | undefined {
  if (/^'(?:[^\\']|\\.)*'$/s.test(word)) return word.slice(1, -1).replace(/\\([\\'])/g, '$1');
  if (/^"[^"\\$()]*"$/.test(word)) return word.slice(1, -1);
  return /^[^'"\\$()~*?{}]*$/.test(word) ? word : undefined;
}
