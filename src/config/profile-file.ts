import * as z from 'zod/mini';
import type { Config } from './config.ts';
import { parseShared, type SharedKind } from './shared-file.ts';
import { namedSchema } from './shared-schema.ts';

export type Profiles = Config['profiles'];

/** A file of `orcc profile export`: schemas/profiles.schema.json is made from this. */
export const profileFileSchema = z.strictObject({
  $schema: z.exactOptional(z.string().check(z.maxLength(2048))),
  schemaVersion: z.literal(1),
  profiles: namedSchema,
});

const KIND: SharedKind<z.infer<typeof profileFileSchema>> = { what: 'a profile file of orcc', schema: profileFileSchema };

/** The profiles in a file's text. Throws exit 2 with the place of the first fault. */
export function parseProfileFile(text: string, source: string): Profiles {
  return parseShared(text, source, KIND).profiles;
}

/** Text of a profile file, names in order. Never holds a key: a profile has no place for one. */
export function encodeProfileFile(profiles: Profiles): string {
  const sorted = Object.fromEntries(Object.entries(profiles).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ schemaVersion: 1, profiles: sorted }, null, 2)}\n`;
}
