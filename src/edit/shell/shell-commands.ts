import type { Condition } from './shell-scan.ts';
import { conditionsOf, headOf, loopOf, takeBranch, takePattern, type Frame, type FrameKind, type SeenText } from './shell-frames.ts';
import { isJoint, Pipelines, runsAside, type Command } from './shell-pipelines.ts';
import {
  COPROC_NAME,
  EMPTY_PARENS,
  NAMES,
  TIME_OPTION,
  lengthOf,
  lineEnd,
  readHeredoc,
  skipHeredocs,
  skipPattern,
  skipTest,
  skipWord,
  type Heredoc,
} from './shell-skip.ts';

const CLOSERS: Readonly<Record<string, FrameKind>> = { fi: 'if', done: 'do', esac: 'case', '}': 'group' };
/** After these another command starts. */
const GOES_ON = new Set(['then', 'else', 'elif', '!', 'time', 'coproc']);

/**
 * Reads a bash, zsh or ksh start-up file into simple commands, in order, lazily.
 * This is no interpreter: what it can't parse (zsh's short forms, aliases) counts as
 * more deeply nested than it is, never as less, so that such lines are reported, not edited.
 */
export function* readCommands(text: string, seen?: SeenText): Generator<Command> {
  const reader = new Reader(text, seen);
  while (reader.step()) if (reader.ended.length > 0) yield* reader.ended.splice(0);
  yield* reader.ended;
}

class Reader {
  /** The commands of the statements that have ended. */
  ended: Command[] = [];
  private readonly pipelines = new Pipelines();
  private readonly text: string;
  private readonly seen: SeenText | undefined;
  private readonly frames: Frame[] = [];
  private readonly documents: Heredoc[] = [];
  private words: string[] = [];
  private start = 0;
  private end = 0;
  private statement = 0;
  private chained = false;
  /** Where the list of commands joined by `&&`, `||` and `|` starts, and these operators. */
  private list: number | undefined;
  private joints: string[] = [];
  /** Offset of the last operator in the list. */
  private jointAt = 0;
  private isRedirect = false;
  /** The names of a function whose body comes next. */
  private names: readonly string[] | undefined;
  private inPattern = false;
  private isNewStatement = true;
  private loopHead: { readonly start: number; readonly loop?: { readonly name: string; readonly words: readonly string[] } } | undefined;
  private i = 0;

  constructor(text: string, seen?: SeenText) {
    this.text = text;
    this.seen = seen;
  }

  /** Reads one token; returns false at the end. */
  step(): boolean {
    const { text } = this;
    if (this.i >= text.length) {
      this.finish('');
      this.ended = this.ended.concat(this.pipelines.take());
      return false;
    }
    const char = text.charAt(this.i);
    if (char === ' ' || char === '\t' || char === '\r') this.i += 1;
    else if (char === '\\' && text[this.i + 1] === '\n') this.i += 2;
    else if (char === '#') {
      this.i = lineEnd(text, this.i);
    } else if (this.inPattern) this.readPattern(char);
    else this.readToken(char);
    return true;
  }

  private readPattern(char: string): void {
    const { text } = this;
    if (char === '\n') this.passLine();
    else if (/^esac(?![\w-])/.test(text.slice(this.i, this.i + 5))) {
      this.pop('case');
      this.inPattern = false;
      this.i += 4;
    } else {
      const from = this.i;
      this.i = skipPattern(text, this.i);
      this.inPattern = false;
      takePattern(this.frames.at(-1), text, from, this.i);
    }
  }

  private readToken(char: string): void {
    const { text } = this;
    const ahead = text.slice(this.i, this.i + 3);
    const operator = /^(?:;;&|;;|;&|;\||&&|\|\||\|&|&\||&>>?|[\n;&|])/.exec(ahead)?.[0];
    if (operator !== undefined && !operator.startsWith('&>')) {
      this.readOperator(operator);
      return;
    }
    const redirect = /^(?:&>>?|<<<|<<-?|<>|>[>&|]?|<&?)/.exec(ahead)?.[0];
    if (redirect !== undefined && text[this.i + redirect.length] !== '(') {
      this.readRedirect(redirect);
      return;
    }
    if (this.isNewStatement) {
      this.statement = this.i;
      this.isNewStatement = false;
    }
    if (this.names !== undefined) this.openFunction(this.names);
    if (char === '(' && text[this.i + 1] !== '(' && this.words.length === 0) {
      this.openParen();
    } else if (char === ')') {
      this.finish(')');
      this.pop('paren');
      this.i += 1;
    } else this.readWord();
  }

  private readOperator(operator: string): void {
    // Before `in`, `case` and its word may have a line break.
    if (!(operator === '\n' && this.words[0] === 'case' && this.words.length === 2)) this.finish(operator);
    if (operator === '\n') this.passLine();
    else this.i += operator.length;
    if (/^(?:;;|;&|;\|)/.test(operator) && this.frames.at(-1)?.kind === 'case') this.inPattern = true;
  }

  /** Passes the end of a line, and the here-documents that start after it. */
  private passLine(): void {
    this.i = skipHeredocs(this.text, this.i + 1, this.documents.splice(0), this.seen?.bodies);
  }

  private readRedirect(redirect: string): void {
    const isHeredoc = redirect === '<<' || redirect === '<<-';
    this.i = isHeredoc ? readHeredoc(this.text, this.i, this.documents) : this.i + redirect.length;
    this.isRedirect = !isHeredoc;
  }

  private openParen(): void {
    if (this.readParens()) return;
    this.list ??= this.i;
    this.push('paren', { isSubshell: true });
    this.i += 1;
  }

  /** Handles the `()` after a function's names, of which zsh takes several, and none for one that runs at once; else returns false. */
  private readParens(...last: readonly string[]): boolean {
    const length = lengthOf(EMPTY_PARENS, this.text, this.i);
    if (length === 0) return false;
    this.names = [...this.words, ...last];
    this.words = [];
    this.i += length;
    return true;
  }

  /** Its body is the next command, of whatever kind. */
  private openFunction(names: readonly string[]): void {
    this.names = undefined;
    this.push('function', names.length === 0 ? {} : { names });
  }

  private readWord(): void {
    const { text } = this;
    const wordStart = this.i;
    this.i = skipWord(text, wordStart);
    if (this.words.length === 0 && text.slice(wordStart, this.i) === '[[') this.i = skipTest(text, this.i);
    const word = text.slice(wordStart, this.i);
    if (word.includes('\n')) this.seen?.words.push({ start: wordStart, end: this.i });
    if (this.isRedirect) {
      this.isRedirect = false;
      return;
    }
    // The 2 of `2>file`, and zsh's and bash's `{fd}>file`.
    if (/^(?:\d+|\{\w+\})$/.test(word) && /[<>]/.test(text.charAt(this.i))) return;
    this.list ??= wordStart;
    if (this.readParens(word)) return;
    if (this.words.length === 0) {
      this.start = wordStart;
      if (this.readKeyword(word, wordStart)) return;
    }
    if (word === '{' && this.openShortLoop(wordStart)) return;
    this.words.push(word);
    this.end = this.i;
    if (word === 'in' && this.words[0] === 'case' && this.words.length === 3) {
      const head = this.words.join(' ');
      this.words = [];
      this.push('case', { head });
      this.inPattern = true;
    }
  }

  /** Handles a reserved word at the start of a command; returns false for any other word. */
  private readKeyword(word: string, at: number): boolean {
    const closer = Object.hasOwn(CLOSERS, word) ? CLOSERS[word] : undefined;
    if (GOES_ON.has(word)) this.branch(word, at);
    else if (word === 'if') this.push('if', { testStart: this.i });
    else if (word === '{') this.push('group');
    else if (word === 'while' || word === 'until') this.push('do', { loopStart: at });
    else if (word === 'do') this.openLoop(at);
    else if (closer !== undefined) this.pop(closer);
    else if (word === 'function') this.readNames();
    else return false;
    return true;
  }

  private openLoop(at: number): void {
    const frame = this.frames.at(-1);
    const head = frame?.kind === 'do' && frame.held === undefined ? frame.loopStart : undefined;
    const from = head ?? this.loopHead?.start ?? at;
    const condition = loopOf(this.text, from, at);
    if (frame !== undefined && head !== undefined) frame.held = condition;
    else {
      const loop = this.loopHead?.loop;
      this.loopHead = undefined;
      this.push('do', { conditions: [condition], ...(loop === undefined ? {} : { loop }) });
    }
  }

  /** Handles the `{` that ends the line of zsh's `for x (a b) {`, `while [[ a ]] {` and `repeat 2 {`; returns false for any other. */
  private openShortLoop(at: number): boolean {
    const frame = this.frames.at(-1);
    if (!/^[ \t]*(?:#.*)?$/.test(this.text.slice(this.i, lineEnd(this.text, this.i)))) return false;
    const isTest = frame?.loopStart !== undefined && frame.held === undefined && /(?:\]\]|\)\))$/.test(this.words.at(-1) ?? '');
    if (!isTest && !/^(?:for|select|repeat)$/.test(this.words[0] ?? '')) return false;
    const from = isTest ? (frame.loopStart ?? at) : this.start;
    this.finish(';');
    if (isTest) this.pop('do');
    this.loopHead = undefined;
    this.push('group', { conditions: [loopOf(this.text, from, at)] });
    return true;
  }

  /** Reads the names after `function`. */
  private readNames(): void {
    const from = this.i;
    this.i += lengthOf(NAMES, this.text, this.i);
    this.names = this.text.slice(from, this.i).match(/[^ \t]+/g) ?? [];
    this.i += lengthOf(EMPTY_PARENS, this.text, this.i);
  }

  /** `then`, `elif` and `else` change what has to hold. */
  private branch(word: string, at: number): void {
    if (word === '!' || word === 'time' || word === 'coproc') {
      if (word !== '!') this.i += lengthOf(word === 'time' ? TIME_OPTION : COPROC_NAME, this.text, this.i);
      if (word === 'coproc') this.pipelines.setAside();
      return;
    }
    const frame = this.frames.at(-1);
    if (frame?.kind !== 'if') return;
    takeBranch(frame, this.text, word, at, this.i);
    this.list = undefined;
    this.joints = [];
  }

  private push(
    kind: FrameKind,
    more: Partial<Pick<Frame, 'testStart' | 'conditions' | 'loop' | 'head' | 'isSubshell' | 'loopStart' | 'names'>> = {},
  ): void {
    const chain = this.chained ? [this.chain()] : [];
    const { conditions = [], ...rest } = more;
    this.frames.push({
      kind,
      conditions: [...chain, ...conditions],
      isSubshell: false,
      testStart: this.i,
      failed: [],
      held: undefined,
      list: this.list,
      part: this.pipelines.enter(),
      ...rest,
    });
    this.chained = false;
    this.list = undefined;
    this.joints = [];
  }

  /** Closes the innermost frame of a kind, and those inside it; does nothing if there is none. */
  private pop(closed: FrameKind): void {
    const at = this.frames.findLastIndex(({ kind }) => kind === closed);
    const inner = this.frames[at];
    if (inner === undefined) return;
    this.frames.length = at;
    // A function ends with the one command that is its body.
    const frame = this.frames.at(-1)?.kind === 'function' ? (this.frames.pop() ?? inner) : inner;
    this.list = frame.list;
    this.pipelines.leave(frame.part);
    // The operators before it are no longer known: such a list can't be judged.
    this.joints = [''];
  }

  /** The list of commands so far, as a condition for the next of them. */
  private chain(): Condition {
    const joint = this.joints.at(-1);
    const isPlain = this.joints.every((each) => each === '&&') || (this.joints.length === 1 && joint === '||');
    const from = this.list ?? this.start;
    return { kind: isPlain ? 'test' : 'other', text: headOf(this.text.slice(from, this.jointAt)), negated: joint === '||', offset: from };
  }

  private finish(separator: string): void {
    const isFresh = this.words.length === 0;
    const isJoined = isJoint(separator);
    // A line break after `&&` does not end the list, nor does one before a function's body.
    if (isFresh && separator === '\n' && (this.chained || this.names !== undefined)) return;
    if (!isFresh) this.pipelines.add(this.command(separator));
    const [first, name = '', list = '', ...words] = this.words;
    // zsh's `for x (a b) command` has no `do`.
    if ((first === 'for' || first === 'select') && !(list.startsWith('(') && words.length > 0)) {
      this.loopHead = { start: this.start, loop: { name, words } };
    } else if (!isFresh && this.frames.at(-1)?.kind === 'function') this.pop('function');
    this.words = [];
    this.chained = isJoined;
    if (isJoined) {
      this.joints.push(separator);
      this.jointAt = this.i;
    } else {
      this.list = undefined;
      this.joints = [];
    }
    this.names = undefined;
    this.pipelines.end(separator);
    if (isJoined || this.frames.length > 0) return;
    this.isNewStatement = true;
    this.ended = this.ended.concat(this.pipelines.take());
  }

  private command(separator: string): Command {
    const { frames } = this;
    const isAside = runsAside(separator);
    const own: Condition[] = this.chained ? [this.chain()] : [];
    if (isAside) own.push({ kind: 'other', text: headOf(this.text.slice(this.start, this.end)), negated: false, offset: this.start });
    return {
      start: this.start,
      end: this.end,
      words: this.words,
      depth: frames.length,
      inFunction: frames.some(({ kind }) => kind === 'function'),
      functionNames: frames.find(({ kind, names }) => kind === 'function' && names !== undefined)?.names ?? [],
      inSubshell: frames.some(({ isSubshell }) => isSubshell),
      chained: this.chained || isAside,
      conditions: [...frames.flatMap((frame) => conditionsOf(frame, this.text)), ...own],
      loops: new Map(frames.flatMap(({ loop }) => (loop === undefined ? [] : [[loop.name, loop.words] as const]))),
      statement: this.statement,
    };
  }
}
