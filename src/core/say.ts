import type { Context, Output } from './context.ts';
import { redact, stripControls } from '../text/text.ts';
import { createStyle, type Style } from '../text/style.ts';
import { fold } from '../text/wrap.ts';

/** What a longer command tells while it works: lines on stderr, silent under `--json`. */
export interface Say {
  readonly style: Style;
  /** A heading between steps. */
  step(title: string): void;
  line(text: string): void;
  ok(text: string): void;
  warn(text: string): void;
  error(text: string, hint?: string): void;
  /** Something that takes a moment; on a terminal the next line replaces it. */
  progress(text: string): void;
  /** Takes a progress line away where nothing is said next. */
  clear(): void;
}

/** Lines go to `output`, folded to a terminal; nothing at all where `quiet`. */
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
    ok: (text) => write(`${style.green('✓')} ${stripControls(text)}`),
    warn: (text) => write(`${style.yellow('warning:')} ${stripControls(text)}`),
    error: (text, hint) =>
      write(`${style.red('error:')} ${stripControls(text)}${hint === undefined ? '' : `\n${style.cyan('hint:')} ${stripControls(hint)}`}`),
    progress: tell,
    clear: () => tell(undefined),
  };
}

/** What a command tells on stderr; nothing at all under `--json`. */
export async function sayOf({ stderr }: Pick<Context, 'stderr'>, { json }: { readonly json: boolean }): Promise<Say> {
  return createSay(stderr, await createStyle(stderr), json);
}

/** A Say that keeps its lines until `tell`: what is found out early and belongs right above a question. Progress goes through at once. */
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
    ok: keep(say.ok),
    warn: keep(say.warn),
    error: keep(say.error),
    tell: () => held.splice(0).forEach((write) => write()),
  };
}

/** Lines that a question is about: in the pager where they are longer than the terminal, as all long output is. Gives whether they were. */
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
