import type { Condition } from './shell-scan.ts';
import type { Stretch } from './types.ts';

/** What a part of a file may be nested in. */
export type FrameKind = 'if' | 'do' | 'group' | 'paren' | 'function' | 'case';

/** One such construct, while it is being read. */
export interface Frame {
  readonly kind: FrameKind;
  /** The loop, and the commands before it that it depends on (`&&`, `||`). */
  readonly conditions: readonly Condition[];
  readonly name?: string;
  /** True for `( … )`, also as a function's body: what it sets ends there. */
  readonly isSubshell: boolean;
  /** `case WORD in`. */
  readonly head?: string;
  readonly loop?: { readonly name: string; readonly words: readonly string[] };
  /** For `if`: where the current test starts, the tests before it that failed, and the one that held. For `case`: the same of patterns. */
  testStart: number;
  failed: Condition[];
  held: Condition | undefined;
  /** Where the list of commands around it starts, which continues when it closes. */
  readonly list: number | undefined;
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
