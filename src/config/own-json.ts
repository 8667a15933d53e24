import * as z from 'zod/mini';
import { OrccError } from '../core/errors.ts';
import { parseJson } from '../core/json-file.ts';
import { describeIssue, firstFault } from '../core/schema-issue.ts';
import { isObject, tryJson } from '../text/json.ts';

/** What to do about a file that wants a newer orcc. */
export const UPDATE_ORCC = 'Update orcc: `npm install -g orcc@latest`';

/** What this orcc writes into its own files; it reads 1 as well, and turns a file into 2 with the next change alone. */
export const OWN_SCHEMA = 2;

/** 1 or 2 in a file, 2 for the program. */
export const ownSchemaVersion = z.transform((value: unknown, context): typeof OWN_SCHEMA => {
  if (value !== 1 && value !== OWN_SCHEMA) context.issues.push({ code: 'invalid_value', values: [1, OWN_SCHEMA], input: value });
  return OWN_SCHEMA;
});

/** What a file of orcc's own holds. Throws exit 6 where it is no JSON, was written by a newer orcc, or does not look as expected. */
export function parseOwn<T>(text: string, path: string, schema: z.ZodMiniType<T>, hint: string): T {
  const broken = (where: string, reason: string): OrccError =>
    new OrccError('refused', `\`${path}${where}\` is broken: ${reason}`, { code: 'CONFIG_BROKEN', hint });
  const json = parseJson(text);
  if (!json.ok) throw broken(`:${json.line}:${json.column}`, json.reason);
  const version = schemaVersionOf(json.value);
  if (version !== undefined && version > OWN_SCHEMA)
    throw new OrccError('refused', `\`${path}\` was written by a newer orcc (schema ${version})`, { hint: UPDATE_ORCC });
  const parsed = schema.safeParse(json.value, { error: describeIssue });
  if (parsed.success) return parsed.data;
  throw broken('', firstFault(parsed.error));
}

/** Whether a file's bytes are in the present schema. */
export function isPresentSchema(bytes: Uint8Array | null): boolean {
  return bytes !== null && schemaVersionOf(tryJson(Buffer.from(bytes).toString('utf8'))) === OWN_SCHEMA;
}

/** Bytes of a file of orcc's own: two blanks, final newline. */
export function encodeOwn(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');
}

/** `schemaVersion` of a JSON value, where it has one. */
export function schemaVersionOf(value: unknown): number | undefined {
  return isObject(value) && typeof value['schemaVersion'] === 'number' ? value['schemaVersion'] : undefined;
}
