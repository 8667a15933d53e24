import { keylessEnv } from '../claude/keyless-env.ts';
import type { Context, ExecResult } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { quoteWord } from '../text/quote-word.ts';
import { clip, redact, rememberSecret, stripControls } from '../text/text.ts';

export type KeychainContext = Pick<Context, 'exec' | 'env' | 'platform' | 'signal'>;

/** The system's own store for secrets, used through the system's command-line program. To store a key, it is passed on stdin only. */
interface Keychain {
  /** Its name in messages. */
  readonly name: string;
  /** Why it can't be used here, found out without running it; undefined if it may work. */
  refusal(ctx: KeychainContext): string | undefined;
  program(ctx: KeychainContext): string;
  /** Arguments and stdin that store the key, replacing an older one. */
  store(account: string, key: string): { readonly args: readonly string[]; readonly input: string };
  /** Whether the program's exit code tells if the key was stored. */
  readonly saysSo: boolean;
  /** What may have gone wrong if the store was not locked. */
  readonly otherwise: string;
  lookup(account: string): readonly string[];
  clear(account: string): readonly string[];
  /** A command line that prints the key, for `apiKeyHelper`: it works without orcc and without Node. */
  helper(account: string): string;
}

/** The service name of orcc's items; their account is the host of the base URL. */
const SERVICE = 'orcc';
const LABEL = 'OpenRouter key of orcc';
/** Milliseconds: long enough for a locked store to ask for its password on the screen. */
const LIMIT_MS = 60_000;
const SECURITY = '/usr/bin/security';

/**
 * The login keychain of macOS, through `security`. Never run on a Mac: written from the manual page. `-i` reads
 * commands from stdin, which keeps the key out of the argument list; its exit code does not tell whether they
 * succeeded, so the key is read back.
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

/** Quotes a word for `security -i`; keys themselves contain no quotes or backslashes (see `parseKey`). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The Secret Service of a Linux desktop (GNOME Keyring, KWallet, KeePassXC), through libsecret's `secret-tool`. */
const secretService: Keychain = {
  name: "the desktop's keyring (Secret Service)",
  refusal: ({ exec, env }) => {
    if (exec.find('secret-tool') === undefined)
      return '`secret-tool` is not installed (Debian and Ubuntu: libsecret-tools, Fedora and Arch: libsecret)';
    // Without a session bus, secret-tool would try to start its own, which needs a display.
    const hasBus = (env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '' || (env['XDG_RUNTIME_DIR'] ?? '') !== '';
    return hasBus ? undefined : 'there is no desktop session here that would hold a keyring';
  },
  program: ({ exec }) => exec.find('secret-tool') ?? 'secret-tool',
  // secret-tool stores its input unchanged, even a final newline (measured on 0.20.5).
  store: (account, key) => ({ args: ['store', `--label=${LABEL}`, 'service', SERVICE, 'account', account], input: key }),
  saysSo: true,
  otherwise: 'no keyring is running',
  lookup: (account) => ['lookup', 'service', SERVICE, 'account', account],
  clear: (account) => ['clear', 'service', SERVICE, 'account', account],
  helper: (account) => `secret-tool lookup service ${SERVICE} account ${quoteWord(account)}`,
};

/** One row for each system with a store that orcc can use. */
const KEYCHAINS: Partial<Record<NodeJS.Platform, Keychain>> = { darwin: macosKeychain, linux: secretService };

function run(ctx: KeychainContext, keychain: Keychain, args: readonly string[], input = ''): Promise<ExecResult> {
  const options = { env: keylessEnv(ctx.env), input, timeoutMs: LIMIT_MS, maxBytes: 16_384, signal: ctx.signal };
  return ctx.exec.run(keychain.program(ctx), args, options);
}

/** The key; undefined if there is none, or the store is locked or can't be reached. */
async function read(ctx: KeychainContext, keychain: Keychain, account: string): Promise<string | undefined> {
  const { code, stdout } = await run(ctx, keychain, keychain.lookup(account));
  return code === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

/** Stores the key. Returns the reason if that failed, undefined if it worked. */
async function put(ctx: KeychainContext, keychain: Keychain, account: string, key: string): Promise<string | undefined> {
  const { args, input } = keychain.store(account, key);
  const stored = await run(ctx, keychain, args, input);
  if (stored.timedOut) return 'it did not answer within a minute: is it locked?';
  if (stored.notFound) return `\`${keychain.program(ctx)}\` is not there`;
  if (keychain.saysSo ? stored.code === 0 : (await read(ctx, keychain, account)) === key) return undefined;
  const said = clip(redact(stripControls(stored.stderr.trim()), [key]), 200);
  return `it is locked, or ${keychain.otherwise}${said === '' ? '' : ` (${said})`}`;
}

/** Removes the key, if there is one. Returns whether it is gone now. */
async function remove(ctx: KeychainContext, keychain: Keychain, account: string): Promise<boolean> {
  await run(ctx, keychain, keychain.clear(account));
  return (await read(ctx, keychain, account)) === undefined;
}

/** The system's store. Throws exit 6 (NO_KEYCHAIN), with the reason and the other storages, if none can be used here. */
export function requireKeychain(ctx: KeychainContext): Keychain {
  const keychain = findKeychain(ctx.platform);
  const reason =
    keychain === undefined ? `orcc knows no keychain on ${ctx.platform === 'win32' ? 'Windows' : ctx.platform}` : keychain.refusal(ctx);
  if (keychain === undefined || reason !== undefined) throw noKeychain(reason ?? '');
  return keychain;
}

/** The system's store, whether or not it works at the moment; undefined if orcc knows none for this system. */
export function findKeychain(platform: NodeJS.Platform): Keychain | undefined {
  return KEYCHAINS[platform];
}

/** Stores the key and reads it back. Throws exit 6 (NO_KEYCHAIN), with the reason and the other storages, if that fails. */
export async function putInKeychain(ctx: KeychainContext, account: string, key: string): Promise<void> {
  const keychain = requireKeychain(ctx);
  const reason = await put(ctx, keychain, account, key);
  if (reason !== undefined) throw noKeychain(`${keychain.name}: ${reason}`);
  if ((await read(ctx, keychain, account)) === key) return;
  await remove(ctx, keychain, account);
  throw noKeychain(`${keychain.name} does not return what was stored`);
}

/** The key from the store; undefined if it can't be read. Never throws. */
export async function readFromKeychain(ctx: KeychainContext, account: string): Promise<string | undefined> {
  const keychain = findKeychain(ctx.platform);
  const key = keychain === undefined || keychain.refusal(ctx) !== undefined ? undefined : await read(ctx, keychain, account);
  if (key !== undefined) rememberSecret(key);
  return key;
}

/** Removes the key from the store; false if it may still be there. Never throws. */
export async function removeFromKeychain(ctx: KeychainContext, account: string): Promise<boolean> {
  const keychain = findKeychain(ctx.platform);
  if (keychain === undefined || keychain.refusal(ctx) !== undefined) return false;
  return remove(ctx, keychain, account);
}

/** The account name of a base URL's key in the store. */
export function keychainAccount(baseUrl: string): string {
  return new URL(baseUrl).host;
}

/** The command line for `apiKeyHelper` that prints the key. */
export function keychainHelper(account: string, platform: NodeJS.Platform): string {
  return (findKeychain(platform) ?? secretService).helper(account);
}

function noKeychain(reason: string): OrccError {
  return new OrccError('refused', `The key can't be kept in a keychain here: ${reason}`, {
    code: 'NO_KEYCHAIN',
    hint: 'Other key storages: `file` (a file that only you can read), `helper`, `profile`, `env:NAME`',
  });
}
