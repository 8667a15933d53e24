import { Buffer } from 'node:buffer';
import type { Config } from '../../src/config/config.ts';
import { ownFiles } from '../../src/core/folder.ts';
import { EMPTY_STATE, parseState, type State, EMPTY_REPLACED, parseReplaced } from '../../src/config/state.ts';
import type { FileNow, Machine } from '../../src/change/machine.ts';
import type { Desired, DesiredTarget } from '../../src/change/desired.ts';
import { planChange as planWith } from '../../src/change/plan.ts';
import type { Planned } from '../../src/change/types.ts';
import type { Located, TargetFile, TargetId } from '../../src/targets/types.ts';

export const HOME = '/home/u';
export const KEY = 'sk-or-v1-'.padEnd(73, '0123456789abcdef');
const OWN = ownFiles({ env: {}, home: HOME, platform: 'linux' });

/** Where each target lies in this home; the current folder is ~/code. */
const PLACES: Record<TargetId, TargetFile> = {
  bash: { path: `${HOME}/.bashrc`, startup: 'interactive' },
  zsh: { path: `${HOME}/.zshrc`, startup: 'interactive' },
  fish: { path: `${HOME}/.config/fish/conf.d/orcc.fish`, startup: 'every' },
  powershell: { path: `${HOME}/.config/powershell/profile.ps1`, startup: 'every' },
  user: { path: `${HOME}/.claude/settings.json`, startup: 'claude' },
  'settings-file': { path: `${HOME}/work/settings.json`, startup: 'claude' },
  project: { path: `${HOME}/code/.claude/settings.json`, startup: 'claude' },
  local: { path: `${HOME}/code/.claude/settings.local.json`, startup: 'claude' },
};

export const place = (id: TargetId): string => PLACES[id].path;

interface Given {
  /** Text of files by path, or what is wrong with them. */
  readonly files?: Readonly<Record<string, string | Partial<FileNow>>>;
  readonly state?: Partial<State>;
  readonly config?: Config;
  readonly targets?: readonly TargetId[];
}

/** An observed machine; only what is given is there. */
export function machineWith({
  files = {},
  state = {},
  config,
  targets = ['bash', 'zsh', 'fish', 'user', 'project', 'local'],
}: Given = {}): Machine {
  const now = new Map(
    Object.entries(files).map(([path, file]): [string, FileNow] => [
      path,
      typeof file === 'string'
        ? { bytes: Buffer.from(file), mode: 0o644, missingParents: [] }
        : { bytes: null, mode: null, missingParents: [], ...file },
    ]),
  );
  return {
    own: OWN,
    config,
    configBroken: undefined,
    state: { ...EMPTY_STATE, ...state },
    replaced: EMPTY_REPLACED,
    located: new Map(targets.map((id): [TargetId, Located] => [id, { files: [PLACES[id]], notes: [], offered: true }])),
    files: now,
    home: HOME,
    platform: 'linux',
  };
}

/** The same machine with another file, or another state of one. */
export function withFile(machine: Machine, path: string, file: Partial<FileNow>): Machine {
  const now: FileNow = { bytes: null, mode: null, missingParents: [], ...file };
  return { ...machine, files: new Map(machine.files).set(path, now) };
}

/** What a file says; null where there is none. */
export function textAt(machine: Machine, path: string): string | null {
  const bytes = machine.files.get(path)?.bytes ?? null;
  return bytes === null ? null : Buffer.from(bytes).toString();
}

/** Targets that are to hold the set-up, and targets that are to hold nothing. */
export const setup = (...ids: TargetId[]): DesiredTarget[] => ids.map((id) => ({ id, carries: 'setup', remember: false }));
export const nothing = (...ids: TargetId[]): DesiredTarget[] => ids.map((id) => ({ id, carries: 'nothing', remember: false }));

/** A set-up of the guide's opus alone; `more` replaces members. */
export function desire(targets: Desired['targets'], more: Partial<Desired> = {}): Desired {
  return {
    setup: {
      baseUrl: 'https://openrouter.ai/api',
      shellKey: { kind: 'file', path: OWN.key },
      settingsKey: { kind: 'token' },
      variables: [
        { name: 'ANTHROPIC_DEFAULT_OPUS_MODEL', value: 'z-ai/glm-4.7' },
        { name: 'ANTHROPIC_MODEL', value: 'opus' },
      ],
      modelSettings: [],
    },
    targets,
    key: { action: 'write' },
    config: CONFIG,
    extras: [],
    ignore: undefined,
    replace: false,
    adopt: false,
    force: false,
    ...more,
  };
}

export const CONFIG: Config = {
  schemaVersion: 2,
  baseUrl: 'https://openrouter.ai/api',
  keyStorage: { kind: 'file' },
  mapping: { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash' },
  defaultAlias: 'sonnet',
  limits: { how: 'derived', variables: [] },
  autoMode: 'kept',
  native: false,
  profiles: {},
};

/** The machine after a plan was carried out, as the next look finds it. */
export function carriedOut(machine: Machine, { plan }: Planned): Machine {
  const files = new Map(machine.files);
  for (const edit of plan.edits) {
    const mode = edit.after === null ? null : (edit.mode ?? edit.modeBefore ?? 0o644);
    files.set(edit.path, { bytes: edit.after, mode, missingParents: [] });
  }
  const state = files.get(OWN.state)?.bytes;
  const replaced = files.get(OWN.replaced)?.bytes;
  const config = files.get(OWN.config)?.bytes;
  const parse = <T>(bytes: Uint8Array | null | undefined, empty: T, read: (text: string) => T): T =>
    bytes === null || bytes === undefined ? empty : read(Buffer.from(bytes).toString('utf8'));
  return {
    ...machine,
    files,
    state: parse(state, EMPTY_STATE, (text) => parseState(text, OWN.state, HOME)),
    replaced: parse(replaced, EMPTY_REPLACED, (text) => parseReplaced(text, OWN.replaced, { home: HOME })),
    config: parse<Config | undefined>(config, undefined, (text) => JSON.parse(text) as Config),
  };
}

/** The plan, with the one key. */
export const planChange = (desired: Desired, machine: Machine): Planned => planWith(desired, machine, { key: KEY });

/** The machine after what is desired was done. */
export const done = (machine: Machine, desired: Desired): Machine => carriedOut(machine, planChange(desired, machine));
