import { isFolderLayer, type EffectiveMapping, type Placement } from '../claude/layers.ts';
import { configuredDestination } from '../config/config.ts';
import type { Context } from '../core/context.ts';
import { OrccError, nothingConfigured } from '../core/errors.ts';
import { admitKnownUrl, admitUrl, type Destination, type KeyedEndpoint } from '../openrouter/endpoint.ts';
import { describeWayBack } from '../config/state.ts';
import { lacksKey } from '../config/stored-key.ts';
import { askKeyCommand } from '../config/key-command.ts';
import { nameStorage, type KeyStorage } from '../config/storage.ts';
import { attempt } from '../text/attempt.ts';
import { COMMAND_TOKEN } from '../targets/startup-block.ts';
import { SHELL_TARGETS } from '../targets/types.ts';
import { stripControls, shortPlace } from '../text/text.ts';
import { observeMachine, type Machine } from './machine.ts';
import { readInEffect, type InEffect } from './in-effect.ts';
import { loadKey, readConfiguredKey, storedUrlOf } from './read-key.ts';

/** Base URL and key for the commands that ask OpenRouter: what is in effect, else what is configured. */
interface ApiSource {
  readonly machine: Machine;
  readonly now: InEffect;
  /** Where requests would go, unchecked, and what says so. */
  readonly destination: Destination;
  /** Sent nowhere except through `admitSource`. */
  readonly key: string | undefined;
  /** Which key it is: `the stored key (storage file)`, `the key in user settings (~/.claude/settings.json:4)`. */
  readonly keyFrom: string | undefined;
  /** The base URL that this key belongs to; undefined counts as OpenRouter's, null means that nothing tells for a stored key. */
  readonly storedFor: string | null | undefined;
}

/** Reads where requests go and with which key, for which it may start a key command or a keychain. Throws exit 6 for a broken config. */
export async function readApiSource(ctx: Context): Promise<ApiSource> {
  const machine = await observeMachine(ctx, SHELL_TARGETS);
  if (machine.configBroken !== undefined) throw machine.configBroken;
  const now = await readInEffect(ctx, machine);
  const token = now.token === COMMAND_TOKEN ? undefined : now.token;
  const helperKey = token === undefined ? await keyBehindHelper(ctx, machine, now) : undefined;
  const key = token ?? helperKey;
  const isOwn = helperKey !== undefined || (key !== undefined && key === readConfiguredKey(ctx, machine));
  return {
    machine,
    now,
    destination: destinationOf(ctx, machine, now.mapping),
    key,
    keyFrom: isOwn ? nameStoredKey(machine) : now.mapping.token && `the key in ${describePlacement(now.mapping.token, ctx.home)}`,
    storedFor: isOwn ? storedUrlOf(machine, key) : urlBesideToken(now),
  };
}

function destinationOf(ctx: Context, { config }: Machine, { baseUrl }: EffectiveMapping): Destination {
  if (baseUrl === undefined) return configuredDestination(ctx, config);
  return { baseUrl: baseUrl.value.trim().replace(/\/+$/, ''), from: describePlacement(baseUrl, ctx.home) };
}

/** A base URL in effect to which the key in effect does not belong. */
export interface OtherAddress extends Destination {
  /** The URL that the key belongs to; undefined: OpenRouter's. */
  readonly storedFor: string | undefined;
}

/** The address that `admitSource` would refuse or ask about, as far as files tell; undefined if there is none. Starts nothing. */
export function findOtherAddress(
  ctx: Context,
  machine: Machine,
  { mapping, token }: Pick<InEffect, 'mapping' | 'token'>,
): OtherAddress | undefined {
  if (mapping.baseUrl === undefined) return undefined;
  const isAnswered = token === undefined || token === COMMAND_TOKEN;
  const isOwn = isAnswered ? ownHelper(machine, { mapping, token }) !== undefined : token === readConfiguredKey(ctx, machine);
  // Someone else's helper provides a key that orcc does not know.
  if (isAnswered && !isOwn) return undefined;
  const storedFor = isOwn ? storedUrlOf(machine, token) : urlBesideToken({ mapping });
  const destination = destinationOf(ctx, machine, mapping);
  // An invalid URL has a finding of its own.
  if (attempt(() => admitKnownUrl(destination, { storedFor }) !== undefined, true)) return undefined;
  return { ...destination, storedFor: storedFor ?? undefined };
}

/** The endpoint to which the key in effect may be sent without asking; undefined without a key, or if the user would have to agree. */
export async function keyedEndpoint(ctx: Context): Promise<KeyedEndpoint | undefined> {
  const { key, destination, storedFor } = await readApiSource(ctx);
  return key === undefined ? undefined : admitKnownUrl(destination, { storedFor })?.with(key);
}

/** Where requests go, apart from what a folder's settings say. */
export async function destinationOutsideFolders(ctx: Context): Promise<Destination> {
  const { destination, now } = await readApiSource(ctx);
  const layer = now.mapping.baseUrl?.layer;
  return layer !== undefined && isFolderLayer(layer) ? configuredDestination(ctx, undefined) : destination;
}

/** The endpoint of a source, with its key. Asks or throws as `admitUrl` does if the key may not go there. `to` is `--to URL`. */
export async function admitSource(
  ctx: Context,
  { key, keyFrom, destination, storedFor }: ApiSource & { readonly key: string },
  to: string | undefined,
): Promise<KeyedEndpoint> {
  return (await admitUrl(ctx, destination, { storedFor, to })).with(key, keyFrom);
}

function nameStoredKey({ config }: Machine): string {
  const { keyStorage = { kind: 'file' as const }, activeKey } = config ?? {};
  const storage = keyStorage.kind === 'command' ? 'command' : nameStorage(keyStorage);
  return `the stored key${activeKey === undefined ? '' : ` \`${activeKey}\``} (storage ${storage})`;
}

/**
 * A token that someone put beside a base URL by hand belongs to that URL. A URL in the folder's settings counts only for a
 * token in the same file: a repository brings a URL along, but not its user's token.
 */
function urlBesideToken({ mapping: { token, baseUrl } }: Pick<InEffect, 'mapping'>): string | undefined {
  if (baseUrl === undefined || token === undefined) return undefined;
  if (!isFolderLayer(baseUrl.layer) || token.file === baseUrl.file) return baseUrl.value;
  return baseUrl.beats.find((each) => !isFolderLayer(each.layer) && each.value.trim() !== '')?.value;
}

/** `project settings (~/code/.claude/settings.json:3)`. */
function describePlacement({ layer, file, line }: Pick<Placement, 'layer' | 'file' | 'line'>, home: string): string {
  if (file === undefined) return "this terminal's environment";
  const place = stripControls(shortPlace({ file, line }, home));
  return layer === 'shell' ? `the start-up file ${place}` : `${layer} settings (${place})`;
}

/** `readApiSource`, but throws exit 3 if nothing is configured or Claude Code is on Anthropic, exit 4 if the key is missing. */
export async function requireApiSource(ctx: Context): Promise<ApiSource & { readonly key: string }> {
  const source = await readApiSource(ctx);
  if (source.machine.config === undefined && source.now.mapping.baseUrl === undefined) throw nothingConfigured();
  if (source.machine.config?.native === true && source.now.mapping.baseUrl === undefined) {
    throw new OrccError('nothing', 'Claude Code currently uses Anthropic (`orcc switch --native`)', {
      hint: describeWayBack(source.machine.state.targets, lacksKey(ctx, source.machine.config, source.machine.own)),
    });
  }
  if (source.key === undefined) {
    throw new OrccError('key', 'No key is in effect', {
      code: 'KEY_MISSING',
      hint: 'Run `orcc init` and enter one; `orcc status` shows what is in effect',
    });
  }
  return { ...source, key: source.key };
}

/** The key that Claude Code would get from the configured keychain or command, never from anyone else's helper. */
async function keyBehindHelper(ctx: Context, machine: Machine, now: InEffect): Promise<string | undefined> {
  const storage = ownHelper(machine, now);
  return storage?.kind === 'command' ? askKeyCommand(ctx, storage.ref ?? '') : storage === undefined ? undefined : loadKey(ctx, machine);
}

/** The key storage that provides the key in effect, if it is the keychain or a command that orcc set up; else undefined. */
function ownHelper({ config }: Machine, { mapping, token }: Pick<InEffect, 'mapping' | 'token'>): KeyStorage | undefined {
  const storage = config?.keyStorage;
  const helper = mapping.apiKeyHelper;
  const isOurs =
    storage?.kind === 'command'
      ? token === COMMAND_TOKEN || helper?.value === storage.ref
      : storage?.kind === 'keychain' && helper !== undefined;
  return isOurs ? storage : undefined;
}
