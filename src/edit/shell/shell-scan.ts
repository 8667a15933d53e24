import { knownOutput, type FolderTool } from './shell-tools.ts';

/** The condition under which a part of a start-up file runs, as written. */
export interface Condition {
  /** `test` and `case` may be judged without running anything, `loop`, `call` and `other` never. */
  readonly kind: 'test' | 'case' | 'loop' | 'call' | 'other';
  /** In one line, without keywords. */
  readonly text: string;
  /** It must not hold. */
  readonly negated: boolean;
  /** Where it stands, in units of the decoded text. */
  readonly offset: number;
}

/** Where a statement of a start-up file stands. */
interface Where {
  /** Counted from 1. */
  readonly line: number;
  /** In units of the decoded text. */
  readonly offset: number;
  /** What has to hold for it to run, outermost first; empty: it runs at every start. */
  readonly conditions: readonly Condition[];
}

/** One place in a start-up file where a watched variable is set or taken away, by hand or by orcc. */
export interface Assignment extends Where {
  /** `export`: handed to programs with the value that it has. `fix`: nothing sets it any more (`readonly`). */
  readonly kind: 'set' | 'unset' | 'export' | 'fix';
  readonly name: string;
  /** undefined where only running the file would tell, and for `unset`. */
  readonly value: string | undefined;
  /** The value is that of another variable (`"$OPENROUTER_API_KEY"`). */
  readonly from?: string;
  /** Programs get it; false for `N=v` alone, which gives a value to what is exported elsewhere. */
  readonly exported: boolean;
  /** The line is this statement alone and sets nothing but watched names: it can be commented out whole. */
  readonly adoptable: boolean;
}

/** Another file that this one reads, as written (`~/.aliases`, `"$HOME/x"`). */
export interface Include extends Where {
  readonly raw: string;
  /** The spellings that a loop's variable goes through, where `raw` is that variable. */
  readonly each?: readonly string[];
  /** `set -a` is on: every assignment in it is exported. */
  readonly exporting?: boolean;
}

/** A statement whose effect only running it would tell: `eval`, `export $(…)`, a file of a name that is worked out. */
export interface Dynamic extends Where {
  /** In one line; it may hold a key. */
  readonly text: string;
  /** It gives what this tool finds in files of the folder one stands in. */
  readonly tool?: FolderTool;
}

/** `return` ends the file, `exit` and `exec` the start. */
export interface Leave extends Where {
  readonly how: 'return' | 'exit';
}

/** An alias or a function of a name that was asked for. */
export interface Definition extends Omit<Where, 'conditions'> {
  readonly name: string;
  readonly kind: 'alias' | 'function';
  /** What the alias stands for; undefined for a function. It may hold a key. */
  readonly text: string | undefined;
}

/** What stands in a start-up file, each in its order. What a function's body does is told where the function is called. */
export interface StartupText {
  readonly assignments: readonly Assignment[];
  readonly includes: readonly Include[];
  readonly dynamics: readonly Dynamic[];
  readonly leaves: readonly Leave[];
  readonly definitions: readonly Definition[];
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

/** A statement whose effect is not known; undefined where its program is known to set nothing of ours. */
export function dynamic(text: string, offset: number, line: number, conditions: readonly Condition[]): Dynamic | undefined {
  const plain = text.replace(/\s+/g, ' ').trim();
  const known = knownOutput(plain);
  if (known === 'harmless') return undefined;
  return { text: plain, offset, line, conditions, ...(known === undefined ? {} : { tool: known }) };
}

/** What a function's body sets, told where it is called. */
export interface Body {
  readonly statements: Statement[];
  readonly dynamics: Dynamic[];
}

/** A text that is read statement by statement, and what was found in it so far. */
export class Scan {
  protected readonly text: string;
  protected readonly names: ReadonlySet<string>;
  protected readonly lineOf: (offset: number) => number;
  protected readonly statements: Statement[] = [];
  protected readonly includes: Include[] = [];
  protected readonly dynamics: Dynamic[] = [];
  protected readonly leaves: Leave[] = [];
  protected readonly definitions = new Map<string, Definition>();
  protected readonly bodies = new Map<string, Body>();

  constructor(text: string, names: ReadonlySet<string>) {
    this.text = text;
    this.names = names;
    this.lineOf = lineCounter(text);
  }

  result(): StartupText {
    const { text, statements, includes, dynamics, leaves, definitions } = this;
    return { assignments: judgeLines(text, statements), includes, dynamics, leaves, definitions: [...definitions.values()] };
  }

  /** A function that sets something is called: what it may do is told here, as far as the call gets there. */
  protected readCall(
    name: string,
    { start, end, conditions }: { readonly start: number; readonly end: number; readonly conditions: readonly Condition[] },
  ): void {
    const { statements = [], dynamics = [] } = this.bodies.get(name) ?? {};
    const call: Condition = { kind: 'call', text: name, negated: false, offset: start };
    for (const { assignment } of statements) {
      const told = { ...assignment, offset: start, conditions: [...conditions, call, ...assignment.conditions] };
      this.statements.push({ assignment: told, end, whole: false });
    }
    for (const each of dynamics) this.dynamics.push({ ...each, offset: start, conditions: [...conditions, call, ...each.conditions] });
  }
}
