import { hideEncoded, hideParts } from './encoded.ts';
import { SECRET_SHAPE } from './secret-names.ts';

/** Characters that are invisible or disguise a line: controls, soft hyphen, zero-width, joiner and direction marks, fillers, tags. */
const INVISIBLE =
  /[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|\udb40[\udc00-\uddef]/g;

/**
 * Makes text from the network or from a file safe to print: ESC sequences and
 * every control character are dropped (tabs and newlines become a blank), so
 * that a model's name can't move the cursor or set the window title. Invisible
 * characters and direction marks, which can disguise a line, are dropped too.
 */
export function stripControls(text: string): string {
  return text
    .replace(/(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])/g, '')
    .replace(/[\t\r\n]+/g, ' ')
    .replace(INVISIBLE, '');
}

/** Writes the same characters as `\uXXXX`: for JSON, and for paths, where dropping them could make two paths look the same. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (found) =>
    [...Array(found.length).keys()].map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** Cuts a text to `max` characters, ending in an ellipsis. Secrets are masked first, since a cut one would not be recognised. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const masked = redact(text);
  return masked.length <= max ? masked : `${masked.slice(0, Math.max(0, max - 1))}…`;
}

/**
 * A key in a form that may be shown: `sk-or-v1-0e6...1c96`, or `...1c96` without a known prefix. Never shows more than a quarter of the
 * secret part; a short key is hidden completely.
 */
export function maskKey(key: string): string {
  if (/^sk-(?:or|ant)-/.test(key) && key.length >= 48) return `${key.slice(0, 12)}...${key.slice(-4)}`;
  return key.length >= 24 ? `...${key.slice(-4)}` : '(hidden)';
}

/** The secrets of this run. Kept by value, since a gateway's key has no recognisable format. */
const known = new Set<string>();
/** The secrets that are sent to a server, which may quote a part of one in any answer. */
const sent = new Set<string>();

/** Makes `redact` hide this value from now on, and long parts of it if `isSent` (to a server). Called wherever a key or token is read. */
export function rememberSecret(secret: string, { isSent = false } = {}): void {
  if (secret === '') return;
  known.add(secret);
  if (isSent) sent.add(secret);
}

/** Forgets all secrets: another run in the same process must remember its own. */
export function forgetSecrets(): void {
  known.clear();
  sent.clear();
}

/**
 * Masks what must not be shown: the secrets of this run and those given here, in any encoding; anything that looks like a known vendor's
 * key; and the credentials in a URL. A secret of fewer than 8 characters is hidden only if it is the whole text, since elsewhere it could
 * be an ordinary word.
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

/** `redact` for the output of a server or another program, which may have cut a secret: long parts of one are hidden as well. */
export function redactForeign(text: string, secrets: readonly string[] = []): string {
  return byLength(secrets).reduce((rest, secret) => hideParts(rest, secret), redact(text, secrets));
}

function byLength(secrets: readonly string[]): readonly string[] {
  return [...known, ...secrets].sort((a, b) => b.length - a.length);
}

/** A JSON value as indented JSON text, with every string and member name redacted and invisible characters escaped. */
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

/** A path with `~` for the home folder, if it is below it; every character stays, so the path can be found again. */
export function tildePath(path: string, home: string): string {
  return path === home ? '~' : path.startsWith(`${home}/`) || path.startsWith(`${home}\\`) ? `~${path.slice(home.length)}` : path;
}

/** A path for display: `~/.zshrc` if it is below the home folder, with invisible characters escaped. */
export function shortPath(path: string, home: string): string {
  return escapeInvisible(tildePath(path, home));
}

/** A file and line for display: `~/.zshrc:12`, or only the path if the line is not known. */
export function shortPlace({ file, line }: { readonly file: string; readonly line?: number | undefined }, home: string): string {
  return `${shortPath(file, home)}${line === undefined ? '' : `:${line}`}`;
}

/** Shortens the paths in backticks in a text that are below the home folder to `~/…`. */
export function shortenPaths(text: string, home: string): string {
  return home.length < 2 ? text : text.replaceAll(`\`${home}/`, '`~/');
}
