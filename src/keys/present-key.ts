import { DEFAULT_BASE_URL } from '../core/hosts.ts';
import type { Context } from '../core/context.ts';
import { observeMachine, type Machine } from '../change/machine.ts';
import { readInEffect } from '../change/in-effect.ts';
import { placements, type Placement } from '../claude/layers.ts';
import { BASE_URL } from '../claude/variables.ts';
import { configuredDestination } from '../config/config.ts';
import type { Destination } from '../openrouter/endpoint.ts';
import { loadKey, storedUrlOf } from '../change/read-key.ts';
import type { KeyStorage } from '../config/storage.ts';

/** orcc's present key and where it lives. */
export interface PresentKey {
  readonly machine: Machine;
  readonly baseUrl: string;
  /** The base URL with the line of the configuration that sets it, for callers about to send a key. */
  readonly destination: Destination;
  /** The base URL that the key was stored for; null if that is not known. */
  readonly storedFor: string | null;
  readonly storage: KeyStorage;
  /** Undefined if none is stored or the storage can't be reached. */
  readonly key: string | undefined;
}

/** Reads the key that orcc uses now; `machine` if it was read already. Without it, throws exit 6 for a broken configuration. */
export async function readPresentKey(ctx: Context, machine?: Machine): Promise<PresentKey> {
  const seen = machine ?? (await observeMachine(ctx));
  if (machine === undefined && seen.configBroken !== undefined) throw seen.configBroken;
  const { config } = seen;
  const key = await loadKey(ctx, seen);
  return {
    machine: seen,
    baseUrl: config?.baseUrl ?? DEFAULT_BASE_URL,
    destination: configuredDestination(ctx, config),
    storedFor: storedUrlOf(seen, key),
    storage: config?.keyStorage ?? { kind: 'file' },
    key,
  };
}

/**
 * The configured base URL if this user's own settings or start-up files hold it too, so that Claude Code sends its token there
 * already: a new key may go there without asking. Otherwise undefined, as for a configuration that a folder brings along.
 */
export async function urlInUse(ctx: Context, { machine, baseUrl }: Pick<PresentKey, 'machine' | 'baseUrl'>): Promise<string | undefined> {
  if (machine.config === undefined) return undefined;
  const { layers } = await readInEffect(ctx, machine);
  const isOwn = ({ layer, file, value }: Placement): boolean =>
    value.trim() === baseUrl && (layer === 'user' || (layer === 'shell' && file !== undefined));
  return placements(layers, BASE_URL, 'startup').some(isOwn) ? baseUrl : undefined;
}
