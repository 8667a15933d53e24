import { redact } from '../text/text.ts';
import type { Ask, Choice, Context, Listed, Output } from './context.ts';

/**
 * The same context with the one door through which all that orcc prints and asks goes: each secret of the run is masked there,
 * whoever wrote the text. What answers a question is untouched, as are what is typed and what a program that orcc starts prints.
 */
export function maskContext(ctx: Context): Context {
  const { page } = ctx;
  return {
    ...ctx,
    stdout: maskOutput(ctx.stdout),
    stderr: maskOutput(ctx.stderr),
    ask: maskAsk(ctx.ask),
    ...(page === undefined ? {} : { page: (text) => page(redact(text)) }),
  };
}

function maskOutput(open: Output): Output {
  return {
    write: (text) => open.write(redact(text)),
    isTty: open.isTty,
    // Asked of the terminal each time.
    get columns() {
      return open.columns;
    },
    get rows() {
      return open.rows;
    },
    colorLevel: open.colorLevel,
    open,
  };
}

type Validate = (text: string) => string | true;

function maskAsk(ask: Ask): Ask {
  const mask = (said: string | true): string | true => (said === true ? said : redact(said));
  const maskAnswer = (validate: Validate | undefined): Validate | undefined => validate && ((text) => mask(validate(text)));
  return {
    select: (message, choices, initial) => ask.select(redact(message), choices.map(maskListed), initial),
    checkbox: (message, choices) => ask.checkbox(redact(message), choices.map(maskChoice)),
    confirm: (message, initial) => ask.confirm(redact(message), initial),
    // A proposal that would show a secret is none: masked it would be taken for the answer.
    input: (message, initial, validate) =>
      ask.input(redact(message), initial !== undefined && redact(initial) !== initial ? undefined : initial, maskAnswer(validate)),
    password: (message, validate, whenEmpty) => ask.password(redact(message), maskAnswer(validate), whenEmpty),
    search: (message, source) => ask.search(redact(message), (term) => source(term).map(maskListed)),
  };
}

function maskListed<T>(each: Listed<T>): Listed<T> {
  return 'heading' in each ? { heading: redact(each.heading) } : maskChoice(each);
}

function maskChoice<T>(choice: Choice<T>): Choice<T> {
  const { name, short, description, disabled } = choice;
  const texts = Object.entries({ name, short, description, disabled }).filter(([, text]) => typeof text === 'string');
  return { ...choice, ...Object.fromEntries(texts.map(([member, text]) => [member, redact(String(text))])) };
}
