import { atKeysPage, PAGES, nameOfGateway } from '../../core/hosts.ts';
import { type FindingRow, place } from '../row.ts';

/** The key itself: missing, refused, capped, exposed. */
export const KEY_ROWS = [
  {
    code: 'KEY_MISSING',
    title: 'No key reaches OpenRouter',
    recognised:
      'no key is stored or set; or HTTP 401 `Missing Authentication header`, `No auth credentials found`, `No cookie auth credentials found`',
    clues: [{ own: /missing authentication header|no (?:cookie )?auth credentials found/i }],
    account: true,
    cause: (a) =>
      a.file === undefined ? 'no OpenRouter key is set, or an empty one is sent' : `no usable OpenRouter key in ${place(a, '')}`,
    fix: () => '`orcc key set`',
    hidden: 'it retries a 401 for about three minutes, or says "Not logged in · Please run /login"',
  },
  {
    code: 'KEY_EXPIRED',
    title: 'The key has expired',
    recognised: "the key's `expires_at` is in the past, or HTTP 401 saying that the key expired",
    clues: [{ own: /\b(?:key|token)\b.{0,30}\bexpired\b|\bexpired\b.{0,20}\bkey\b/i }],
    account: true,
    cause: (a) => `the OpenRouter key expired${a.date === undefined ? '' : ` on ${a.date}`}`,
    fix: () => `create a key on ${PAGES.keys}, then \`orcc key rotate\``,
    hidden: 'it retries a 401 for about three minutes',
  },
  {
    code: 'MANAGEMENT_KEY_NEEDED',
    severity: 'info',
    title: 'Only a management key may request this',
    recognised: 'HTTP 403 `Only management keys can perform this operation`',
    clues: [{ own: /only (?:management|provisioning) keys/i }],
    account: true,
    cause: () => "this figure is shown only to a management key, which can't be used for models",
    fix: () => `see it on ${PAGES.credits}`,
  },
  {
    code: 'KEY_IS_MANAGEMENT',
    title: "A management key can't call models",
    recognised: '`is_management_key: true` in the answer of `/key`, or a refusal that names a management key',
    clues: [{ own: /(?:management|provisioning) key/i }],
    account: true,
    cause: () => "the key is a management key: it administers other keys and can't call models",
    fix: () => `create an ordinary key on ${PAGES.keys}, then \`orcc key set\``,
  },
  {
    code: 'KEY_BAD',
    title: 'OpenRouter does not know the key',
    recognised: 'HTTP 401 `User not found.`, or any other 401 that does not come from a provider',
    clues: [
      {
        own: /user not found|invalid (?:api[ _-]?)?key|incorrect api key|\bkey (?:is|was|has been) (?:disabled|deleted|revoked)/i,
        provider: false,
        status: [200, 400, 401, 403],
      },
      { type: /^authentication$/, provider: false, broad: true },
      { status: [401], provider: false },
    ],
    account: true,
    cause: (a) =>
      `${nameOfGateway(a.baseUrl)} does not know ${a.keyFrom ?? 'this key'}: mistyped, deleted or disabled (rarely: an incident on their side)`,
    fix: (a) => `check it ${atKeysPage(a.baseUrl)}, then \`orcc key set\``,
    hidden: 'it retries a 401 for about three minutes before it says "Failed to authenticate"',
  },
  {
    code: 'KEY_OTHER_ADDRESS',
    title: 'The key would be sent to another base URL than its own',
    recognised: 'the base URL in effect, from whatever layer, is not the one that the key was stored for (a new key: not OpenRouter)',
    cause: (a) =>
      `the key belongs to ${a.right === undefined ? 'OpenRouter or the gateway that it was stored for' : `\`${a.right}\``}, and ${a.said ?? 'a layer'} ${a.baseUrl === undefined ? 'sets another base URL' : `sets the base URL \`${a.baseUrl}\``}: it was not sent`,
    fix: (a) =>
      `remove that base URL, or leave the folder that sets it; if it is yours, \`--to ${a.baseUrl ?? 'URL'}\` allows it once, and \`orcc init --base-url ${a.baseUrl ?? 'URL'}\` with its key allows it for good`,
  },
  {
    code: 'KEY_FOREIGN',
    title: "The key is another vendor's",
    recognised: 'its shape: `sk-ant-`, `sk-proj-`, `ghp_`, `AKIA`, `AIza` and others',
    cause: () => "the key is another vendor's; OpenRouter's begin with `sk-or-`, and orcc neither sends nor stores another vendor's",
    fix: () =>
      `\`orcc login\`, or a key from ${PAGES.keys} with \`orcc key set\`; for a gateway's own keys use \`orcc init --base-url URL\``,
  },
  {
    code: 'KEY_LIMIT',
    title: "The key's own spending limit is used up",
    recognised:
      '`limit_source` openrouter_key_limit, or `Key limit exceeded (total|daily|weekly|monthly limit)`, or a 402 that points to the settings of the key',
    clues: [{ limit: /^openrouter_key_limit/ }, { own: /key limit exceeded/i }, { own: /settings\/keys\b.{0,40}higher (?:\w+ )?limit/i }],
    account: true,
    cause: (a) =>
      `the key's own spending limit is used up or too small for this request${a.resetAt === undefined ? '' : ` (it resets ${a.resetAt})`}`,
    fix: (a) => `raise it on ${a.link ?? PAGES.keys}, or use another key with \`orcc key set\``,
    hidden: 'it says "Failed to authenticate", although the key is valid',
  },
  {
    code: 'KEY_EXPOSED',
    title: 'Others can read a key',
    recognised: 'a key in a profile, settings file, backup, shell history or tracked file that other users, or a repository, can read',
    cause: (a) => `a key is in ${place(a, 'a file')}, which ${a.reason ?? 'others can read'}`,
    fix: () => `remove it, then replace the key: \`orcc key rotate\` (delete old keys at ${PAGES.keys})`,
  },
] as const satisfies readonly FindingRow[];
