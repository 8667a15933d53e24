import * as z from 'zod/mini';
import { describeIssue } from './schema-issue.ts';

/**
 * A schema that is made when there is a value to check: making one takes as long as checking many values, and most members that may
 * be missing are.
 */
export function later<T>(make: () => z.ZodMiniType<T>): z.ZodMiniType<T> {
  let made: z.ZodMiniType<T> | undefined;
  return z.transform((value: unknown, context): T => {
    const parsed = value === undefined ? undefined : (made ??= make()).safeParse(value, { error: describeIssue });
    if (parsed?.success === true) return parsed.data;
    const issues = parsed?.error.issues ?? [{ message: 'it is missing', path: [] }];
    for (const { message, path } of issues) context.issues.push({ code: 'custom', message, path, input: value });
    return z.NEVER;
  });
}
