import * as z from 'zod/mini';
import { OrccError } from '../core/errors.ts';

/** What this orcc writes into its own files; it reads 1 as well, and turns a file into 2 with the next change alone. */
export const OWN_SCHEMA = 2;

/** 1 or 2 in a file, 2 for the program. */
export const ownSchemaVersion = z.pipe(
  z.union([z.literal(1), z.literal(OWN_SCHEMA)]),
  z.transform((): typeof OWN_SCHEMA => OWN_SCHEMA),
);

/** Throws where a file of orcc's own was written by a newer orcc. */
export function refuseNewer(path: string, value: unknown): void {
  const version = versionOf(value);
  if (version !== undefined && version > OWN_SCHEMA) {
    throw new OrccError('refused', `\`${path}\` was written by a newer orcc (schema ${version})`, {
      hint: 'Update orcc: `npm install -g orcc@latest`',
    });
  }
}

/** Whether a file's bytes are in the present schema. */
export function isPresentSchema(bytes: Uint8Array | null): boolean {
  if (bytes === null) return false;
  try {
    return versionOf(JSON.parse(Buffer.from(bytes).toString('utf8'))) === OWN_SCHEMA;
  } catch {
    return false;
  }
}

/** Bytes of a file of orcc's own: two blanks, final newline. */
export function encodeOwn(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');
}

function versionOf(value: unknown): number | undefined {
  const isThere = typeof value === 'object' && value !== null && 'schemaVersion' in value;
  return isThere && typeof value.schemaVersion === 'number' ? value.schemaVersion : undefined;
}
