import * as z from 'zod/mini';
import { describeIssue } from './schema-issue.ts';

/**
 * A schema that is built only once there is a value to check: building one takes as long as checking many values, and most optional
 * members are absent.
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
