import type { Ask } from '../core/context.ts';
import { Cancelled, GoneBack } from '../core/errors.ts';
import { defined } from '../text/defined.ts';
import { wrap } from '../text/wrap.ts';
import type { ListQuestion, Where } from './list-prompt.ts';

/** Milliseconds within which pasted text follows its first line break. */
const PASTE_MS = 60;
/** Cells for the mark before a question and `(y/N)` behind it. */
const ANSWER_CELLS = 10;

/**
 * Questions through Inquirer, loaded at the first one. Prompts are painted on
 * stderr, since stdout is for data. Ctrl-C (ExitPromptError) and a signal
 * (AbortPromptError) both become `Cancelled`. From a password on until the next question nothing that is
 * typed shows: it may be the password again.
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

/** One masked line; `whenEmpty`: what an empty one stands for. */
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
  return askKey({ message, validate: check, answered }, context);
}

/** A question folded between words, with room for a short answer behind it. */
function folded(message: string): string {
  return wrap(message, (process.stderr.columns ?? 80) - ANSWER_CELLS, '  ');
}

/** Whether keys follow at once, as they do where text is pasted that begins with a line break. */
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

/** Takes in what is typed and drops it, but for Ctrl-C; gives what ends that. Keeps no program from ending: Node gives the terminal back. */
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
