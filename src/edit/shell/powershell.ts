import { settingsOf, isPlainAscii, requireName, requirePrintable } from './content.ts';
import { belowHome, fromHome } from './key-path.ts';
import type { BlockContent, BodyLine, Shell, ShellPlace } from './types.ts';

/** PowerShell treats each of these as a single quote (its CharTraits.IsSingleQuote). */
const quote = (value: string): string =>
  `'${requirePrintable(value, 'The value').replace(/['\u2018\u2019\u201a\u201b]/g, (char) => char + char)}'`;

const DECODE = "[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('";

/** Like `quote` but ASCII only: Windows PowerShell 5.1 reads a file without BOM in the ANSI code page, so other text becomes base64. */
const literal = (value: string): string =>
  isPlainAscii(value) ? quote(value) : `${DECODE}${Buffer.from(requirePrintable(value, 'The value'), 'utf8').toString('base64')}'))`;

/** The inverse of `literal`. */
function readLiteral(text: string): string | undefined {
  if (text.startsWith(DECODE) && text.endsWith("'))")) return Buffer.from(text.slice(DECODE.length, -3), 'base64').toString('utf8');
  return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : undefined;
}

/** USERPROFILE on Windows: there `$HOME` of 5.1 is HOMEDRIVE + HOMEPATH, which companies point at a network drive. */
const homeVariable = (place: ShellPlace): string => (place.platform === 'win32' ? '$env:USERPROFILE' : '$HOME');

function pathExpression(path: string, place: ShellPlace): string {
  const rest = belowHome(path, place);
  if (rest === undefined) return isPlainAscii(path) ? literal(path) : `(${literal(path)})`;
  return `(${homeVariable(place)} + ${literal((place.platform === 'win32' ? '\\' : '/') + rest)})`;
}

function readPathExpression(text: string, place: ShellPlace): string | undefined {
  const start = `(${homeVariable(place)} + `;
  if (text.startsWith(start) && text.endsWith(')')) {
    const rest = readLiteral(text.slice(start.length, -1));
    return rest === undefined ? undefined : fromHome(rest, place);
  }
  return readLiteral(text.startsWith('([') && text.endsWith(')') ? text.slice(1, -1) : text);
}

const READ = '$orcc_key = [string](Get-Content -LiteralPath ';
const READ_END = " -TotalCount 1 -ErrorAction SilentlyContinue) -replace '\\s.*', ''";
/** cmd is called by its own name, so that PowerShell passes the line on with its quotes; a missing program's error is not shown. */
const RUN = (place: ShellPlace): string => `try { $orcc_key = [string](& ${place.platform === 'win32' ? '$env:ComSpec /d /c' : 'sh -c'} `;
const RUN_END = " 2>$null) } catch { $orcc_key = '' }";
/** Anything but a single printable word (two lines, colours) is not a key. */
const ONE_WORD = "if ($orcc_key -notmatch '\\A[!-~]+\\z') { $orcc_key = '' }";
const GUARD = 'if ($orcc_key) {';
const FORGET = 'Remove-Variable -Name orcc_key -ErrorAction SilentlyContinue';

/**
 * Works in 5.1 and 7, under StrictMode and in ConstrainedLanguage (no method is
 * called unless a value is not ASCII). `$env:X = ''` removes X up to 7.4 and sets the empty string
 * from 7.5 on (dotnet/compatibility/core-libraries/9.0/empty-env-variable): both keep a real key from being sent.
 */
function body(content: BlockContent, place: ShellPlace): string[] {
  const { key } = content;
  const token = key.kind === 'env' ? `$env:${key.name}` : '$orcc_key';
  const exports = settingsOf(content).map((setting) => `$env:${setting.name} = ${'key' in setting ? token : literal(setting.value)}`);
  if (key.kind === 'literal') return exports;
  const inside = exports.map((line) => `  ${line}`);
  if (key.kind === 'env') return [`if ($env:${key.name}) {`, ...inside, '}'];
  if (key.kind === 'command') {
    const word = isPlainAscii(key.command) ? literal(key.command) : `(${literal(key.command)})`;
    return [`${RUN(place)}${word}${RUN_END}`, ONE_WORD, GUARD, ...inside, '}', FORGET];
  }
  return [`${READ}${pathExpression(key.path, place)}${READ_END}`, GUARD, ...inside, '}', FORGET];
}

function readLine(line: string, place: ShellPlace): BodyLine | undefined {
  if (line === GUARD || line === '}' || line === FORGET || line === ONE_WORD) return { kind: 'frame' };
  if (line.startsWith(READ) && line.endsWith(READ_END)) {
    const path = readPathExpression(line.slice(READ.length, -READ_END.length), place);
    return path === undefined ? undefined : { kind: 'key', source: { kind: 'file', path } };
  }
  if (line.startsWith(RUN(place)) && line.endsWith(RUN_END)) {
    const text = line.slice(RUN(place).length, -RUN_END.length);
    const command = readLiteral(text.startsWith('([') && text.endsWith(')') ? text.slice(1, -1) : text);
    return command === undefined ? undefined : { kind: 'key', source: { kind: 'command', command } };
  }
  const source = /^if \(\$env:([A-Za-z_]\w*)\) \{$/.exec(line)?.[1];
  if (source !== undefined) return { kind: 'key', source: { kind: 'env', name: source } };
  const [, name = '', word = ''] = /^(?: {2})?\$env:([A-Z_][A-Z0-9_]*) = (.*)$/.exec(line) ?? [];
  if (word === '$orcc_key' || /^\$env:[A-Za-z_]\w*$/.test(word)) return { kind: 'set-key', name };
  const value = readLiteral(word);
  return value === undefined ? undefined : { kind: 'set', name, value };
}

/** Windows PowerShell 5.1 and PowerShell 7. */
export const powershell = {
  id: 'powershell',
  quote,
  assign: (name, value) => `$env:${requireName(name)} = ${quote(value)}`,
  unset: (names) =>
    names.length === 0 ? [] : [`Remove-Item ${names.map((name) => `Env:${requireName(name)}`).join(', ')} -ErrorAction SilentlyContinue`],
  body,
  addedSince: [],
  readLine,
} as const satisfies Shell;
