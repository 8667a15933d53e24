/** A shell is a syntax: how a value is quoted and exported (bash, zsh and ksh share one). */
export type ShellId = 'sh' | 'fish' | 'powershell';

/** A part of a text. Offsets count units of the decoded text; `end` is after its last one. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where a block takes the key from. `path` is absolute, `name` a variable of the user, `command` a line for `sh` (on Windows `cmd`). */
export type KeySource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'command'; readonly command: string };

/** What a block sets: URL and token always together (design D4), the empty API key (D5), then `variables` in order. */
export interface BlockContent {
  /** Becomes ANTHROPIC_BASE_URL. */
  readonly baseUrl: string;
  readonly key: KeySource;
  /** The rest: alias mapping, default alias, limits. Names match `^[A-Z_][A-Z0-9_]*$`. */
  readonly variables: readonly { readonly name: string; readonly value: string }[];
}

/** What a body's spelling depends on: the key's path is written relative to the home folder. */
export interface ShellPlace {
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** One line of a body, read back. `frame` lines set nothing. */
export type BodyLine =
  | { readonly kind: 'frame' }
  /** Says where the lines below take the key from. */
  | { readonly kind: 'key'; readonly source: KeySource }
  | { readonly kind: 'set'; readonly name: string; readonly value: string }
  /** Gives this variable the key. */
  | { readonly kind: 'set-key'; readonly name: string };

export interface Shell {
  readonly id: ShellId;
  /**
   * The value as one word of this syntax. Takes any printable text; throws
   * OrccError('usage') for control characters and line separators.
   */
  quote(value: string): string;
  /** One line that exports the variable, for pasting and `eval`. Throws like `quote`. */
  assign(name: string, value: string): string;
  /** Lines that unset the variables in a running shell, in the order given. */
  unset(names: readonly string[]): readonly string[];
  /**
   * The lines between the markers, ASCII only, so that the encoding of the file
   * around them never matters. Throws OrccError('usage') for a value or name
   * that can't be written, and for an empty key.
   */
  body(content: BlockContent, place: ShellPlace): readonly string[];
  /** Lines that `body` writes and earlier versions of orcc did not; the rest of the body is the same. */
  readonly addedSince: readonly string[];
  /** The inverse of `body` for one line; undefined if `body` never writes such a line. */
  readLine(line: string, place: ShellPlace): BodyLine | undefined;
}

/** The original lines that orcc disabled, by their sum; no others are restored. They may hold keys: only orcc's private file has them. */
export type HiddenLines = Readonly<Record<string, string>>;

/** One start-up file and what is to become of it. */
export interface ShellEditInput {
  /** Absolute; only for messages. */
  readonly path: string;
  readonly shell: ShellId;
  /** `whole`: the file is orcc's own (fish's conf.d). */
  readonly holds?: 'block' | 'whole';
  /** Default: append. */
  readonly placement?: 'before-guard' | 'append';
  /** null: there is no such file. */
  readonly before: Uint8Array | null;
  /** null: remove the block. */
  readonly desired: BlockContent | null;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** May replace a block that was edited by hand, or several different ones. */
  readonly force?: boolean;
  /** May comment out hand-written assignments of the same names. */
  readonly adopt?: boolean;
  /** True if orcc made this file: it is deleted when nothing is left in it. */
  readonly created: boolean;
  /** When removing the block, restore the lines that `adopt` disabled (default true). */
  readonly restore?: boolean;
  /** The original lines that orcc disabled; no others are restored. */
  readonly hidden?: HiddenLines;
}
