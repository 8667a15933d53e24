import { keylessEnv } from '../claude/keyless-env.ts';
import type { Context, ExecResult } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { quoteWord } from '../text/quote-word.ts';
import { clip, redact, rememberSecret, stripControls } from '../text/text.ts';

export type KeychainContext = Pick<Context, 'exec' | 'env' | 'platform' | 'signal'>;

/** The system's own store for secrets, and how the system's program for it is asked. The key goes through its standard input alone. */
interface Keychain {
  /** As people call it. */
  readonly name: string;
  /** Why it can't be used here, without asking it; undefined where it may work. */
  refusal(ctx: KeychainContext): string | undefined;
  program(ctx: KeychainContext): string;
  /** Puts the key in, over an older one. */
  store(account: string, key: string): { readonly args: readonly string[]; readonly input: string };
  /** Whether the program's exit code says that the key was taken. */
  readonly saysSo: boolean;
  /** What else than a lock may have kept it from that. */
  readonly otherwise: string;
  lookup(account: string): readonly string[];
  clear(account: string): readonly string[];
  /** A command that prints the key, for `apiKeyHelper`: it works without orcc and without Node. */
  helper(account: string): string;
}

/** Under which orcc's items stand; the account is the host of the base URL. */
const SERVICE = 'orcc';
const LABEL = 'OpenRouter key of orcc';
/** Milliseconds: a locked store may ask for its password on the screen meanwhile. */
const LIMIT_MS = 60_000;
const SECURITY = '/usr/bin/security';

/**
 * The login keychain of macOS, through its `security`. Never run on a Mac: written from the manual page. `-i` reads
 * commands from standard input, so that the key stands in no argument list; its exit code says nothing of the
 * commands, so that what was stored is read back.
 */
const macosKeychain: Keychain = {
  name: "macOS's keychain",
  refusal: () => undefined,
  program: () => SECURITY,
  store: (account, key) => ({
    args: ['-i'],
    input: `add-generic-password -U -s ${SERVICE} -a ${quoted(account)} -l ${quoted(LABEL)} -w ${quoted(key)}\n`,
  }),
  saysSo: false,
  otherwise: 'refused the key',
  lookup: (account) => ['find-generic-password', '-s', SERVICE, '-a', account, '-w'],
  clear: (account) => ['delete-generic-password', '-s', SERVICE, '-a', account],
  helper: (account) => `${SECURITY} find-generic-password -s ${SERVICE} -a ${quoteWord(account)} -w`,
};

/** One word for `security -i`; keys hold neither quotes nor backslashes (see `parseKey`). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The Secret Service of a Linux desktop (GNOME Keyring, KWallet, KeePassXC), through libsecret's `secret-tool`. */
const secretService: Keychain = {
  name: "the desktop's keyring (Secret Service)",
  refusal: ({ exec, env }) => {
    if (exec.find('secret-tool') === undefined)
      return '`secret-tool` is not installed (Debian and Ubuntu: libsecret-tools, Fedora and Arch: libsecret)';
    // Without one secret-tool would try to start a bus of its own, which needs a screen.
    const hasBus = (env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '' || (env['XDG_RUNTIME_DIR'] ?? '') !== '';
    return hasBus ? undefined : 'there is no desktop session here that would hold a keyring';
  },
  program: ({ exec }) => exec.find('secret-tool') ?? 'secret-tool',
  // secret-tool keeps what it reads as it is, a line end included (measured on 0.20.5).
  store: (account, key) => ({ args: ['store', `--label=${LABEL}`, 'service', SERVICE, 'account', account], input: key }),
  saysSo: true,
  otherwise: 'no keyring is running',
  lookup: (account) => ['lookup', 'service', SERVICE, 'account', account],
  clear: (account) => ['clear', 'service', SERVICE, 'account', account],
  helper: (account) => `secret-tool lookup service ${SERVICE} account ${quoteWord(account)}`,
};

/** One row per system that has a store orcc can reach. */
const KEYCHAINS: Partial<Record<NodeJS.Platform, Keychain>> = { darwin: macosKeychain, linux: secretService };

function run(ctx: KeychainContext, keychain: Keychain, args: readonly string[], input = ''): Promise<ExecResult> {
  const options = { env: keylessEnv(ctx.env), input, timeoutMs: LIMIT_MS, maxBytes: 16_384, signal: ctx.signal };
  return ctx.exec.run(keychain.program(ctx), args, options);
}

/** The key; undefined where there is none, where the store is locked, or where it can't be reached. */
async function read(ctx: KeychainContext, keychain: Keychain, account: string): Promise<string | undefined> {
  const { code, stdout } = await run(ctx, keychain, keychain.lookup(account));
  return code === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

/** Gives the reason where it failed. */
async function put(ctx: KeychainContext, keychain: Keychain, account: string, key: string): Promise<string | undefined> {
  const { args, input } = keychain.store(account, key);
  const stored = await run(ctx, keychain, args, input);
  if (stored.timedOut) return 'it did not answer within a minute: is it locked?';
  if (stored.notFound) return `\`${keychain.program(ctx)}\` is not there`;
  if (keychain.saysSo ? stored.code === 0 : (await read(ctx, keychain, account)) === key) return undefined;
  const said = clip(redact(stripControls(stored.stderr.trim()), [key]), 200);
  return `it is locked, or ${keychain.otherwise}${said === '' ? '' : ` (${said})`}`;
}

/** Removes the key, if there is one. Returns whether it is gone. */
async function remove(ctx: KeychainContext, keychain: Keychain, account: string): Promise<boolean> {
  await run(ctx, keychain, keychain.clear(account));
  return (await read(ctx, keychain, account)) === undefined;
}

/** The system's store where one works; throws exit 6 with the reason and the other storages where none does. */
export function requireKeychain(ctx: KeychainContext): Keychain {
  const keychain = findKeychain(ctx.platform);
  const reason =
    keychain === undefined ? `orcc knows no keychain on ${ctx.platform === 'win32' ? 'Windows' : ctx.platform}` : keychain.refusal(ctx);
  if (keychain === undefined || reason !== undefined) throw noKeychain(reason ?? '');
  return keychain;
}

/** The system's store, whether or not it works at this moment. */
export function findKeychain(platform: NodeJS.Platform): Keychain | undefined {
  return KEYCHAINS[platform];
}

/** Stores the key and reads it back. Throws exit 6 with the reason and the other storages. */
export async function putInKeychain(ctx: KeychainContext, account: string, key: string): Promise<void> {
  const keychain = requireKeychain(ctx);
  const reason = await put(ctx, keychain, account, key);
  if (reason !== undefined) throw noKeychain(`${keychain.name}: ${reason}`);
  if ((await read(ctx, keychain, account)) === key) return;
  await remove(ctx, keychain, account);
  throw noKeychain(`${keychain.name} does not return what was stored`);
}

/** The key from the store; undefined where it can't be had. Never throws. */
export async function readFromKeychain(ctx: KeychainContext, account: string): Promise<string | undefined> {
  const keychain = findKeychain(ctx.platform);
  const key = keychain === undefined || keychain.refusal(ctx) !== undefined ? undefined : await read(ctx, keychain, account);
  if (key !== undefined) rememberSecret(key);
  return key;
}

/** Takes the key out; false where it may still be there. Never throws. */
export async function removeFromKeychain(ctx: KeychainContext, account: string): Promise<boolean> {
  const keychain = findKeychain(ctx.platform);
  if (keychain === undefined || keychain.refusal(ctx) !== undefined) return false;
  return remove(ctx, keychain, account);
}

/** Under which name a base URL's key stands in the store. */
export function keychainAccount(baseUrl: string): string {
  return new URL(baseUrl).host;
}

/** The command for `apiKeyHelper`. */
export function keychainHelper(account: string, platform: NodeJS.Platform): string {
  return (findKeychain(platform) ?? secretService).helper(account);
}

function noKeychain(reason: string): OrccError {
  return new OrccError('refused', `The key can't be kept in a keychain here: ${reason}`, {
    code: 'NO_KEYCHAIN',
    hint: 'Other key storages: `file` (a file that only you can read), `helper`, `profile`, `env:NAME`',
  });
}
