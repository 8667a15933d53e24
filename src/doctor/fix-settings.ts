import { IMAGE_MEMBERS } from '../claude/image-rules.ts';
import { SETTINGS_NAMES } from '../claude/paths.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL } from '../claude/variables.ts';
import { recordOf } from '../change/target-edit.ts';
import type { FileNow, Machine } from '../change/machine.ts';
import type { TargetState } from '../config/state.ts';
import { gateSettings } from '../edit/json/json-gate.ts';
import { valueAt, samePath } from '../edit/json/json-verify.ts';
import { planSettingsFile, type OwnedMember, type SettingsMember } from '../edit/json/settings-edit.ts';
import { pathsOf } from '../core/paths-of.ts';
import type { FixRequest } from './check.ts';
import { readLegacy, readLegacyToken } from './legacy.ts';

/** Fixes that change members of a settings file. */
export type MemberFix = Extract<FixRequest, { kind: 'set-member' | 'remove-member' | 'key-to-token' | 'legacy-to-env' | 'deny-images' }>;

const KINDS: readonly FixRequest['kind'][] = ['set-member', 'remove-member', 'key-to-token', 'legacy-to-env', 'deny-images'];

/** Whether a fix is one of those. */
export function isMemberFix(fix: FixRequest): fix is MemberFix {
  return KINDS.includes(fix.kind);
}

/** A settings file after a fix, with what orcc has to remember about it. */
export interface FixedFile {
  readonly now: FileNow;
  readonly state: TargetState;
  readonly replaced: Readonly<Record<string, string>>;
}

/**
 * Changes only the members that a fix is about, and records them as `init` records its own, so that `remove` restores what was there.
 * Returns the reason as a string if the file can't be changed. Pure.
 */
export function fixMembers(fix: MemberFix, now: FileNow, machine: Machine, user: string): FixedFile | string {
  const desired = membersOf(fix, now.bytes, machine);
  if (typeof desired === 'string') return desired;
  const { path } = fix;
  const old = machine.state.targets.find((target) => target.path === path);
  const kept = machine.replaced.files[path] ?? {};
  const isMeant = (member: readonly string[]): boolean => desired.some((each) => samePath(each.path, member));
  const owned = (old?.members ?? []).flatMap((member): OwnedMember[] => {
    const replaced = kept[JSON.stringify(member.path)];
    return isMeant(member.path) ? [{ ...member, ...(replaced === undefined ? {} : { replaced }) }] : [];
  });
  const result = planSettingsFile({
    path,
    before: now.bytes,
    desired,
    owned,
    createdFile: old?.created ?? now.bytes === null,
    replace: true,
    force: true,
  });
  if (!result.ok) return 'the file does not parse: fix it by hand first';
  // Rules against images belong to the folder's mapping, and are removed with it.
  const isFix = (member: readonly string[]): boolean =>
    fix.kind !== 'deny-images' &&
    (old?.members.find((each) => samePath(each.path, member))?.isFix ?? !owned.some((each) => samePath(each.path, member)));
  const isSecret = desired.some(({ path: member, value }) => member.at(-1) === AUTH_TOKEN && value !== '');
  return {
    now: { ...now, bytes: result.after, ...(isSecret && machine.platform !== 'win32' ? { mode: 0o600 } : {}) },
    state: {
      ...(old ?? { id: targetOfSettings(path, user, machine), path, created: now.bytes === null, modeBefore: now.mode, carries: 'extras' }),
      members: [
        ...(old?.members ?? []).filter((member) => !isMeant(member.path)),
        ...result.owned.map((member) => recordOf(member, isFix(member.path))),
      ],
    },
    replaced: {
      ...kept,
      ...Object.fromEntries(
        result.owned.flatMap(({ path: member, replaced }) => (replaced === undefined ? [] : [[JSON.stringify(member), replaced]])),
      ),
    },
  };
}

/** The target that a settings file belongs to, by its place. */
export function targetOfSettings(path: string, user: string, { platform }: Pick<Machine, 'platform'>): TargetState['id'] {
  if (path === user) return 'user';
  return pathsOf(platform).basename(path) === SETTINGS_NAMES.local ? 'local' : 'project';
}

function membersOf(fix: MemberFix, bytes: Uint8Array | null, { files }: Pick<Machine, 'files'>): readonly SettingsMember[] | string {
  switch (fix.kind) {
    case 'set-member':
      return [{ path: fix.member, value: fix.value }];
    case 'remove-member':
      return [{ path: fix.member, value: undefined }];
    case 'deny-images':
      return IMAGE_MEMBERS;
    case 'key-to-token':
      return keyToToken(bytes) ?? 'the file does not parse: fix it by hand first';
    case 'legacy-to-env':
      return (
        legacyToEnv(bytes, fix, fix.from === undefined ? bytes : (files.get(fix.from)?.bytes ?? null)) ??
        'the file does not parse, or already has a base URL, a token or an `apiKeyHelper`: fix it by hand'
      );
  }
}

/** Moves a key from ANTHROPIC_API_KEY to the token's place; undefined if the file does not parse or has no such key. */
function keyToToken(bytes: Uint8Array | null): readonly SettingsMember[] | undefined {
  const gate = gateSettings(bytes ?? new Uint8Array());
  const key = gate.ok ? valueAt(gate.root, ['env', API_KEY]) : undefined;
  if (typeof key !== 'string') return undefined;
  return [
    { path: ['env', AUTH_TOKEN], value: key.trim() },
    { path: ['env', API_KEY], value: '' },
  ];
}

/**
 * Turns the guide's `"anthropic": {…}` into `env`, all of it. Undefined if a file does not parse, or already has a URL, a token, or an
 * `apiKeyHelper`, whose key would be sent along.
 */
function legacyToEnv(
  bytes: Uint8Array | null,
  { limits, from }: Extract<FixRequest, { kind: 'legacy-to-env' }>,
  source: Uint8Array | null,
): readonly SettingsMember[] | undefined {
  const gate = gateSettings(bytes ?? new Uint8Array());
  const block = gateSettings(source ?? new Uint8Array());
  if (!gate.ok || !block.ok) return undefined;
  const helper = valueAt(gate.root, ['apiKeyHelper']);
  const isTaken = [BASE_URL, AUTH_TOKEN].some((name) => valueAt(gate.root, ['env', name]) !== undefined);
  if (isTaken || (helper !== undefined && helper !== '')) return undefined;
  const value = valueAt(block.root, ['anthropic']);
  const token = readLegacyToken(value);
  const { variables } = readLegacy(value);
  if (token === undefined || !variables.some(({ name }) => name === BASE_URL)) return undefined;
  const wanted: readonly SettingsMember[] = [
    // The empty API key keeps a real one from being sent along, also one in this file (design D5).
    ...[...variables, { name: AUTH_TOKEN, value: token }, { name: API_KEY, value: '' }]
      .filter(({ name }, index, all) => all.findIndex((each) => each.name === name) === index)
      .map((each) => ({ path: ['env', each.name], value: each.value })),
    ...limits.map((each) => ({ path: each.member, value: each.value })),
  ];
  const out: readonly SettingsMember[] = from === undefined ? [{ path: ['anthropic'], value: undefined }] : [];
  const isOpen = ({ path }: SettingsMember): boolean => {
    const present = valueAt(gate.root, path);
    return present === undefined || (path.at(-1) === API_KEY && present !== '');
  };
  return [...out, ...wanted.filter(isOpen)];
}
