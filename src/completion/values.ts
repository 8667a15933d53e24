import { ALIASES, DEFAULT_ALIASES } from '../claude/aliases.ts';
import { KEY_STORAGE_KINDS } from '../config/config.ts';
import { TARGET_IDS } from '../targets/types.ts';
import type { Candidate, Completion } from './complete.ts';

/** What changes from machine to machine; each is asked at most once, and only where it is needed. */
export interface Sources {
  readonly named: () => readonly { readonly name: string; readonly source: 'profile' | 'team' | 'preset' }[];
  readonly models: () => readonly Candidate[];
  readonly codes: () => readonly Candidate[];
  /** Base URLs that are known here. */
  readonly urls: () => readonly Candidate[];
  /** Names of keys, with the base URL of each. */
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

/** Two of them want more behind a colon. */
const asTyped = (kind: (typeof KEY_STORAGE_KINDS)[number]): string => (kind === 'env' || kind === 'command' ? `${kind}:` : kind);

/** One row for each flag whose values commander does not know itself. */
const OPTIONS: Readonly<Record<string, (sources: Sources) => Completion>> = {
  ...Object.fromEntries(ALIASES.map(({ id }) => [`--${id}`, (sources: Sources) => list(sources.models())])),
  '--preset': (sources) => list(names(sources).filter((each) => each.note !== SOURCE_NOTES.profile)),
  '--profile': (sources) => list(names(sources)),
  '--default': () => words(DEFAULT_ALIASES),
  '--target': () => words(TARGET_IDS),
  '--key-storage': () => words(KEY_STORAGE_KINDS.map(asTyped)),
  '--limits': () => words(['derived', 'none']),
  '--via': () => words(['claude']),
  '--junit': () => FILES,
  '--report': () => FILES,
  '--base-url': (sources) => list(sources.urls()),
  '--to': (sources) => list(sources.urls()),
  '--fix': (sources) => list(sources.codes()),
};

/** Values of a flag, which is given as help shows it; none where they can't be known. */
export function optionValues(flags: string, long: string, sources: Sources): Completion {
  // One name means an address in most commands, and a file in one.
  if (/<file>$/.test(flags)) return FILES;
  return Object.hasOwn(OPTIONS, long) ? (OPTIONS[long]?.(sources) ?? NONE) : NONE;
}

/** `opus=` and so on; behind the `=` the models. */
function assignments(current: string, sources: Sources): readonly Candidate[] {
  const alias = ALIASES.find(({ id }) => current.startsWith(`${id}=`));
  if (alias === undefined) return ALIASES.map(({ id, role }) => ({ value: `${id}=`, note: role }));
  return sources.models().map(({ value, note }) => ({ value: `${alias.id}=${value}`, ...(note === undefined ? {} : { note }) }));
}

/** Values of a command's arguments. `path` is the command's name, `operands` what stands before, `current` what is being typed. */
export function argumentValues(path: string, operands: readonly string[], current: string, sources: Sources): Completion {
  switch (path) {
    case 'test':
      return list(ALIASES.filter(({ id }) => !operands.includes(id)).map(({ id, role }) => ({ value: id, note: role })));
    case 'switch':
      return list([...assignments(current, sources), ...(operands.length === 0 && !current.includes('=') ? names(sources) : [])]);
    case 'run':
      return list(assignments(current, sources));
    case 'models show':
      return operands.length === 0 ? list(sources.models()) : NONE;
    case 'models compare':
      return list(sources.models());
    case 'explain':
      return list(sources.codes());
    case 'help':
      return operands.length === 0 ? list([...sources.commands(), { value: 'exit-codes' }]) : NONE;
    case 'profile show':
      return list(names(sources));
    case 'profile delete':
    case 'profile export':
      return list(names(sources, 'profile').filter(({ value }) => !operands.includes(value)));
    case 'profile rename':
      return operands.length === 0 ? list(names(sources, 'profile')) : NONE;
    case 'profile import':
      return FILES;
    case 'key use':
    case 'key remove':
      return operands.length === 0 ? list(sources.keys()) : NONE;
    case 'key storage':
      return words(KEY_STORAGE_KINDS.map(asTyped));
    default:
      return NONE;
  }
}
