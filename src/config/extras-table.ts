import { AUTO_MODE_OFF } from '../claude/auto-mode.ts';
import { IMAGE_MEMBERS } from '../claude/image-rules.ts';
import { resolveAliases, type Mapping } from '../claude/aliases.ts';
import { AUTO_MODE_MODEL, AUTO_MODE_SERVER, EFFORT, EXTRA_BODY, PICKER_OPTION, type Variable } from '../claude/variables.ts';
import type { SettingsMember } from '../edit/json/settings-types.ts';
import { orderRules } from '../openrouter/routing.ts';
import { SETTINGS_TARGETS, type SettingsTargetId } from '../targets/types.ts';
import { asciiJson } from '../text/json.ts';
import { isPerModel, namedEfforts, type ExtraName, type Extras, type PinRow } from './extras.ts';

/** Where a member can be written: a settings target, or the settings file of one session (`orcc run`). */
export type ExtraPlace = SettingsTargetId | 'session';

/** The input from which all rows make their values. */
export interface ExtrasInput {
  readonly mapping: Mapping;
  /** The extras in effect: the machine's, joined with those of the profile in use. */
  readonly extras: Extras;
  readonly autoMode: 'kept' | 'off';
  readonly denyImages: boolean;
  /** The command of `statusline --install`. */
  readonly statusLine?: string | undefined;
  /** The rows of the pinned models in /model. */
  readonly pinRows: readonly PinRow[];
  /** Variables and members to keep empty. */
  readonly blanked: readonly string[];
}

/** A member of a settings file beyond the mapping, with the rules of its row. */
export interface ExtraMember extends SettingsMember {
  readonly places: readonly ExtraPlace[];
  /** Whether it stays while Claude Code is on Anthropic (`switch --native`). */
  readonly native: 'out' | 'stays';
}

/**
 * One setting beyond the mapping, and what each command does with it. For every row, `init` and `switch` rewrite it from
 * config.json, `undo` restores the previous bytes, and `remove` takes it out and restores what it replaced.
 */
export interface ExtraRow {
  /** An id from `Extras` is also part of saved profiles, presets, exports, orcc.json and `--here`; the others are only in config.json. */
  readonly id: ExtraName | 'autoMode' | 'images' | 'statusLine' | 'names' | 'blanked';
  /** Variables, written to every target. */
  readonly variables?: (input: ExtrasInput) => readonly Variable[];
  /** Members of settings files. If all targets are shells, they are written to user settings. */
  readonly members?: (input: ExtrasInput) => readonly SettingsMember[];
  readonly places: readonly ExtraPlace[];
  /** `out`: with it, Claude Code would ask Anthropic for model ids that Anthropic does not know. */
  readonly native: ExtraMember['native'];
  /** The findings of `doctor` and `test` that concern it. */
  readonly doctor: readonly string[];
}

/** The settings member that names a command which prints the key. */
export const HELPER = 'apiKeyHelper';

const EVERYWHERE: readonly ExtraPlace[] = [...SETTINGS_TARGETS, 'session'];

/** One row for each extra, in the order in which they are written. */
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
    // Before 2.1.246 these variables set the one extra row that Claude Code supports; later it shows a model named in both once (measured).
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
    // Claude Code ignores it in a project's own settings (2.1.332).
    places: ['user', 'settings-file', 'session'],
    native: 'out',
    doctor: [],
  },
  {
    id: 'effort',
    // Beside levels of single models it is kept empty: a weaker layer's level for all would win over them.
    variables: ({ extras: { effort } }) =>
      isPerModel(effort) ? [{ name: EFFORT, value: '' }] : effort?.all === undefined ? [] : [{ name: EFFORT, value: effort.all }],
    members: ({ extras, mapping }) =>
      [...effortByModel(extras, mapping)].map(([model, level]) => ({ path: ['modelSettings', model, 'effortLevel'], value: level })),
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
    // With a model set to answer its check, auto mode is meant to be on.
    members: ({ autoMode, extras }) =>
      autoMode === 'off' && extras.autoModeModel === undefined ? [{ path: AUTO_MODE_OFF.path, value: AUTO_MODE_OFF.value }] : [],
    places: ['user', 'settings-file'],
    native: 'out',
    doctor: ['AUTO_MODE_BLOCKED'],
  },
  {
    // Keeps images from models that take text only.
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
    // Not `settings-file`: it names a program of this machine, which a container or Windows does not have.
    places: ['user'],
    // It names no model, and also shows the price of Anthropic's own answers.
    native: 'stays',
    doctor: ['STATUSLINE_DEAD'],
  },
  // The texts of the rows in /model. `buildVariables` writes their variables, next to those of the mapping.
  { id: 'names', places: EVERYWHERE, native: 'out', doctor: ['SETUP_OUTDATED'] },
  {
    // Kept empty, in place of values that were in the way.
    id: 'blanked',
    // Claude Code treats an empty value as unset (measured: test/prove/fixes.prove.ts).
    variables: ({ blanked }) => blanked.filter((name) => name !== HELPER).map((name) => ({ name, value: '' })),
    members: ({ blanked }) => (blanked.includes(HELPER) ? [{ path: [HELPER], value: '' }] : []),
    // Not `project`: what was in the way on this machine is no concern of the team.
    places: ['user', 'local'],
    native: 'out',
    doctor: ['SETTINGS_OVERRIDE', 'REQUEST_CHANGED', 'CREDENTIAL_ADDED', 'AUTH_CONFLICT'],
  },
];

/** The level of each model where aliases have levels of their own; empty where all have the same. Pure. */
export function effortByModel({ effort }: Extras, { models, further = [] }: Mapping): ReadonlyMap<string, string> {
  if (!isPerModel(effort)) return new Map();
  const mapped = resolveAliases(models);
  const { all } = effort ?? {};
  const forAll = all === undefined ? [] : [...mapped, ...further].map(({ model }) => [model, all] as const);
  const named = namedEfforts(effort).flatMap(({ alias, level }) =>
    mapped.flatMap((each) => (each.alias === alias ? [[each.model, level] as const] : [])),
  );
  return new Map([...forAll, ...named]);
}

/** The variables of all rows. Pure. */
export function extraVariables(input: ExtrasInput): readonly Variable[] {
  return EXTRAS.flatMap(({ variables }) => variables?.(input) ?? []);
}

/** The members of all rows, each with its places and whether it stays on Anthropic. Pure. */
export function extraMembers(input: ExtrasInput): readonly ExtraMember[] {
  return EXTRAS.flatMap(({ members, places, native }) => (members?.(input) ?? []).map((member) => ({ ...member, places, native })));
}
