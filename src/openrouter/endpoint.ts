import { KEYS_PAGE } from '../core/hosts.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { attempt } from '../text/attempt.ts';
import { rememberSecret, stripControls } from '../text/text.ts';
import { DEFAULT_BASE_URL, parseBaseUrl } from './base-url.ts';
import { foreignVendor } from './key-vendor.ts';

/**
 * Where OpenRouter's API is called, and as whom. `baseUrl` is what ANTHROPIC_BASE_URL holds: no trailing slash and no `/v1`, for
 * example `https://openrouter.ai/api`. Without a key (the public catalog) anything may be asked; with one only `admitUrl` makes it.
 */
export type Endpoint = OpenEndpoint | KeyedEndpoint;

interface OpenEndpoint {
  readonly baseUrl: string;
  readonly key?: undefined;
  readonly keyFrom?: undefined;
}

/** A base URL, and who says so. */
export interface Destination {
  /** As written, unchecked. */
  readonly baseUrl: string;
  /** `project settings, .claude/settings.json:3`; `the flag --base-url`. */
  readonly from: string;
  /** Named by whoever runs this command, or nobody's: no file says it. */
  readonly isTyped?: true;
}

/** What was agreed to before: by whom the key was stored, and what was typed for this run. */
export interface Agreement {
  /** The base URL that the key was stored for; undefined for a key that was given just now, which is OpenRouter's; null: nothing tells. */
  readonly storedFor?: string | null | undefined;
  /** `--to URL`, or a `--base-url URL` that was typed together with a new key: there, or nowhere. */
  readonly to?: string | undefined;
}

type Slice = Pick<Context, 'interactive' | 'ask' | 'stderr'>;

/** Known to this module alone, so that nobody else can make what it makes. */
const MADE_HERE = Symbol('admitted');

/** A base URL to which a key may be sent: checked, and the one of the key or agreed to. */
export class AdmittedUrl {
  readonly #made: typeof MADE_HERE;
  readonly baseUrl: string;

  constructor(made: typeof MADE_HERE, baseUrl: string) {
    this.#made = made;
    this.baseUrl = baseUrl;
  }

  /** The endpoint with the key, and which key it is. Throws exit 4 where the key is another vendor's, or holds what no key does. */
  with(key: string, keyFrom?: string): KeyedEndpoint {
    return new KeyedEndpoint(this.#made, this.baseUrl, requireSendable(key.trim()), keyFrom);
  }
}

/** A base URL with the key that may go there. The key is in no listing of its members. */
export class KeyedEndpoint {
  readonly #key: string;
  readonly baseUrl: string;
  /** Which key it is, for a sentence: `the stored key (storage file)`; undefined where it was given just now. */
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
 * The one way for a key to a base URL (design D23): every request with a key, every session of Claude Code that gets one, and
 * every file that comes to hold one beside a URL needs what this gives. A URL that the key was not stored for is told with its
 * place and asked about on a terminal, each time; elsewhere it is refused before anything is sent.
 *
 * @throws exit 2 BASE_URL_WRONG for a URL that can be none, exit 6 KEY_OTHER_ADDRESS where nobody agrees
 */
export async function admitUrl(ctx: Slice, destination: Destination, agreement: Agreement): Promise<AdmittedUrl> {
  const { from } = destination;
  const { to } = agreement;
  const baseUrl = parseBaseUrl(destination.baseUrl.trim(), from);
  // Whoever names an address wants the key there, or nowhere.
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
  // Nobody planted what was typed, or left out.
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

/** `admitUrl` where nobody need be asked; undefined where somebody must. Throws exit 2 or 6 BASE_URL_WRONG. */
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

/** Throws exit 4 for a key that no request may carry: another vendor's, or one that would break the header. Gives it back otherwise. */
export function requireSendable(key: string): string {
  const vendor = foreignVendor(key);
  if (vendor !== undefined) {
    throw new OrccError('key', `That is ${vendor} key; OpenRouter's begin with sk-or-`, {
      code: 'KEY_FOREIGN',
      hint: `It was not sent or stored anywhere. Create an OpenRouter key at ${KEYS_PAGE}`,
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

/** For comparing only: what a record holds was checked when it was made, and may be older than a check. */
function plain(baseUrl: string): string {
  return attempt(() => parseBaseUrl(baseUrl.trim()), baseUrl);
}
