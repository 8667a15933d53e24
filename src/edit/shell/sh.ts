import { inQuotes } from '../../text/quote-word.ts';
import { settingsOf, isPlainAscii, requireName, requirePrintable } from './content.ts';
import { pathWord, readPathWord } from './key-path.ts';
import type { BlockContent, BodyLine, Shell, ShellPlace } from './types.ts';

const quote = (value: string): string => inQuotes(requirePrintable(value, 'The value'));

/** Like `quote` but ASCII only: other characters go through printf, whose octal escapes every POSIX shell has. */
function literal(value: string): string {
  if (isPlainAscii(value)) return quote(value);
  const escaped = Array.from(Buffer.from(requirePrintable(value, 'The value'), 'utf8'), (byte, index) => {
    if (byte === 0x25) return '%%';
    // printf would take a dash at the start for an option.
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x27 && byte !== 0x5c && !(index === 0 && byte === 0x2d);
    return plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"$(printf '${escaped.join('')}')"`;
}

/** The inverse of `literal`. */
function readLiteral(text: string): string | undefined {
  const format = /^"\$\(printf '([^']*)'\)"$/.exec(text)?.[1];
  if (format !== undefined) {
    const bytes = format.replace(/%%|\\([0-3][0-7]{2})/g, (_, octal?: string) =>
      octal === undefined ? '%' : String.fromCharCode(Number.parseInt(octal, 8)),
    );
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
  return /^'(?:[^']|'\\'')*'$/.test(text) ? text.slice(1, -1).replaceAll("'\\''", "'") : undefined;
}

/** `set -x` would trace the key, so it is off between these two, however it was turned on; turning it off is not traced either. */
const UNTRACED = '{ orcc_trace=$-; set +x; } 2>/dev/null || :';
const RETRACED = 'case ${orcc_trace-} in *x*) unset orcc_trace; set -x ;; *) unset orcc_trace ;; esac';
const CLEAR = "orcc_key=''";
/** Cuts off whatever follows the key in its file (such as a CR), without starting a program. */
const TRIM = 'orcc_key="${orcc_key%%[[:space:]]*}"';
/** Cuts off the CR that a Windows program puts after the key (`op.exe` under WSL). */
const TRIM_END = 'orcc_key="${orcc_key%[[:space:]]}"';
/** Anything but a single printable word (two lines, colours) is not a key. */
const ONE_WORD = `case $orcc_key in *[![:graph:]]*) orcc_key='' ;; esac`;
const FRAME = new Set([UNTRACED, RETRACED, CLEAR, TRIM, TRIM_END, ONE_WORD, 'fi', 'unset orcc_key', 'if [ -n "$orcc_key" ]; then']);

/**
 * Reads the key with the builtin `read`: no process is started (0.1 ms; `cat`
 * costs 1.0 to 2.6 ms in bash, dash, ksh, mksh and zsh), no alias of `cat` gets
 * in the way, and a missing, empty, unreadable file or a folder leaves the value
 * empty, under `set -eu` too.
 */
function body(content: BlockContent, place: ShellPlace): string[] {
  return [UNTRACED, ...settingLines(content, place), RETRACED];
}

function settingLines(content: BlockContent, place: ShellPlace): string[] {
  const { key } = content;
  const token = key.kind === 'env' ? `"$${key.name}"` : '"$orcc_key"';
  const exports = settingsOf(content).map((setting) => `export ${setting.name}=${'key' in setting ? token : literal(setting.value)}`);
  if (key.kind === 'literal') return exports;
  const inside = exports.map((line) => `  ${line}`);
  if (key.kind === 'env') return [`if [ -n "\${${key.name}-}" ]; then`, ...inside, 'fi'];
  const read =
    key.kind === 'command'
      ? [`orcc_key="$(sh -c ${literal(key.command)} </dev/null 2>/dev/null)" || orcc_key=''`, TRIM_END, ONE_WORD]
      : [CLEAR, `{ read -r orcc_key <${pathWord(key.path, place, literal)}; } 2>/dev/null || :`, TRIM];
  return [...read, 'if [ -n "$orcc_key" ]; then', ...inside, 'fi', 'unset orcc_key'];
}

function readLine(line: string, place: ShellPlace): BodyLine | undefined {
  if (FRAME.has(line)) return { kind: 'frame' };
  const pathText = /^\{ read -r orcc_key <(.+); \} 2>\/dev\/null \|\| :$/.exec(line)?.[1];
  if (pathText !== undefined) {
    const path = readPathWord(pathText, place, readLiteral);
    return path === undefined ? undefined : { kind: 'key', source: { kind: 'file', path } };
  }
  const commandText = /^orcc_key="\$\(sh -c (.+) <\/dev\/null 2>\/dev\/null\)" \|\| orcc_key=''$/.exec(line)?.[1];
  if (commandText !== undefined) {
    const command = readLiteral(commandText);
    return command === undefined ? undefined : { kind: 'key', source: { kind: 'command', command } };
  }
  const source = /^if \[ -n "\$\{([A-Za-z_]\w*)-\}" \]; then$/.exec(line)?.[1];
  if (source !== undefined) return { kind: 'key', source: { kind: 'env', name: source } };
  const [, name = '', word = ''] = /^(?: {2})?export ([A-Z_][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
  if (/^"\$[A-Za-z_]\w*"$/.test(word)) return { kind: 'set-key', name };
  const value = readLiteral(word);
  return value === undefined ? undefined : { kind: 'set', name, value };
}

/** bash, zsh, ksh, mksh, dash. */
export const sh = {
  id: 'sh',
  quote,
  assign: (name, value) => `export ${requireName(name)}=${quote(value)}`,
  unset: (names) => (names.length === 0 ? [] : [`unset ${names.map(requireName).join(' ')}`]),
  body,
  addedSince: [UNTRACED, RETRACED],
  readLine,
} as const satisfies Shell;
