import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { AdmittedUrl } from '../../openrouter/endpoint.ts';
import type { Say } from '../../core/say.ts';
import { CodeRefused, exchangeCode, requireLogin } from './exchange.ts';
import { loginAddress, makePkce, parseCode } from './login-address.ts';
import { hasBrowser, openBrowser, type OpenedBrowser } from './open-browser.ts';
import { waitForKey } from './wait-for-key.ts';

export type LoginContext = Pick<
  Context,
  | 'http'
  | 'version'
  | 'signal'
  | 'exec'
  | 'env'
  | 'platform'
  | 'random'
  | 'clock'
  | 'listen'
  | 'ask'
  | 'interactive'
  | 'stderr'
  | 'fs'
  | 'home'
>;

interface LoginOptions {
  /** Where to log in, and where the key will be sent. */
  readonly url: AdmittedUrl;
  /** false: a browser on any machine shows the code, which is pasted here. Default: true. */
  readonly browser?: boolean;
  readonly timeoutMs?: number | undefined;
  readonly say: Say;
}

/** Milliseconds to wait for the browser; OpenRouter's codes are valid twice as long. */
const TIMEOUT_MS = 300_000;
const MOST_TRIES = 3;
/** The key's name on OpenRouter's page of keys. */
const LABEL = 'orcc';

/**
 * Gets a key through the browser (OpenRouter's OAuth PKCE) and stores nothing. On a terminal without a browser, the user pastes the
 * code that the page shows. Throws exit 2 if there is no login or no way to ask for a code, exit 4 for a refusal, exit 5 for the
 * network and the time limit.
 */
export async function logIn(ctx: LoginContext, options: LoginOptions): Promise<string> {
  const { say } = options;
  const { baseUrl } = options.url;
  if (isAutomated(ctx)) {
    throw new OrccError('usage', 'A login needs someone at a browser, and this is CI', {
      hint: 'Use a key from a secret: `orcc key set --key-env NAME --yes`',
    });
  }
  say.progress(`Asking ${new URL(baseUrl).host}`);
  await requireLogin(ctx, baseUrl);
  say.clear();
  const byHand = options.browser === false || (ctx.interactive && !hasBrowser(ctx));
  return byHand ? pasteCode(ctx, options) : throughBrowser(ctx, options);
}

async function throughBrowser(ctx: LoginContext, { url: { baseUrl }, timeoutMs = TIMEOUT_MS, say }: LoginOptions): Promise<string> {
  const { verifier, challenge } = makePkce(ctx);
  let address = '';
  let browser: OpenedBrowser | undefined;
  const key = await waitForKey(ctx, {
    onReady: async (callback) => {
      address = loginAddress(baseUrl, { challenge, callback, label: LABEL });
      browser = await openBrowser(ctx, address);
      // The address is printed under `--json` too: without it nobody could go on.
      ctx.stderr.write(
        `${browser.isOpen ? `Your browser opens the login page. If it does not${maySnap(ctx)}, open` : 'Open'} this address on this machine:\n  ${address}\n`,
      );
      say.progress('Waiting for the browser (Ctrl-C stops)');
    },
    exchange: (code) => exchangeCode(ctx, baseUrl, code, verifier),
    onRefused: (error) => {
      say.error(error.message, 'Authorize again at the address above');
      say.progress('Waiting for the browser (Ctrl-C stops)');
    },
    timeoutMs,
  }).finally(() => browser?.forget());
  say.clear();
  return key;
}

async function pasteCode(ctx: LoginContext, { url: { baseUrl }, say }: LoginOptions): Promise<string> {
  if (!ctx.interactive) {
    throw new OrccError('usage', '`--no-browser` asks for a code, which needs a terminal', {
      hint: 'Run it in a terminal, or use `orcc key set --key-stdin`',
    });
  }
  const { verifier, challenge } = makePkce(ctx);
  const address = loginAddress(baseUrl, { challenge, label: LABEL });
  ctx.stderr.write(`Open this address in a browser, on any machine; it shows a code:\n  ${address}\n`);
  for (let tries = 1; ; tries += 1) {
    const text = await ctx.ask.input('The code:', undefined, (given) =>
      parseCode(given) === undefined ? 'Paste the code that the page shows, or press Ctrl-C to stop' : true,
    );
    try {
      return await exchangeCode(ctx, baseUrl, parseCode(text) ?? '', verifier);
    } catch (error) {
      if (!(error instanceof CodeRefused) || tries >= MOST_TRIES) throw error;
      say.error(error.message, 'Paste it again, or reload the page for a new one');
    }
  }
}

/**
 * A note where browsers may come from snaps: those can't read the private page that leads to the login, since snaps see no hidden
 * folders.
 */
function maySnap({ fs, platform }: Pick<Context, 'fs' | 'platform'>): string {
  const isHere = platform === 'linux' && fs.stat('/snap/bin') !== undefined;
  return isHere ? " (a browser installed as a snap can't read the private file it is given)" : '';
}

function isAutomated({ env, interactive }: LoginContext): boolean {
  const ci = env['CI'] ?? '';
  return !interactive && ci !== '' && ci !== '0' && ci !== 'false';
}
