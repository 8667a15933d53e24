import type { Context } from './context.ts';
import type { Outcome } from './outcome.ts';

/** One flag of a command: what commander reads, and what help, completion and the manual page show. */
export interface FlagRow {
  /** In commander's syntax: `-y, --yes`, `--port <number>`, `--fix [code]`, `--no-check`. */
  readonly flags: string;
  readonly note: string;
  /** The only values that it accepts; absent if it accepts any. */
  readonly choices?: readonly string[];
  /** May be given more than once; the values are collected in a list. */
  readonly isRepeatable?: true;
}

/** An argument of a command: one word, or all remaining words. */
export interface ArgumentRow {
  /** The member of the command's input that holds it. */
  readonly name: string;
  /** As the usage line shows it: `<code>`, `[steps]`, `[change...]`. */
  readonly shape: string;
  readonly note: string;
  readonly choices?: readonly string[];
}

/** Loads orcc's root command with only the command named `asked`, or with all commands if no command has that name. */
export type LoadProgram = (asked?: string) => Promise<CommandRow>;

/** Runs a command. `loadProgram` is for commands that describe other commands, such as `help`. */
export type RunCommand = (ctx: Context, input: unknown, loadProgram: LoadProgram) => Promise<Outcome>;

/** A command with its flags. One whose name starts with `__` is called only by orcc's completion scripts and is never shown. */
export interface CommandRow {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Replaces the summary in the command's own help. */
  readonly description?: string;
  /** Replaces the usage line that is generated from flags and arguments. */
  readonly usage?: string;
  /** The heading that it is listed under in the list of commands. */
  readonly group?: string;
  readonly arguments?: readonly ArgumentRow[];
  readonly flags: readonly FlagRow[];
  /** Printed in its help between the flags and the examples. */
  readonly remark?: string;
  /** Two or three command lines. */
  readonly examples?: readonly string[];
  /** Subcommands: `key` has `show`, `set` and so on. */
  readonly commands?: readonly CommandRow[];
  /** Runs even if others can write to orcc's own folder: it does not use the folder, or reports the problem itself. */
  readonly isUnguarded?: true;
  /** Loads the command's code, which most runs don't need. */
  readonly load: () => Promise<RunCommand>;
}

/** What a command does, as a sentence: `Run a local OpenRouter.` */
export function describeCommand({ summary, description }: CommandRow): string {
  return description ?? (summary === '' ? '' : `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);
}

/** The long form of a flag: `--yes` for `-y, --yes`. */
export function longOf({ flags }: FlagRow): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** Whether a word is this flag, in its long or short form. */
export function isFlag({ flags }: FlagRow, word: string): boolean {
  return flags.split(/[ ,]+/).includes(word);
}

/** Whether the flag takes a value, required or optional. */
export function takesValue({ flags }: FlagRow): boolean {
  return /[<[]/.test(flags);
}

/** The subcommands that help and completion show: all but those whose name starts with `__`. */
export function shownCommands({ commands = [] }: CommandRow): readonly CommandRow[] {
  return commands.filter(({ name }) => !name.startsWith('__'));
}
