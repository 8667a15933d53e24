import * as z from 'zod/mini';
import { ALIASES, isWhole, type AliasId } from '../claude/aliases.ts';
import { deriveLimits } from '../claude/limits.ts';
import type { ModelFacts } from '../claude/model-use.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL, DEFAULT_MODEL, isSecretVariable, OUR_VARIABLES, type Variable } from '../claude/variables.ts';
import type { LimitMember } from './check.ts';

const text = z.optional(z.catch(z.optional(z.string()), undefined));
const schema = z.looseObject({
  baseURL: text,
  authToken: text,
  apiKey: text,
  defaultModels: z.optional(z.catch(z.record(z.string(), z.unknown()), {})),
  env: z.optional(z.catch(z.record(z.string(), z.unknown()), {})),
});

interface LegacyBlock {
  /** The same as variables for `env`, without the token. */
  readonly variables: readonly Variable[];
  /** True if it holds a token or a key that is not empty. */
  readonly hasToken: boolean;
}

/** The members of such a block by the guide's names; variables that people put there, at its top or in an `env`, count as these too. */
function readBlock(value: unknown): (z.infer<typeof schema> & { readonly named: ReadonlyMap<string, string> }) | undefined {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return undefined;
  const { env = {}, ...block } = parsed.data;
  const named = new Map(Object.entries({ ...block, ...env }).flatMap(([name, said]) => (typeof said === 'string' ? [[name, said]] : [])));
  return {
    baseURL: block.baseURL ?? named.get(BASE_URL),
    authToken: block.authToken ?? named.get(AUTH_TOKEN),
    apiKey: block.apiKey ?? named.get(API_KEY),
    defaultModels: {
      ...Object.fromEntries(ALIASES.map(({ id, variable }) => [id, named.get(variable)])),
      ...block.defaultModels,
    },
    named,
  };
}

const ALIAS_VARIABLES = ALIASES.map(({ variable }) => variable);

/** Reads the guide's `"anthropic": {…}` block, which Claude Code ignores in every version that was measured. */
export function readLegacy(value: unknown): LegacyBlock {
  const block = readBlock(value);
  if (block === undefined) return { variables: [], hasToken: false };
  const { baseURL, authToken, apiKey, defaultModels = {}, named } = block;
  // The guide does not know fable, which therefore gets opus's model (design D6).
  const models = ALIASES.flatMap(({ id, variable, follows }) => {
    const model = defaultModels[id] ?? (follows === undefined ? undefined : defaultModels[follows]);
    return typeof model === 'string' && model !== '' ? [{ name: variable, value: model }] : [];
  });
  const others = OUR_VARIABLES.filter((name) => name !== BASE_URL && !isSecretVariable(name) && !ALIAS_VARIABLES.includes(name));
  return {
    variables: [
      ...(baseURL === undefined || baseURL === '' ? [] : [{ name: BASE_URL, value: baseURL }]),
      ...(apiKey === '' ? [{ name: API_KEY, value: '' }] : []),
      ...models,
      ...others.flatMap((name) => ((named.get(name) ?? '') === '' ? [] : [{ name, value: named.get(name) ?? '' }])),
    ],
    hasToken: (authToken ?? '') !== '' || (apiKey ?? '') !== '',
  };
}

/** The token of such a block, only for the planner: never print it. undefined if it has none. */
export function readLegacyToken(value: unknown): string | undefined {
  const token = readBlock(value)?.authToken;
  return token === undefined || token === '' ? undefined : token;
}

/** The limits of such a block's models (design D7); none unless it maps every alias. Only user settings hold a window for each model. */
export function limitsOfLegacy(value: unknown, models: (id: string) => ModelFacts | undefined, isUser: boolean): readonly LimitMember[] {
  const values = new Map(readLegacy(value).variables.map((each) => [each.name, each.value]));
  const mapped: Partial<Record<AliasId, string>> = {};
  for (const { id, variable } of ALIASES) {
    const model = values.get(variable);
    if (model !== undefined) mapped[id] = model;
  }
  if (!isWhole(mapped)) return [];
  const { variables, modelSettings } = deriveLimits({
    mapping: { models: mapped, defaultAlias: 'opus' },
    facts: models,
    userTarget: isUser,
  });
  return [
    ...variables.map((each): LimitMember => ({ member: ['env', each.name], value: each.value })),
    ...(isUser
      ? modelSettings.map(({ id, autoCompactWindow }): LimitMember => ({
          member: ['modelSettings', id, 'autoCompactWindow'],
          value: autoCompactWindow,
        }))
      : []),
    // Without it Claude Code starts with opus[1m], which never compacts.
    { member: ['env', DEFAULT_MODEL], value: mapped.opus },
  ];
}
