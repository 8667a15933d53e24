import { sha256 } from '../core/hash.ts';
import { authorOf } from './model-traits.ts';

export const KEY_NAMES = [
  'good',
  'bad',
  'expired',
  'management',
  'no-credit',
  'low-credit',
  'capped',
  'free',
  'guarded',
  'own-keys',
] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** What the simulator knows about one key. Amounts in USD. */
export interface Account {
  readonly name: string;
  readonly key: string;
  /** Money left on the account. */
  balance: number;
  used: number;
  /** What providers have charged to the account's own keys (BYOK). */
  readonly ownUsed: number;
  /** Cap of the key itself; null without one. */
  readonly limit: number | null;
  limitRemaining: number | null;
  readonly isManagement: boolean;
  readonly isFreeTier: boolean;
  readonly expiresAt: string | null;
  /** Calls of `:free` models a day. */
  readonly freeLimit: number;
  freeUsed: number;
  /** Authors that the account's guardrail lets through; null for all. */
  readonly allowedAuthors: readonly string[] | null;
}

/** Whether the account's guardrail lets a model through. */
export function allowsModel(account: Account, id: string): boolean {
  return account.allowedAuthors === null || account.allowedAuthors.includes(authorOf(id));
}

/**
 * A key of OpenRouter's form (`sk-or-v1-` and 64 hex digits) that is the same
 * in every run and opens nothing anywhere else.
 */
function makeKey(name: string): string {
  return `sk-or-v1-${sha256(`orcc simulator key ${name}`)}`;
}

function makeAccount(name: string, given: Partial<Account> = {}): Account {
  return {
    name,
    key: makeKey(name),
    balance: 10,
    used: 1.5,
    ownUsed: 0,
    limit: null,
    limitRemaining: null,
    isManagement: false,
    isFreeTier: false,
    expiresAt: null,
    freeLimit: 1000,
    freeUsed: 10,
    allowedAuthors: null,
    ...given,
  };
}

/** Every key by name. `bad` has the right form and no account. */
export function makeKeys(): Record<KeyName, string> {
  return Object.fromEntries(KEY_NAMES.map((name) => [name, makeKey(name)])) as Record<KeyName, string>;
}

/** Accounts by key. The 2 cents of `low-credit` pay for 32000 tokens of a cheap model but not of an expensive one. */
export function makeAccounts(): Map<string, Account> {
  const accounts = [
    makeAccount('good', { limit: 20, limitRemaining: 18.5 }),
    makeAccount('expired', { expiresAt: '2026-01-01T00:00:00.000Z' }),
    makeAccount('management', { isManagement: true }),
    makeAccount('no-credit', { balance: 0 }),
    makeAccount('low-credit', { balance: 0.02 }),
    makeAccount('capped', { limit: 5, limitRemaining: 0, used: 5 }),
    makeAccount('free', { balance: 0, used: 0, isFreeTier: true, freeLimit: 50, freeUsed: 13 }),
    makeAccount('guarded', { allowedAuthors: ['anthropic', 'z-ai'] }),
    makeAccount('own-keys', { ownUsed: 3.25 }),
  ];
  return new Map(accounts.map((account) => [account.key, account]));
}

/** The account behind a key that was obtained through the login page. */
export function makeLoginAccount(serial: number): Account {
  return makeAccount(`login-${String(serial)}`, { used: 0, freeUsed: 0 });
}

/** OpenRouter's label: the first 12 characters and the last 4. */
export function labelOf(key: string): string {
  return `${key.slice(0, 12)}...${key.slice(-4)}`;
}
