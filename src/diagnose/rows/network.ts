import { DEFAULT_BASE_URL, MAIN_HOST } from '../../core/hosts.ts';
import { type FindingRow, place, quoteSaid, testCommand } from '../row.ts';

const RIGHT_URL = `\`${DEFAULT_BASE_URL}\``;

/** Between this machine and OpenRouter. */
export const NETWORK_ROWS = [
  {
    code: 'PROXY',
    title: 'The proxy failed',
    recognised: "the proxy of `HTTPS_PROXY` refuses, asks for a password (407) or can't be reached",
    clues: [{ network: /^proxy$/ }, { html: true, status: [407] }, { status: [407] }],
    account: true,
    cause: (a) => `the proxy ${a.proxy ?? 'of `HTTPS_PROXY`'} did not let the request through${quoteSaid(a)}`,
    fix: () => 'check `HTTPS_PROXY` (including user and password) and `NO_PROXY`; Claude Code uses the same',
  },
  {
    code: 'DNS',
    title: "The name can't be resolved",
    recognised: 'ENOTFOUND or EAI_AGAIN for the host of the base URL',
    clues: [{ network: /^dns$/ }],
    account: true,
    cause: (a) =>
      `the name ${a.host ?? 'of the base URL'} can't be resolved: no network, a wrong base URL, or a network that needs a proxy`,
    fix: (a) =>
      a.host === undefined || a.host === MAIN_HOST
        ? 'check the connection; behind a company proxy set `HTTPS_PROXY`'
        : `check the base URL with \`orcc status\` (OpenRouter's is ${RIGHT_URL})`,
  },
  {
    code: 'UNREACHABLE',
    title: "The server can't be reached",
    recognised: 'ECONNREFUSED, ENETUNREACH or EHOSTUNREACH',
    clues: [{ network: /^(?:refused|unreachable|offline)$/ }],
    account: true,
    cause: (a) => `${a.host ?? 'the host of the base URL'} can't be reached${quoteSaid(a)}`,
    fix: (a) =>
      a.host?.startsWith(MAIN_HOST) === true
        ? 'check the connection and the firewall; behind a company proxy set `HTTPS_PROXY`'
        : 'start that server, or check the base URL with `orcc status`',
  },
  {
    code: 'TLS',
    title: 'No secure connection',
    recognised: 'a certificate that is not trusted, has expired or is for another name; a failed handshake',
    clues: [{ network: /^tls$/ }],
    account: true,
    cause: (a) => `no secure connection to ${a.host ?? 'the host'}${quoteSaid(a)}; company proxies often use their own certificate`,
    fix: () => "set `NODE_EXTRA_CA_CERTS` to the file of your company's certificate (Claude Code reads it too); never turn the check off",
  },
  {
    code: 'TIMEOUT',
    title: 'No answer in time',
    recognised: 'no connection, no first byte or no end within the time limit; `error_type` timeout; HTTP 408, 504 or 524',
    clues: [
      { network: /^timeout/ },
      { edge: true, status: [408, 504, 524] },
      { html: true, status: [408, 504, 524] },
      { type: /^timeout$/ },
      { text: /operation timed out|request timed out|gateway time-?out|idle timeout/i },
      { status: [408, 504, 524] },
    ],
    cause: (a) => `no answer within the time limit${quoteSaid(a)}`,
    fix: (a) =>
      a.host !== undefined && a.alias === undefined && a.model === undefined
        ? 'check the connection, and a proxy or firewall in between; then try again'
        : 'try again with more time: `orcc test --timeout 300`; if it persists, use a faster model or provider',
    transient: true,
    hidden: 'it waits up to ten minutes and retries',
  },
  {
    code: 'EDGE_BLOCKED',
    title: 'Cloudflare blocks this network',
    recognised: 'HTTP 403 with a page and headers from Cloudflare (`cf-ray`, `server: cloudflare`) instead of an answer from OpenRouter',
    clues: [{ edge: true, status: [401, 403, 406, 409, 418, 451] }],
    account: true,
    cause: () =>
      'Cloudflare, which protects OpenRouter, blocks or wants to check this network (a VPN, a data centre, a shared address); the key and the base URL are not the cause',
    fix: () => 'try from another network or without VPN; open https://openrouter.ai in a browser there; if it persists, ask OpenRouter',
    hidden: 'it says "Failed to authenticate", although the key is valid',
  },
  {
    code: 'CONNECTION_LOST',
    title: 'The connection broke off',
    recognised: 'ECONNRESET, EPIPE or a closed socket before an answer came',
    clues: [{ network: /^reset$/ }],
    account: true,
    cause: (a) => `the connection to ${a.host ?? 'the host'} broke off${quoteSaid(a)}`,
    fix: () => 'try again; if it persists, look for a proxy or firewall in between',
    transient: true,
  },
  {
    code: 'BASE_URL_WRONG',
    title: 'The base URL is wrong',
    recognised:
      '`ANTHROPIC_BASE_URL` ends in /v1, lacks /api, or is neither https nor loopback; a call to it returns a web page, 404 or 405',
    clues: [
      { html: true, oddBase: true },
      { oddBase: true, shaped: false, status: [301, 302, 307, 308, 404, 405] },
      { network: /^(?:redirect|html|not-json|not-http|unexpected-shape)$/, oddBase: true },
    ],
    account: true,
    cause: (a) =>
      `the base URL${a.baseUrl === undefined ? '' : ` \`${a.baseUrl}\``} is not where OpenRouter answers Claude Code, which appends \`/v1/messages\` itself`,
    fix: (a) =>
      `set it to ${a.right === undefined ? RIGHT_URL : `\`${a.right}\``}: ${a.file === undefined ? '`orcc init`' : `\`orcc doctor --fix BASE_URL_WRONG\` (it is in ${place(a, '')})`}`,
    hidden: 'it says "API returned an empty or malformed response" or that the model may not exist',
  },
  {
    code: 'NOT_OPENROUTER',
    title: 'Something else answers',
    recognised: "a web page, a redirect, another server's JSON or no HTTP at all where OpenRouter should answer",
    clues: [
      { network: /^(?:redirect|too-big|header-too-big|not-http|encoding|html|not-json|unexpected-shape)$/ },
      { html: true },
      { shaped: false, status: [200, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 410, 418, 421, 426] },
    ],
    account: true,
    cause: (a) =>
      `${a.host ?? 'the base URL'} answers, but not as OpenRouter does${quoteSaid(a)}: a sign-in page of the network, a proxy, or a wrong base URL`,
    fix: () =>
      `open https://openrouter.ai in a browser on this machine, then check the base URL with \`orcc status\` (OpenRouter's is ${RIGHT_URL})`,
    hidden: 'it says "API returned an empty or malformed response"',
  },
  {
    code: 'UNKNOWN_FAILURE',
    title: 'An unknown failure',
    recognised: 'no other row fits',
    cause: (a) =>
      `the call failed in a way that orcc does not recognise${a.status === undefined ? '' : ` (HTTP ${a.status})`}${quoteSaid(a)}`,
    fix: (a) => `try again; ${testCommand(a, ' --via claude')} shows how Claude Code handles it`,
  },
] as const satisfies readonly FindingRow[];
