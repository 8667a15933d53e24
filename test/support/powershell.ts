/** What PowerShell itself takes for a single quote: its CharTraits.IsSingleQuote. */
const SINGLE = new Set(["'", '\u2018', '\u2019', '\u201a', '\u201b']);

/** A single-quoted string from its opening quote on: its value and the offset after it. Throws where it never closes. */
function readString(text: string, at: number): { value: string; end: number } {
  let value = '';
  for (let i = at + 1; i < text.length; i += 1) {
    const char = text[i] ?? '';
    if (!SINGLE.has(char)) value += char;
    else if (SINGLE.has(text[i + 1] ?? '')) {
      // Any two of the five are one, the second one.
      value += text[i + 1] ?? '';
      i += 1;
    } else return { value, end: i + 1 };
  }
  throw new Error(`a string never closes: ${text.slice(at)}`);
}

/**
 * Reads `$env:NAME = …` lines back with PowerShell's own rules for single quotes: strings, base64 text, and `$name`
 * from `variables`. A line that it does not know must be among `others`, else it throws: orcc writes nothing else.
 */
export function readPowershell(
  lines: readonly string[],
  variables: Readonly<Record<string, string>>,
  others: readonly RegExp[] = [],
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const line of lines) {
    const [whole, name] = /^\s*\$env:([A-Za-z_]\w*) = /.exec(line) ?? [];
    if (whole === undefined || name === undefined) {
      if (others.some((pattern) => pattern.test(line)) || line.startsWith('#') || line.trim() === '') continue;
      throw new Error(`not understood: ${line}`);
    }
    env[name] = readExpression(line.slice(whole.length), variables);
  }
  return env;
}

function readExpression(text: string, variables: Readonly<Record<string, string>>): string {
  if (SINGLE.has(text[0] ?? '')) {
    const { value, end } = readString(text, 0);
    if (end !== text.length) throw new Error(`something follows the string: ${text}`);
    return value;
  }
  const base64 = /^\[Text\.Encoding\]::UTF8\.GetString\(\[Convert\]::FromBase64String\('([A-Za-z0-9+/=]+)'\)\)$/.exec(text)?.[1];
  if (base64 !== undefined) return Buffer.from(base64, 'base64').toString('utf8');
  const value = variables[text.replace(/^\$(?:env:)?/, '')];
  if (value === undefined) throw new Error(`not understood: ${text}`);
  return value;
}
