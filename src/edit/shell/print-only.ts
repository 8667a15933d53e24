import { settingsOf, type Setting } from './content.ts';
import { sh } from './sh.ts';
import type { BlockContent, KeySource, ShellPlace } from './types.ts';

/** What is printed never holds the key itself. */
type PastedKey = Exclude<KeySource, { readonly kind: 'literal' }>;
type Pasted = BlockContent & { readonly key: PastedKey };

interface PrintOnly {
  /** Where the user puts the lines. */
  readonly file: string;
  readonly lines: (settings: readonly Setting[], content: Pasted, place: ShellPlace) => readonly string[];
}

const spell = (
  settings: readonly Setting[],
  token: string,
  quote: (value: string) => string,
  line: (name: string, value: string) => string,
): string[] => settings.map((setting) => line(setting.name, 'key' in setting ? token : quote(setting.value)));

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** The key as an expression: from its file, from the user's variable, or from a command. */
const tokenOf = (
  key: PastedKey,
  fromFile: (path: string) => string,
  fromEnv: (name: string) => string,
  fromCommand: (command: string) => string,
): string => (key.kind === 'file' ? fromFile(key.path) : key.kind === 'env' ? fromEnv(key.name) : fromCommand(key.command));

const tcshQuote = (value: string): string => `'${value.replace(/'/g, "'\\''").replace(/!/g, '\\!')}'`;
const elvishQuote = (value: string): string => `'${value.replaceAll("'", "''")}'`;
/** Escapes that nushell and Python share. */
const doubleQuote = (value: string): string => `"${value.replace(/[\\"]/g, (char) => `\\${char}`)}"`;

const tcsh: PrintOnly = {
  file: '~/.tcshrc',
  lines(settings, { key }) {
    const lines = spell(settings, '"$orcc_key"', tcshQuote, (name, value) => `setenv ${name} ${value}`);
    // Within backticks tcsh parses a path again, including `!` and quotes in it, so it is passed through the environment.
    const read = tokenOf(
      key,
      (path) =>
        `setenv orcc_path ${tcshQuote(path)}\nset orcc_key = \`sh -c 'cat "$orcc_path" 2>/dev/null' | tr -d '[:space:]'\`\nunsetenv orcc_path`,
      (name) => `set orcc_key = \`printenv ${name}\``,
      (command) =>
        `setenv orcc_command ${tcshQuote(command)}\nset orcc_key = \`sh -c 'sh -c "$orcc_command" 2>/dev/null' | tr -d '[:space:]'\`\nunsetenv orcc_command`,
    );
    return [
      // `set echo` and `tcsh -x` would show the key.
      'set orcc_echo = $?echo ; unset echo',
      ...read.split('\n'),
      `if ( "$orcc_key" != '' ) then`,
      ...indent(lines),
      'endif',
      'unset orcc_key',
      'if ( $orcc_echo ) set echo',
      'unset orcc_echo',
    ];
  },
};

const elvish: PrintOnly = {
  file: '~/.config/elvish/rc.elv',
  lines(settings, { key }) {
    const lines = spell(settings, '$orcc-key', elvishQuote, (name, value) => `set E:${name} = ${value}`);
    const read = tokenOf(
      key,
      (path) => `use str; var orcc-key = ''; try { set orcc-key = (str:trim-space (slurp < ${elvishQuote(path)})) } catch { }`,
      (name) => `var orcc-key = $E:${name}`,
      (command) =>
        `use str; var orcc-key = ''; try { set orcc-key = (str:trim-space (sh -c ${elvishQuote(command)} 2>/dev/null | slurp)) } catch { }`,
    );
    return [read, "if (not-eq $orcc-key '') {", ...indent(lines), '}'];
  },
};

const nu: PrintOnly = {
  file: '~/.config/nushell/config.nu',
  lines(settings, { key }) {
    const lines = spell(settings, '$orcc_key', doubleQuote, (name, value) => `$env.${name} = ${value}`);
    const read = tokenOf(
      key,
      (path) => `let orcc_key = (try { open --raw ${doubleQuote(path)} | str trim } catch { "" })`,
      (name) => `let orcc_key = ($env.${name}? | default "")`,
      (command) => `let orcc_key = (try { ^sh -c ${doubleQuote(command)} | str trim } catch { "" })`,
    );
    return [read, 'if $orcc_key != "" {', ...indent(lines), '}'];
  },
};

const xonsh: PrintOnly = {
  file: '~/.xonshrc',
  lines(settings, { key }) {
    const lines = spell(settings, 'orcc_key', doubleQuote, (name, value) => `$${name} = ${value}`);
    const read = tokenOf(
      key,
      (path) => `import os; orcc_key = open(${doubleQuote(path)}).read().strip() if os.path.isfile(${doubleQuote(path)}) else ""`,
      (name) => `orcc_key = __xonsh__.env.get(${doubleQuote(name)}, "")`,
      (command) =>
        `import subprocess; orcc_key = subprocess.run(["sh", "-c", ${doubleQuote(command)}], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()`,
    );
    return [read, 'if orcc_key:', ...indent(lines)];
  },
};

const posix = (file: string): PrintOnly => ({ file, lines: (_settings, content, place) => sh.body(content, place) });

/** Shells whose files orcc does not edit, but whose syntax it knows well enough to print the lines. */
const PRINT_ONLY: Readonly<Record<string, PrintOnly>> = {
  tcsh,
  csh: { ...tcsh, file: '~/.cshrc' },
  elvish,
  nu,
  nushell: nu,
  xonsh,
  ksh: posix('~/.kshrc'),
  ksh93: posix('~/.kshrc'),
  mksh: posix('~/.mkshrc'),
  yash: posix('~/.yashrc'),
  dash: posix('~/.profile'),
  ash: posix('~/.profile'),
  sh: posix('~/.profile'),
};

/**
 * The lines to paste for a shell that orcc does not edit, and the file they
 * belong in; undefined for an unknown shell. Throws OrccError('usage') like `Shell.body`.
 */
export function linesToPaste(
  shell: string,
  content: Pasted,
  place: ShellPlace,
): { readonly file: string; readonly lines: readonly string[] } | undefined {
  const row = Object.hasOwn(PRINT_ONLY, shell) ? PRINT_ONLY[shell] : undefined;
  if (row === undefined) return undefined;
  return { file: row.file, lines: row.lines(settingsOf(content), content, place) };
}
