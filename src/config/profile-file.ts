import * as z from 'zod/mini';
import type { Config } from './config.ts';
import { parseShared, type SharedKind } from './shared-file.ts';
import { makeShared } from './shared-schema.ts';

export type Profiles = Config['profiles'];

/** The schema of a file of `orcc profile export`, from which schemas/profiles.schema.json is made. */
export function makeProfileFile() {
  return z.strictObject({
    $schema: z.exactOptional(z.string().check(z.maxLength(2048))),
    schemaVersion: z.literal(1),
    profiles: makeShared().named,
  });
}

const KIND: SharedKind<z.infer<ReturnType<typeof makeProfileFile>>> = { what: 'a profile file of orcc', makeSchema: makeProfileFile };

/** The profiles in a file's text. Throws exit 2 with the place of the first fault. */
export function parseProfileFile(text: string, source: string): Profiles {
  return parseShared(text, source, KIND).profiles;
}

/** Text of a profile file, names in order. Never holds a key, nor the name of one. */
export function encodeProfileFile(profiles: Profiles): string {
  // Which key goes with a profile is this machine's matter.
  const bare = Object.entries(profiles).map(([name, { key: _key, ...rest }]) => [name, rest] as const);
  const sorted = Object.fromEntries(bare.sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ schemaVersion: 1, profiles: sorted }, null, 2)}\n`;
}
