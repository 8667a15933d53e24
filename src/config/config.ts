import * as z from 'zod/mini';
import { ALIAS_IDS, aliasMembers, DEFAULT_ALIASES, type Mapping } from '../claude/aliases.ts';
import { buildVariables, type Variable } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { later } from '../core/later.ts';
import { DEFAULT_BASE_URL } from '../openrouter/base-url.ts';
import { extrasSchema, joinExtras, withFurther, type Extras } from './extras.ts';
import { extraVariables, HELPER, type ExtrasInput } from './extras-table.ts';
import { readOwnText } from '../core/json-file.ts';
import { ownSchemaVersion, parseOwn } from './own-json.ts';
import { OrccError } from '../core/errors.ts';
import { ownFiles } from '../core/folder.ts';
import type { Destination } from '../openrouter/endpoint.ts';
import { shortPath } from '../text/text.ts';

// One of each: making a schema takes as long as checking many values.
const text = z.string();
const maybeText = z.exactOptional(text);
const maybeTrue = z.exactOptional(z.literal(true));
const maybeExtras = z.exactOptional(extrasSchema);
const address = text.check(z.maxLength(2048));
const modelId = text.check(z.minLength(1), z.maxLength(256));
const models = z.strictObject(aliasMembers(modelId, z.exactOptional(modelId)));
const defaultAlias = z.enum(DEFAULT_ALIASES);

/** A named mapping that orcc remembers; `key` is the name of the key that goes with it. */
const profile = later(() =>
  z.strictObject({
    mapping: models,
    defaultAlias,
    extras: maybeExtras,
    key: z.exactOptional(text.check(z.maxLength(64))),
  }),
);

export const KEY_STORAGE_KINDS = ['file', 'profile', 'env', 'helper', 'keychain', 'command'] as const;
export type KeyStorageKind = (typeof KEY_STORAGE_KINDS)[number];

const keyStorage = z.strictObject({
  kind: z.enum(KEY_STORAGE_KINDS),
  ref: z.exactOptional(text.check(z.maxLength(1024))),
  /** The user accepts that each start of a shell runs the command and waits for it. */
  eachStart: maybeTrue,
});

const configSchema = z.strictObject({
  schemaVersion: ownSchemaVersion,
  baseUrl: address,
  /** The base URL that the key was stored for; a config from before has none, and means its base URL. */
  keyUrl: z.exactOptional(address),
  keyStorage,
  /** Keys under a name, each with its base URL; without a storage it lies in a file of orcc's, or is the one in use. */
  keys: z.exactOptional(
    later(() =>
      z.record(
        text.check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)),
        z.strictObject({ baseUrl: address, keyStorage: z.exactOptional(keyStorage) }),
      ),
    ),
  ),
  /** The name of the key in use; absent where it has none. */
  activeKey: maybeText,
  mapping: models,
  defaultAlias,
  activeProfile: maybeText,
  /** `derived` from the models' real limits; what came of it last, so that offline commands need no catalog. */
  limits: z.strictObject({
    how: z.enum(['derived', 'none']),
    variables: z.array(z.strictObject({ name: text, value: text })),
    /** The models behind the account's presets that are mapped, as OpenRouter told then. */
    bases: z.exactOptional(later(() => z.record(modelId, modelId))),
  }),
  /** The rows of Claude Code's picker, as they were when the mapping was written; an older orcc wrote none. */
  labels: z.exactOptional(z.array(z.strictObject({ alias: z.enum(ALIAS_IDS), name: text, description: text, price: maybeText }))),
  /** What is wanted beyond the mapping: the machine's, and what came with the profile or preset in use. */
  extras: maybeExtras,
  profileExtras: maybeExtras,
  /** What the pinned models' rows in /model say, as it was when they were pinned. */
  pinRows: z.exactOptional(later(() => z.array(z.strictObject({ model: text, name: text, description: text })))),
  /** Images are kept from the mapped models, all of which take text alone. */
  denyImages: maybeTrue,
  /** The command that `statusline --install` wrote into user settings. */
  statusLine: z.exactOptional(later(() => text.check(z.minLength(1), z.maxLength(8192)))),
  /** Names that are kept empty wherever the set-up stands, since another value would change what is asked, or whom (`init --replace`). */
  blanked: z.exactOptional(later(() => z.array(text.check(z.regex(/^[A-Za-z_]\w*$/), z.maxLength(100))))),
  /** Whether orcc turned Claude Code's auto mode off in user settings. */
  autoMode: z.enum(['kept', 'off']),
  native: z.boolean(),
  profiles: z.record(text, profile),
});

/** orcc's intent (design D19): what the user asked for. Never holds a key. */
export type Config = z.infer<typeof configSchema>;

/** The mapping of a config, as the rest of the program takes it. */
export function mappingOf(config: Config): Mapping {
  return withFurther({ models: config.mapping, defaultAlias: config.defaultAlias }, extrasOf(config));
}

/** The extras in effect: the machine's, with those of the profile in use. */
export function extrasOf(config: Pick<Config, 'extras' | 'profileExtras'> | undefined): Extras {
  return joinExtras(config?.extras, config?.profileExtras);
}

/** What the rows of `EXTRAS` make their values of. */
export function extrasInput(config: Config): ExtrasInput {
  const extras = extrasOf(config);
  const pins = new Set(extras.pins);
  return {
    mapping: mappingOf(config),
    extras,
    autoMode: config.autoMode,
    denyImages: config.denyImages === true,
    statusLine: config.statusLine,
    pinRows: (config.pinRows ?? []).filter(({ model }) => pins.has(model)),
    // A helper of orcc's own is what gives the key.
    blanked: (config.blanked ?? []).filter((name) => name !== HELPER || !['helper', 'keychain'].includes(config.keyStorage.kind)),
  };
}

/** Everything after base URL, token and empty API key, as it was when the mapping was written. Asks no catalog. */
export function recordedVariables(
  config: Config,
  options: { readonly limits?: readonly Variable[]; readonly priceless?: boolean } = {},
): readonly Variable[] {
  return buildVariables({
    mapping: mappingOf(config),
    limits: options.limits ?? config.limits.variables,
    labels: config.labels ?? [],
    extras: extraVariables(extrasInput(config)),
    priceless: options.priceless ?? false,
  });
}

/** The base URL that the stored key belongs to (design D23). */
export function keyUrlOf({ keyUrl, baseUrl }: Pick<Config, 'baseUrl' | 'keyUrl'>): string {
  return keyUrl ?? baseUrl;
}

/**
 * Reads orcc's config. Undefined where there is none. Throws exit 6 with line and column where it does not parse
 * (CONFIG_BROKEN), and for a newer schema: an older orcc must not rewrite it.
 */
export function readConfig(fs: Context['fs'], path: string): Config | undefined {
  const text = readOwnText(fs, path);
  return text === undefined ? undefined : parseConfig(text, path);
}

/** The same, but with the reason if it does not parse, for callers that continue without it. */
export function readConfigOrWhy(
  fs: Context['fs'],
  path: string,
): { readonly config: Config | undefined; readonly configBroken: OrccError | undefined } {
  try {
    return { config: readConfig(fs, path), configBroken: undefined };
  } catch (error) {
    if (!(error instanceof OrccError) || error.code !== 'CONFIG_BROKEN') throw error;
    return { config: undefined, configBroken: error };
  }
}

/** The same for its text; `path` is for messages. */
export function parseConfig(text: string, path: string): Config {
  const hint = 'Fix it by hand, or run `orcc init --replace`: it moves the broken file aside and starts fresh';
  return parseOwn(text, path, configSchema, hint);
}

/** The base URL of the configuration, with the line that says so; OpenRouter's own where there is none. */
export function configuredDestination(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform'>,
  config: Pick<Config, 'baseUrl'> | undefined,
): Destination {
  if (config === undefined) return { baseUrl: DEFAULT_BASE_URL, from: "orcc's default", isTyped: true };
  const path = ownFiles(ctx).config;
  const before = readOwnText(ctx.fs, path)?.split('"baseUrl"')[0] ?? '';
  return { baseUrl: config.baseUrl, from: `orcc's configuration (${shortPath(path, ctx.home)}:${before.split('\n').length})` };
}
