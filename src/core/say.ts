import type { Output } from './context.ts';
import { stripControls } from '../text/text.ts';
import type { Style } from '../text/style.ts';

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
  /** Takes a progress line away, before something else writes to the terminal. */
  clear(): void;
}

/** Lines go to `output`; nothing at all where `quiet`. */
export function createSay(output: Output, style: Style, quiet: boolean): Say {
  let isProgress = false;
  const write = (text: string): void => {
    if (quiet) return;
    output.write(`${isProgress ? '\r\x1b[2K' : ''}${text}\n`);
    isProgress = false;
  };
  return {
    style,
    step: (title) => write(`\n${style.bold(title)}`),
    line: write,
    ok: (text) => write(`${style.green('✓')} ${stripControls(text)}`),
    warn: (text) => write(`${style.yellow('warning:')} ${stripControls(text)}`),
    error: (text, hint) =>
      write(`${style.red('error:')} ${stripControls(text)}${hint === undefined ? '' : `\n${style.cyan('hint:')} ${stripControls(hint)}`}`),
    progress: (text) => {
      if (quiet || !output.isTty) return;
      output.write(`${isProgress ? '\r\x1b[2K' : ''}${style.dim(`${text} ...`)}`);
      isProgress = true;
    },
    clear: () => {
      if (isProgress) output.write('\r\x1b[2K');
      isProgress = false;
    },
  };
}
