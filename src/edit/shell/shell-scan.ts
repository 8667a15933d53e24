import { knownOutput, type FolderTool } from './shell-tools.ts';

/** The condition under which a part of a start-up file runs, as written. */
export interface Condition {
  /** `test` and `case` may be judged without running anything, `loop`, `call` and `other` never. */
  readonly kind: 'test' | 'case' | 'loop' | 'call' | 'other';
  /** On one line, without keywords. */
  readonly text: string;
  /** True if it must not hold. */
  readonly negated: boolean;
  /** Where it is, in units of the decoded text. */
  readonly offset: number;
}

/** Where a statement is in a start-up file. */
interface Where {
  /** Counted from 1. */
  readonly line: number;
  /** In units of the decoded text. */
  readonly offset: number;
  /** What has to hold for it to run, outermost first; empty: it runs at every start. */
  readonly conditions: readonly Condition[];
}

/** One place in a start-up file where a watched variable is set or unset, by hand or by orcc. */
export interface Assignment extends Where {
  /** `export`: exported with the value that it has. `fix`: can't be set any more (`readonly`). */
  readonly kind: 'set' | 'unset' | 'export' | 'fix';
  readonly name: string;
  /** undefined if only running the file would tell, and for all but `set`. */
  readonly value: string | undefined;
  /** The variable whose value it gets (`"$OPENROUTER_API_KEY"`). */
  readonly from?: string;
  /** True if programs get it; false for a mere `N=v`, which changes a variable that is exported elsewhere. */
  readonly exported: boolean;
  /** True if its whole line can be commented out: the line only sets watched names, and always runs. */
  readonly adoptable: boolean;
}

/** Another file that this one sources, as written (`~/.aliases`, `"$HOME/x"`). */
export interface Include extends Where {
  readonly raw: string;
  /** The words that a loop's variable goes through, if `raw` is that variable. */
  readonly each?: readonly string[];
  /** True if `set -a` is on: every assignment in it is exported. */
  readonly exporting?: boolean;
}

/** A statement whose effect only running it would tell: `eval`, `export $(…)`, sourcing a program's output. */
export interface Dynamic extends Where {
  /** On one line; it may hold a key. */
  readonly text: string;
  /** The tool that it runs, which sets what the current folder's files name. */
  readonly tool?: FolderTool;
}

/** `return` ends the file, `exit` and `exec` the shell's whole start-up. */
export interface Leave extends Where {
  readonly how: 'return' | 'exit';
}

/** An alias or a function that the file defines. */
export interface Definition extends Omit<Where, 'conditions'> {
  readonly name: string;
  readonly kind: 'alias' | 'function';
  /** What the alias stands for; undefined for a function. It may hold a key. */
  readonly text: string | undefined;
}

/** What a start-up file does, in its order. What a function's body does is listed where the function is called. */
export interface StartupText {
  readonly assignments: readonly Assignment[];
  readonly includes: readonly Include[];
  readonly dynamics: readonly Dynamic[];
  readonly leaves: readonly Leave[];
  readonly definitions: readonly Definition[];
}

/** Returns a function that gives the line of each of several ascending offsets, without counting from the start each time. */
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
  /** True if it always runs and sets nothing but watched names. */
  readonly whole: boolean;
}

/** Adds to each assignment whether its line can be commented out: it holds only such statements, `;`, blanks and a comment. */
export function judgeLines(text: string, statements: readonly Statement[]): Assignment[] {
  const lineOf = (offset: number): number => text.lastIndexOf('\n', offset) + 1;
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

/** A statement whose effect is not known; undefined if its program is known to set none of our variables. */
export function dynamic(text: string, offset: number, line: number, conditions: readonly Condition[]): Dynamic | undefined {
  const plain = text.replace(/\s+/g, ' ').trim();
  const known = knownOutput(plain);
  if (known === 'harmless') return undefined;
  return { text: plain, offset, line, conditions, ...(known === undefined ? {} : { tool: known }) };
}

/** A command that may be the call of a function that the file defines. */
export interface Call extends Pick<Where, 'offset' | 'conditions'> {
  readonly name: string;
  readonly end: number;
}

/** One thing that a file does, or a function's body, which is listed where the function is called. */
export type Step =
  | { readonly kind: 'statement'; readonly statement: Statement }
  | { readonly kind: 'include'; readonly include: Include }
  | { readonly kind: 'dynamic'; readonly dynamic: Dynamic }
  | { readonly kind: 'call'; readonly call: Call };

/** Steps that are listed for one call of a function: functions that call each other more than once would give ever more of them. */
const MOST_STEPS = 2000;

/** A text that is read statement by statement, and what was found in it so far. */
export class Scan {
  protected readonly text: string;
  protected readonly names: ReadonlySet<string>;
  protected readonly lineOf: (offset: number) => number;
  protected readonly leaves: Leave[] = [];
  protected readonly definitions = new Map<string, Definition>();
  private readonly statements: Statement[] = [];
  private readonly includes: Include[] = [];
  private readonly dynamics: Dynamic[] = [];
  private readonly bodies = new Map<string, Step[]>();
  /** Steps that may still be listed for the call that is being read. */
  private left = 0;

  constructor(text: string, names: ReadonlySet<string>) {
    this.text = text;
    this.names = names;
    this.lineOf = lineCounter(text);
  }

  result(): StartupText {
    const { text, statements, includes, dynamics, leaves, definitions } = this;
    return { assignments: judgeLines(text, statements), includes, dynamics, leaves, definitions: [...definitions.values()] };
  }

  /** Notes what the file does; with the names of a function, what its body does: it is listed where the function is called. */
  protected note(step: Step, functionNames: readonly string[]): void {
    if (functionNames.length > 0) {
      for (const name of functionNames) {
        const body = this.bodies.get(name);
        if (body === undefined) this.bodies.set(name, [step]);
        else body.push(step);
      }
    } else if (step.kind === 'statement') this.statements.push(step.statement);
    else if (step.kind === 'include') this.includes.push(step.include);
    else if (step.kind === 'dynamic') this.dynamics.push(step.dynamic);
    else this.list(step.call);
  }

  /** Lists what a function's body does. `within` are the functions that the call is in: they may call each other in circles. */
  private list(call: Call, within: readonly string[] = []): void {
    if (within.length === 0) this.left = MOST_STEPS;
    if (within.includes(call.name)) return;
    for (const step of this.bodies.get(call.name) ?? []) {
      // Most commands are programs: they neither set anything nor count.
      if (step.kind === 'call' && !this.bodies.has(step.call.name)) continue;
      if ((this.left -= 1) < 0) return;
      const moved = movedTo(call, step);
      if (moved.kind === 'call') this.list(moved.call, [...within, call.name]);
      else this.note(moved, []);
    }
  }
}

/** A step of a function's body, as something that the file does where it calls the function. */
function movedTo({ name, offset, end, conditions: outer }: Call, step: Step): Step {
  // That the first function gets to the call of the next says it for both.
  const called: Condition[] = outer.some(({ kind }) => kind === 'call') ? [] : [{ kind: 'call', text: name, negated: false, offset }];
  const here = (inner: readonly Condition[]): Pick<Where, 'offset' | 'conditions'> => ({
    offset,
    conditions: [...outer, ...called, ...inner],
  });
  switch (step.kind) {
    case 'statement': {
      const { assignment } = step.statement;
      return { kind: 'statement', statement: { assignment: { ...assignment, ...here(assignment.conditions) }, end, whole: false } };
    }
    case 'include':
      return { kind: 'include', include: { ...step.include, ...here(step.include.conditions) } };
    case 'dynamic':
      return { kind: 'dynamic', dynamic: { ...step.dynamic, ...here(step.dynamic.conditions) } };
    case 'call':
      return { kind: 'call', call: { ...step.call, ...here(step.call.conditions), end } };
  }
}
