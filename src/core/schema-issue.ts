import type * as z from 'zod/mini';
import { isObject } from '../text/json.ts';
import { clip, redact, stripControls } from '../text/text.ts';

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** The unit in which the length of a value is counted. */
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

/**
 * Says what is wrong with a value and what is allowed. Passed to `safeParse` as `error`, which uses it wherever the schema has no message
 * of its own: zod/mini's is always "Invalid input". Safe to print: a value is shortened, and masked if it looks like a secret.
 */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'unrecognized_keys') return `no such member${allowedMembers(issue.inst)}`;
  const wanted = expectation(issue);
  if (issue.input === undefined) return wanted === undefined ? 'it is missing' : `it is missing (expected ${wanted})`;
  return wanted === undefined ? `it can't be ${show(issue.input)}` : `expected ${wanted}, found ${found(issue)}`;
}

/** The first fault of a value: its path, such as `profiles.work.mapping.opus`, and what is wrong there. Safe to print. */
export function firstFault({ issues: [issue] }: z.core.$ZodError): string {
  if (issue === undefined) return 'unexpected';
  // For an invalid name in a record, zod nests the reason in an inner issue.
  const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  return `${memberPath(path)}: ${clip(stripControls(inner ?? issue.message), 400)}`;
}

/** The path of a member, such as `profiles.work.mapping.opus`, safe to print. */
export function memberPath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the top level' : `\`${clip(stripControls(path.map(String).join('.')), 120)}\``;
}

function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return (issue.values.length > 1 ? 'one of ' : '') + issue.values.map(String).join(', ');
    case 'too_small':
      return `at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'invalid_union': {
      const parts = issue.errors.flatMap(([first]) => /expected (.*?)(?:, found .*|\))$/s.exec(first?.message ?? '')?.[1] ?? []);
      return parts.length === 0 ? undefined : [...new Set(parts)].join(' or ');
    }
    default:
      return undefined;
  }
}

function allowedMembers(inst: unknown): string {
  const def = isObject(inst) && isObject(inst['_zod']) ? inst['_zod']['def'] : undefined;
  const shape = isObject(def) ? def['shape'] : undefined;
  return isObject(shape) ? `; allowed: ${Object.keys(shape).join(', ')}` : '';
}

function found(issue: z.core.$ZodRawIssue): string {
  const isCounted = (issue.code === 'too_big' || issue.code === 'too_small') && Array.isArray(issue.input);
  return isCounted ? String(issue.input.length) : show(issue.input);
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? `"${clip(stripControls(redact(value)), 40)}"` : String(value);
}
