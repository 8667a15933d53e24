/** Offsets of one member of an object. */
interface MemberSpan {
  /** The end of the previous value, or the offset after the opening brace. */
  readonly from: number;
  /** The key's opening quote. */
  readonly at: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * Where the members of the object stand whose opening brace is at `start`. `tail` is the end of the last value, `end` the closing brace.
 * JSON.parse must accept the text.
 */
export function scanObject(
  text: string,
  start: number,
): { readonly spans: readonly MemberSpan[]; readonly tail: number; readonly end: number } {
  const spans: MemberSpan[] = [];
  let from = start + 1;
  for (;;) {
    let at = skipBlanks(text, from);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    if (text[at] !== '"') return { spans, tail: from, end: at };
    const keyEnd = skipString(text, at);
    const valueStart = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    const valueEnd = skipValue(text, valueStart);
    spans.push({ from, at, keyEnd, valueStart, valueEnd });
    from = valueEnd;
  }
}

/**
 * Finds members by their path: the offset of the member's key, undefined if there is none. Of equal names the last one counts, as it
 * does to JSON.parse, which must accept the text.
 */
export function memberFinder(text: string): (path: readonly string[]) => number | undefined {
  // By the offset of an object's brace, since many members of one object are asked for.
  const seen = new Map<number, ReadonlyMap<string, MemberSpan>>();
  const membersAt = (start: number): ReadonlyMap<string, MemberSpan> => {
    const known = seen.get(start);
    if (known !== undefined) return known;
    const spans = text[start] === '{' ? scanObject(text, start).spans : [];
    const members = new Map(spans.map((span) => [unquote(text.slice(span.at, span.keyEnd)), span]));
    seen.set(start, members);
    return members;
  };
  return (path) => {
    let start = skipBlanks(text, 0);
    let member: MemberSpan | undefined;
    for (const name of path) {
      member = membersAt(start).get(name);
      if (member === undefined) return undefined;
      start = member.valueStart;
    }
    return member?.at;
  };
}

/** A key or another string as JSON.parse gives it. */
export function unquote(raw: string): string {
  return String(JSON.parse(raw));
}

/** Offset of the first character that is not a JSON blank. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Offset after the string whose opening quote is at `from`. */
function skipString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    if (text.charCodeAt(quote - 1) !== 0x5c) return quote + 1;
    let slashes = 1;
    while (text.charCodeAt(quote - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** Offset after the value that starts at `from`. Not recursive: a file nested 20000 deep must not exhaust the stack. */
export function skipValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === 0x22) return skipString(text, from);
  if (first !== 0x7b && first !== 0x5b) return skipScalar(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = skipString(text, at) - 1;
    else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** Offset after a number, `true`, `false` or `null`. */
function skipScalar(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2c || code === 0x7d || code === 0x5d || isBlank(code)) return at;
  }
  return text.length;
}
