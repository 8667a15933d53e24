import type { Context } from './context.ts';
import type { Outcome } from './outcome.ts';

/** One flag of a command: what commander reads, and what help, completion and the manual page show. */
export interface FlagRow {
  /** As commander takes it: `-y, --yes`, `--port <number>`, `--fix [code]`, `--no-check`. */
  readonly flags: string;
  readonly note: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** May be given more than once; the values are gathered in a list. */
  readonly isRepeatable?: true;
}

/** One word, or all further words, behind a command. */
export interface ArgumentRow {
  /** Its name in the input of the command. */
  readonly name: string;
  /** As usage shows it: `<code>`, `[steps]`, `[change...]`. */
  readonly shape: string;
  readonly note: string;
  readonly choices?: readonly string[];
}

/** orcc with the command of that name, or with all of them where there is none. */
export type LoadProgram = (asked?: string) => Promise<CommandRow>;

/** What a command does. `loadProgram` is for those that tell about other commands. */
export type RunCommand = (ctx: Context, input: unknown, loadProgram: LoadProgram) => Promise<Outcome>;

/** A command with its flags. A name that begins with two underscores is between orcc and its completion scripts, and shown nowhere. */
export interface CommandRow {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** For its own help, where the summary is too little. */
  readonly description?: string;
  /** In place of the usage that follows from flags and arguments. */
  readonly usage?: string;
  /** Heading that it stands under in the list of commands. */
  readonly group?: string;
  readonly arguments?: readonly ArgumentRow[];
  readonly flags: readonly FlagRow[];
  /** Stands below the flags in its help, above the examples. */
  readonly remark?: string;
  /** Command lines, two or three. */
  readonly examples?: readonly string[];
  /** The words that may follow: `key` has `show`, `set` and so on. */
  readonly commands?: readonly CommandRow[];
  /** Works without orcc's own folder, or says itself what is wrong with it: it is run although someone else could have written there. */
  readonly isUnguarded?: true;
  /** Loads the code, which most runs don't need. */
  readonly load: () => Promise<RunCommand>;
}

/** What a command is for, in a sentence: `Run a local OpenRouter.` */
export function describeCommand({ summary, description }: CommandRow): string {
  return description ?? (summary === '' ? '' : `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);
}

/** `--yes` of `-y, --yes`. */
export function longOf({ flags }: FlagRow): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** Whether a word is this flag, in its long or its short form. */
export function isFlag({ flags }: FlagRow, word: string): boolean {
  return flags.split(/[ ,]+/).includes(word);
}

/** Whether a value follows, or may follow. */
export function takesValue({ flags }: FlagRow): boolean {
  return /[<[]/.test(flags);
}

/** The commands that people are told about. */
export function shownCommands({ commands = [] }: CommandRow): readonly CommandRow[] {
  return commands.filter(({ name }) => !name.startsWith('__'));
}
