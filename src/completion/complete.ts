import type { Argument, Command, Option } from 'commander';
import { argumentValues, optionValues, type Sources } from './values.ts';

/** One word that may stand next. A value that ends in `=` wants more behind it. */
export interface Candidate {
  readonly value: string;
  /** A few words for shells that show them. */
  readonly note?: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** A file belongs here: the shell completes it itself. */
  readonly files: boolean;
}

interface Place {
  readonly command: Command;
  /** Words that are neither flags nor their values, the commands left out. */
  readonly operands: readonly string[];
  readonly flags: readonly string[];
  /** A flag that waits for its value. */
  readonly pending: Option | undefined;
  /** Behind `--`. */
  readonly isPassed: boolean;
}

/**
 * What may stand in place of the last of `words`, which are those behind `orcc`. Made from the tree of commands, so a new
 * flag needs no line here. Pure but for `sources`, which are asked only where they are needed.
 */
export function complete(program: Command, words: readonly string[], sources: Sources): Completion {
  const current = words.at(-1) ?? '';
  const place = walk(program, words.slice(0, -1));
  if (place.isPassed) return { candidates: [], files: true };
  if (place.pending !== undefined) return ofOption(place.pending, '', sources);
  const assigned = /^(--[\w-]+)=/.exec(current)?.[1];
  const option = assigned === undefined ? undefined : findOption(place.command, assigned);
  if (assigned !== undefined) return option === undefined ? NONE : ofOption(option, `${assigned}=`, sources);
  if (current.startsWith('-')) return { candidates: flagsOf(place), files: false };
  const below = place.operands.length === 0 ? commandsOf(place.command) : [];
  const argument = argumentAt(place);
  if (argument === undefined) return { candidates: below, files: false };
  const values =
    argument.argChoices === undefined
      ? argumentValues(pathOf(place.command), place.operands, current, sources)
      : { candidates: argument.argChoices.map((value) => ({ value })), files: false };
  return { candidates: [...below, ...values.candidates], files: values.files };
}

const NONE: Completion = { candidates: [], files: false };

function walk(program: Command, words: readonly string[]): Place {
  let command = program;
  let operands: string[] = [];
  const flags: string[] = [];
  let pending: Option | undefined;
  for (const word of words) {
    if (pending !== undefined) pending = undefined;
    else if (word === '--') return { command, operands, flags, pending, isPassed: true };
    else if (word.startsWith('-') && word !== '-') {
      flags.push(word.replace(/=.*/s, ''));
      const option = findOption(command, word);
      if (option !== undefined && takesValue(option) && !word.includes('=')) pending = option;
    } else {
      const next = operands.length === 0 ? command.commands.find((each) => each.name() === word) : undefined;
      if (next === undefined) operands = [...operands, word];
      else command = next;
    }
  }
  return { command, operands, flags, pending, isPassed: false };
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function findOption(command: Command, word: string): Option | undefined {
  return command.options.find((each) => each.long === word || each.short === word);
}

function ofOption(option: Option, prefix: string, sources: Sources): Completion {
  const found =
    option.argChoices === undefined
      ? optionValues(option.long ?? '', sources)
      : { candidates: option.argChoices.map((value) => ({ value })), files: false };
  return { candidates: found.candidates.map((each) => ({ ...each, value: `${prefix}${each.value}` })), files: found.files };
}

/** Flags that are not given yet, or may be given again. */
function flagsOf({ command, flags }: Place): readonly Candidate[] {
  const help: Candidate[] = flags.includes('--help') || command.name().startsWith('__') ? [] : [{ value: '--help', note: 'show help' }];
  const own = command.options.flatMap((option): Candidate[] => {
    const isGiven = flags.some((each) => each === option.long || each === option.short);
    if (option.long === undefined || option.long === null || option.hidden || (isGiven && option.parseArg === undefined)) return [];
    return [{ value: option.long, note: option.description }];
  });
  return [...own, ...help];
}

function commandsOf(command: Command): readonly Candidate[] {
  return command.commands.filter((each) => !each.name().startsWith('__')).map((each) => ({ value: each.name(), note: each.summary() }));
}

function argumentAt({ command, operands }: Place): Argument | undefined {
  const all = command.registeredArguments;
  return all[operands.length] ?? (all.at(-1)?.variadic === true ? all.at(-1) : undefined);
}

/** `profile show`, without the program's own name. */
function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}
