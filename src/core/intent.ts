import * as z from 'zod/mini';
import { describeIssue } from './schema-issue.ts';
import { OrccError } from './errors.ts';
import { clip, stripControls } from '../text/text.ts';

/**
 * Checks a command's input against its schema. Throws exit 2, naming the flag, or the argument if it is in
 * `argumentNames`. Every command parses its input here, so no later code sees an unchecked flag.
 */
export function parseIntent<T>(schema: z.ZodMiniType<T>, input: unknown, argumentNames: readonly string[] = []): T {
  const parsed = schema.safeParse(input, { error: describeIssue });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = issue?.path[0];
  const isArgument = argumentNames.includes(String(name));
  const flag = name === undefined ? 'The arguments' : isArgument ? `The argument \`${String(name)}\`` : `\`--${kebab(String(name))}\``;
  throw new OrccError('usage', `${flag} can't take this value: ${clip(stripControls(issue?.message ?? 'unexpected'), 120)}`);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A flag without a value. */
export const flag = z._default(z.boolean(), false);
/** The flags of every command that writes (`WRITING`). */
export const writingFlags = { yes: flag, dryRun: flag, json: flag } as const;
/** The flags of every command that may also change what others have written. */
export const changeFlags = { replace: flag, force: flag, ...writingFlags } as const;
/** The parsed flags that decide how a change is made. */
export interface ChangeFlags {
  readonly replace: boolean;
  readonly force: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
}
/** A flag with a text value of 1 to 4096 characters. */
export const text = z.exactOptional(z.string().check(z.minLength(1, 'it is empty'), z.maxLength(4096, 'it is too long')));

/** A whole number from `min` to `max`, parsed from decimal text, then multiplied by `times`. */
export function wholeNumber(min: number, max: number, times = 1): z.ZodMiniType<number | undefined> {
  return z.optional(
    z.pipe(
      z.string().check(z.regex(/^\d{1,9}$/, `expected a whole number from ${min} to ${max}`)),
      z.transform((value: string, context) => {
        const number = Number(value);
        if (number < min || number > max) {
          context.issues.push({ code: 'custom', message: `expected a whole number from ${min} to ${max}`, input: value });
        }
        return number * times;
      }),
    ),
  );
}

/** A whole number of seconds from 1 to `max`, parsed to milliseconds. */
export function seconds(max: number): z.ZodMiniType<number | undefined> {
  return wholeNumber(1, max, 1000);
}

/** A number of tokens up to `max`, as people write it: `200000`, `200K`, `1M`, `1.5m`. */
export function tokenCount(max: number): z.ZodMiniType<number | undefined> {
  const wanted = 'expected a number of tokens, such as 200000, 200K or 1M';
  return z.optional(
    z.pipe(
      z.string().check(z.regex(/^\d{1,9}(?:\.\d{1,3})?[km]?$/i, wanted)),
      z.transform((value: string, context) => {
        const unit = /k$/i.test(value) ? 1_000 : /m$/i.test(value) ? 1_000_000 : 1;
        const tokens = Math.round(Number.parseFloat(value) * unit);
        if (tokens > max) context.issues.push({ code: 'custom', message: wanted, input: value });
        return tokens;
      }),
    ),
  );
}
