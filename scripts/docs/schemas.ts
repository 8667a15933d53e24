import * as z from 'zod/mini';
import { ALIASES } from '../../src/claude/aliases.ts';
import { makeProfileFile } from '../../src/config/profile-file.ts';
import { makeTeamFile } from '../../src/config/team-file.ts';

const MODEL_ID = {
  description: 'Model id, author/slug[:variant].',
  pattern: '^[~@]?[A-Za-z0-9][A-Za-z0-9._/:+@-]*$',
  examples: ['z-ai/glm-4.7'],
};

/** What happens to the aliases that a mapping may leave out. */
const UNSET = ALIASES.filter(({ required }) => !required).map(({ id, follows }) =>
  follows === undefined ? `${id} inherits unless set` : `${id} takes ${follows}’s model unless set`,
);

/** What zod can't say: the shape of model ids and names, and what each member is for. */
const NOTES: Readonly<Record<string, object>> = {
  schemaVersion: { description: 'Always 1.' },
  minimumVersion: { description: 'The oldest orcc that may be used here.' },
  mapping: { description: `alias -> OpenRouter model id. ${UNSET.join('; ')}.` },
  defaultAlias: { description: 'The alias that Claude Code starts with.' },
  presets: { description: 'Mappings that `orcc switch NAME` takes in this repository.' },
  profiles: { description: 'Mappings by name.' },
  ...Object.fromEntries(ALIASES.map(({ id }) => [id, MODEL_ID])),
};

/** The JSON Schemas that ship with orcc, by file name. Used by `npm run docs` alone. */
export function renderSchemas(): Readonly<Record<string, string>> {
  return {
    'orcc.schema.json': render(makeTeamFile(), 'orcc.json: the mapping that a repository asks for. Holds no key.'),
    'profiles.schema.json': render(makeProfileFile(), 'A file of `orcc profile export`. Holds no key.'),
  };
}

function render(schema: z.ZodMiniType, title: string): string {
  // The input side of the schema, as files are written: what has a default may be left out.
  const json: unknown = annotate({ ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'ref' }), title });
  return `${JSON.stringify(json, null, 2)}\n`;
}

function annotate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(annotate);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => {
      if (name !== 'properties' || typeof member !== 'object' || member === null) return [name, annotate(member)];
      return [
        name,
        Object.fromEntries(
          Object.entries(member).map(([each, inner]: [string, unknown]) => [each, { ...asObject(annotate(inner)), ...NOTES[each] }]),
        ),
      ];
    }),
  );
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
