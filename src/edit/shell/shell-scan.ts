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

/** An assignment with the extent of its statement. */
export interface Statement {
  readonly assignment: Omit<Assignment, 'adoptable'>;
  readonly end: number;
  /** It runs in any case and sets nothing but watched names. */
  readonly whole: boolean;
}

/** Says of each assignment whether its line can be commented out: nothing but such statements, `;`, blanks and a comment stand on it. */
export function judgeLines(text: string, statements: readonly Statement[]): Assignment[] {
  const lineOf = (offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
  const byLine = new Map<number, Statement[]>();
  for (const each of statements) {
    const start = lineOf(each.assignment.offset);
    byLine.set(start, [...(byLine.get(start) ?? []), each]);
  }
  return statements.map(({ assignment, whole }) => {
    const start = lineOf(assignment.offset);
    return { ...assignment, adoptable: whole && isOnlyThese(text, start, byLine.get(start) ?? []) };
  });
}

function isOnlyThese(text: string, start: number, statements: readonly Statement[]): boolean {
  const newline = text.indexOf('\n', start);
  const lineEnd = newline === -1 ? text.length : newline;
  let rest = text.slice(start, lineEnd);
  for (const { assignment, end, whole } of statements) {
    if (!whole || end > lineEnd) return false;
    rest = rest.slice(0, assignment.offset - start) + ' '.repeat(end - assignment.offset) + rest.slice(end - start);
  }
  return /^[\s;]*(?:(?<![^\s;])#.*)?$/s.test(rest);
}
