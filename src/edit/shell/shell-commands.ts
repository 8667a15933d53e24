import type { Condition } from './shell-scan.ts';
import { conditionsOf, headOf, type Frame, type FrameKind, type SeenText } from './shell-frames.ts';
import { blanks, lineEnd, readHeredoc, skipHeredocs, skipPattern, skipTest, skipWord, type Heredoc } from './shell-skip.ts';

/** A simple command of a POSIX shell file, as far as can be told without running it. Offsets count from 0. */
export interface Command {
  readonly start: number;
  readonly end: number;
  /** Raw, quotes included; redirections left out. */
  readonly words: readonly string[];
  /** 0 outside every `if`, `case`, loop, group, subshell and function. */
  readonly depth: number;
  /** Inside a function's body: runs when called, if ever. */
  readonly inFunction: boolean;
  /** Name of the outermost function that it is in; undefined outside functions. */
  readonly functionName: string | undefined;
  /** Inside `( … )`: what it sets ends there. */
  readonly inSubshell: boolean;
  /** True if it runs only depending on a command before it (`&&`, `||`), in a pipe or in the background. */
  readonly chained: boolean;
  /** What has to hold for it to run, outermost first. A group or a function by itself is not a condition. */
  readonly conditions: readonly Condition[];
  /** The words that the loops around it iterate over, by the name of their variable. */
  readonly loops: ReadonlyMap<string, readonly string[]>;
  /** Where the outermost statement that it belongs to starts. */
  readonly statement: number;
}

const CLOSERS: Readonly<Record<string, FrameKind>> = { fi: 'if', done: 'do', esac: 'case' };
/** After these another command starts. */
const GOES_ON = new Set(['then', 'else', 'elif', 'while', 'until', '!', 'time']);

/**
 * Reads a bash, zsh or ksh start-up file into simple commands, in order, lazily.
 * This is no interpreter: what it can't parse (zsh's short forms, aliases) counts as
 * more deeply nested than it is, never as less, so that such lines are reported, not edited.
 */
export function* readCommands(text: string, seen?: SeenText): Generator<Command> {
  const reader = new Reader(text, seen);
  for (let next = reader.step(); next !== 'end'; next = reader.step()) if (next !== undefined) yield next;
}

class Reader {
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
  private functionName: string | undefined;
  private inPattern = false;
  private isNewStatement = true;
  private loopHead: { readonly start: number; readonly loop?: { readonly name: string; readonly words: readonly string[] } } | undefined;
  private i = 0;

  constructor(text: string, seen?: SeenText) {
    this.text = text;
    this.seen = seen;
  }

  /** Reads one token; returns the command that it ends, if any. */
  step(): Command | 'end' | undefined {
    const { text } = this;
    if (this.i >= text.length) return this.finish('') ?? 'end';
    const char = text.charAt(this.i);
    if (char === ' ' || char === '\t' || char === '\r') this.i += 1;
    else if (char === '\\' && text[this.i + 1] === '\n') this.i += 2;
    else if (char === '#') {
      this.i = lineEnd(text, this.i);
    } else if (this.inPattern) this.readPattern(char);
    else return this.readToken(char);
    return undefined;
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
      const frame = this.frames.at(-1);
      if (frame?.kind === 'case') {
        if (frame.held !== undefined) frame.failed.push({ ...frame.held, negated: true });
        const pattern = text.slice(from, this.i);
        frame.held = { kind: 'case', text: `${frame.head ?? 'case'} ${pattern}`, negated: false, offset: from };
      }
    }
  }

  private readToken(char: string): Command | undefined {
    const { text } = this;
    const ahead = text.slice(this.i, this.i + 3);
    const operator = /^(?:;;&|;;|;&|;\||&&|\|\||\|&|&>>?|[\n;&|])/.exec(ahead)?.[0];
    if (operator !== undefined && !operator.startsWith('&>')) return this.readOperator(operator);
    const redirect = /^(?:&>>?|<<<|<<-?|<>|>[>&|]?|<&?)/.exec(ahead)?.[0];
    if (redirect !== undefined && text[this.i + redirect.length] !== '(') {
      this.readRedirect(redirect);
      return undefined;
    }
    if (this.isNewStatement) {
      this.statement = this.i;
      this.isNewStatement = false;
    }
    if (char === '(' && text[this.i + 1] !== '(' && this.words.length === 0) {
      this.openParen();
      return undefined;
    }
    if (char === ')') {
      const command = this.finish(')');
      this.pop('paren', 'function');
      this.i += 1;
      return command;
    }
    this.readWord();
    return undefined;
  }

  private readOperator(operator: string): Command | undefined {
    const command = this.finish(operator);
    if (operator === '\n') this.passLine();
    else this.i += operator.length;
    if (/^(?:;;|;&|;\|)/.test(operator) && this.frames.at(-1)?.kind === 'case') this.inPattern = true;
    return command;
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
    this.list ??= this.i;
    this.push(this.functionName === undefined ? 'paren' : 'function', { isSubshell: true });
    this.i += 1;
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
    if (this.words.length === 0) {
      const definition = /^[ \t]*\([ \t]*\)/.exec(text.slice(this.i, this.i + 40))?.[0];
      if (definition !== undefined) {
        this.functionName = word;
        this.i += definition.length;
        return;
      }
      this.start = wordStart;
      if (this.readKeyword(word, wordStart)) return;
    }
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
    if (GOES_ON.has(word)) {
      this.branch(word, at);
      return true;
    }
    if (word === 'if' || word === 'do' || word === '{') {
      const head = word === 'do' ? this.loopHead : undefined;
      if (word === 'do') this.loopHead = undefined;
      const loop: Condition[] =
        word === 'do'
          ? [{ kind: 'loop', text: headOf(this.text.slice(head?.start ?? at, at)), negated: false, offset: head?.start ?? at }]
          : [];
      const kind = word === '{' ? (this.functionName === undefined ? 'group' : 'function') : word;
      this.push(kind, { testStart: this.i, conditions: loop, ...(head?.loop === undefined ? {} : { loop: head.loop }) });
      return true;
    }
    const closer = Object.hasOwn(CLOSERS, word) ? CLOSERS[word] : undefined;
    if (closer !== undefined || word === '}') {
      if (closer !== undefined) this.pop(closer);
      else this.pop('group', 'function');
      return true;
    }
    if (word === 'function') {
      const from = this.i + blanks(this.text, this.i);
      this.i = skipWord(this.text, from);
      this.functionName = this.text.slice(from, this.i);
      this.i += /^[ \t]*\([ \t]*\)/.exec(this.text.slice(this.i, this.i + 40))?.[0].length ?? 0;
      return true;
    }
    return false;
  }

  /** `then`, `elif` and `else` change what has to hold; `while` and `until` start a loop's head. */
  private branch(word: string, at: number): void {
    if (word === '!' || word === 'time') return;
    if (word === 'while' || word === 'until') this.loopHead = { start: at };
    const frame = this.frames.at(-1);
    if (frame?.kind !== 'if') return;
    if (word === 'then') {
      const test = headOf(this.text.slice(frame.testStart, at));
      frame.held = { kind: 'test', text: test, negated: false, offset: frame.testStart };
    } else if ((word === 'elif' || word === 'else') && frame.held !== undefined) {
      frame.failed.push({ ...frame.held, negated: true });
      frame.held = undefined;
      frame.testStart = this.i;
    }
    this.list = undefined;
    this.joints = [];
  }

  private push(kind: FrameKind, more: Partial<Pick<Frame, 'testStart' | 'conditions' | 'loop' | 'head' | 'isSubshell'>>): void {
    const chain = this.chained ? [this.chain()] : [];
    const name = this.functionName;
    const { testStart = this.i, conditions = [], loop, head, isSubshell = false } = more;
    this.frames.push({
      kind,
      conditions: [...chain, ...conditions],
      isSubshell,
      testStart,
      failed: [],
      held: undefined,
      list: this.list,
      ...(name === undefined ? {} : { name }),
      ...(loop === undefined ? {} : { loop }),
      ...(head === undefined ? {} : { head }),
    });
    if (kind === 'function') this.functionName = undefined;
    this.chained = false;
    this.list = undefined;
    this.joints = [];
  }

  /** Closes the innermost frame of these kinds, and those inside it; does nothing if there is none. */
  private pop(...kinds: FrameKind[]): void {
    const at = this.frames.findLastIndex((frame) => kinds.includes(frame.kind));
    if (at === -1) return;
    this.list = this.frames[at]?.list;
    // The operators before it are no longer known: such a list can't be judged.
    this.joints = [''];
    this.frames.length = at;
  }

  /** The list of commands so far, as a condition for the next of them. */
  private chain(): Condition {
    const joint = this.joints.at(-1);
    const isPlain = this.joints.every((each) => each === '&&') || (this.joints.length === 1 && joint === '||');
    const from = this.list ?? this.start;
    return { kind: isPlain ? 'test' : 'other', text: headOf(this.text.slice(from, this.jointAt)), negated: joint === '||', offset: from };
  }

  private finish(separator: string): Command | undefined {
    const isFresh = this.words.length === 0;
    const isJoined = separator === '&&' || separator === '||' || separator === '|' || separator === '|&';
    const command = isFresh ? undefined : this.command(separator);
    // A line break after `&&` does not end the list.
    if (isFresh && separator === '\n' && this.chained) return undefined;
    if (this.words[0] === 'for' || this.words[0] === 'select') {
      const [, name = '', , ...words] = this.words;
      this.loopHead = { start: this.start, loop: { name, words } };
    }
    this.words = [];
    this.chained = isJoined;
    if (isJoined) {
      this.joints.push(separator);
      this.jointAt = this.i;
    } else if (!(isFresh && this.functionName !== undefined)) {
      this.list = undefined;
      this.joints = [];
    }
    if (!isJoined && this.frames.length === 0) this.isNewStatement = true;
    return command;
  }

  private command(separator: string): Command {
    const { frames } = this;
    const isAside = separator === '|' || separator === '|&' || separator === '&';
    const own: Condition[] = this.chained ? [this.chain()] : [];
    if (isAside) own.push({ kind: 'other', text: headOf(this.text.slice(this.start, this.end)), negated: false, offset: this.start });
    return {
      start: this.start,
      end: this.end,
      words: this.words,
      depth: frames.length,
      inFunction: frames.some(({ kind }) => kind === 'function'),
      functionName: frames.find(({ kind }) => kind === 'function')?.name,
      inSubshell: frames.some(({ isSubshell }) => isSubshell),
      chained: this.chained || isAside,
      conditions: [...frames.flatMap((frame) => conditionsOf(frame, this.text)), ...own],
      loops: new Map(frames.flatMap(({ loop }) => (loop === undefined ? [] : [[loop.name, loop.words] as const]))),
      statement: this.statement,
    };
  }
}
