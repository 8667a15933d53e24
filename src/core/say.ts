import type { Context, Note, Output } from './context.ts';
import { redact, stripControls } from '../text/text.ts';
import { createStyle, type Style } from '../text/style.ts';
import { fold } from '../text/wrap.ts';

/** How a longer command reports its progress: lines on stderr, nothing under `--json`. */
export interface Say {
  readonly style: Style;
  /** A heading between steps. */
  step(title: string): void;
  line(text: string): void;
  /** A line that the output may leave out. */
  note(note: Note, text: string): void;
  ok(text: string): void;
  warn(text: string): void;
  error(text: string, hint?: string): void;
  /** Shows what is taking a moment, only on a terminal, where the next line replaces it. */
  progress(text: string): void;
  /** Clears a progress line that no other line replaces. */
  clear(): void;
}

/** A Say that writes to `output`, folded to the width of a terminal, or writes nothing if `quiet`. */
export function createSay(output: Output, style: Style, quiet: boolean): Say {
  const write = (text: string): void => {
    if (quiet) return;
    // Masked before it is folded: a secret cut in two would no longer be recognised.
    output.write(`${output.isTty ? fold(redact(text), output.columns) : text}\n`);
  };
  const tell = (text: string | undefined): void => {
    if (!quiet) output.progress?.(text);
  };
  return {
    style,
    step: (title) => write(`\n${style.bold(title)}`),
    line: write,
    note: (note, text) => (output.omits?.includes(note) === true ? undefined : write(text)),
    ok: (text) => write(`${style.green('✓')} ${stripControls(text)}`),
    warn: (text) => write(`${style.yellow('warning:')} ${stripControls(text)}`),
    error: (text, hint) =>
      write(`${style.red('error:')} ${stripControls(text)}${hint === undefined ? '' : `\n${style.cyan('hint:')} ${stripControls(hint)}`}`),
    progress: tell,
    clear: () => tell(undefined),
  };
}

/** The Say of a command: writes to stderr, or nothing under `--json`. */
export async function sayOf({ stderr }: Pick<Context, 'stderr'>, { json }: { readonly json: boolean }): Promise<Say> {
  return createSay(stderr, await createStyle(stderr), json);
}

/** A Say that holds its lines back until `tell`, so that they appear right above a later question. Progress is shown at once. */
export function holdSay(say: Say): Say & { readonly tell: () => void } {
  const held: (() => void)[] = [];
  const keep =
    <A extends readonly unknown[]>(write: (...args: A) => void) =>
    (...args: A): void =>
      void held.push(() => write(...args));
  return {
    ...say,
    step: keep(say.step),
    line: keep(say.line),
    note: keep(say.note),
    ok: keep(say.ok),
    warn: keep(say.warn),
    error: keep(say.error),
    tell: () => held.splice(0).forEach((write) => write()),
  };
}

/** Shows the text that a question is about, in the pager if it is longer than the terminal. Returns whether the pager was used. */
export async function showLong(
  { interactive, stdout, page }: Pick<Context, 'interactive' | 'stdout' | 'page'>,
  say: Say,
  text: string,
): Promise<boolean> {
  // Masked before it is folded: a secret cut in two would no longer be recognised.
  const lines = `${fold(redact(text), stdout.columns)}\n`;
  const isPaged = interactive && stdout.isTty && lines.split('\n').length > (stdout.rows ?? Infinity);
  if (isPaged && page !== undefined && (await page(lines))) return true;
  say.line(text);
  return false;
}
