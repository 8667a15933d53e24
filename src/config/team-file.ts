import * as z from 'zod/mini';
import { compareVersions } from '../claude/version.ts';
import { OrccError } from '../core/errors.ts';
import { parseShared, type SharedKind } from './shared-file.ts';
import { makeExtras } from './extras.ts';
import { defaultAliasSchema, mappingSchema, namedSchema } from './shared-schema.ts';

const VERSION = /^\d{1,5}\.\d{1,5}\.\d{1,5}$/;

/** A committed orcc.json: schemas/orcc.schema.json is made from this. It has no place for a key or a base URL. */
export const teamFileSchema = z.strictObject({
  $schema: z.exactOptional(z.string().check(z.maxLength(2048))),
  schemaVersion: z.literal(1),
  minimumVersion: z.exactOptional(z.string().check(z.regex(VERSION, 'a version such as 0.2.0 is wanted'))),
  mapping: z.exactOptional(mappingSchema),
  defaultAlias: z.exactOptional(defaultAliasSchema),
  /** What goes with the mapping. */
  extras: z.exactOptional(makeExtras()),
  presets: z.exactOptional(namedSchema),
});

export type TeamFile = z.infer<typeof teamFileSchema>;

/** What a repository asks for. Throws exit 2 with the place of the first fault, 6 where it wants a newer orcc than `version`; `source` is how the user knows the file. */
export function parseTeamFile(text: string, source: string, version: string): TeamFile {
  const kind: SharedKind<TeamFile> = {
    what: 'an orcc.json',
    schema: teamFileSchema,
    refuse: (value, shown) => refuseTooNew(value, shown, version),
  };
  return parseShared(text, source, kind);
}

function refuseTooNew(value: unknown, shown: string, version: string): void {
  if (typeof value !== 'object' || value === null || !('minimumVersion' in value) || typeof value.minimumVersion !== 'string') return;
  const { minimumVersion } = value;
  if (!VERSION.test(minimumVersion) || compareVersions(version, minimumVersion) >= 0) return;
  throw new OrccError('refused', `\`${shown}\` asks for orcc ${minimumVersion} or newer, and this is ${version}`, {
    code: 'ORCC_TOO_OLD',
    hint: 'Update orcc: `npm install -g orcc@latest`',
  });
}
