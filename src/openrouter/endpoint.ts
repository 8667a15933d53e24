import { PAGES, DEFAULT_BASE_URL } from '../core/hosts.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { attempt } from '../text/attempt.ts';
import { rememberSecret, stripControls } from '../text/text.ts';
import { parseBaseUrl } from './base-url.ts';
import { foreignVendor } from './key-vendor.ts';

/**
 * Where OpenRouter's API is called, and with which key. `baseUrl` is the value for ANTHROPIC_BASE_URL: no trailing slash and no `/v1`,
 * for example `https://openrouter.ai/api`. Without a key (the public catalog) any URL may be called; one with a key comes from `admitUrl`.
 */
export type Endpoint = OpenEndpoint | KeyedEndpoint;

interface OpenEndpoint {
  readonly baseUrl: string;
  readonly key?: undefined;
  readonly keyFrom?: undefined;
}

/** A base URL and where it comes from. */
export interface Destination {
  /** As written, unchecked. */
  readonly baseUrl: string;
  /** For messages: `project settings, .claude/settings.json:3`, or a flag in backticks. */
  readonly from: string;
  /** True if it was typed for this command, or is orcc's default: no file sets it. */
  readonly isTyped?: true;
}

/** Where the key may go without asking: the URL it was stored for, and the URL typed for this run. */
export interface Agreement {
  /** The base URL that the key was stored for; undefined for a key just entered, which counts as OpenRouter's; null if not known. */
  readonly storedFor?: string | null | undefined;
  /** From `--to URL`, or `--base-url URL` typed together with a new key. If set, the key may go nowhere else. */
  readonly to?: string | undefined;
}

type Slice = Pick<Context, 'interactive' | 'ask' | 'stderr'>;

/** Private to this module, so that only its functions can create admitted URLs and keyed endpoints. */
const MADE_HERE = Symbol('admitted');

/** A checked base URL to which the key may be sent: the key's own, or one that the user agreed to. */
export class AdmittedUrl {
  readonly #made: typeof MADE_HERE;
  readonly baseUrl: string;

  constructor(made: typeof MADE_HERE, baseUrl: string) {
    this.#made = made;
    this.baseUrl = baseUrl;
  }

  /** The endpoint with the key. Throws exit 4 if the key is another vendor's or contains invalid characters. */
  with(key: string, keyFrom?: string): KeyedEndpoint {
    return new KeyedEndpoint(this.#made, this.baseUrl, requireSendable(key.trim()), keyFrom);
  }
}

/** A base URL with the key that may be sent there. The key is a private field, so that printing the object never shows it. */
export class KeyedEndpoint {
  readonly #key: string;
  readonly baseUrl: string;
  /** Which key it is, for a sentence: `the stored key (storage file)`; undefined for a key just entered. */
  readonly keyFrom: string | undefined;

  constructor(_made: typeof MADE_HERE, baseUrl: string, key: string, keyFrom?: string) {
    this.#key = key;
    rememberSecret(key, { isSent: true });
    this.baseUrl = baseUrl;
    this.keyFrom = keyFrom;
  }

  get key(): string {
    return this.#key;
  }
}

/**
 * Decides whether a key may be sent to a base URL (design D23). Every request with a key, every session of Claude Code that gets one,
 * and every file that is written with a key and a URL needs its result. If the key was not stored for this URL, the user is asked each
 * time, on a terminal; without one, it is refused before anything is sent.
 *
 * @throws exit 2 or 6 BASE_URL_WRONG for an invalid URL (see `parseBaseUrl`), exit 6 KEY_OTHER_ADDRESS if nobody agrees to it
 */
export async function admitUrl(ctx: Slice, destination: Destination, agreement: Agreement): Promise<AdmittedUrl> {
  const { from } = destination;
  const { to } = agreement;
  const baseUrl = parseBaseUrl(destination.baseUrl.trim(), from);
  // With an address named explicitly, the key must go nowhere else.
  if (to !== undefined && baseUrl !== to) {
    const told = `The key would be sent to ${baseUrl} (${stripControls(from)}), not to ${to} as \`--to\` says`;
    const hint = `Leave out \`--to\` if you mean ${baseUrl}; \`orcc init --base-url ${to}\` sets up the other address with its key`;
    throw otherAddress(told, hint, { baseUrl, storedFor: to, from });
  }
  const known = admitParsed(baseUrl, agreement);
  if (known !== undefined) return known;
  const told = tellOther(baseUrl, from, agreement.storedFor);
  if (ctx.interactive) {
    ctx.stderr.write(`${told}\n`);
    if (await ctx.ask.confirm(`Send the key to ${baseUrl} this time?`, false)) return new AdmittedUrl(MADE_HERE, baseUrl);
  }
  const { storedFor = DEFAULT_BASE_URL } = agreement;
  // A URL that was typed, or is the default, can't have been planted by a file.
  const way = !destination.isTyped
    ? 'Remove that base URL'
    : `\`--base-url ${storedFor === null ? 'URL' : stripControls(storedFor)}\` names the key's own address`;
  const hint = `${way}; if ${baseUrl} is yours, \`--to ${baseUrl}\` allows it once, \`orcc init --base-url ${baseUrl}\` with its key allows it for good`;
  throw otherAddress(told, hint, { baseUrl, ...(storedFor === null ? {} : { storedFor }), from });
}

function tellOther(baseUrl: string, from: string, storedFor: string | null | undefined): string {
  if (storedFor === undefined) return `The key would be sent to ${baseUrl}, not to OpenRouter: ${from}`;
  if (storedFor !== null) return `The key belongs to ${stripControls(storedFor)}, but would be sent to ${baseUrl}: ${from}`;
  return `Nothing says which address the stored key belongs to, and it would be sent to ${baseUrl}: ${from}`;
}

function otherAddress(told: string, hint: string, data: Readonly<Record<string, string>>): OrccError {
  return new OrccError('refused', `${told}; nothing was sent`, { code: 'KEY_OTHER_ADDRESS', hint, data });
}

/** `admitUrl` without a question: undefined if the user would have to be asked. Throws exit 2 or 6 BASE_URL_WRONG. */
export function admitKnownUrl({ baseUrl, from }: Destination, agreement: Agreement): AdmittedUrl | undefined {
  return admitParsed(parseBaseUrl(baseUrl.trim(), from), agreement);
}

function admitParsed(baseUrl: string, { storedFor, to }: Agreement): AdmittedUrl | undefined {
  const own = storedFor === undefined ? DEFAULT_BASE_URL : storedFor === null ? undefined : plain(storedFor);
  return baseUrl === own || baseUrl === to ? new AdmittedUrl(MADE_HERE, baseUrl) : undefined;
}

/** `admitUrl` and the key in one step. */
export async function admitKey(ctx: Slice, key: string, destination: Destination, agreement: Agreement): Promise<KeyedEndpoint> {
  return (await admitUrl(ctx, destination, agreement)).with(key);
}

/** Returns a key that may be sent. Throws exit 4 for another vendor's key, or one that would break the header. */
export function requireSendable(key: string): string {
  const vendor = foreignVendor(key);
  if (vendor !== undefined) {
    throw new OrccError('key', `That is ${vendor} key; OpenRouter's begin with sk-or-`, {
      code: 'KEY_FOREIGN',
      hint: `It was not sent or stored anywhere. Create an OpenRouter key at ${PAGES.keys}`,
    });
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new OrccError('key', 'The key contains a space, a line break or a character that no key has; nothing was sent', {
      code: 'KEY_BAD',
      hint: '`orcc key set` stores it again',
    });
  }
  return key;
}

/** Normalises a recorded URL for comparison. One that fails the check, which may be newer than the record, is kept as it is. */
function plain(baseUrl: string): string {
  return attempt(() => parseBaseUrl(baseUrl.trim()), baseUrl);
}
