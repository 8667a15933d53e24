import type { Condition } from './shell-scan.ts';
import type { Part } from './shell-pipelines.ts';
import type { Stretch } from './types.ts';

/** What a part of a file may be nested in; a `function` contains what is its body: a group, an `if`, one command. */
export type FrameKind = 'if' | 'do' | 'group' | 'paren' | 'function' | 'case';

/** One such construct, while it is being read. */
export interface Frame {
  readonly kind: FrameKind;
  /** The loop, and the commands before it that it depends on (`&&`, `||`). */
  readonly conditions: readonly Condition[];
  /** The function's names (zsh: `function f g`); absent for one without a name, which runs where it stands. */
  readonly names?: readonly string[];
  /** True for `( … )`, also as a function's body: what it sets ends there. */
  readonly isSubshell: boolean;
  /** `case WORD in`. */
  readonly head?: string;
  /** For `while` and `until`: where it starts. What is before its `do` runs in any case. */
  readonly loopStart?: number;
  readonly loop?: { readonly name: string; readonly words: readonly string[] };
  /** For `if`: where the current test starts, the tests before it that failed, and the one that held. For `case`: the same of patterns. */
  testStart: number;
  failed: Condition[];
  held: Condition | undefined;
  /** Where the list of commands around it starts, which continues when it closes. */
  readonly list: number | undefined;
  /** The part of a pipeline that it is in. */
  readonly part: Part;
}

/** Filled while a text is read: the bodies of its here-documents, and its multi-line words. */
export interface SeenText {
  readonly bodies: Stretch[];
  readonly words: Stretch[];
}

/** What has to hold for the commands in a frame to run. */
export function conditionsOf(frame: Frame, text: string): readonly Condition[] {
  const isTest = frame.kind === 'if' && frame.held === undefined && frame.failed.length === 0;
  const test: Condition[] = isTest
    ? [{ kind: 'other', text: headOf(text.slice(frame.testStart, frame.testStart + 200)), negated: false, offset: frame.testStart }]
    : [];
  return [...frame.conditions, ...frame.failed, ...(frame.held === undefined ? [] : [frame.held]), ...test];
}

/** A condition's text on one line, without comments and the `;` that ends it. */
export function headOf(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
  return lines
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/[\s;]+$/, '')
    .trim();
}

/** The condition of a loop whose head starts at `from` and ends at `at`. */
export function loopOf(text: string, from: number, at: number): Condition {
  return { kind: 'loop', text: headOf(text.slice(from, at)), negated: false, offset: from };
}

/** Notes the pattern of a `case` that has to match from here on. */
export function takePattern(frame: Frame | undefined, text: string, from: number, to: number): void {
  if (frame?.kind !== 'case') return;
  if (frame.held !== undefined) frame.failed.push({ ...frame.held, negated: true });
  frame.held = { kind: 'case', text: `${frame.head ?? 'case'} ${text.slice(from, to)}`, negated: false, offset: from };
}

/** Notes at a `then`, `elif` or `else` of an `if` what has to hold from here on; `end` is where that word ends. */
export function takeBranch(frame: Frame, text: string, word: string, at: number, end: number): void {
  if (word === 'then') {
    frame.held = { kind: 'test', text: headOf(text.slice(frame.testStart, at)), negated: false, offset: frame.testStart };
  } else if (frame.held !== undefined) {
    frame.failed.push({ ...frame.held, negated: true });
    frame.held = undefined;
    frame.testStart = end;
  }
}
