import type { Ask, Choice, Listed } from '../core/context.ts';
import { Cancelled } from '../core/errors.ts';
import { fit } from '../text/table.ts';
import { wrap } from '../text/wrap.ts';

/** Milliseconds within which pasted text follows its first line break. */
const PASTE_MS = 60;
/** Cells of a row that its name can't have: the pointer before it, and the last one, behind which some terminals break the line. */
const MARK_CELLS = 3;

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
        const { select, Separator } = await import('@inquirer/prompts');
        const page = pageOf(choices.length);
        const list = choices.map((each) => toInquirer(each, Separator, page));
        return select(
          { message, choices: list, loop: false, pageSize: page, ...(initial === undefined ? {} : { default: initial }) },
          context,
        );
      }),
    checkbox: (message, choices, required = false) =>
      guarded(async () => {
        const { checkbox } = await import('@inquirer/prompts');
        return checkbox(
          { message, choices: choices.map((each) => toChoice(each, BOX_CELLS)), loop: false, pageSize: pageSize(), required },
          context,
        );
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
    password: (message, validate, whenEmpty) =>
      guarded(async () => {
        const text = await askPassword(message, context, validate, whenEmpty);
        unmute = mute();
        return text;
      }),
    search: (message, source, most) => guarded(() => askSearch(message, source, most, context)),
  };
}

/** One masked line; `whenEmpty`: what an empty one stands for. */
async function askPassword(
  message: string,
  context: Where,
  validate?: (text: string) => string | true,
  whenEmpty?: string,
): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  const check = async (text: string): Promise<string | true> => {
    if (text !== '' || whenEmpty === undefined) return validate?.(text) ?? true;
    return (await isMoreTyped()) ? 'An empty line came first: paste it once more' : true;
  };
  // As many stars as the key has letters would fill lines that say nothing.
  const answer = (stars: string): string => (stars === '' ? (whenEmpty ?? '') : '****');
  return password({ message, mask: true, toggleMask: false, validate: check, theme: { style: { answer } } }, context);
}

type Where = { readonly signal: AbortSignal; readonly output: NodeJS.WritableStream };

/** A list that is searched by typing; a heading that comes last stays in sight below it. */
async function askSearch<T>(
  message: string,
  source: (term: string) => readonly Listed<T>[],
  most: number | undefined,
  context: Where,
): Promise<T> {
  const { search, Separator } = await import('@inquirer/prompts');
  let foot = '';
  const list = (term?: string) => {
    const all = source(term ?? '');
    const last = all.at(-1);
    foot = last !== undefined && 'heading' in last ? last.heading : '';
    return (foot === '' ? all : all.slice(0, -1)).map((each) => toInquirer(each, Separator));
  };
  const theme = { style: { keysHelpTip: () => cut(foot, 0) } };
  return search({ message, source: list, pageSize: most ?? pageSize(), theme }, context);
}

/** Rows of a list: as many as leave room for the question and what is said of a row, so that a small terminal shows all of it. */
function pageSize(): number {
  return Math.max(3, Math.min(12, rows() - 8));
}

/** Rows of a list that says nothing of what is below its last row: all of them, where the terminal has room. */
function pageOf(length: number): number {
  return Math.max(pageSize(), Math.min(length, rows() - 8));
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

interface Row<T> {
  value: T;
  name: string;
  short?: string;
  description?: string;
  checked?: boolean;
  disabled?: string | boolean;
}

/** A row takes one line, whatever the terminal's width: a longer one is cut. */
function toInquirer<T, S>(each: Listed<T>, Separator: new (text: string) => S, page = pageSize()): Row<T> | S {
  return 'heading' in each ? new Separator(cut(` ${each.heading}`, 0)) : toChoice(each, 0, page);
}

function toChoice<T>(choice: Choice<T>, more = 0, page = pageSize()): Row<T> {
  const { value, short, checked, description, disabled } = choice;
  const isOff = typeof disabled === 'string';
  return {
    value,
    name: isOff ? cut(`${choice.name} ${disabled}`, more + 2) : cut(choice.name, more),
    ...(isOff ? { disabled: ' ' } : disabled === undefined ? {} : { disabled }),
    ...(short === undefined ? {} : { short }),
    ...(description === undefined ? {} : { description: wrapLines(description, page) }),
    ...(checked === undefined ? {} : { checked }),
  };
}

/** Text for the cells that a list leaves: a mark stands in front of it, and `more` cells behind. */
function cut(text: string, more: number): string {
  return fit(text, columns() - MARK_CELLS - more);
}

/** What is said of a row, as far as there is room below the list. */
const wrapLines = (text: string, page: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrap(line, columns(), '  ').split('\n'))
    .slice(0, Math.max(0, rows() - page - 4))
    .join('\n');

/** What a checkbox puts before a row beside the pointer. */
const BOX_CELLS = 2;

const rows = (): number => process.stderr.rows ?? 24;

const columns = (): number => process.stderr.columns ?? 80;

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
