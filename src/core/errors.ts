import { nearestWords } from '../text/nearest.ts';
import { clip, stripControls } from '../text/text.ts';

/**
 * Every way orcc can end: the one table that `orcc help exit-codes`, the README
 * and the program use (design D14).
 */
export const EXIT = {
  ok: { code: 0, meaning: 'fine' },
  problems: { code: 1, meaning: 'ran and found problems (a probe failed, a finding is an error)' },
  usage: { code: 2, meaning: 'bad usage or input; nothing was written' },
  nothing: { code: 3, meaning: 'nothing configured, or nothing to undo or to fix' },
  key: { code: 4, meaning: "no usable key: OpenRouter refused it, its storage gave none, or it is another vendor's" },
  network: { code: 5, meaning: 'OpenRouter could not be reached, or gave no usable answer' },
  refused: { code: 6, meaning: 'refused to touch a file, or to send the key elsewhere; the message says which and why' },
  declined: { code: 7, meaning: 'a question was answered with no; nothing was written' },
  bug: { code: 70, meaning: 'a bug in orcc' },
  cancelled: { code: 130, meaning: 'cancelled with Ctrl-C; nothing was written unless it says so' },
  terminated: { code: 143, meaning: 'terminated by a signal' },
} as const;

export type ExitName = keyof typeof EXIT;

/**
 * A user's mistake or an outside failure that one sentence explains. `message` says
 * what is wrong and where, without a final full stop; `hint` says how to fix it.
 */
export class OrccError extends Error {
  readonly exit: ExitName;
  readonly hint: string | undefined;
  /** A finding code if one applies, for `--json` and `orcc explain`. */
  readonly code: string | undefined;
  /** Plain, key-free data for `--json`. */
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(
    exit: ExitName,
    message: string,
    options: {
      hint?: string | undefined;
      code?: string | undefined;
      data?: Readonly<Record<string, unknown>> | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OrccError';
    this.exit = exit;
    this.hint = options.hint;
    this.code = options.code;
    this.data = options.data;
  }
}

/** Exit 3: there is no setup yet. */
export function nothingConfigured(hint = 'Run `orcc init` first'): OrccError {
  return new OrccError('nothing', 'Nothing is configured yet', { hint });
}

const STOPS: readonly ExitName[] = ['declined', 'cancelled', 'terminated'];

/** For the catch block of optional work: rethrows bugs, a declined question and a stop by the user, which must not be swallowed. */
export function passStop(error: unknown): asserts error is OrccError {
  if (!(error instanceof OrccError) || STOPS.includes(error.exit)) throw error;
}

/** The result of a request, or undefined if it fails. Throws what `passStop` throws. */
export async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    passStop(error);
    return undefined;
  }
}

/** Ctrl-C or SIGTERM, at a prompt or during work. Whoever reports it adds whether files had been written. */
export class Cancelled extends OrccError {
  constructor(exit: 'cancelled' | 'terminated' = 'cancelled') {
    super(exit, exit === 'cancelled' ? 'Cancelled' : 'Terminated');
    this.name = 'Cancelled';
  }
}

/** Esc in a list: goes back to where the list was opened from, if anywhere; otherwise the same as Ctrl-C. */
export class GoneBack extends Cancelled {}

/** The error (exit 2) for a word that is not valid, with the hint "Did you mean …? Valid: …". */
export function unknownWord(what: string, word: string, valid: readonly string[]): OrccError {
  const shown = clip(stripControls(word), 60);
  const near = nearestWords(shown, valid, 2);
  return new OrccError('usage', shown === '' ? `The ${what} is empty` : `There is no ${what} \`${shown}\``, {
    hint: `${didYouMean(near, ' or ')}Valid: ${valid.join(', ')}`,
  });
}

/** `Did you mean \`a\`, \`b\`? `, with a blank at its end for the text that follows; empty if `near` is. */
export function didYouMean(near: readonly string[], between = ', '): string {
  return near.length === 0 ? '' : `Did you mean ${near.map((each) => `\`${each}\``).join(between)}? `;
}
