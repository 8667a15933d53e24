/** Characters that nobody sees and that may stand within a word; BROKEN: blanks and line breaks as well, as a page or a log folds a long word. */
const UNSEEN =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0';
const WITHIN = `[${UNSEEN}]*`;
const BROKEN = `[${UNSEEN}\\s]*`;

/** A line break and blanks within base64, as a file or as JSON has them; one alone, since a text of nothing else would cost its length squared. */
const BREAK = '(?:\\\\r)?(?:\\\\n)?\\s*';

const ENTITIES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** The patterns of a secret: those for any text, and the one for a text in which something is escaped, which takes ten times as long to make. */
interface Patterns {
  readonly plain: readonly RegExp[];
  escaped?: RegExp;
}
const patterns = new Map<string, Patterns>();
/** What every way to escape a character begins with. */
const ESCAPE = /[%\\&]/;

/**
 * A text with a secret replaced in whatever way it is written there: percent-encoded (twice too), with the escapes of JSON, JavaScript or
 * HTML, with unseen characters or blanks between, in base64 at any offset (as in `Basic`), in hexadecimal digits, as a list of bytes. What two of these ways make together
 * is not found. `secret` has at least 8 characters; one of more than 1024 is found as it is alone.
 */
export function hideEncoded(text: string, secret: string, mask: string): string {
  // No way of writing it is shorter than itself, and most of what is printed is.
  if (text.length < secret.length) return text;
  if (secret.length > 1024) return text.split(secret).join(mask);
  const known = patterns.get(secret) ?? { plain: [plainForm(secret), ...base64Forms(secret), ...byteForms(Buffer.from(secret))] };
  patterns.set(secret, known);
  const escaped = ESCAPE.test(text) ? [(known.escaped ??= escapedForm(secret))] : [];
  return [...escaped, ...known.plain].reduce((rest, pattern) => rest.replace(pattern, () => mask), text);
}

/** In a short secret, capital letters tell it from a word, and so do blanks. */
const isLong = (secret: string): boolean => secret.length >= 16;

/** A pattern of the characters, each as `one` has it, and what may stand between them. */
function joined(secret: string, one: (plain: string, char: string) => string): RegExp {
  const each = [...secret].map((char) => {
    const plain = char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
    return one(isLong(secret) ? anyCase(plain) : plain, char);
  });
  return new RegExp(each.join(isLong(secret) ? BROKEN : WITHIN), 'g');
}

/** Small and capital letters alike. The flag `i` would take forty times as long to make, since it folds every class of characters. */
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

/** As a dump of its bytes has it, and as JSON has a Buffer. */
function byteForms(bytes: Buffer): readonly RegExp[] {
  const hex = [...bytes].map((byte) => anyCase(byte.toString(16).padStart(2, '0')));
  return [new RegExp(hex.join('[\\s:,-]*(?:0[xX])?'), 'g'), new RegExp(`\\b${[...bytes].join('[\\s,]+')}\\b`, 'g')];
}

/** What stays the same of a secret's base64, whatever stands before and behind it. */
function base64Forms(secret: string): readonly RegExp[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const core = whole.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6));
    const each = [...core].map((char) => (char === '+' ? '(?:[+-]|%2[bB])' : char === '/' ? '(?:\\\\?[/]|_|%2[fF])' : char));
    return new RegExp(each.join(BREAK), 'g');
  });
}

/** Characters in a row from which on a part of a secret is one. */
const PART = 16;

/**
 * A text with each part of a secret hidden that has at least 19 characters in a row: a server, a limit or a broken connection may have cut
 * it. For what comes from outside alone, where nothing else is likely to share that much with a key.
 */
export function hideParts(text: string, secret: string): string {
  let result = text;
  for (let from = 0; from + PART <= secret.length; from += 4) result = hidePart(result, secret, from);
  return result;
}

/** Each place that holds the sixteen characters at `from`, with what stands around them in the secret too. */
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
