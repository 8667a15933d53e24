import { DEFAULT_BASE_URL } from './hosts.ts';
import { OrccError } from './errors.ts';
import { defined } from '../text/defined.ts';
import { clip, redactForeign, stripControls } from '../text/text.ts';

/** What went wrong between orcc and a usable answer. */
export type NetworkErrorKind =
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'tls'
  | 'proxy'
  | 'timeout-connect'
  | 'timeout-first-byte'
  | 'timeout-idle'
  | 'timeout-total'
  | 'reset'
  | 'redirect'
  | 'too-big'
  | 'header-too-big'
  | 'not-http'
  | 'encoding'
  | 'html'
  | 'not-json'
  | 'unexpected-shape'
  | 'offline';

interface NetworkErrorDetails {
  /** The host that was called (with an unusual port). */
  readonly host: string;
  /** The proxy that was used, credentials removed. */
  readonly proxy?: string | undefined;
  /** A short technical reason: an errno, an OpenSSL code, the proxy's answer. */
  readonly reason?: string | undefined;
  /** The time limit that was exceeded, in milliseconds. */
  readonly afterMs?: number | undefined;
  /** The target of a redirect: only its origin, never the full URL. */
  readonly location?: string | undefined;
  /** The size limit that was exceeded, in bytes. */
  readonly limit?: number | undefined;
  /** The HTTP status, if there was an answer. */
  readonly status?: number | undefined;
}

interface Row {
  readonly code: string;
  readonly say: (at: NetworkErrorDetails) => string;
  readonly hint: string;
}

const because = (at: NetworkErrorDetails): string => (at.reason === undefined ? '' : ` (${at.reason})`);
const through = (at: NetworkErrorDetails): string => (at.proxy === undefined ? '' : ` through the proxy ${at.proxy}`);
const seconds = (ms: number | undefined): string => (ms === undefined ? 'the time limit' : `${Math.round(ms / 100) / 10} s`);
const megabytes = (bytes: number | undefined): string => {
  if (bytes === undefined) return 'the size limit';
  return bytes >= 1_000_000 ? `${Math.round(bytes / 1_000_000)} MB` : `${Math.round(bytes / 1000)} kB`;
};

const TRY_LATER = 'try again in a moment';
const CHECK_URL = `check the base URL: \`orcc status\` shows it, and OpenRouter's is ${DEFAULT_BASE_URL}`;
const CHECK_NETWORK = 'check the network connection; behind a proxy set HTTPS_PROXY';

/** A row for a server that was reached but was too slow. */
const slow = (say: Row['say']): Row => ({ code: 'TIMEOUT', say, hint: TRY_LATER });
/** A row for an answer that can't come from OpenRouter. */
const foreign = (say: Row['say']): Row => ({ code: 'NOT_OPENROUTER', say, hint: CHECK_URL });

const ROWS: Readonly<Record<NetworkErrorKind, Row>> = {
  dns: {
    code: 'DNS',
    say: (at) => `The name ${at.host} could not be looked up${because(at)}`,
    hint: 'check the network connection, the DNS server and the spelling of the base URL; behind a proxy set HTTPS_PROXY',
  },
  refused: {
    code: 'UNREACHABLE',
    say: (at) => `${at.host} refused the connection${because(at)}`,
    hint: 'check that the base URL and its port are right and not blocked by a firewall',
  },
  unreachable: { code: 'UNREACHABLE', say: (at) => `${at.host} could not be reached${because(at)}`, hint: CHECK_NETWORK },
  tls: {
    code: 'TLS',
    say: (at) => `No secure connection to ${at.host}${through(at)}${because(at)}`,
    hint: 'if a company proxy uses its own certificate authority, set NODE_EXTRA_CA_CERTS to its certificate file (Claude Code needs the same)',
  },
  proxy: {
    code: 'PROXY',
    say: (at) => `The proxy ${at.proxy ?? '(unknown)'} did not connect to ${at.host}${because(at)}`,
    hint: 'check HTTPS_PROXY, its user and password, and NO_PROXY',
  },
  'timeout-connect': {
    code: 'TIMEOUT',
    say: (at) => `No connection to ${at.host}${through(at)} within ${seconds(at.afterMs)}`,
    hint: CHECK_NETWORK,
  },
  'timeout-first-byte': slow((at) => `${at.host} accepted the request but did not answer within ${seconds(at.afterMs)}`),
  'timeout-idle': slow((at) => `${at.host} stopped sending in the middle of its answer for ${seconds(at.afterMs)}`),
  'timeout-total': slow((at) => `${at.host} sent its answer so slowly that it was incomplete after ${seconds(at.afterMs)}`),
  reset: {
    code: 'CONNECTION_LOST',
    say: (at) => `The connection to ${at.host}${through(at)} broke off before the answer was complete${because(at)}`,
    hint: TRY_LATER,
  },
  redirect: foreign(
    (at) => `${at.host} redirects${at.location === undefined ? '' : ` to ${at.location}`}, and orcc does not send a key after a redirect`,
  ),
  'too-big': foreign((at) => `${at.host} sent more than ${megabytes(at.limit)}, which is not an answer from OpenRouter`),
  'header-too-big': foreign((at) => `${at.host} sent more headers than any sane server does`),
  'not-http': foreign((at) => `${at.host} answered something that is not HTTP${because(at)}`),
  encoding: foreign((at) => `${at.host} sent an answer that can't be decompressed${because(at)}`),
  html: {
    ...foreign(
      (at) => `${at.host} answered with a web page${at.status === undefined ? '' : ` (HTTP ${at.status})`} where OpenRouter answers JSON`,
    ),
    hint: `${CHECK_URL}; the sign-in page of a company network or hotel looks the same`,
  },
  'not-json': foreign(
    (at) => `${at.host} answered${at.status === undefined ? '' : ` HTTP ${at.status} with`} something that is not JSON${because(at)}`,
  ),
  'unexpected-shape': foreign((at) => `${at.host} answered JSON that is not what OpenRouter answers${because(at)}`),
  offline: { code: 'UNREACHABLE', say: (at) => `${at.host} was not called because of --offline`, hint: 'leave out --offline' },
};

/** Kinds of failure after which a retry may well succeed. */
const TRANSIENT: ReadonlySet<NetworkErrorKind> = new Set(['timeout-first-byte', 'timeout-idle', 'timeout-total', 'reset']);

/**
 * OpenRouter could not be reached, or gave no usable answer: one sentence that
 * names the host (and the proxy, without credentials), never the key. Exit 5.
 * `code` is a row of the findings table.
 */
export class NetworkError extends OrccError {
  readonly kind: NetworkErrorKind;
  readonly details: NetworkErrorDetails;
  readonly transient: boolean;

  constructor(kind: NetworkErrorKind, details: NetworkErrorDetails, cause?: unknown) {
    const row = ROWS[kind];
    const safe = cleanDetails(details);
    super('network', row.say(safe), { hint: row.hint, code: row.code, data: { kind, ...safe }, cause });
    this.name = 'NetworkError';
    this.kind = kind;
    this.details = safe;
    this.transient = TRANSIENT.has(kind);
  }
}

/** Texts in the details come from outside: control characters are stripped, keys masked, long texts shortened. */
function cleanDetails({ host, proxy, reason, location, ...figures }: NetworkErrorDetails): NetworkErrorDetails {
  const clean = (text: string): string => clip(redactForeign(stripControls(text)), 200);
  const texts = Object.entries(defined({ proxy, reason, location })).map(([name, text]) => [name, clean(text)] as const);
  return { ...figures, host: clean(host), ...Object.fromEntries(texts) };
}
