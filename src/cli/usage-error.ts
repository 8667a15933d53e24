import type { CommanderError } from 'commander';
import { findCommand, loadProgram, ORCC } from './commands.ts';
import { holdsKeyShape } from '../config/key-shape.ts';
import { longOf, shownCommands, type CommandRow, type FlagRow } from '../core/command.ts';
import { didYouMean, OrccError } from '../core/errors.ts';
import { PAGES } from '../core/hosts.ts';
import { nearestWords } from '../text/nearest.ts';
import { clip, stripControls } from '../text/text.ts';

/** Checks the words before any flag is parsed. Throws exit 2 with a helpful hint for an unknown command or a key among them. */
export async function checkWords(argv: readonly string[], program: CommandRow): Promise<void> {
  const given = argv.find((word) => isKeyFlag(word) || /^sk-/.test(word));
  if (given !== undefined && (isKeyFlag(given) || holdsKeyShape(given))) throw await keyOnCommandLine(argv);
  const at = argv.findIndex((word) => !word.startsWith('-'));
  const word = argv[at];
  if (word !== undefined && program.commands?.every(({ name }) => name !== word) === true) {
    const other = otherWord(word, argv.slice(at + 1).map(show));
    if (other !== undefined) throw new OrccError('usage', `orcc has no command \`${show(word)}\``, { hint: other });
    throw unknownCommand(word, program, ORCC.name, '`orcc --help` lists the commands');
  }
}

async function keyOnCommandLine(argv: readonly string[]): Promise<OrccError> {
  const { path } = await findCommand(argv);
  const command = path[0] === 'key' ? 'orcc key set' : 'orcc init';
  return new OrccError('usage', 'A key never belongs on the command line, where the process list and the shell history keep it', {
    hint: `\`${command}\` asks for it without showing it; \`--key-stdin\` reads it from standard input, \`--key-env NAME\` from a variable. If this was a real key, revoke it: ${PAGES.keys}`,
  });
}

/** Turns commander's error into one of orcc's own: what is wrong, and the nearest valid words. */
export async function usageError(error: CommanderError, argv: readonly string[]): Promise<OrccError> {
  const { row, path, rest } = await findCommand(argv);
  const name = ['orcc', ...path].join(' ');
  const see = `See \`${name} --help\``;
  const example = row.examples?.[0];
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.excessArguments': {
      const word = rest.find((each) => !each.startsWith('-')) ?? '';
      if (row.commands !== undefined) return unknownCommand(word, row, `\`${name}\``, see);
      const extra = (row.arguments ?? []).length === 0 ? 'takes no arguments' : 'got too many arguments';
      return new OrccError('usage', `\`${name}\` ${extra}: \`${show(rest.filter((each) => !each.startsWith('-')).at(-1) ?? word)}\``, {
        hint: see,
      });
    }
    case 'commander.missingArgument': {
      const shapes = (row.arguments ?? [])
        .filter(({ shape }) => shape.startsWith('<'))
        .map(({ shape }) => shape.slice(1, -1).toUpperCase());
      return new OrccError('usage', `\`${name}\` needs ${shapes.join(' and ')} after it`, {
        hint: example === undefined ? see : `For example \`${example.replace(/ {2,}#.*$/, '')}\``,
      });
    }
    case 'commander.optionMissingArgument': {
      const flag = row.flags.find(({ flags }) => flags === quoted);
      const known = flag?.choices === undefined ? '' : `: ${oneOf(flag.choices)}`;
      return new OrccError('usage', `\`${flag === undefined ? quoted : longOf(flag)}\` needs a value${known}`, { hint: see });
    }
    case 'commander.invalidArgument':
      return wrongChoice(error, row, see);
    case 'commander.unknownOption':
      return unknownOption(quoted, row, path, rest, see);
    default: {
      const first = error.message.replace(/^error: /, '').split('\n')[0] ?? 'bad usage';
      return new OrccError('usage', first.charAt(0).toUpperCase() + first.slice(1).replaceAll("'", '`').replace(/\.$/, ''), { hint: see });
    }
  }
}

/** The error for a flag or argument whose value is not among its choices. */
function wrongChoice({ message }: CommanderError, row: CommandRow, see: string): OrccError {
  const flag = row.flags.find(({ flags }) => message.includes(`option '${flags}'`));
  const argument = row.arguments?.find(({ choices }) => choices !== undefined);
  const choices = flag?.choices ?? argument?.choices ?? [];
  const word = show(/(?:argument value|argument) '([^']*)' is invalid/.exec(message)?.[1] ?? '');
  const guess = didYouMean(nearestWords(word, choices, 1));
  const what = flag === undefined ? (argument?.name ?? 'it').toUpperCase() : `\`${longOf(flag)}\``;
  return new OrccError('usage', `${what} can't be \`${word}\`: ${oneOf(choices)}`, { hint: `${guess}${see}` });
}

async function unknownOption(
  option: string,
  row: CommandRow,
  path: readonly string[],
  rest: readonly string[],
  see: string,
): Promise<OrccError> {
  const name = ['orcc', ...path].join(' ');
  const message = `${path.length === 0 ? 'orcc' : `\`${name}\``} has no flag \`${show(option)}\``;
  if (option === '-v') return new OrccError('usage', message, { hint: `\`orcc --version\` prints the version. ${see}` });
  if (path[0] === 'run') {
    const at = rest.indexOf(option);
    const line = [...rest.slice(0, at), '--', ...rest.slice(at)].map(show).join(' ');
    return new OrccError('usage', message, { hint: `Put Claude Code's own arguments after \`--\`: \`orcc run ${line}\`. ${see}` });
  }
  const negative = row.flags.find((flag) => longOf(flag) === option.replace(/^--/, '--no-'));
  if (negative !== undefined) {
    return new OrccError('usage', message, { hint: `There is only \`${longOf(negative)}\`: ${negative.note}. ${see}` });
  }
  const bare = row.flags.map(longOf).find((flag) => option.startsWith(`${flag}=`));
  if (bare !== undefined) return new OrccError('usage', `\`${bare}\` takes no value`, { hint: `Write it as \`${bare}\`. ${see}` });
  const sub = row.commands?.find((each) => option === `--${each.name}`);
  if (sub !== undefined) return new OrccError('usage', message, { hint: `\`${name} ${sub.name}\` is a command. ${see}` });
  const near = nearestFlag(option, row);
  const elsewhere = near === undefined ? await commandsWith(option) : [];
  const guess =
    near !== undefined
      ? didYouMean([near])
      : elsewhere.length === 0
        ? ''
        : `${elsewhere.map((each) => `\`orcc ${each}\``).join(', ')} ${elsewhere.length === 1 ? 'has' : 'have'} it. `;
  return new OrccError('usage', message, { hint: `${guess}${see}` });
}

/** The flag that was probably meant; compared without the dashes, which would make any two alike. */
function nearestFlag(option: string, row: CommandRow): string | undefined {
  if (!option.startsWith('--')) return undefined;
  const word = (flag: string): string => flag.replace(/^--/, '');
  const [near] = nearestWords(
    word(option),
    ['help', ...(row.name === ORCC.name ? ['version'] : []), ...row.flags.map((flag) => word(longOf(flag)))],
    1,
  );
  return near === undefined ? undefined : `--${near}`;
}

/** The commands that have a flag; none if more than three have it. */
async function commandsWith(option: string): Promise<readonly string[]> {
  const has = ({ flags }: CommandRow): boolean => flags.some((flag: FlagRow) => longOf(flag) === option);
  const found = shownCommands(await loadProgram()).filter(has);
  return found.length > 3 ? [] : found.map(({ name }) => name);
}

/** The error for an unknown command or subcommand. `see`: where all of orcc's commands are listed. */
function unknownCommand(word: string, above: CommandRow, name: string, see: string): OrccError {
  const names = shownCommands(above).map((each) => each.name);
  const guess = didYouMean(nearestWords(show(word), names, 2), ' or ');
  const rest = above.name === ORCC.name ? see : `It has ${oneOf(names).replace(/ or (?=\S+$)/, ' and ')}`;
  return new OrccError('usage', `${name} has no command \`${show(word)}\``, { hint: `${guess}${rest}` });
}

/** `a, b or c`. */
function oneOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function show(word: string): string {
  return clip(stripControls(word), 60);
}

/** Words that people know from other programs, after the orcc command that does the same. `%` stands for the words that followed. */
const OTHER_WORDS: readonly (readonly [command: string, words: string])[] = [
  ['switch %', 'set use change map select'],
  ['models %', 'model list ls search'],
  ['models compare %', 'compare'],
  ['init', 'install setup start configure config'],
  ['remove', 'uninstall delete clean reset purge'],
  ['undo', 'revert restore rollback'],
  ['switch --back', 'back'],
  ['switch --native', 'native anthropic'],
  ['test %', 'verify ping'],
  ['doctor --fix', 'fix repair'],
  ['doctor', 'diagnose'],
  ['status', 'info show current whoami'],
  ['login', 'auth'],
  ['key forget', 'logout'],
  ['key rotate', 'rotate'],
  ['usage', 'balance credits cost spend'],
  ['run %', 'exec'],
  ['run -- %', 'claude'],
  ['switch --dry-run %', 'diff'],
  ['undo --list', 'history log'],
  ['profile save %', 'save'],
  ['profile list', 'profiles preset presets'],
  ['profile import %', 'import'],
  ['simulate', 'simulator'],
  ['--version', 'version'],
];

/** The hint for a word from another program; undefined for any other word. `rest` must be safe to show. */
function otherWord(word: string, rest: readonly string[]): string | undefined {
  if (['update', 'upgrade', 'self-update'].includes(word)) return '`npm install --global orcc@latest` installs the newest orcc';
  const line = OTHER_WORDS.find(([, words]) => words.split(' ').includes(word))?.[0];
  return line === undefined
    ? undefined
    : `In orcc that is \`orcc ${line.replace(/ ?%/, () => [' ', ...rest].join(' ').trimEnd()).replace(/ +/g, ' ')}\``;
}

/** Whether a word is a flag with which other programs take a key, with or without `=` and the key after it. */
function isKeyFlag(word: string): boolean {
  return /^--(?:openrouter-)?(?:key|api-?key|token|auth-token)(?:=|$)/i.test(word);
}
