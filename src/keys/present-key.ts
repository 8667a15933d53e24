import type { Context } from '../core/context.ts';
import { observeMachine, type Machine } from '../change/machine.ts';
import { keyUrlOf } from '../config/config.ts';
import { configuredDestination } from '../config/destination.ts';
import type { Destination } from '../openrouter/endpoint.ts';
import { DEFAULT_BASE_URL } from '../openrouter/base-url.ts';
import { loadKey } from '../change/load-key.ts';
import type { KeyStorage } from '../config/storage.ts';

/** orcc's present key and where it lives. */
export interface PresentKey {
  readonly machine: Machine;
  readonly baseUrl: string;
  /** The same with the line that says so, for whoever is about to send a key. */
  readonly destination: Destination;
  /** The base URL that the key was stored for. */
  readonly storedFor: string;
  readonly storage: KeyStorage;
  /** Undefined where none is stored, or its storage can't be reached. */
  readonly key: string | undefined;
}

/** Reads the key that orcc uses now. Throws exit 6 for a broken configuration. */
export async function readPresentKey(ctx: Context): Promise<PresentKey> {
  const machine = await observeMachine(ctx, [], [], 'recorded');
  if (machine.configBroken !== undefined) throw machine.configBroken;
  return presentKey(ctx, machine);
}

/** The same for a machine that was looked at already. */
export async function presentKey(ctx: Context, machine: Machine): Promise<PresentKey> {
  const { config } = machine;
  return {
    machine,
    baseUrl: config?.baseUrl ?? DEFAULT_BASE_URL,
    destination: configuredDestination(ctx, config),
    storedFor: keyUrlOf(config),
    storage: config?.keyStorage ?? { kind: 'file' },
    key: await loadKey(ctx, machine),
  };
}
