import { isFolderLayer, type Placement } from '../claude/layers.ts';
import { configuredDestination } from '../config/config.ts';
import type { Context } from '../core/context.ts';
import { OrccError, nothingConfigured } from '../core/errors.ts';
import { admitKey, admitKnownUrl, type Destination, type KeyedEndpoint } from '../openrouter/endpoint.ts';
import { askKeyCommand } from '../config/key-command.ts';
import { COMMAND_TOKEN } from '../targets/startup-block.ts';
import { SHELL_TARGETS } from '../targets/types.ts';
import { stripControls, shortPath } from '../text/text.ts';
import { observeMachine, type Machine } from './machine.ts';
import { readInEffect, type InEffect } from './in-effect.ts';
import { loadKey, readConfiguredKey, storedUrlOf } from './read-key.ts';

/** Base URL and key for the commands that ask OpenRouter: what is in effect, else what is configured. */
interface ApiSource {
  readonly machine: Machine;
  readonly now: InEffect;
  /** Where requests would go, unchecked, and who says so. */
  readonly destination: Destination;
  /** It goes nowhere but through `admitSource`. */
  readonly key: string | undefined;
  /** The base URL that this key belongs to; undefined where nothing tells, null for a stored one of which nothing does. */
  readonly storedFor: string | null | undefined;
}

/** Reads where to call and as whom. Throws exit 6 for a broken config file. */
export async function readApiSource(ctx: Context): Promise<ApiSource> {
  const machine = await observeMachine(ctx, SHELL_TARGETS);
  if (machine.configBroken !== undefined) throw machine.configBroken;
  const now = await readInEffect(ctx, machine);
  const { baseUrl } = now.mapping;
  const token = now.token === COMMAND_TOKEN ? undefined : now.token;
  const helperKey = token === undefined ? await keyBehindHelper(ctx, machine, now) : undefined;
  const key = token ?? helperKey;
  const isOwn = helperKey !== undefined || (key !== undefined && key === readConfiguredKey(ctx, machine));
  return {
    machine,
    now,
    destination:
      baseUrl === undefined
        ? configuredDestination(ctx, machine.config)
        : { baseUrl: baseUrl.value.trim().replace(/\/+$/, ''), from: describePlacement(baseUrl, ctx.home) },
    key,
    storedFor: isOwn ? storedUrlOf(machine, key) : urlBesideToken(now),
  };
}

/** Where the key in effect may be sent unasked; undefined without a key, or if someone would have to agree. */
export async function keyedEndpoint(ctx: Context): Promise<KeyedEndpoint | undefined> {
  const { key, destination, storedFor } = await readApiSource(ctx);
  return key === undefined || key === '' ? undefined : admitKnownUrl(destination, { storedFor })?.with(key);
}

/** Where requests go, but for what a folder brings along. */
export async function destinationOutsideFolders(ctx: Context): Promise<Destination> {
  const { destination, now } = await readApiSource(ctx);
  const layer = now.mapping.baseUrl?.layer;
  return layer !== undefined && isFolderLayer(layer) ? configuredDestination(ctx, undefined) : destination;
}

/** The endpoint of a source with a key, where the key may go there (`admitUrl`). `to` is `--to URL`. */
export function admitSource(ctx: Context, source: ApiSource & { readonly key: string }, to: string | undefined): Promise<KeyedEndpoint> {
  return admitKey(ctx, source.key, source.destination, { storedFor: source.storedFor, to });
}

/**
 * A token that somebody put beside a base URL by hand belongs to that URL. What the folder's settings say counts only for a
 * token of the same file: a repository brings its URL along, not its user's token.
 */
function urlBesideToken({ mapping: { token, baseUrl } }: InEffect): string | undefined {
  if (baseUrl === undefined || token === undefined) return undefined;
  if (!isFolderLayer(baseUrl.layer) || token.file === baseUrl.file) return baseUrl.value;
  return baseUrl.beats.find((each) => !isFolderLayer(each.layer) && each.value.trim() !== '')?.value;
}

/** `project settings (~/code/.claude/settings.json:3)`. */
function describePlacement({ layer, file, line }: Placement, home: string): string {
  if (file === undefined) return layer === 'shell' ? "this terminal's environment" : `${layer} settings`;
  const place = `${stripControls(shortPath(file, home))}${line === undefined ? '' : `:${line}`}`;
  return layer === 'shell' ? `the start-up file ${place}` : `${layer} settings (${place})`;
}

/** The same with a key. Throws exit 3 where nothing is configured, exit 4 where the key is missing. */
export async function requireApiSource(ctx: Context): Promise<ApiSource & { readonly key: string }> {
  const source = await readApiSource(ctx);
  if (source.machine.config === undefined && source.now.mapping.baseUrl === undefined) throw nothingConfigured();
  if (source.machine.config?.native === true && source.now.mapping.baseUrl === undefined) {
    throw new OrccError('nothing', 'Claude Code currently uses Anthropic (`orcc switch --native`)', {
      hint: '`orcc switch --back` restores the mapping',
    });
  }
  if (source.key === undefined || source.key === '') {
    throw new OrccError('key', 'No key is in effect', {
      code: 'KEY_MISSING',
      hint: 'Run `orcc init` and enter one; `orcc status` shows what is in effect',
    });
  }
  return { ...source, key: source.key };
}

/** The key that Claude Code would get from the keychain or from the command of the configuration, never from anybody else's. */
async function keyBehindHelper(ctx: Context, machine: Machine, now: InEffect): Promise<string | undefined> {
  const storage = machine.config?.keyStorage;
  if (storage?.kind === 'command') {
    const isOurs = now.token === COMMAND_TOKEN || now.mapping.apiKeyHelper?.value === storage.ref;
    return isOurs ? askKeyCommand(ctx, storage.ref ?? '') : undefined;
  }
  if (storage?.kind !== 'keychain' || now.mapping.apiKeyHelper === undefined) return undefined;
  return loadKey(ctx, machine);
}
