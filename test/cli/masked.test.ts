import { beforeEach, describe, expect, it } from 'vitest';
import type { Ask, Choice, Context, Output } from '../../src/core/context.ts';
import { maskContext } from '../../src/core/masked.ts';
import { rememberSecret } from '../../src/text/text.ts';

/** Everything that is printed or asked goes through one door. */
const SECRET = 'no-shape-would-tell-0123456789';
let shown: string[];
let ctx: Context;
beforeEach(() => {
  rememberSecret(SECRET);
  shown = [];
  const output: Output = { write: (text) => void shown.push(text), isTty: true, columns: 77, colorLevel: 0 };
  const show = (message: string, choices: readonly Choice<unknown>[] = []): void => {
    shown.push(message, ...choices.flatMap(({ name, description, disabled }) => [name, description ?? '', String(disabled ?? '')]));
  };
  const ask: Ask = {
    select: (message, choices) => (show(message, choices), pick(choices)),
    checkbox: (message, choices) => (show(message, choices), Promise.resolve(choices.map(({ value }) => value))),
    confirm: (message) => (show(message), Promise.resolve(true)),
    input: (message, initial, validate) => (show(`${message} ${initial ?? ''} ${String(validate?.(''))}`), Promise.resolve(SECRET)),
    password: (message, validate) => (show(`${message} ${String(validate?.(''))}`), Promise.resolve(SECRET)),
    search: (message, source) => (show(message, source('')), pick(source(''))),
  };
  ctx = maskContext({ stdout: output, stderr: output, ask } as Context);
});

function pick<T>(choices: readonly Choice<T>[]): Promise<T> {
  const [first] = choices;
  return first === undefined ? Promise.reject(new Error('no choice')) : Promise.resolve(first.value);
}

const text = `see ${SECRET}, https://me:pass@host/`;
const choices: readonly Choice<string>[] = [{ value: SECRET, name: text, description: text, disabled: text }];

describe('what is printed and asked', () => {
  it.each([
    ['stdout', async () => void ctx.stdout.write(text)],
    ['stderr', async () => void ctx.stderr.write(text)],
    ['select', () => ctx.ask.select(text, choices)],
    ['checkbox', () => ctx.ask.checkbox(text, choices)],
    ['confirm', () => ctx.ask.confirm(text, true)],
    ['input', () => ctx.ask.input(text, SECRET, () => text)],
    ['password', () => ctx.ask.password(text, () => text)],
    ['search', () => ctx.ask.search(text, () => choices)],
  ])('shows no secret of the run: %s', async (_, work) => {
    await work();
    expect(shown.join(' ')).toContain('see no-shape-wou...6789');
    expect(shown.join(' ')).not.toMatch(new RegExp(`${SECRET}|pass`));
  });

  it('leaves answers, widths and what was asked for as they are', async () => {
    expect(await ctx.ask.select('which', choices)).toBe(SECRET);
    expect(await ctx.ask.input('what', 'https://host/api')).toBe(SECRET);
    expect(shown.join(' ')).toContain('https://host/api');
    expect(ctx.stdout.columns).toBe(77);
    ctx.stdout.open?.write(SECRET);
    expect(shown.at(-1)).toBe(SECRET);
  });
});
