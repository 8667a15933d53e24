import { NetworkError, type NetworkErrorKind } from '../core/network-error.ts';

interface CallFacts {
  readonly host: string;
  readonly proxy: string | undefined;
  /** Whether the request had been handed to an open connection. */
  readonly sent: boolean;
}

const BY_CODE: Readonly<Record<string, NetworkErrorKind>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'timeout-connect',
  UND_ERR_HEADERS_TIMEOUT: 'timeout-first-byte',
  UND_ERR_BODY_TIMEOUT: 'timeout-idle',
  UND_ERR_HEADERS_OVERFLOW: 'header-too-big',
  HPE_HEADER_OVERFLOW: 'header-too-big',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  UND_ERR_SOCKET: 'reset',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  UND_ERR_PRX_TLS: 'proxy',
  EPROTO: 'tls',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls',
};
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_SSL|^ERR_TLS|HOSTNAME_MISMATCH|ERR_OSSL/;
const CONNECTION_KINDS: ReadonlySet<NetworkErrorKind> = new Set(['dns', 'refused', 'unreachable', 'reset']);

/**
 * Turns whatever undici, node:net or node:tls threw into a NetworkError. Until a
 * request has been sent through a proxy, a connection that fails is the one to the
 * proxy: the message then names it.
 */
export function toNetworkError(error: unknown, call: CallFacts): NetworkError {
  if (error instanceof NetworkError) return error;
  const { host, proxy, sent } = call;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const refusal = /^Proxy response \((\d+)\)/.exec(message);
  if (refusal !== null) {
    const status = Number(refusal[1]);
    const reason = status === 407 ? 'HTTP 407: it asks for a user name and a password' : `HTTP ${status}`;
    return new NetworkError('proxy', { host, proxy, reason, status }, error);
  }
  const kind = kindOf(code, message);
  const reason = code === undefined || code === 'UND_ERR_SOCKET' ? message : code;
  const isProxys = proxy !== undefined && !sent && CONNECTION_KINDS.has(kind);
  return new NetworkError(isProxys ? 'proxy' : kind, { host, proxy, reason }, error);
}

function kindOf(code: string | undefined, message: string): NetworkErrorKind {
  if (code !== undefined) {
    const known = BY_CODE[code];
    if (known !== undefined) return known;
    if (code.startsWith('HPE_')) return 'not-http';
    if (CERTIFICATE.test(code)) return 'tls';
    if (code.startsWith('Z_') || code.startsWith('ERR__ERROR') || code === 'ERR_BUFFER_TOO_LARGE') return 'encoding';
  }
  // undici's parser errors have no code for most reasons (7.30).
  if (/^Response does not match the HTTP\/1\.1 protocol/.test(message)) return /EOF/.test(message) ? 'reset' : 'not-http';
  if (/disconnected before secure TLS connection/i.test(message)) return 'tls';
  return 'reset';
}

/** The errno or library code of the error, of its causes, or of its attempts to reach several addresses. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) {
    for (const each of error.errors) {
      const code = codeOf(each, depth + 1);
      if (code !== undefined) return code;
    }
  }
  return codeOf(error.cause, depth + 1);
}
