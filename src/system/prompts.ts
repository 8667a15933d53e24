import type { Ask, Choice } from '../core/context.ts';
import { Cancelled } from '../core/errors.ts';

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
  return {
    select: (message, choices, initial) =>
      guarded(async () => {
        const { select } = await import('@inquirer/prompts');
        return select(
          { message, choices: choices.map(toInquirer), loop: false, pageSize: 12, ...(initial === undefined ? {} : { default: initial }) },
          context,
        );
      }),
    checkbox: (message, choices, required = false) =>
      guarded(async () => {
        const { checkbox } = await import('@inquirer/prompts');
        return checkbox({ message, choices: choices.map(toInquirer), loop: false, pageSize: 12, required }, context);
      }),
    confirm: (message, initial) =>
      guarded(async () => {
        const { confirm } = await import('@inquirer/prompts');
        return confirm({ message, default: initial }, context);
      }),
    input: (message, initial, validate) =>
      guarded(async () => {
        const { input } = await import('@inquirer/prompts');
        return input(
          { message, ...(initial === undefined ? {} : { default: initial }), ...(validate === undefined ? {} : { validate }) },
          context,
        );
      }),
    password: (message, validate) =>
      guarded(async () => {
        const { password } = await import('@inquirer/prompts');
        const text = await password({ message, mask: true, toggleMask: false, ...(validate === undefined ? {} : { validate }) }, context);
        unmute = mute();
        return text;
      }),
    search: (message, source, pageSize = 12) =>
      guarded(async () => {
        const { search } = await import('@inquirer/prompts');
        return search({ message, source: (term) => source(term ?? '').map(toInquirer), pageSize }, context);
      }),
  };
}

function toInquirer<T>(choice: Choice<T>): {
  value: T;
  name: string;
  description?: string;
  checked?: boolean;
  disabled?: string | boolean;
} {
  return {
    value: choice.value,
    name: choice.name,
    ...(choice.description === undefined ? {} : { description: choice.description }),
    ...(choice.checked === undefined ? {} : { checked: choice.checked }),
    ...(choice.disabled === undefined ? {} : { disabled: choice.disabled }),
  };
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
