/** Characters that nobody sees and that may stand within a word; BROKEN: blanks and line breaks as well, as a page or a log folds a long word. */
const UNSEEN =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0';
const WITHIN = `[${UNSEEN}]*`;
const BROKEN = `[${UNSEEN}\\s]*`;

/** Line breaks and blanks within base64, as a file or as JSON has them. */
const BREAK = '(?:\\\\[rn]|\\s){0,4}';

const ENTITIES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** One pattern for each way in which a server, a program or a file may write a secret: as it is, escaped, in base64, in hex. */
const patterns = new Map<string, readonly RegExp[]>();

/**
 * A text with a secret replaced in whatever way it is written there: percent-encoded (twice too), with the escapes of JSON, JavaScript or
 * HTML, with unseen characters or blanks between, in base64 at any offset (as in `Basic`), in hexadecimal digits, as a list of bytes. What two of these ways make together
 * is not found. `secret` has at least 8 characters; one of more than 1024 is found as it is alone.
 */
export function hideEncoded(text: string, secret: string, mask: string): string {
  if (secret.length > 1024) return text.split(secret).join(mask);
  const known = patterns.get(secret) ?? [escapedForm(secret), ...base64Forms(secret), ...byteForms(Buffer.from(secret))];
  patterns.set(secret, known);
  return known.reduce((rest, pattern) => rest.replace(pattern, () => mask), text);
}

function escapedForm(secret: string): RegExp {
  const each = [...secret].map((char) => {
    const code = char.codePointAt(0) ?? 0;
    const hex = code
      .toString(16)
      .padStart(2, '0')
      .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
    const named = ENTITIES[char] === undefined ? '' : `|&${ENTITIES[char]};`;
    const plain = char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
    const bare = /[A-Za-z0-9]/.test(char) ? '' : `|\\\\{1,4}${plain}`;
    return `(?:${plain}|%(?:25){0,3}${hex}|\\\\{1,4}(?:u00${hex}|u\\{0{0,6}${hex}\\}|x${hex})|&#(?:0{0,6}${code}|x0{0,6}${hex});${named}${bare})`;
  });
  // In a short one, capital letters tell it from a word.
  return new RegExp(each.join(secret.length >= 16 ? BROKEN : WITHIN), secret.length >= 16 ? 'gi' : 'g');
}

/** As a dump of its bytes has it, and as JSON has a Buffer. */
function byteForms(bytes: Buffer): readonly RegExp[] {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  return [new RegExp(hex.join('[\\s:,-]{0,3}(?:0x)?'), 'gi'), new RegExp(`\\b${[...bytes].join('[\\s,]{1,20}')}\\b`, 'g')];
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
  for (let from = 0; from + PART <= secret.length; from += 4) {
    for (let at = result.indexOf(secret.slice(from, from + PART)); at >= 0; at = result.indexOf(secret.slice(from, from + PART))) {
      let [start, end, first, last] = [at, at + PART, from, from + PART];
      while (start > 0 && first > 0 && result[start - 1] === secret[first - 1]) [start, first] = [start - 1, first - 1];
      while (end < result.length && last < secret.length && result[end] === secret[last]) [end, last] = [end + 1, last + 1];
      result = `${result.slice(0, start)}(hidden)${result.slice(end)}`;
    }
  }
  return result;
}
