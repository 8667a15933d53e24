import { AUTO_MODE_OFF } from '../claude/auto-mode.ts';
import { IMAGE_MEMBERS } from '../claude/image-rules.ts';
import { resolveAliases, type Mapping } from '../claude/aliases.ts';
import { AUTO_MODE_MODEL, AUTO_MODE_SERVER, EFFORT, EXTRA_BODY, PICKER_OPTION, type Variable } from '../claude/variables.ts';
import type { SettingsMember } from '../edit/json/settings-types.ts';
import { orderRules } from '../openrouter/routing.ts';
import type { TargetId } from '../targets/types.ts';
import { asciiJson } from '../text/json.ts';
import { namedEfforts, type ExtraName, type Extras, type PinRow } from './extras.ts';

/** Where a member of a settings file can go: a settings target, or the file of one session (`orcc run`). */
export type ExtraPlace = Extract<TargetId, 'user' | 'settings-file' | 'project' | 'local'> | 'session';

/** What the values of all rows come from. */
export interface ExtrasInput {
  readonly mapping: Mapping;
  /** Those in effect: the machine's, with those of the profile in use. */
  readonly extras: Extras;
  readonly autoMode: 'kept' | 'off';
  readonly denyImages: boolean;
  /** The command of `statusline --install`. */
  readonly statusLine?: string | undefined;
  /** What the pinned models' rows say. */
  readonly pinRows: readonly PinRow[];
  /** Names that are to be kept empty. */
  readonly blanked: readonly string[];
}

/** A member of a settings file that stands beside the set-up. */
export interface ExtraMember extends SettingsMember {
  readonly places: readonly ExtraPlace[];
  /** Stays while Claude Code is on Anthropic (`switch --native`). */
  readonly native: 'out' | 'stays';
}

/**
 * One setting beyond the mapping, and what each command does with it. The same for all: `init` and `switch` write it anew with what
 * config.json says; `undo` gives back the bytes before; `remove` takes it out and what it replaced comes back.
 */
export interface ExtraRow {
  /** A member of `Extras` is carried by saved profiles, presets, export, orcc.json and `--here`; the others stand in config.json alone. */
  readonly id: ExtraName | 'autoMode' | 'images' | 'statusLine' | 'names' | 'blanked';
  /** Variables: every target has them. */
  readonly variables?: (input: ExtrasInput) => readonly Variable[];
  /** Members of settings files; where shells alone are targets they stand in user settings as extras. */
  readonly members?: (input: ExtrasInput) => readonly SettingsMember[];
  readonly places: readonly ExtraPlace[];
  /** `out`: native Claude Code would ask Anthropic for ids that it does not know. */
  readonly native: ExtraMember['native'];
  /** Findings of `doctor` and `test` that look at it. */
  readonly doctor: readonly string[];
}

/** The member that names a program which prints a key. */
export const HELPER = 'apiKeyHelper';

const EVERYWHERE = ['user', 'settings-file', 'project', 'local', 'session'] as const;

/** One row each, in the order in which they are written. */
export const EXTRAS: readonly ExtraRow[] = [
  {
    id: 'routing',
    variables: ({ extras }) =>
      extras.routing === undefined ? [] : [{ name: EXTRA_BODY, value: asciiJson({ provider: orderRules(extras.routing) }) }],
    places: EVERYWHERE,
    native: 'out',
    doctor: ['ROUTING_HIDDEN', 'REQUEST_CHANGED', 'ROUTING_EMPTY', 'DATA_POLICY', 'PROVIDER_ALLOWLIST', 'MAX_PRICE'],
  },
  {
    id: 'fallback',
    members: ({ extras }) => (extras.fallback === undefined ? [] : [{ path: ['fallbackModel'], value: extras.fallback }]),
    places: EVERYWHERE,
    native: 'out',
    doctor: ['FALLBACK_UNFIT'],
  },
  {
    id: 'pins',
    // Before 2.1.246 Claude Code knows one further row, by these; from then on it shows a model that both name once (measured).
    variables: ({ pinRows: [first] }) =>
      first === undefined
        ? []
        : [
            { name: PICKER_OPTION, value: first.model },
            { name: `${PICKER_OPTION}_NAME`, value: first.name },
            { name: `${PICKER_OPTION}_DESCRIPTION`, value: first.description },
          ],
    members: ({ pinRows }) =>
      pinRows.map(({ model, name, description }) => ({
        path: ['modelPicker', 'options'],
        value: { model, label: name, description },
        element: true as const,
      })),
    // A project's own settings have no say in it (2.1.332).
    places: ['user', 'settings-file', 'session'],
    native: 'out',
    doctor: [],
  },
  {
    id: 'effort',
    variables: ({ extras }) => (extras.effort?.all === undefined ? [] : [{ name: EFFORT, value: extras.effort.all }]),
    members: ({ extras, mapping }) => effortMembers(extras, mapping),
    places: EVERYWHERE,
    native: 'out',
    doctor: [],
  },
  {
    id: 'autoModeModel',
    variables: ({ extras }) =>
      extras.autoModeModel === undefined
        ? []
        : [
            { name: AUTO_MODE_SERVER, value: '0' },
            { name: AUTO_MODE_MODEL, value: extras.autoModeModel },
          ],
    places: EVERYWHERE,
    native: 'out',
    doctor: ['AUTO_MODE_BLOCKED'],
  },
  {
    id: 'autoMode',
    // A model that answers its check is there to have it on.
    members: ({ autoMode, extras }) =>
      autoMode === 'off' && extras.autoModeModel === undefined ? [{ path: AUTO_MODE_OFF.path, value: AUTO_MODE_OFF.value }] : [],
    places: ['user', 'settings-file'],
    native: 'out',
    doctor: ['AUTO_MODE_BLOCKED'],
  },
  {
    // None, for models that take text alone.
    id: 'images',
    members: ({ denyImages }) => (denyImages ? IMAGE_MEMBERS : []),
    places: ['user', 'settings-file'],
    native: 'out',
    doctor: ['IMAGES_UNGUARDED'],
  },
  {
    id: 'statusLine',
    members: ({ statusLine }) =>
      statusLine === undefined ? [] : [{ path: ['statusLine'], value: { type: 'command', command: statusLine } }],
    // A program of this machine, which a container or Windows does not have.
    places: ['user'],
    // It names no model, and prices Anthropic's own answers as well.
    native: 'stays',
    doctor: ['STATUSLINE_DEAD'],
  },
  // What the rows of /model say. Its variables stand between those of the mapping, where `buildVariables` puts them.
  { id: 'names', places: EVERYWHERE, native: 'out', doctor: ['SETUP_OUTDATED'] },
  {
    // Names kept empty in place of values that were in the way.
    id: 'blanked',
    // An empty value counts as none (measured: test/prove/fixes.prove.ts).
    variables: ({ blanked }) => blanked.filter((name) => name !== HELPER).map((name) => ({ name, value: '' })),
    members: ({ blanked }) => (blanked.includes(HELPER) ? [{ path: [HELPER], value: '' }] : []),
    // What stood in the way on this machine is no matter of a team's.
    places: ['user', 'local'],
    native: 'out',
    doctor: ['SETTINGS_OVERRIDE', 'REQUEST_CHANGED', 'CREDENTIAL_ADDED', 'AUTH_CONFLICT'],
  },
];

/** Each mapped model once, though two aliases may name it. */
function effortMembers(extras: Extras, mapping: Mapping): readonly SettingsMember[] {
  const models = new Map(resolveAliases(mapping.models).map(({ alias, model }) => [alias, model]));
  const levels = new Map(
    namedEfforts(extras.effort).flatMap(({ alias, level }) => {
      const model = models.get(alias);
      return model === undefined ? [] : [[model, level] as const];
    }),
  );
  return [...levels].map(([model, level]) => ({ path: ['modelSettings', model, 'effortLevel'], value: level }));
}

/** The variables of all rows. Pure. */
export function extraVariables(input: ExtrasInput): readonly Variable[] {
  return EXTRAS.flatMap(({ variables }) => variables?.(input) ?? []);
}

/** The members of all rows, with what is to become of them where. Pure. */
export function extraMembers(input: ExtrasInput): readonly ExtraMember[] {
  return EXTRAS.flatMap(({ members, places, native }) => (members?.(input) ?? []).map((member) => ({ ...member, places, native })));
}
