import { clip, redact, stripControls } from '../../text/text.ts';
import { keylessEnv } from '../../claude/keyless-env.ts';
import { LIMIT_MS, quoteWord, SERVICE, type Keychain, type KeychainContext } from './types.ts';

const SECURITY = '/usr/bin/security';

/**
 * The login keychain of macOS, through its `security`. Never run on a Mac: written from the manual page. `-i` reads
 * commands from standard input, so that the key stands in no argument list; its exit code says nothing of the
 * commands, so that what was stored is read back.
 */
export const macosKeychain: Keychain = {
  name: "macOS's keychain",
  refusal: () => undefined,
  put: async (ctx, account, key) => {
    const command = `add-generic-password -U -s ${SERVICE} -a ${quoted(account)} -l ${quoted('OpenRouter key of orcc')} -w ${quoted(key)}\n`;
    const stored = await run(ctx, ['-i'], command);
    if (stored.timedOut) return 'it did not answer within a minute: is it locked?';
    if (stored.notFound) return `\`${SECURITY}\` does not exist`;
    if ((await read(ctx, account)) === key) return undefined;
    const said = clip(redact(stripControls(stored.stderr.trim()), [key]), 200);
    return `it is locked, or refused the key${said === '' ? '' : ` (${said})`}`;
  },
  read,
  remove: async (ctx, account) => {
    await run(ctx, ['delete-generic-password', '-s', SERVICE, '-a', account]);
    return (await read(ctx, account)) === undefined;
  },
  helper: (account) => `${SECURITY} find-generic-password -s ${SERVICE} -a ${quoteWord(account)} -w`,
};

async function read(ctx: KeychainContext, account: string): Promise<string | undefined> {
  const { code, stdout } = await run(ctx, ['find-generic-password', '-s', SERVICE, '-a', account, '-w']);
  return code === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

function run(ctx: KeychainContext, args: readonly string[], input = ''): ReturnType<KeychainContext['exec']['run']> {
  return ctx.exec.run(SECURITY, args, { env: keylessEnv(ctx.env), input, timeoutMs: LIMIT_MS, maxBytes: 16_384, signal: ctx.signal });
}

/** One word for `security -i`; keys hold neither quotes nor backslashes (see `parseKey`). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
