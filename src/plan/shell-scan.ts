/** One place in a start-up file where a watched variable is set or taken away, by hand or by orcc. */
export interface Assignment {
  readonly kind: 'set' | 'unset';
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
  /** Of the statement, in units of the decoded text. */
  readonly offset: number;
  /** undefined where only running the file would tell, and for `unset`. */
  readonly value: string | undefined;
  /** It may not run: inside an `if`, a function, a loop, after `&&`. */
  readonly conditional: boolean;
  /** The line is this statement alone and sets nothing but watched names: it can be commented out whole. */
  readonly adoptable: boolean;
}

/** Another file that this one reads in, spelled as it stands there (`~/.aliases`, `"$HOME/x"`). */
export interface Include {
  readonly raw: string;
  readonly offset: number;
  readonly line: number;
}

export interface StartupText {
  readonly assignments: readonly Assignment[];
  readonly includes: readonly Include[];
}

/** Gives the line numbers of rising offsets without counting from the start each time. */
export function lineCounter(text: string): (offset: number) => number {
  let at = 0;
  let line = 1;
  return (offset) => {
    for (let next = text.indexOf('\n', at); next !== -1 && next < offset; next = text.indexOf('\n', at)) {
      at = next + 1;
      line += 1;
    }
    return line;
  };
}

/** Whether [start, end) has its line to itself but for blanks and a comment. */
export function isAloneOnLine(text: string, start: number, end: number): boolean {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const after = text.slice(end, newline === -1 ? text.length : newline);
  return (
    text.slice(from, start).trim() === '' && !text.slice(start, end).includes('\n') && /^[\s;]*(?:\s#.*)?$/s.test(after.replace(/\r$/, ''))
  );
}
