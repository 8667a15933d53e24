import { ALIASES, DEFAULT_ALIASES } from '../claude/aliases.ts';
import { KEY_STORAGE_KINDS } from '../config/config.ts';
import { TARGET_IDS } from '../targets/types.ts';

/** A word that may come next. After a value that ends in `=` or `:`, more must follow in the same word. */
export interface Candidate {
  readonly value: string;
  /** A short description, for shells that show one. */
  readonly note?: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** A file is expected here; the shell completes it itself. */
  readonly files: boolean;
}

/** Values that differ from machine to machine. Each is queried at most once, and only if needed. */
export interface Sources {
  readonly named: () => readonly { readonly name: string; readonly source: 'profile' | 'team' | 'preset' }[];
  readonly models: () => readonly Candidate[];
  readonly codes: () => readonly Candidate[];
  /** The base URLs known on this machine. */
  readonly urls: () => readonly Candidate[];
  /** Names of keys, each with its base URL as the note. */
  readonly keys: () => readonly Candidate[];
  readonly commands: () => readonly Candidate[];
}

const NONE: Completion = { candidates: [], files: false };
const FILES: Completion = { candidates: [], files: true };
const words = (values: readonly string[]): Completion => ({ candidates: values.map((value) => ({ value })), files: false });
const list = (candidates: readonly Candidate[]): Completion => ({ candidates, files: false });

const SOURCE_NOTES = { profile: 'profile', team: "preset of this repository's orcc.json", preset: 'preset' } as const;
const names = (sources: Sources, only?: 'profile'): readonly Candidate[] =>
  sources
    .named()
    .filter((each) => only === undefined || each.source === only)
    .map(({ name, source }) => ({ value: name, note: SOURCE_NOTES[source] }));

/** A key storage as typed: `env` and `command` end in a colon, since more must follow. */
const asTyped = (kind: (typeof KEY_STORAGE_KINDS)[number]): string => (kind === 'env' || kind === 'command' ? `${kind}:` : kind);

/** One row for each flag whose values are not in the table of flags (`choices`). */
const OPTIONS: Readonly<Record<string, (sources: Sources) => Completion>> = {
  ...Object.fromEntries(ALIASES.map(({ id }) => [`--${id}`, (sources: Sources) => list(sources.models())])),
  '--preset': (sources) => list(names(sources).filter((each) => each.note !== SOURCE_NOTES.profile)),
  '--profile': (sources) => list(names(sources)),
  '--default': () => words(DEFAULT_ALIASES),
  '--target': () => words(TARGET_IDS),
  '--key-storage': () => words(KEY_STORAGE_KINDS.map(asTyped)),
  '--limits': () => words(['derived', 'none']),
  '--via': () => words(['claude']),
  '--base-url': (sources) => list(sources.urls()),
  '--to': (sources) => list(sources.urls()),
  '--fix': (sources) => list(sources.codes()),
};

/** The values of a flag, given as help shows it (`flags`) and in its long form; none if they can't be known. */
export function optionValues(flags: string, long: string, sources: Sources): Completion {
  // Checked first, since one flag name takes an address in most commands but a file in one.
  if (/<file>$/.test(flags)) return FILES;
  return Object.hasOwn(OPTIONS, long) ? (OPTIONS[long]?.(sources) ?? NONE) : NONE;
}

/** `opus=` and so on, or after the `=` the models. */
function assignments(current: string, sources: Sources): readonly Candidate[] {
  const alias = ALIASES.find(({ id }) => current.startsWith(`${id}=`));
  if (alias === undefined) return ALIASES.map(({ id, role }) => ({ value: `${id}=`, note: role }));
  return sources.models().map(({ value, note }) => ({ value: `${alias.id}=${value}`, ...(note === undefined ? {} : { note }) }));
}

/** The arguments before the current one, and what has been typed of it. */
interface Typed {
  readonly operands: readonly string[];
  readonly current: string;
  readonly sources: Sources;
}

/** Completes only the first argument. */
const once =
  (candidates: (sources: Sources) => readonly Candidate[]) =>
  ({ operands, sources }: Typed): Completion =>
    operands.length === 0 ? list(candidates(sources)) : NONE;
const ownProfiles = ({ operands, sources }: Typed): Completion =>
  list(names(sources, 'profile').filter(({ value }) => !operands.includes(value)));

/** One row for each command whose arguments have known values. */
const ARGUMENTS: Readonly<Record<string, (typed: Typed) => Completion>> = {
  test: ({ operands }) => list(ALIASES.filter(({ id }) => !operands.includes(id)).map(({ id, role }) => ({ value: id, note: role }))),
  switch: ({ operands, current, sources }) =>
    list([...assignments(current, sources), ...(operands.length === 0 && !current.includes('=') ? names(sources) : [])]),
  run: ({ current, sources }) => list(assignments(current, sources)),
  'models show': once((sources) => sources.models()),
  'models compare': ({ sources }) => list(sources.models()),
  explain: ({ sources }) => list(sources.codes()),
  help: once((sources) => [...sources.commands(), { value: 'exit-codes' }]),
  'profile show': ({ sources }) => list(names(sources)),
  'profile delete': ownProfiles,
  'profile export': ownProfiles,
  'profile rename': once((sources) => names(sources, 'profile')),
  'profile import': () => FILES,
  'key use': once((sources) => sources.keys()),
  'key remove': once((sources) => sources.keys()),
  'key storage': () => words(KEY_STORAGE_KINDS.map(asTyped)),
};

/** The values of a command's arguments; none if they can't be known. `path` is the command's full name: `profile show`. */
export function argumentValues(path: string, typed: Typed): Completion {
  return ARGUMENTS[path]?.(typed) ?? NONE;
}
