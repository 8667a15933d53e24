/** Invisible characters, which may occur within a word. BROKEN adds blanks and line breaks, for a page or a log that folds long words. */
const UNSEEN =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0';
const WITHIN = `[${UNSEEN}]*`;
const BROKEN = `[${UNSEEN}\\s]*`;

/** Whitespace within base64, and a line break escaped as in JSON: at most one, since any number would make matching quadratic. */
const BREAK = '(?:\\\\r)?(?:\\\\n)?\\s*';

const ENTITIES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** The patterns of a secret: those for any text, and one for text with escapes, which takes ten times as long to build. */
interface Patterns {
  readonly plain: readonly RegExp[];
  escaped?: RegExp;
}
const patterns = new Map<string, Patterns>();
/** A character that starts an escape of any kind. */
const ESCAPE = /[%\\&]/;

/**
 * Replaces a secret with `mask` however it is written in a text: percent-encoded (even twice), with escapes of JSON, JavaScript or HTML,
 * with invisible characters or blanks inside, in base64 at any offset (as in `Basic`), in hexadecimal, or as a list of bytes. Combinations
 * of these are not found. `secret` must have at least 8 characters; one longer than 1024 is found only as it stands.
 */
export function hideEncoded(text: string, secret: string, mask: string): string {
  // A shortcut: no encoding is shorter than the secret, and most printed texts are.
  if (text.length < secret.length) return text;
  if (secret.length > 1024) return text.split(secret).join(mask);
  const known = patterns.get(secret) ?? { plain: [plainForm(secret), ...base64Forms(secret), ...byteForms(Buffer.from(secret))] };
  patterns.set(secret, known);
  const escaped = ESCAPE.test(text) ? [(known.escaped ??= escapedForm(secret))] : [];
  return [...escaped, ...known.plain].reduce((rest, pattern) => rest.replace(pattern, () => mask), text);
}

/** Whether case and blanks within a secret may be ignored; a short one would then match ordinary words. */
const isLong = (secret: string): boolean => secret.length >= 16;

/** A pattern for the characters of a secret, each as `one` writes it, with whatever may occur between them. */
function joined(secret: string, one: (plain: string, char: string) => string): RegExp {
  const each = [...secret].map((char) => {
    const plain = char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
    return one(isLong(secret) ? anyCase(plain) : plain, char);
  });
  return new RegExp(each.join(isLong(secret) ? BROKEN : WITHIN), 'g');
}

/** Matches upper and lower case. The flag `i` would take forty times as long to compile, since it folds every character class. */
function anyCase(text: string): string {
  return text.replace(/\p{L}/gu, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

function plainForm(secret: string): RegExp {
  return joined(secret, (plain) => plain);
}

function escapedForm(secret: string): RegExp {
  return joined(secret, (plain, char) => {
    const code = char.codePointAt(0) ?? 0;
    const hex = anyCase(code.toString(16).padStart(2, '0'));
    const named = ENTITIES[char] === undefined ? '' : `|&${ENTITIES[char]};`;
    const bare = /[A-Za-z0-9]/.test(char) ? '' : `|\\\\{1,4}${plain}`;
    return `(?:${plain}|%(?:25)*${hex}|\\\\{1,4}(?:[uU](?:00${hex}|\\{0*${hex}\\})|[xX]${hex})|&#(?:0*${code}|[xX]0*${hex});${named}${bare})`;
  });
}

/** The bytes as a hex dump writes them, and as JSON writes a Buffer. */
function byteForms(bytes: Buffer): readonly RegExp[] {
  const hex = [...bytes].map((byte) => anyCase(byte.toString(16).padStart(2, '0')));
  return [new RegExp(hex.join('[\\s:,-]*(?:0[xX])?'), 'g'), new RegExp(`\\b${[...bytes].join('[\\s,]+')}\\b`, 'g')];
}

/** For each of the three possible offsets, the part of a secret's base64 that doesn't depend on the bytes around it. */
function base64Forms(secret: string): readonly RegExp[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const core = whole.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6));
    const each = [...core].map((char) => (char === '+' ? '(?:[+-]|%2[bB])' : char === '/' ? '(?:\\\\?[/]|_|%2[fF])' : char));
    return new RegExp(each.join(BREAK), 'g');
  });
}

/** Length of the pieces of a secret that are searched for. */
const PART = 16;

/**
 * Hides every part of a secret that is at least 19 characters long, since a server, a size limit or a broken connection may have cut it.
 * (Pieces of 16 characters start at every fourth one, so any 19 contain one.) Only for texts from outside orcc.
 */
export function hideParts(text: string, secret: string): string {
  let result = text;
  for (let from = 0; from + PART <= secret.length; from += 4) result = hidePart(result, secret, from);
  return result;
}

/** Hides each occurrence of the 16 characters at `from`, along with the characters around it that match the secret too. */
function hidePart(text: string, secret: string, from: number): string {
  const part = secret.slice(from, from + PART);
  const pieces: string[] = [];
  let done = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, done)) {
    let [start, end, first, last] = [at, at + PART, from, from + PART];
    while (start > done && first > 0 && text[start - 1] === secret[first - 1]) [start, first] = [start - 1, first - 1];
    while (end < text.length && last < secret.length && text[end] === secret[last]) [end, last] = [end + 1, last + 1];
    pieces.push(text.slice(done, start), '(hidden)');
    done = end;
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(done);
}
