import { BASE_URL, AUTH_TOKEN, API_KEY } from '../claude/variables.ts';
import type { ExtraMember, ExtraPlace } from '../config/extras-table.ts';
import type { Carries, Setup } from './desired.ts';
import type { TargetState } from '../config/state.ts';
import { settingsRoot } from '../edit/json/json-gate.ts';
import { valueAt, sumOf } from '../edit/json/json-verify.ts';
import type { JsonValue, OwnedMember, SettingsMember } from '../edit/json/settings-types.ts';
import { attempt } from '../text/attempt.ts';
import { defined } from '../text/defined.ts';
import { isShared } from '../targets/types.ts';

/**
 * The members that a settings file is to hold. A shared file is committed and never gets the URL or a key (docs/targets.md).
 * A file that carries `extras` gets only those, one that carries `nothing` only those that stay while Claude Code is on
 * Anthropic. `token`: the key, if the file holds it.
 */
export function settingsMembers(
  place: ExtraPlace,
  carries: Carries,
  setup: Setup | undefined,
  extras: readonly ExtraMember[],
  token?: string,
): readonly SettingsMember[] {
  const beside = extras
    .filter(({ places, native }) => places.includes(place) && (carries !== 'nothing' || native === 'stays'))
    .map(({ places: _places, native: _native, ...member }): SettingsMember => member);
  if (carries !== 'setup' || setup === undefined) return beside;
  const env = (name: string, value: string): SettingsMember => ({ path: ['env', name], value });
  if (place !== 'session' && isShared(place))
    return [...(setup.sharedVariables ?? setup.variables).map(({ name, value }) => env(name, value)), ...beside];
  const mapping = setup.variables.map(({ name, value }) => env(name, value));
  const key: SettingsMember[] =
    setup.settingsKey.kind === 'token'
      ? [env(AUTH_TOKEN, token ?? '')]
      : // A token from a profile would win over the helper, and be sent beside it (measured on 2.1.330), unless it is blanked here.
        [{ path: ['apiKeyHelper'], value: setup.settingsKey.command }, env(AUTH_TOKEN, '')];
  const windows = setup.modelSettings.map(({ id, autoCompactWindow }) => ({
    path: ['modelSettings', id, 'autoCompactWindow'],
    value: autoCompactWindow,
  }));
  return [env(BASE_URL, setup.baseUrl), ...key, env(API_KEY, ''), ...mapping, ...windows, ...beside];
}

/** The current value of a member that orcc wrote; for an array's element, that element if it is still as orcc wrote it. */
export function presentValue(root: unknown, { path, sum, element }: Pick<OwnedMember, 'path' | 'sum' | 'element'>): JsonValue | undefined {
  const found = valueAt(root, path);
  // It comes from JSON.parse.
  if (element !== true) return found as JsonValue | undefined;
  return Array.isArray(found) ? (found as readonly JsonValue[]).find((each) => sumOf(each) === sum) : undefined;
}

/** Recorded members with what each of them replaced. */
export function ownedMembers(members: TargetState['members'], replaced: Readonly<Record<string, string>>): readonly OwnedMember[] {
  return members.map((member) => ({ ...member, ...defined({ replaced: replaced[JSON.stringify(member.path)] }) }));
}

/** For a file whose record was lost: the members for which a replaced value was put aside, since orcc must have written them. */
export function membersReplaced(replaced: Readonly<Record<string, string>>, bytes: Uint8Array | null): readonly OwnedMember[] {
  const root = settingsRoot(bytes);
  return Object.entries(replaced).flatMap(([name, raw]): OwnedMember[] => {
    const path: unknown = attempt(() => JSON.parse(name) as unknown, undefined);
    if (!Array.isArray(path) || !path.every((each) => typeof each === 'string')) return [];
    const value = valueAt(root, path);
    return value === undefined ? [] : [{ path, sum: sumOf(value), createdParents: [], replaced: raw }];
  });
}
