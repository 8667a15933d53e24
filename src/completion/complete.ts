import { isFlag, longOf, shownCommands, takesValue, type ArgumentRow, type CommandRow, type FlagRow } from '../core/command.ts';
import { argumentValues, optionValues, type Sources, type Candidate, type Completion } from './values.ts';

interface Place {
  readonly command: CommandRow;
  /** Its name after those of its parent commands: `profile show`. */
  readonly path: string;
  /** The command's arguments so far: words that are not commands, flags or values of flags. */
  readonly operands: readonly string[];
  readonly flags: readonly string[];
  /** A flag whose value comes next. */
  readonly pending: FlagRow | undefined;
  /** Whether the cursor is after `--`. */
  readonly isPassed: boolean;
}

/**
 * What the last of `words`, the words after `orcc`, may be completed to. Derived from the table of commands, so that a new
 * flag needs no change here. Pure except for `sources`, which are queried only if needed.
 */
export function complete(program: CommandRow, words: readonly string[], sources: Sources): Completion {
  const current = words.at(-1) ?? '';
  const place = walk(program, words.slice(0, -1));
  if (place.isPassed) return { candidates: [], files: true };
  if (place.pending !== undefined) return ofFlag(place.pending, '', sources);
  const assigned = /^(--[\w-]+)=/.exec(current)?.[1];
  const flag = assigned === undefined ? undefined : findFlag(place.command, assigned);
  if (assigned !== undefined) return flag === undefined ? NONE : ofFlag(flag, `${assigned}=`, sources);
  if (current.startsWith('-')) return { candidates: flagsOf(place), files: false };
  const below = place.operands.length === 0 ? commandsOf(place.command) : [];
  const argument = argumentAt(place);
  if (argument === undefined) return { candidates: below, files: false };
  const values =
    argument.choices === undefined
      ? argumentValues(place.path, { operands: place.operands, current, sources })
      : { candidates: argument.choices.map((value) => ({ value })), files: false };
  return { candidates: [...below, ...values.candidates], files: values.files };
}

const NONE: Completion = { candidates: [], files: false };

function walk(program: CommandRow, words: readonly string[]): Place {
  let command = program;
  let path: readonly string[] = [];
  let operands: readonly string[] = [];
  const flags: string[] = [];
  let pending: FlagRow | undefined;
  const at = (isPassed: boolean): Place => ({ command, path: path.join(' '), operands, flags, pending, isPassed });
  for (const word of words) {
    if (pending !== undefined) pending = undefined;
    else if (word === '--') return at(true);
    else if (word.startsWith('-') && word !== '-') {
      flags.push(word.replace(/=.*/s, ''));
      const flag = findFlag(command, word);
      if (flag !== undefined && takesValue(flag) && !word.includes('=')) pending = flag;
    } else {
      const next = operands.length === 0 ? command.commands?.find(({ name }) => name === word) : undefined;
      if (next === undefined) operands = [...operands, word];
      else {
        command = next;
        path = [...path, word];
      }
    }
  }
  return at(false);
}

function findFlag(command: CommandRow, word: string): FlagRow | undefined {
  return command.flags.find((flag) => isFlag(flag, word));
}

function ofFlag(flag: FlagRow, prefix: string, sources: Sources): Completion {
  const found =
    flag.choices === undefined
      ? optionValues(flag.flags, longOf(flag), sources)
      : { candidates: flag.choices.map((value) => ({ value })), files: false };
  return { candidates: found.candidates.map((each) => ({ ...each, value: `${prefix}${each.value}` })), files: found.files };
}

/** The flags that are not given yet or may be repeated. */
function flagsOf({ command, flags }: Place): readonly Candidate[] {
  const help: Candidate[] = flags.includes('--help') || command.name.startsWith('__') ? [] : [{ value: '--help', note: 'show help' }];
  const own = command.flags
    .filter((flag) => flag.isRepeatable === true || !flags.some((word) => isFlag(flag, word)))
    .map((flag) => ({ value: longOf(flag), note: flag.note }));
  return [...own, ...help];
}

function commandsOf(command: CommandRow): readonly Candidate[] {
  return shownCommands(command).map(({ name, summary }) => ({ value: name, note: summary }));
}

function argumentAt({ command, operands }: Place): ArgumentRow | undefined {
  const all = command.arguments ?? [];
  const last = all.at(-1);
  return all[operands.length] ?? (last?.shape.includes('...') === true ? last : undefined);
}
