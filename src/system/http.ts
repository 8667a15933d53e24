import { Socket } from 'node:net';
import type * as undici from 'undici';
import type { buildConnector, Dispatcher } from 'undici';

import type { Env, Http } from '../core/context.ts';
import { NetworkError } from '../core/network-error.ts';
import { attempt } from '../text/attempt.ts';
import { call, HTTP_DEFAULTS, throwIfAborted } from './http-call.ts';
import { chooseProxy, describeProxy } from './proxy.ts';

/** Bytes of all headers of one answer; real ones have 2 to 4 kB. */
const MAX_HEADER_BYTES = 64 * 1024;

/** One undici dispatcher per proxy (or none); discarded after a connection that was never established. */
interface Line {
  readonly dispatcher: Dispatcher;
  /** Sockets that are still connecting. undici keeps them, and with them the process, alive until its own time limit. */
  readonly pending: Set<Socket>;
  users: number;
  retired: boolean;
}

/** The real network port, and a way to end its idle connections. */
export interface SystemHttp extends Http {
  /** Ends every connection, open answers included. Never throws. */
  close(): Promise<void>;
}

/**
 * Node 20 compiles undici's parser (WebAssembly) a second time, for speed, as soon as it has read a few answers. A run of orcc is over
 * before that pays, and would wait for it: 0.4 s and 35 MiB. Newer versions of Node take less, and may not know the flag.
 */
async function loadUndici(): Promise<typeof undici> {
  if (process.versions.node.startsWith('20.')) (await import('node:v8')).setFlagsFromString('--liftoff-only');
  return import('undici');
}

/**
 * The network port over undici, which is loaded at the first call. Takes the
 * proxies from `env` (never from the process); follows no redirect; limits the
 * time to connect (name, TCP, TLS and proxy together), to the first byte and
 * between bytes with timers of its own, since undici's tick once a second.
 * NODE_EXTRA_CA_CERTS is read by Node itself.
 *
 * `request` throws NetworkError; if `request.signal` aborts, it throws the signal's
 * reason if that is an OrccError, else Cancelled.
 */
export function createHttp(env: Env): SystemHttp {
  const lines = new Map<string, Line>();

  const openLine = async (proxy: string | undefined): Promise<Line> => {
    const { Agent, buildConnector, EnvHttpProxyAgent, Pool } = await loadUndici();
    const key = proxy ?? '';
    const known = lines.get(key);
    if (known !== undefined) return known;
    const pending = new Set<Socket>();
    const line = {
      dispatcher: createDispatcher({ Agent, buildConnector, EnvHttpProxyAgent, Pool }, proxy, pending),
      pending,
      users: 0,
      retired: false,
    };
    lines.set(key, line);
    return line;
  };

  const release = (line: Line): void => {
    line.users -= 1;
    if (line.retired && line.users <= 0) void end(line);
  };

  const retire = (line: Line): void => {
    line.retired = true;
    for (const [key, each] of lines) if (each === line) lines.delete(key);
  };

  return {
    proxyFor(url) {
      const proxy = chooseProxy(env, new URL(url));
      return proxy === undefined ? undefined : describeProxy(proxy);
    },
    async request(request) {
      throwIfAborted(request.signal);
      const url = new URL(request.url);
      const proxy = chooseProxy(env, url);
      const reason = proxy === undefined ? undefined : refuseProxy(proxy);
      if (proxy !== undefined && reason !== undefined)
        throw new NetworkError('proxy', { host: url.host, proxy: describeProxy(proxy), reason });
      const line = await openLine(proxy);
      line.users += 1;
      return call(line.dispatcher, request, url, proxy === undefined ? undefined : describeProxy(proxy), {
        onDone: () => release(line),
        onNoConnection: () => retire(line),
      });
    },
    async close() {
      const all = [...lines.values()];
      lines.clear();
      await Promise.all(all.map(end));
    },
  };
}

/** The dispatcher for a proxy, which proxy.ts has chosen so that messages can name it; the agent itself reads no environment. */
function createDispatcher(
  {
    Agent,
    buildConnector: connector,
    EnvHttpProxyAgent,
    Pool,
  }: Pick<typeof undici, 'Agent' | 'buildConnector' | 'EnvHttpProxyAgent' | 'Pool'>,
  proxy: string | undefined,
  pending: Set<Socket>,
): Dispatcher {
  const limits = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 4000 };
  const connect = { timeout: HTTP_DEFAULTS.connectMs };
  if (proxy === undefined) return new Agent({ ...limits, connect: trackPending(connector(connect), pending) });
  const proxies = { httpProxy: proxy, httpsProxy: proxy, noProxy: '', clientFactory: proxyClient(Pool) };
  return new EnvHttpProxyAgent({ ...limits, ...proxies, proxyTls: connect, requestTls: connect, ...proxyToken(proxy) });
}

/**
 * Creates the connections to the proxy itself. If the proxy closes the connection instead of answering, undici (7.30) reopens the tunnel
 * at once and for ever, since it takes that error for one of an idle socket. Here the tunnel fails.
 */
function proxyClient(Pool: typeof undici.Pool): NonNullable<undici.ProxyAgent.Options['clientFactory']> {
  class ProxyPool extends Pool {
    override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>;
    override connect(...given: Parameters<Dispatcher['connect']>): void;
    override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
      return super.connect(options).catch((error: unknown) => {
        const isClosed = error instanceof Error && 'code' in error && error.code === 'UND_ERR_SOCKET';
        throw isClosed ? new Error('it closed the connection in place of an answer', { cause: error }) : error;
      });
    }
  }
  return (origin, options) => new ProxyPool(origin, options);
}

/** Why a proxy can't be used; undefined if it can. Claude Code has no SOCKS either (its documentation, "Network configuration"). */
function refuseProxy(proxy: string): string | undefined {
  if (!URL.canParse(proxy)) return 'HTTPS_PROXY or HTTP_PROXY is not a URL';
  return /^https?:/i.test(proxy) ? undefined : 'only http:// and https:// proxies can be used, by Claude Code too';
}

async function end(line: Line): Promise<void> {
  for (const socket of line.pending) socket.destroy();
  await line.dispatcher.destroy().catch(() => undefined);
}

/** Wraps a connector so that `pending` always holds the sockets that are still connecting. */
function trackPending(connect: buildConnector.connector, pending: Set<Socket>): buildConnector.connector {
  return (options, callback) => {
    // Returns its socket (undici 7), though its type does not say so.
    const made: unknown = connect(options, (...result) => {
      if (made instanceof Socket) pending.delete(made);
      callback(...result);
    });
    if (made instanceof Socket) pending.add(made);
  };
}

/** Basic authentication from the URL of a proxy, even if the password is empty (undici then leaves it out). */
function proxyToken(proxy: string): { token?: string } {
  const { username, password } = new URL(proxy);
  if (username === '') return {};
  // A password with a bare `%` in it is taken literally.
  const decode = (text: string): string => attempt(() => decodeURIComponent(text), text);
  const pair = `${decode(username)}:${decode(password)}`;
  return { token: `Basic ${Buffer.from(pair).toString('base64')}` };
}
