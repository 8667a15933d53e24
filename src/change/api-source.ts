import { DEFAULT_BASE_URL } from '../openrouter/endpoint.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { SHELL_TARGETS } from '../targets/types.ts';
import { observeMachine, type Machine } from './machine.ts';
import { readInEffect, type InEffect } from './in-effect.ts';

/** Base URL and key for the commands that ask OpenRouter: what is in effect, else what is configured. */
export interface ApiSource {
  readonly machine: Machine;
  readonly now: InEffect;
  readonly baseUrl: string;
  readonly key: string | undefined;
}

/** Reads where to call and as whom. Throws exit 6 for a broken config file. */
export async function readApiSource(ctx: Context): Promise<ApiSource> {
  const machine = await observeMachine(ctx, SHELL_TARGETS, [], 'recorded');
  if (machine.configBroken !== undefined) throw machine.configBroken;
  const now = await readInEffect(ctx, machine);
  return {
    machine,
    now,
    baseUrl: now.mapping.baseUrl?.value.replace(/\/+$/, '') ?? machine.config?.baseUrl ?? DEFAULT_BASE_URL,
    key: now.token ?? (await keyBehindHelper(ctx, machine, now)),
  };
}

/** The same with a key. Throws exit 3 where nothing is configured, exit 4 where the key is missing. */
export async function requireApiSource(ctx: Context): Promise<ApiSource & { readonly key: string }> {
  const source = await readApiSource(ctx);
  if (source.machine.config === undefined && source.now.mapping.baseUrl === undefined) {
    throw new OrccError('nothing', 'Nothing is configured yet', { hint: 'Run `orcc init` first' });
  }
  if (source.machine.config?.native === true && source.now.mapping.baseUrl === undefined) {
    throw new OrccError('nothing', 'Claude Code is on Anthropic at present (`orcc switch --native`)', {
      hint: '`orcc switch --back` brings the mapping in again',
    });
  }
  if (source.key === undefined || source.key === '') {
    throw new OrccError('key', 'There is no key in effect', {
      code: 'KEY_MISSING',
      hint: 'Run `orcc init` and give it; `orcc status` shows what is in effect',
    });
  }
  return { ...source, key: source.key };
}

/** The key that Claude Code would get from the keychain. */
async function keyBehindHelper(ctx: Context, machine: Machine, now: InEffect): Promise<string | undefined> {
  if (machine.config?.keyStorage.kind !== 'keychain' || now.mapping.apiKeyHelper === undefined) return undefined;
  const { loadKey } = await import('./load-key.ts');
  return loadKey(ctx, machine);
}
