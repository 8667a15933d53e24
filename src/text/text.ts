import { hideEncoded, hideParts } from './encoded.ts';
import { SECRET_SHAPE } from './secret-names.ts';

/** What can be seen by nobody, or makes a line read as another: controls, soft hyphen, zero-width, joining and direction marks, fillers, selectors, tags. */
const INVISIBLE =
  /[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|\udb40[\udc00-\uddef]/g;

/**
 * Makes text from the network or from a file safe to print: ESC sequences and
 * every control character are dropped (tabs and newlines become a blank), so
 * that a model's name can't move the cursor or set the window title. Also drops
 * what is invisible or turns the direction, which can make a line read as another.
 */
export function stripControls(text: string): string {
  return text
    .replace(/(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])/g, '')
    .replace(/[\t\r\n]+/g, ' ')
    .replace(INVISIBLE, '');
}

/** The same characters as `\uXXXX`: for paths, which must stay tellable apart, and inside JSON. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (found) =>
    [...Array(found.length).keys()].map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** At most `max` characters, with an ellipsis where something was cut. Secrets are masked first: half of one is not recognised any more. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const masked = redact(text);
  return masked.length <= max ? masked : `${masked.slice(0, Math.max(0, max - 1))}…`;
}

/**
 * A key as it may be shown: `sk-or-v1-0e6...1c96`, of one without such a beginning `...1c96`; never more than a quarter of what is secret
 * in it. Anything short is hidden whole.
 */
export function maskKey(key: string): string {
  if (/^sk-(?:or|ant)-/.test(key) && key.length >= 48) return `${key.slice(0, 12)}...${key.slice(-4)}`;
  return key.length >= 24 ? `...${key.slice(-4)}` : '(hidden)';
}

/** The secrets of this run, whatever they look like: a gateway's key has no shape that would give it away. */
const known = new Set<string>();
/** Those that a server gets, which may say a part of one in any text of its. */
const sent = new Set<string>();

/** From now on `redact` hides this value wherever it is printed; of one that is sent to a server long parts too. Called where a key or token is read. */
export function rememberSecret(secret: string, { isSent = false } = {}): void {
  if (secret === '') return;
  known.add(secret);
  if (isSent) sent.add(secret);
}

/** Forgets them all: what one run was given, another in the same process must hide by itself. */
export function forgetSecrets(): void {
  known.clear();
  sent.clear();
}

/**
 * Replaces what must not be read: the secrets of this run and those given here, in whatever way they are written, everything that has the
 * shape of a known vendor's key, and what stands before the host of a URL. A secret of less than 8 characters is hidden only where it is
 * the whole text: anywhere else it could be a word.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let result = text;
  for (const secret of byLength(secrets)) {
    if (secret.length >= 8) result = hideEncoded(result, secret, maskKey(secret));
    else if (secret !== '' && text.trim() === secret) return '(hidden)';
  }
  for (const secret of sent) result = hideParts(result, secret);
  return result.replace(/(?<=:\/\/)[^\s/@"'`]+@/g, '(hidden)@').replace(SECRET_SHAPE, (key) => maskKey(key));
}

/** `redact` for what a server or another program said, which may have cut a secret: long parts of one are hidden as well. */
export function redactForeign(text: string, secrets: readonly string[] = []): string {
  return byLength(secrets).reduce((rest, secret) => hideParts(rest, secret), redact(text, secrets));
}

function byLength(secrets: readonly string[]): readonly string[] {
  return [...known, ...secrets].sort((a, b) => b.length - a.length);
}

/** A plain JSON value with every text and member name redacted, as JSON text in which nothing is invisible. */
export function printJson(value: unknown): string {
  const masked = JSON.stringify(
    value,
    (_name, each: unknown): unknown => {
      if (typeof each === 'string') return redact(each);
      if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
      return Object.fromEntries(Object.entries(each).map(([name, member]: [string, unknown]) => [redact(name), member]));
    },
    2,
  );
  return masked.split('\n').map(escapeInvisible).join('\n');
}

/** `~/.zshrc` for a path below the home folder, as it may be shown: what is invisible in it stands as an escape. */
export function shortPath(path: string, home: string): string {
  const short = path === home ? '~' : path.startsWith(`${home}/`) || path.startsWith(`${home}\\`) ? `~${path.slice(home.length)}` : path;
  return escapeInvisible(short);
}

/** A text with its quoted paths below the home folder as people write them. */
export function shortenPaths(text: string, home: string): string {
  return home.length < 2 ? text : text.replaceAll(`\`${home}/`, '`~/');
}
