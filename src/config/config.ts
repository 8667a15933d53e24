import { DEFAULT_BASE_URL } from '../core/hosts.ts';
import * as z from 'zod/mini';
import { ALIAS_IDS, aliasMembers, DEFAULT_ALIASES, type Mapping } from '../claude/aliases.ts';
import { buildVariables, type Variable } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { later } from '../core/later.ts';
import { extrasSchema, joinExtras, withFurther, type Extras } from './extras.ts';
import { extraVariables, HELPER, type ExtrasInput } from './extras-table.ts';
import { readOwnText } from '../core/json-file.ts';
import { ownSchemaVersion, parseOwn } from './own-json.ts';
import { OrccError } from '../core/errors.ts';
import { ownFiles, KEY_NAME } from '../core/folder.ts';
import type { Destination } from '../openrouter/endpoint.ts';
import { shortPath } from '../text/text.ts';

// Shared schemas: building one takes as long as checking many values.
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
  /** The user accepts that every new shell runs the command and waits for it. */
  eachStart: maybeTrue,
});

/** What the configuration says of named keys, and the state too, which outlives it. */
export const namedKeyMembers = {
  /** Named keys, each with its base URL. One without `keyStorage` is in a file of orcc's own, or is the key in use. */
  keys: z.exactOptional(
    later(() => z.record(text.check(z.regex(KEY_NAME)), z.strictObject({ baseUrl: address, keyStorage: z.exactOptional(keyStorage) }))),
  ),
  /** The name of the key in use; absent if it has none. */
  activeKey: maybeText,
};

const configSchema = z.strictObject({
  schemaVersion: ownSchemaVersion,
  baseUrl: address,
  /** The base URL that the key was stored for; absent in older configs, where `baseUrl` counts. */
  keyUrl: z.exactOptional(address),
  keyStorage,
  ...namedKeyMembers,
  mapping: models,
  defaultAlias,
  activeProfile: maybeText,
  /** `derived` from the models' real limits. The last result is kept, so that offline commands need no catalog. */
  limits: z.strictObject({
    how: z.enum(['derived', 'none']),
    variables: z.array(z.strictObject({ name: text, value: text })),
    /** The models behind those of the account's presets that are mapped, as OpenRouter reported them at that time. */
    bases: z.exactOptional(later(() => z.record(modelId, modelId))),
  }),
  /** The rows of Claude Code's picker at the time the mapping was written; absent in configs of an older orcc. */
  labels: z.exactOptional(z.array(z.strictObject({ alias: z.enum(ALIAS_IDS), name: text, description: text, price: maybeText }))),
  /** The user's extras: those of the machine, and below those of the profile or preset in use. */
  extras: maybeExtras,
  profileExtras: maybeExtras,
  /** The texts of the pinned models' rows in /model, as of the time they were pinned. */
  pinRows: z.exactOptional(later(() => z.array(z.strictObject({ model: text, name: text, description: text })))),
  /** Rules keep Claude Code from reading images, since all mapped models take text only. */
  denyImages: maybeTrue,
  /** The command line that `statusline --install` wrote into user settings. */
  statusLine: z.exactOptional(later(() => text.check(z.minLength(1), z.maxLength(8192)))),
  /** Names (variables, `apiKeyHelper`) that are kept empty, since another value would change the requests or where they go. */
  blanked: z.exactOptional(later(() => z.array(text.check(z.regex(/^[A-Za-z_]\w*$/), z.maxLength(100))))),
  /** Whether orcc turned Claude Code's auto mode off in user settings. */
  autoMode: z.enum(['kept', 'off']),
  native: z.boolean(),
  profiles: z.record(text, profile),
});

/** orcc's intent (design D19): what the user asked for. Never holds a key. */
export type Config = z.infer<typeof configSchema>;

/** The mapping of a config in the form that the rest of the program uses, with the models that the extras add. */
export function mappingOf(config: Config): Mapping {
  return withFurther({ models: config.mapping, defaultAlias: config.defaultAlias }, extrasOf(config));
}

/** The extras in effect: the machine's, joined with those of the profile in use. */
export function extrasOf(config: Pick<Config, 'extras' | 'profileExtras'> | undefined): Extras {
  return joinExtras(config?.extras, config?.profileExtras);
}

/** The input from which the rows of `EXTRAS` make their values. */
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
    // With these storages the helper is orcc's own and provides the key, so it must not be emptied.
    blanked: (config.blanked ?? []).filter((name) => name !== HELPER || !['helper', 'keychain'].includes(config.keyStorage.kind)),
  };
}

/** All variables after base URL, token and empty API key, as of the time the mapping was written. Needs no catalog. */
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
 * Reads orcc's config; undefined if there is none. Throws exit 6 with line and column if it does not parse
 * (CONFIG_BROKEN), and exit 6 for a newer schema, which an older orcc must not rewrite.
 */
export function readConfig(fs: Context['fs'], path: string): Config | undefined {
  const text = readOwnText(fs, path);
  return text === undefined ? undefined : parseConfig(text, path);
}

/** `readConfig` that returns CONFIG_BROKEN instead of throwing it, for callers that continue without a config. */
export function readConfigOrWhy(
  fs: Context['fs'],
  path: string,
): { readonly config: Config | undefined; readonly configBroken: OrccError | undefined } {
  const { value: config, broken: configBroken } = orBroken(() => readConfig(fs, path), undefined);
  return { config, configBroken };
}

/** Whether an error says that one of orcc's own files is broken (CONFIG_BROKEN). */
export function isBroken(error: unknown): error is OrccError {
  return error instanceof OrccError && error.code === 'CONFIG_BROKEN';
}

/** Returns what `read` returns; if it throws CONFIG_BROKEN, returns that error and `instead`. */
export function orBroken<T>(read: () => T, instead: T): { readonly value: T; readonly broken: OrccError | undefined } {
  try {
    return { value: read(), broken: undefined };
  } catch (error) {
    if (!isBroken(error)) throw error;
    return { value: instead, broken: error };
  }
}

/** `readConfig` for a text already read; `path` is only for messages. */
export function parseConfig(text: string, path: string): Config {
  const hint = 'Fix it by hand, or run `orcc init --replace`: it moves the broken file aside and starts fresh';
  return parseOwn(text, path, configSchema, hint);
}

/** The base URL of the configuration and the line it stands on; OpenRouter's own if there is no configuration. */
export function configuredDestination(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform'>,
  config: Pick<Config, 'baseUrl'> | undefined,
): Destination {
  if (config === undefined) return { baseUrl: DEFAULT_BASE_URL, from: "orcc's default", isTyped: true };
  const path = ownFiles(ctx).config;
  const before = readOwnText(ctx.fs, path)?.split('"baseUrl"')[0] ?? '';
  return { baseUrl: config.baseUrl, from: `orcc's configuration (${shortPath(path, ctx.home)}:${before.split('\n').length})` };
}
