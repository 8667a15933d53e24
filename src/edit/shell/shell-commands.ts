import { skipHeredocs, skipPair, skipPart } from './shell-skip.ts';

/** A simple command of a POSIX shell file, as far as reading without running tells. Offsets count from 0, lines are not counted here. */
export interface Command {
  readonly start: number;
  readonly end: number;
  /** Raw, quotes included; redirections left out. */
  readonly words: readonly string[];
  /** 0 outside every `if`, `case`, loop, group, subshell and function. */
  readonly depth: number;
  /** Inside a function's body: runs when called, if ever. */
  readonly inFunction: boolean;
  /** It runs only if something before it on the same line went well, or in a pipe or the background. */
  readonly chained: boolean;
  /** Where the outermost statement that it belongs to starts. */
  readonly statement: number;
}

type Frame = 'if' | 'do' | 'group' | 'paren' | 'function' | 'case';

const OPENERS: Readonly<Record<string, Frame>> = { if: 'if', do: 'do' };
const CLOSERS: Readonly<Record<string, Frame>> = { fi: 'if', done: 'do', esac: 'case' };
/** After these another command starts. */
const GOES_ON = new Set(['then', 'else', 'elif', 'while', 'until', '!', 'time']);

/**
 * Reads a bash, zsh or ksh start-up file into simple commands, in order, lazily.
 * No interpreter: what it can't make out (zsh's short forms, aliases) ends up
 * deeper than it is, never shallower, so that such lines are reported, not edited.
 */
export function* readCommands(text: string): Generator<Command> {
  const frames: Frame[] = [];
  const documents: { delimiter: string; tabs: boolean }[] = [];
  let words: string[] = [];
  let start = 0;
  let end = 0;
  let statement = 0;
  let chained = false;
  let isRedirect = false;
  let isFunction = false;
  let inPattern = false;
  let isNewStatement = true;
  let i = 0;

  const isFresh = (): boolean => words.length === 0;
  const finish = (separator: string): Command | undefined => {
    const command = isFresh()
      ? undefined
      : {
          start,
          end,
          words,
          depth: frames.length,
          inFunction: frames.includes('function'),
          chained: chained || separator === '|' || separator === '&',
          statement,
        };
    // A line break after `&&` ends nothing.
    if (isFresh() && separator === '\n' && chained) return undefined;
    words = [];
    isRedirect = false;
    chained = separator === '&&' || separator === '||' || separator === '|';
    if (!chained && frames.length === 0) isNewStatement = true;
    return command;
  };
  /** Closes the innermost of these frames, and what is inside it; nothing where there is none. */
  const pop = (...kinds: Frame[]): void => {
    const at = frames.findLastIndex((frame) => kinds.includes(frame));
    if (at !== -1) frames.length = at;
  };

  while (i < text.length) {
    const char = text[i] ?? '';
    if (char === ' ' || char === '\t' || char === '\r') {
      i += 1;
      continue;
    }
    if (char === '\\' && text[i + 1] === '\n') {
      i += 2;
      continue;
    }
    if (char === '#') {
      const newline = text.indexOf('\n', i);
      i = newline === -1 ? text.length : newline;
      continue;
    }
    if (inPattern) {
      if (char === '\n') i += 1;
      else if (/^esac(?![\w-])/.test(text.slice(i, i + 5))) {
        pop('case');
        inPattern = false;
        i += 4;
      } else {
        i = skipPattern(text, i);
        inPattern = false;
      }
      continue;
    }
    const operator = /^(?:;;&|;;|;&|;\||&&|\|\||\|&|&>>?|[\n;&|])/.exec(text.slice(i, i + 3))?.[0];
    if (operator !== undefined && !operator.startsWith('&>')) {
      const command = finish(operator);
      if (command !== undefined) yield command;
      i += operator.length;
      if (operator === '\n') i = skipHeredocs(text, i, documents.splice(0));
      if (/^(?:;;|;&|;\|)/.test(operator) && frames.at(-1) === 'case') inPattern = true;
      continue;
    }
    const redirect = /^(?:&>>?|<<<|<<-?|<>|>[>&|]?|<&?)/.exec(text.slice(i, i + 3))?.[0];
    if (redirect !== undefined && text[i + redirect.length] !== '(') {
      i += redirect.length;
      if (redirect === '<<' || redirect === '<<-') {
        const from = i + blanks(text, i);
        documents.push({ delimiter: text.slice(from, skipWord(text, from)).replace(/["'\\]/g, ''), tabs: redirect === '<<-' });
      }
      isRedirect = true;
      continue;
    }
    if (isNewStatement && char !== ')') {
      statement = i;
      isNewStatement = false;
    }
    if (char === '(' && isFresh()) {
      if (text[i + 1] === '(') {
        start = i;
        i = skipPair(text, i);
        words.push('((');
        end = i;
      } else {
        frames.push(isFunction ? 'function' : 'paren');
        isFunction = false;
        i += 1;
      }
      continue;
    }
    if (char === ')') {
      const command = finish(')');
      if (command !== undefined) yield command;
      pop('paren', 'function');
      i += 1;
      continue;
    }
    const wordStart = i;
    i = skipWord(text, i);
    const word = text.slice(wordStart, i);
    if (isRedirect) {
      isRedirect = false;
      continue;
    }
    // The 2 of `2>file`, and zsh's and bash's `{fd}>file`.
    if (/^(?:\d+|\{\w+\})$/.test(word) && /[<>]/.test(text[i] ?? '')) continue;
    const definition = /^[ \t]*\([ \t]*\)/.exec(text.slice(i, i + 40))?.[0];
    if (isFresh() && definition !== undefined) {
      isFunction = true;
      i += definition.length;
      continue;
    }
    if (isFresh()) {
      start = wordStart;
      if (GOES_ON.has(word)) continue;
      const opener = Object.hasOwn(OPENERS, word) ? OPENERS[word] : undefined;
      const closer = Object.hasOwn(CLOSERS, word) ? CLOSERS[word] : undefined;
      if (opener !== undefined || word === '{') {
        frames.push(word === '{' ? (isFunction ? 'function' : 'group') : (opener ?? 'if'));
        isFunction = false;
        chained = false;
        continue;
      }
      if (closer !== undefined || word === '}') {
        if (closer !== undefined) pop(closer);
        else pop('group', 'function');
        continue;
      }
      if (word === '[[') {
        i = skipTest(text, i);
        words.push('[[');
        end = i;
        continue;
      }
      if (word === 'function') {
        i = skipWord(text, i + blanks(text, i));
        i += /^[ \t]*\([ \t]*\)/.exec(text.slice(i, i + 40))?.[0].length ?? 0;
        isFunction = true;
        continue;
      }
    }
    words.push(word);
    end = i;
    if (word === 'in' && words[0] === 'case' && words.length === 3) {
      words = [];
      frames.push('case');
      inPattern = true;
    }
  }
  const command = finish('');
  if (command !== undefined) yield command;
}

function blanks(text: string, at: number): number {
  let i = at;
  while (text[i] === ' ' || text[i] === '\t') i += 1;
  return i - at;
}

/** A word with its quotes, substitutions, arrays and glob brackets. */
function skipWord(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    const char = text[i] ?? '';
    if (/[\s;&|)]/.test(char)) break;
    if (char === '<' || char === '>') {
      if (text[i + 1] !== '(') break;
      i = skipPair(text, i + 1);
    } else if (char === '(') {
      if (i > at && /^\([ \t]*\)/.test(text.slice(i, i + 10)) && text[i - 1] !== '=') break;
      i = skipPair(text, i);
    } else if (char === '\\' && text[i + 1] === '\n') {
      i += 2;
    } else {
      i = skipPart(text, i);
    }
  }
  return Math.max(i, at + 1);
}

/** A `case` pattern up to and with its closing bracket. */
function skipPattern(text: string, at: number): number {
  let i = text[at] === '(' ? at + 1 : at;
  while (i < text.length && text[i] !== ')') i = text[i] === '(' ? skipPair(text, i) : skipPart(text, i);
  return Math.min(text.length, i + 1);
}

/** The inside of `[[ … ]]`, whose operators are none of the shell's. */
function skipTest(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    if (text.startsWith(']]', i) && /\s/.test(text[i - 1] ?? '') && !/[^\s;&|)]/.test(text[i + 2] ?? '')) return i + 2;
    i = skipPart(text, i);
  }
  return text.length;
}
