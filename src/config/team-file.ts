import * as z from 'zod/mini';
import { compareVersions } from '../claude/version.ts';
import { OrccError } from '../core/errors.ts';
import { parseShared, type SharedKind } from './shared-file.ts';
import { makeExtras } from './extras.ts';
import { makeShared } from './shared-schema.ts';
import { UPDATE_ORCC } from './own-json.ts';

const VERSION = /^\d{1,5}\.\d{1,5}\.\d{1,5}$/;

/** The schema of a committed orcc.json; schemas/orcc.schema.json is generated from it. On purpose, it has no key and no base URL. */
export function makeTeamFile() {
  const { mapping, defaultAlias, named } = makeShared();
  return z.strictObject({
    $schema: z.exactOptional(z.string().check(z.maxLength(2048))),
    schemaVersion: z.literal(1),
    minimumVersion: z.exactOptional(z.string().check(z.regex(VERSION, 'expected a version such as 0.2.0'))),
    mapping: z.exactOptional(mapping),
    defaultAlias: z.exactOptional(defaultAlias),
    /** Settings beyond the mapping. */
    extras: z.exactOptional(makeExtras()),
    presets: z.exactOptional(named),
  });
}

export type TeamFile = z.infer<ReturnType<typeof makeTeamFile>>;

/** Parses an orcc.json; `source` names it in messages. Throws exit 2 with the first fault, 6 if it needs a newer orcc than `version`. */
export function parseTeamFile(text: string, source: string, version: string): TeamFile {
  const kind: SharedKind<TeamFile> = {
    what: 'an orcc.json',
    makeSchema: makeTeamFile,
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
    hint: UPDATE_ORCC,
  });
}
