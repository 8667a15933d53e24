import * as z from 'zod/mini';
import { OrccError } from '../core/errors.ts';
import { parseJson } from '../core/json-file.ts';
import { describeIssue, firstFault } from '../core/schema-issue.ts';
import { isObject, tryJson } from '../text/json.ts';

/** The hint for a file that needs a newer orcc. */
export const UPDATE_ORCC = 'Update orcc: `npm install -g orcc@latest`';

/** The schema version that this orcc writes. It also reads 1, and upgrades such a file only when it next changes it. */
export const OWN_SCHEMA = 2;

/** Accepts 1 or 2 in a file; the parsed value is always 2. */
export const ownSchemaVersion = z.transform((value: unknown, context): typeof OWN_SCHEMA => {
  if (value !== 1 && value !== OWN_SCHEMA) context.issues.push({ code: 'invalid_value', values: [1, OWN_SCHEMA], input: value });
  return OWN_SCHEMA;
});

/** Parses one of orcc's own files. Throws exit 6 if it is not JSON, does not match the schema, or was written by a newer orcc. */
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

/** Whether a file's bytes have the present schema version; false if there is no file (null). */
export function isPresentSchema(bytes: Uint8Array | null): boolean {
  return bytes !== null && schemaVersionOf(tryJson(Buffer.from(bytes).toString('utf8'))) === OWN_SCHEMA;
}

/** The bytes of one of orcc's own files: JSON indented by two blanks, with a final newline. */
export function encodeOwn(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');
}

/** The `schemaVersion` of a JSON value; undefined if it has none. */
export function schemaVersionOf(value: unknown): number | undefined {
  return isObject(value) && typeof value['schemaVersion'] === 'number' ? value['schemaVersion'] : undefined;
}
