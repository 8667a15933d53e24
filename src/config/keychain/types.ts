import type { Context } from '../../core/context.ts';

export type KeychainContext = Pick<Context, 'exec' | 'env' | 'platform' | 'signal'>;

/** The system's own store for secrets, reached through a program of the system's. */
export interface Keychain {
  /** As people call it. */
  readonly name: string;
  /** Why it can't be used here, without asking it; undefined where it may work. */
  refusal(ctx: KeychainContext): string | undefined;
  /** Puts the key in, over an older one. Gives the reason where that failed. The key goes through standard input alone. */
  put(ctx: KeychainContext, account: string, key: string): Promise<string | undefined>;
  /** The key; undefined where there is none, where the store is locked, or where it can't be reached. */
  read(ctx: KeychainContext, account: string): Promise<string | undefined>;
  /** Takes the key out; nothing there is fine. Says whether none is left. */
  remove(ctx: KeychainContext, account: string): Promise<boolean>;
  /** A command that prints the key, for `apiKeyHelper`: it works without orcc and without Node. */
  helper(account: string): string;
}

/** Under which orcc's items stand; the account is the host of the base URL. */
export const SERVICE = 'orcc';

/** Milliseconds: a locked store may ask for its password on the screen meanwhile. */
export const LIMIT_MS = 60_000;

/** One word of a POSIX shell. */
export function quoteWord(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
