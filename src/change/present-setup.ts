import { HELPER, type ExtraMember } from '../config/extras-table.ts';
import { defined } from '../text/defined.ts';
import { presentValue } from './members.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL, RETIRED_VARIABLES } from '../claude/variables.ts';
import type { TargetState } from '../config/state.ts';
import type { Machine } from './machine.ts';
import { readBlockAssignments } from '../targets/startup-block.ts';
import type { Setup } from './desired.ts';
import { settingsRoot } from '../edit/json/json-gate.ts';
import { valueAt } from '../edit/json/json-verify.ts';
import type { ShellId } from '../edit/shell/types.ts';
import { SETTINGS_TARGETS, shellIdOf } from '../targets/types.ts';

/** What one recorded file carries now, without the key. */
type PresentSetup = Pick<Setup, 'baseUrl' | 'variables' | 'modelSettings'> & {
  /** The extras in a settings file. */
  readonly extras: readonly ExtraMember[];
};

/** Variables that a change of the key writes by itself, and those that are no longer written. */
const LEFT_OUT: readonly string[] = [BASE_URL, AUTH_TOKEN, API_KEY, ...RETIRED_VARIABLES];

/**
 * Reads back what orcc wrote to one file, as it is now: a change of nothing but the key must leave the rest as it is, also in
 * folders with a mapping of their own. undefined if the file or orcc's part in it is gone or can't be read.
 */
export function readPresentSetup(target: TargetState, machine: Machine): PresentSetup | undefined {
  const bytes = machine.files.get(target.path)?.bytes ?? null;
  if (bytes === null || target.carries !== 'setup') return undefined;
  const shell = shellIdOf(target.id);
  return shell === undefined ? ofSettings(bytes, target) : ofBlock(bytes, shell, machine);
}

function ofBlock(bytes: Uint8Array, shell: ShellId, machine: Machine): PresentSetup | undefined {
  const found = readBlockAssignments(bytes, shell, machine).flatMap((each) =>
    'value' in each ? [{ name: each.name, value: each.value }] : [],
  );
  const baseUrl = found.find(({ name }) => name === BASE_URL)?.value;
  if (baseUrl === undefined) return undefined;
  return { baseUrl, variables: found.filter(({ name }) => !LEFT_OUT.includes(name)), modelSettings: [], extras: [] };
}

function ofSettings(bytes: Uint8Array, { members }: TargetState): PresentSetup | undefined {
  const root = settingsRoot(bytes);
  const baseUrl = valueAt(root, ['env', BASE_URL]);
  if (typeof baseUrl !== 'string') return undefined;
  const variables = members.flatMap(({ path }) => {
    const [parent, name, ...rest] = path;
    if (parent !== 'env' || name === undefined || rest.length > 0 || LEFT_OUT.includes(name)) return [];
    const value = valueAt(root, path);
    return typeof value === 'string' ? [{ name, value }] : [];
  });
  const modelSettings = members.flatMap(({ path }) => {
    const [, id] = path;
    const value = isWindow(path) ? valueAt(root, path) : undefined;
    return id !== undefined && typeof value === 'number' ? [{ id, autoCompactWindow: value }] : [];
  });
  const extras = members.flatMap((member) =>
    member.path[0] === 'env' || member.path[0] === HELPER || isWindow(member.path) ? [] : presentMember(root, member),
  );
  return { baseUrl, variables, modelSettings, extras };
}

const isWindow = ([parent, , name]: readonly string[]): boolean => parent === 'modelSettings' && name === 'autoCompactWindow';

/** A member besides the setup, as it is now, even if someone changed it. */
function presentMember(root: unknown, { path, sum, element }: TargetState['members'][number]): readonly ExtraMember[] {
  const value = presentValue(root, { path, sum, element });
  if (value === undefined) return [];
  return [{ path, value, ...defined({ element }), places: SETTINGS_TARGETS, native: 'stays' }];
}
