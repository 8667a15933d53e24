import { beforeEach, describe, expect, it } from 'vitest';
import type { Ask, Choice, Context, Listed, Output } from '../../src/core/context.ts';
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
  const texts = (each: Listed<unknown>): readonly string[] =>
    'heading' in each ? [each.heading] : [each.name, each.short ?? '', each.description ?? '', String(each.disabled ?? '')];
  const show = (message: string, choices: readonly Listed<unknown>[] = []): void => {
    shown.push(message, ...choices.flatMap(texts));
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

function pick<T>(choices: readonly Listed<T>[]): Promise<T> {
  const first = choices.find((each) => 'value' in each);
  return first === undefined ? Promise.reject(new Error('no choice')) : Promise.resolve(first.value);
}

const text = `see ${SECRET}, https://me:pass@host/`;
const choices: readonly Choice<string>[] = [{ value: SECRET, name: text, short: text, description: text, disabled: text }];
const listed: readonly Listed<string>[] = [{ heading: text }, ...choices];

describe('what is printed and asked', () => {
  it.each([
    ['stdout', async () => void ctx.stdout.write(text)],
    ['stderr', async () => void ctx.stderr.write(text)],
    ['select', () => ctx.ask.select(text, listed)],
    ['checkbox', () => ctx.ask.checkbox(text, choices)],
    ['confirm', () => ctx.ask.confirm(text, true)],
    ['input', () => ctx.ask.input(text, SECRET, () => text)],
    ['password', () => ctx.ask.password(text, () => text)],
    ['search', () => ctx.ask.search(text, () => listed)],
  ])('shows no secret of the run: %s', async (_, work) => {
    await work();
    expect(shown.join(' ')).toContain('see ...6789');
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
