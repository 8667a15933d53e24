import * as z from 'zod/mini';
import type { Config } from './config.ts';
import { parseShared, type SharedKind } from './shared-file.ts';
import { makeShared } from './shared-schema.ts';

export type Profiles = Config['profiles'];

/** The schema of a file written by `orcc profile export`; schemas/profiles.schema.json is generated from it. */
export function makeProfileFile() {
  return z.strictObject({
    $schema: z.exactOptional(z.string().check(z.maxLength(2048))),
    schemaVersion: z.literal(1),
    profiles: makeShared().named,
  });
}

const KIND: SharedKind<z.infer<ReturnType<typeof makeProfileFile>>> = { what: 'a profile file of orcc', makeSchema: makeProfileFile };

/** The profiles in a profile file's text. Throws exit 2 with the place of the first fault, exit 6 for a newer schema. */
export function parseProfileFile(text: string, source: string): Profiles {
  return parseShared(text, source, KIND).profiles;
}

/** The text of a profile file, sorted by name. Never contains a key or a key's name. */
export function encodeProfileFile(profiles: Profiles): string {
  // The key that goes with a profile is specific to this machine.
  const bare = Object.entries(profiles).map(([name, { key: _key, ...rest }]) => [name, rest] as const);
  const sorted = Object.fromEntries(bare.sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ schemaVersion: 1, profiles: sorted }, null, 2)}\n`;
}
