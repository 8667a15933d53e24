import { clip, redact, stripControls } from '../../text/text.ts';
import { keylessEnv } from '../../claude/keyless-env.ts';
import { LIMIT_MS, quoteWord, SERVICE, type Keychain, type KeychainContext } from './types.ts';

/** The Secret Service of a Linux desktop (GNOME Keyring, KWallet, KeePassXC), through libsecret's `secret-tool`. */
export const secretService: Keychain = {
  name: "the desktop's keyring (Secret Service)",
  refusal: ({ exec, env }) => {
    if (exec.find('secret-tool') === undefined)
      return '`secret-tool` is not installed (Debian and Ubuntu: libsecret-tools, Fedora and Arch: libsecret)';
    // Without one secret-tool would try to start a bus of its own, which needs a screen.
    const hasBus = (env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '' || (env['XDG_RUNTIME_DIR'] ?? '') !== '';
    return hasBus ? undefined : 'there is no desktop session here with a keyring';
  },
  put: async (ctx, account, key) => {
    // secret-tool keeps what it reads as it is, a line end included (measured on 0.20.5).
    const stored = await run(ctx, ['store', '--label=OpenRouter key of orcc', 'service', SERVICE, 'account', account], key);
    if (stored.code === 0) return undefined;
    if (stored.timedOut) return 'it did not answer within a minute: is it locked?';
    const said = clip(redact(stripControls(stored.stderr.trim()), [key]), 200);
    return `it is locked, or no keyring is running${said === '' ? '' : ` (${said})`}`;
  },
  read: async (ctx, account) => {
    const { code, stdout } = await run(ctx, ['lookup', 'service', SERVICE, 'account', account]);
    return code === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
  },
  remove: async (ctx, account) => {
    await run(ctx, ['clear', 'service', SERVICE, 'account', account]);
    const { code, stdout } = await run(ctx, ['lookup', 'service', SERVICE, 'account', account]);
    return code !== 0 || stdout === '';
  },
  helper: (account) => `secret-tool lookup service ${SERVICE} account ${quoteWord(account)}`,
};

function run(ctx: KeychainContext, args: readonly string[], input = ''): ReturnType<KeychainContext['exec']['run']> {
  const file = ctx.exec.find('secret-tool') ?? 'secret-tool';
  return ctx.exec.run(file, args, { env: keylessEnv(ctx.env), input, timeoutMs: LIMIT_MS, maxBytes: 16_384, signal: ctx.signal });
}
