import { redact } from '../text/text.ts';
import type { Ask, Choice, Context, Listed, Output } from './context.ts';

/**
 * The same context, but with every secret of the run masked in all that orcc prints or asks, whatever code produced the text.
 * Answers to questions are not touched, nor is what the user types or what a program started by orcc prints.
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
    // Read from the terminal each time, since it can be resized.
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
    // A default that contains a secret is dropped: if it were masked, the masked text could be accepted as the answer.
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
