import type { Context, Page, PageRequest } from '../../core/context.ts';
import { Cancelled, OrccError } from '../../core/errors.ts';
import { clip, stripControls } from '../../text/text.ts';
import { CodeRefused } from './exchange.ts';
import { parseCode } from './login-address.ts';

interface WaitForKey {
  /** Called once the port listens, with the address to which the login page must return. Must not wait for the user. */
  readonly onReady: (callback: string) => Promise<void>;
  /** Turns a code into a key. */
  readonly exchange: (code: string) => Promise<string>;
  /** Called for each refused code, while the waiting goes on. */
  readonly onRefused: (error: CodeRefused) => void;
  /** Milliseconds for the whole wait. */
  readonly timeoutMs: number;
}

/** Number of refused codes after which waiting makes no sense. */
const MOST_REFUSED = 3;

/**
 * Waits on a random port and path of 127.0.0.1 for the browser to return with a code, and returns the key. Codes are tried one at a
 * time: a second tab is told that the first one has finished. A request with another path or host name gets a page that reveals
 * nothing. Afterwards the port is closed, or tells late tabs that the login is over. Throws Cancelled on Ctrl-C, exit 5 at the time
 * limit, exit 4 after three refused codes or if the user denied access.
 */
export async function waitForKey(ctx: Pick<Context, 'listen' | 'clock' | 'random' | 'signal'>, wait: WaitForKey): Promise<string> {
  if (ctx.listen === undefined) throw new OrccError('bug', 'This context has no listener');
  const path = `/orcc-${Buffer.from(ctx.random(18)).toString('base64url')}`;
  const ended = new AbortController();
  const desk = openDesk(wait, path);
  const onAbort = (): void => desk.fail(ctx.signal.reason instanceof OrccError ? ctx.signal.reason : new Cancelled());
  if (ctx.signal.aborted) throw new Cancelled();
  ctx.signal.addEventListener('abort', onAbort, { once: true });
  let port = 0;
  const listener = await ctx.listen((request) => desk.answer(port, request));
  port = listener.port;
  try {
    await wait.onReady(`http://127.0.0.1:${port}${path}`);
    void ctx.clock.sleep(wait.timeoutMs, ended.signal).then(
      () => desk.fail(tooLate(wait.timeoutMs)),
      () => undefined,
    );
    const got = await desk.key;
    // A late tab is told that the login is done, while the rest of the command goes on.
    listener.linger();
    return got;
  } catch (error) {
    await listener.close();
    throw error;
  } finally {
    ended.abort();
    ctx.signal.removeEventListener('abort', onAbort);
  }
}

/** Takes the codes of browser tabs, one at a time. */
interface Desk {
  /** Settles once: with the key, or with the reason why there is none. */
  readonly key: Promise<string>;
  readonly answer: (port: number, request: PageRequest) => Promise<Page>;
  readonly fail: (error: unknown) => void;
}

function openDesk(wait: WaitForKey, path: string): Desk {
  let settle: { readonly resolve: (key: string) => void; readonly reject: (error: unknown) => void } | undefined;
  const key = new Promise<string>((resolve, reject) => (settle = { resolve, reject }));
  // A failure before this is awaited must not count as unhandled.
  key.catch(() => undefined);
  const fail = (error: unknown): void => settle?.reject(error);
  let isDone = false;
  let refused = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const tryCode = async (code: string): Promise<Page> => {
    if (isDone) return PAGES.already;
    try {
      const got = await wait.exchange(code);
      isDone = true;
      settle?.resolve(got);
      return PAGES.done;
    } catch (error) {
      if (!(error instanceof CodeRefused)) {
        fail(error);
        return PAGES.failed;
      }
      refused += 1;
      if (refused >= MOST_REFUSED) fail(error);
      else wait.onRefused(error);
      return PAGES.refused;
    }
  };
  const answer = (port: number, request: PageRequest): Promise<Page> => {
    const asked = readRequest(request, port, path);
    if (asked.kind === 'page') return Promise.resolve(asked.page);
    if (asked.kind === 'denied') {
      fail(denied(asked.why));
      return Promise.resolve(PAGES.denied);
    }
    const mine = turn.then(() => tryCode(asked.code));
    turn = mine;
    return mine;
  };
  return { key, answer, fail };
}

function denied(why: string): OrccError {
  return new OrccError('key', `The login was not authorized (${why})`, {
    code: 'LOGIN_REFUSED',
    hint: 'Run `orcc login` again, or store a key with `orcc key set`',
  });
}

type Asked =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'denied'; readonly why: string };

/** What a request asks for. Its host is checked, since any web page can make its own host name resolve to 127.0.0.1 (DNS rebinding). */
function readRequest({ method, url, host }: PageRequest, port: number, path: string): Asked {
  const page = (each: Page): Asked => ({ kind: 'page', page: each });
  const base = `http://127.0.0.1:${port}`;
  if (host !== `127.0.0.1:${port}` || !url.startsWith('/') || !URL.canParse(url, base)) return page(PAGES.unknown);
  const { pathname, searchParams } = new URL(url, base);
  if (pathname !== path) return page(PAGES.unknown);
  if (method !== 'GET') return page(PAGES.wrongMethod);
  const [first, second] = searchParams.getAll('code');
  const code = first === undefined || second !== undefined ? undefined : parseCode(first);
  if (code !== undefined) return { kind: 'code', code };
  const error = searchParams.get('error');
  return error === null ? page(PAGES.noCode) : { kind: 'denied', why: clip(stripControls(error), 80) };
}

function tooLate(ms: number): OrccError {
  const limit = ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1000)} s`;
  return new OrccError('network', `The browser login was not completed within ${limit}; nothing was written`, {
    code: 'LOGIN_TIMEOUT',
    hint: 'Run `orcc login` again, or `orcc login --no-browser` if the browser is on another machine',
  });
}

/** What the browser shows at the end of a login, or for any other request to the port. */
export const PAGES = {
  done: { status: 200, title: 'You are logged in', text: 'orcc has the key. You can close this tab and return to the terminal.' },
  already: { status: 200, title: 'You are logged in already', text: 'Another tab has finished this login. You can close this one.' },
  refused: {
    status: 403,
    title: 'Login failed',
    text: 'OpenRouter did not accept the code. You can close this tab: the terminal says what to do next.',
  },
  denied: { status: 200, title: 'Not logged in', text: 'Access was denied, and nothing was written. You can close this tab.' },
  failed: { status: 502, title: 'Login failed', text: 'The key could not be fetched. You can close this tab: the terminal says why.' },
  noCode: { status: 400, title: 'This address has no code', text: 'Go back to the login page and authorize orcc again.' },
  unknown: { status: 404, title: 'Nothing here', text: 'This port is waiting for a login to finish, and this is not its address.' },
  wrongMethod: { status: 405, title: 'Nothing here', text: 'This page can only be viewed.' },
} as const satisfies Record<string, Page>;
