import type { Condition } from './shell-scan.ts';
import type { Stretch } from './types.ts';

/** What a part of a file may stand in. */
export type FrameKind = 'if' | 'do' | 'group' | 'paren' | 'function' | 'case';

/** One such part, while it is read. */
export interface Frame {
  readonly kind: FrameKind;
  /** Of a `{ … }` after `&&` and the like, and of a loop. */
  readonly conditions: readonly Condition[];
  readonly name?: string;
  /** `( … )`, a function's body too: what it sets ends there. */
  readonly isSubshell: boolean;
  /** `case WORD in`. */
  readonly head?: string;
  readonly loop?: { readonly name: string; readonly words: readonly string[] };
  /** Of `if`: where the present test starts; tests that failed before, and the one that held. Of `case`: its patterns. */
  testStart: number;
  failed: Condition[];
  held: Condition | undefined;
  /** The list of commands around it, which goes on when it closes. */
  readonly list: number | undefined;
}

/** Filled while a text is read: the bodies of its here-documents, and its words of more than one line. */
export interface SeenText {
  readonly bodies: Stretch[];
  readonly words: Stretch[];
}

/** What has to hold for what stands in a frame to run. */
export function conditionsOf(frame: Frame, text: string): readonly Condition[] {
  if (frame.kind !== 'if' && frame.kind !== 'case') return frame.conditions;
  const isTest = frame.kind === 'if' && frame.held === undefined && frame.failed.length === 0;
  const test: Condition[] = isTest
    ? [{ kind: 'other', text: headOf(text.slice(frame.testStart, frame.testStart + 200)), negated: false, offset: frame.testStart }]
    : [];
  return [...frame.conditions, ...frame.failed, ...(frame.held === undefined ? [] : [frame.held]), ...test];
}

/** A condition's text in one line, without the `;` that ends it. */
export function headOf(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
  return lines
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/[\s;]+$/, '')
    .trim();
}
