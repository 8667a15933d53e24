import { settingsOf, isPlainAscii, requireName, requirePrintable } from './content.ts';
import { pathWord, readPathWord } from './key-path.ts';
import type { BlockContent, BodyLine, Shell, ShellPlace } from './types.ts';

const quote = (value: string): string => `'${requirePrintable(value, 'The value').replace(/[\\']/g, (char) => `\\${char}`)}'`;

/** Like `quote` but ASCII only: other characters become \X byte escapes outside the quotes. */
function literal(value: string): string {
  if (isPlainAscii(value)) return quote(value);
  const parts = value.match(/[ -~]+|[^ -~]+/gu) ?? [];
  return parts
    .map((part) => (isPlainAscii(part) ? quote(part) : Array.from(Buffer.from(part, 'utf8'), (byte) => `\\X${byte.toString(16)}`).join('')))
    .join('');
}

/** The inverse of `literal`. */
function readLiteral(text: string): string | undefined {
  if (!/^(?:'(?:[^\\']|\\[\\'])*'|\\X[0-9a-f]{2})+$/.test(text)) return undefined;
  const bytes = text.replace(/'((?:[^\\']|\\[\\'])*)'|\\X([0-9a-f]{2})/g, (_, quoted?: string, hex?: string) =>
    hex === undefined ? (quoted ?? '').replace(/\\([\\'])/g, '$1') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** `fish_trace` would print the key: a local variable hides the user's, until it is erased at the end. */
const UNTRACED = "set -l fish_trace ''";
const RETRACED = 'set -e -l fish_trace';
const TRIM = "set orcc_key (string replace -r '\\\\s.*' '' -- \"$orcc_key\")";
const GUARD = 'if test -n "$orcc_key"';
/** Anything but a single printable word (two lines, colours) is not a key. */
const ONE_WORD = 'set orcc_key (string match -r \'^[!-~]+$\' -- "$orcc_key")';
const FRAME = new Set([UNTRACED, RETRACED, "set -l orcc_key ''", TRIM, ONE_WORD, GUARD, 'end', 'set -e orcc_key']);

/**
 * Tests the file before it is read: fish prints a warning for a redirection
 * that fails, and nothing can silence it (fish 3.6).
 */
function body(content: BlockContent, place: ShellPlace): string[] {
  return [UNTRACED, ...settingLines(content, place), RETRACED];
}

function settingLines(content: BlockContent, place: ShellPlace): string[] {
  const { key } = content;
  const token = key.kind === 'env' ? `"$${key.name}"` : '"$orcc_key"';
  const exports = settingsOf(content).map((setting) => `set -gx ${setting.name} ${'key' in setting ? token : literal(setting.value)}`);
  if (key.kind === 'literal') return exports;
  const inside = exports.map((line) => `    ${line}`);
  if (key.kind === 'env') return [`if test -n "$${key.name}"`, ...inside, 'end'];
  return [
    "set -l orcc_key ''",
    ...(key.kind === 'command'
      ? [`set orcc_key (sh -c ${literal(key.command)} </dev/null 2>/dev/null | string trim)`, ONE_WORD]
      : fileLines(pathWord(key.path, place, literal))),
    GUARD,
    ...inside,
    'end',
    'set -e orcc_key',
  ];
}

function fileLines(path: string): string[] {
  return [`if test -f ${path} -a -r ${path}`, `    read orcc_key <${path}`, 'end', TRIM];
}

function readLine(line: string, place: ShellPlace): BodyLine | undefined {
  if (FRAME.has(line)) return { kind: 'frame' };
  if (/^if test -f .+ -a -r .+$/.test(line)) return { kind: 'frame' };
  const pathText = /^ {4}read orcc_key <(.+)$/.exec(line)?.[1];
  if (pathText !== undefined) {
    const path = readPathWord(pathText, place, readLiteral);
    return path === undefined ? undefined : { kind: 'key', source: { kind: 'file', path } };
  }
  const commandText = /^set orcc_key \(sh -c (.+) <\/dev\/null 2>\/dev\/null \| string trim\)$/.exec(line)?.[1];
  if (commandText !== undefined) {
    const command = readLiteral(commandText);
    return command === undefined ? undefined : { kind: 'key', source: { kind: 'command', command } };
  }
  const source = /^if test -n "\$([A-Za-z_]\w*)"$/.exec(line)?.[1];
  if (source !== undefined) return { kind: 'key', source: { kind: 'env', name: source } };
  const [, name = '', word = ''] = /^(?: {4})?set -gx ([A-Z_][A-Z0-9_]*) (.*)$/.exec(line) ?? [];
  if (/^"\$[A-Za-z_]\w*"$/.test(word)) return { kind: 'set-key', name };
  const value = readLiteral(word);
  return value === undefined ? undefined : { kind: 'set', name, value };
}

export const fish = {
  id: 'fish',
  quote,
  assign: (name, value) => `set -gx ${requireName(name)} ${quote(value)}`,
  unset: (names) => (names.length === 0 ? [] : [`set -e ${names.map(requireName).join(' ')}`]),
  body,
  addedSince: [UNTRACED, RETRACED],
  readLine,
} as const satisfies Shell;
