import type { Ask } from '../core/context.ts';
import { Cancelled, GoneBack } from '../core/errors.ts';
import { defined } from '../text/defined.ts';
import { wrap } from '../text/wrap.ts';
import type { ListQuestion, Where } from './list-prompt.ts';

/** Milliseconds within which pasted text follows its first line break. */
const PASTE_MS = 60;
/** Columns for the mark before a question and `(y/N)` after it. */
const ANSWER_CELLS = 10;

/**
 * Questions through Inquirer, loaded at the first one. Prompts are painted on
 * stderr, since stdout is for data. Ctrl-C (ExitPromptError) and a signal
 * (AbortPromptError) both become `Cancelled`; Esc in a list or at a key throws `GoneBack`. After a password, nothing that
 * is typed shows until the next question: it may be the password again.
 */
export function createAsk(signal: AbortSignal, stopKind: () => 'cancelled' | 'terminated'): Ask {
  const context = { output: process.stderr, signal, clearPromptOnDone: false };
  let unmute = (): void => undefined;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    unmute();
    unmute = () => undefined;
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError')) {
        throw new Cancelled(stopKind());
      }
      throw error;
    }
  };
  const list = <T>(question: ListQuestion<T>): Promise<readonly T[]> =>
    guarded(async () => {
      const values = await (await import('./list-prompt.ts')).askList(question, context);
      if (values === undefined) throw new GoneBack();
      return values;
    });
  const first = async <T>(question: ListQuestion<T>): Promise<T> => {
    const [answer] = (await list(question)) as readonly [T];
    return answer;
  };
  return {
    select: (message, choices, initial) => first({ message, list: () => choices, kind: 'one', initial }),
    checkbox: (message, choices) => list({ message, list: () => choices, kind: 'some' }),
    search: (message, source) => first({ message, list: source, kind: 'search' }),
    confirm: (message, initial) =>
      guarded(async () => {
        const { confirm } = await import('@inquirer/prompts');
        return confirm({ message: folded(message), default: initial }, context);
      }),
    input: (message, initial, validate) =>
      guarded(async () => {
        const { input } = await import('@inquirer/prompts');
        return input({ message: folded(message), ...defined({ default: initial, validate }) }, context);
      }),
    password: (message, validate, whenEmpty) =>
      guarded(async () => {
        const text = await askPassword(message, context, validate, whenEmpty);
        unmute = mute();
        return text;
      }),
  };
}

/** Asks for one masked line. `whenEmpty`: an empty line is accepted too, and this is shown for it. */
async function askPassword(
  message: string,
  context: Where,
  validate?: (text: string) => string | true,
  whenEmpty?: string,
): Promise<string> {
  const { askKey } = await import('./key-prompt.ts');
  const check = async (text: string): Promise<string | true> => {
    if (text !== '' || whenEmpty === undefined) return validate?.(text) ?? true;
    return (await isMoreTyped()) ? 'An empty line came first: paste it again' : true;
  };
  const answered = (text: string): string => (text === '' ? (whenEmpty ?? '') : '****');
  const typed = await askKey({ message, validate: check, answered }, context);
  if (typed === undefined) throw new GoneBack();
  return typed;
}

/** A question wrapped between words, with room for a short answer after it. */
function folded(message: string): string {
  return wrap(message, (process.stderr.columns ?? 80) - ANSWER_CELLS, '  ');
}

/** Whether more keys follow at once, as they do when pasted text begins with a line break. */
function isMoreTyped(): Promise<boolean> {
  return new Promise((resolve) => {
    const onKey = (): void => end(true);
    const timer = setTimeout(() => end(false), PASTE_MS);
    const end = (isMore: boolean): void => {
      clearTimeout(timer);
      process.stdin.off('keypress', onKey);
      resolve(isMore);
    };
    process.stdin.on('keypress', onKey);
  });
}

/** Drops what is typed, except Ctrl-C, until the returned function is called. Keeps no process alive; Node restores the terminal. */
function mute(): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const drop = (typed: Buffer | string): void => {
    if (typed.includes('\x03')) process.emit('SIGINT');
  };
  stdin.setRawMode(true).on('data', drop).unref();
  return () => {
    stdin.off('data', drop).setRawMode(false).pause().ref();
  };
}
