import { holdsOf, isMany, isShared, isShellTarget, placementOf, shellIdOf } from '../targets/types.ts';
import type { MemberState, TargetState } from '../config/state.ts';
import type { ExtraPlace } from '../config/extras-table.ts';
import { editOf, NO_FILE, problemOf, type FileNow, type Machine } from './machine.ts';
import type { BlockContent } from '../edit/shell/types.ts';
import { textsOfNotes } from '../edit/shell/shell-notes.ts';
import { EXTRA_BODY, LONGEST_BODY, API_KEY, AUTH_TOKEN, BASE_URL } from '../claude/variables.ts';
import { mergeForeignExport, mergeForeignMember } from './foreign-body.ts';
import { isWindowsHome } from '../targets/settings-file.ts';
import type { Desired, DesiredTarget, Setup } from './desired.ts';
import { dropDisabled } from './leaving.ts';
import { defined } from '../text/defined.ts';
import { readPresentSetup } from './present-setup.ts';
import { keyInTarget } from './read-key.ts';
import { membersReplaced, ownedMembers, presentValue, settingsMembers } from './members.ts';
import { ownStray } from './strays.ts';
import type { Keys, PlannedFile, Problem } from './types.ts';
import { sameBytes } from '../text/same-bytes.ts';
import { settingsRoot } from '../edit/json/json-gate.ts';
import { valueAt, samePath } from '../edit/json/json-verify.ts';
import { planSettingsFile, type OwnedMember, type SettingsMember } from '../edit/json/settings-edit.ts';
import { planShellFile } from '../edit/shell/shell-edit.ts';
import type { SettingsNote } from '../edit/json/settings-types.ts';
import type { Edit } from '../apply/types.ts';

interface TargetEdit {
  /** undefined: nothing to change. */
  readonly edit: Edit | undefined;
  readonly problem: Problem | undefined;
  /** undefined: orcc has nothing in this file any more. */
  readonly state: TargetState | undefined;
  /** Raw text of what orcc replaced in this file, by member path; the original lines that it disabled, by sum. */
  readonly replaced: Readonly<Record<string, string>> | undefined;
  readonly notes: readonly string[];
}

const PRIVATE = 0o600;

interface Input {
  readonly desired: Desired;
  readonly machine: Machine;
  readonly keys: Keys;
  /** What orcc replaced, still with the keys that leave. */
  readonly recorded: Machine['replaced']['files'];
}

/** One file of one target, as it is and as the state knows it. */
interface Site {
  readonly target: DesiredTarget;
  readonly file: PlannedFile;
  readonly now: FileNow;
  readonly old: TargetState | undefined;
  readonly platform: NodeJS.Platform;
}

/** Plans one file of one target. Pure; never throws for what a user's file may hold. */
export function planTargetFile(target: DesiredTarget, file: PlannedFile, input: Input): TargetEdit {
  const { machine } = input;
  const now = machine.files.get(file.path) ?? NO_FILE;
  const old = machine.state.targets.find((each) => each.id === target.id && each.path === file.path);
  const carries = file.stale === true ? 'nothing' : target.carries;
  // Nothing comes back to a place that the target has left for another one; while it carries nothing, it has not left yet.
  const remember = target.remember && (file.stale !== true || target.carries === 'nothing');
  const site: Site = { target: { ...target, carries, remember }, file, now, old, platform: machine.platform };
  if (now.problem !== undefined) return failed(site, now.problem);
  if (isMany(target.id) && old !== undefined && isAway(old, now) && target.isNamed !== true)
    return unreached(site, old, machine.replaced.files[file.path]);
  return isShellTarget(target.id) ? planShell(site, input) : planSettings(site, input);
}

/** Whether a further settings file is missing. One that orcc made was deleted by orcc itself (`switch --native`), with its folder. */
function isAway({ created, carries }: TargetState, { bytes, missingParents }: FileNow): boolean {
  const isOurs = created && carries === 'nothing' && missingParents.length <= 1;
  return bytes === null && !isOurs;
}

/**
 * A file that only the records name and that is missing, perhaps with its drive. Nothing is created in its place; a removal forgets it
 * if its folder exists without it.
 */
function unreached({ target, file, now }: Site, old: TargetState, replaced: TargetEdit['replaced']): TargetEdit {
  const none = { edit: undefined, problem: undefined };
  if (target.carries === 'nothing' && !target.remember && now.missingParents.length === 0)
    return { ...none, state: undefined, replaced: undefined, notes: [] };
  return { ...none, state: old, replaced, notes: [`\`${file.path}\` can't be reached: what orcc wrote there stays as it was`] };
}

function planShell(site: Site, { desired, machine, keys, recorded }: Input): TargetEdit {
  const { target, file, now, old } = site;
  const setup = target.setup ?? desired.setup;
  const shell = shellIdOf(target.id) ?? 'sh';
  const holds = holdsOf(target.id) === 'whole' ? 'whole' : 'block';
  const isWanted = target.carries === 'setup' && setup !== undefined;
  const isKeyed = isWanted && setup.shellKey.kind === 'literal';
  const key = isKeyed ? keyFor(site, setup, keys, machine) : undefined;
  if (isKeyed && key === undefined) return failed(site, keyMissing(file.path));
  const wanted = isWanted ? blockOf(setup, key) : null;
  const merged = wanted === null || desired.adopt ? undefined : mergeForeignExport(wanted, now.bytes, shell);
  if (merged?.conflict !== undefined) return failed(site, foreignBody(file.path, merged.conflict.line));
  const content = merged?.content ?? wanted;
  const kept = machine.replaced.files[file.path] ?? {};
  const result = planShellFile({
    path: file.path,
    shell,
    holds,
    placement: placementOf(target.id),
    before: dropDisabled(now.bytes, shell, { recorded: recorded[file.path] ?? {}, kept }),
    desired: content,
    home: machine.home,
    platform: machine.platform,
    force: desired.force,
    adopt: desired.adopt,
    // A file that is wholly orcc's was created by it, even without a record.
    created: old?.created ?? holds === 'whole',
    // `switch --native` can be reverted: the user's own OpenRouter lines stay commented out meanwhile.
    restore: !target.remember,
    hidden: kept,
  });
  if (!result.ok) return failed(site, result, result.code === 'BLOCK_EDITED' ? 'force' : undefined);
  return finish(site, {
    after: result.after,
    isPrivate: content?.key.kind === 'literal' || holds === 'whole',
    members: [],
    replaced: result.hidden,
    notes: textsOfNotes(result.notes, file.path),
  });
}

/** The problem of a line with someone's own rules, or with a value that can't be told without running it. */
function foreignBody(path: string, line: number): Pick<Problem, 'code' | 'message' | 'hint'> {
  return {
    code: 'FOREIGN_VALUE',
    message: `\`${path}:${line}\` sets ${EXTRA_BODY}, and orcc can't add its rules to it: it already has a \`provider\`, is not a JSON object, or leaves no room (${LONGEST_BODY} characters)`,
    hint: 'Remove the line, or run this again with `--adopt`, which comments it out; `orcc remove` restores it',
  };
}

/**
 * The key for a file that holds it literally: the known one, else the one that orcc wrote there, so that a change of something else
 * never leaves the base URL without it (design D4). undefined if there is none, or if it stands next to another URL (design D23).
 */
function keyFor({ target, now, old }: Site, { baseUrl }: Setup, { key }: Keys, machine: Machine): string | undefined {
  if (key !== undefined || now.bytes === null || old === undefined) return key;
  return readPresentSetup(old, machine)?.baseUrl === baseUrl ? keyInTarget(now.bytes, target.id, machine) : undefined;
}

function keyMissing(path: string): Pick<Problem, 'code' | 'message' | 'hint'> {
  return {
    code: 'KEY_MISSING',
    message: `\`${path}\` is to hold the key, and the key is no longer in its storage`,
    hint: '`orcc key set` stores it again',
  };
}

/** The content of a block, with the key itself if the block contains it literally. */
function blockOf({ baseUrl, shellKey, variables }: Setup, key: string | undefined): BlockContent {
  return { baseUrl, key: shellKey.kind === 'literal' ? { kind: 'literal', value: key ?? '' } : shellKey, variables };
}

function planSettings(site: Site, { desired, machine, keys }: Input): TargetEdit {
  const { target, file, now, old } = site;
  const setup = target.setup ?? desired.setup;
  if (target.carries === 'setup' && setup?.settingsKey.kind === 'helper' && isWindowsHome(file.path, machine.platform))
    return failed(site, linuxCommand(file.path));
  const isKeyed = target.carries === 'setup' && setup?.settingsKey.kind === 'token' && !isShared(target.id);
  const key = isKeyed ? keyFor(site, setup, keys, machine) : undefined;
  if (isKeyed && key === undefined) return failed(site, keyMissing(file.path));
  const extras = file.stale === true ? [] : (target.extras ?? desired.extras);
  const members = settingsMembers(placeOf(target.id), target.carries, setup, extras, key);
  const kept = machine.replaced.files[file.path] ?? {};
  const recorded = old === undefined ? membersReplaced(kept, now.bytes) : ownedMembers(old.members, kept);
  const fixes = target.carries === 'nothing' ? [] : keptFixes(old?.members ?? [], members, now.bytes);
  const owned = ownStray(recorded, desired.strays?.find(({ path }) => path === file.path)?.members ?? [], now.bytes);
  const result = planSettingsFile({
    path: file.path,
    before: now.bytes,
    desired: [...mergeForeignMember(members, owned, now.bytes, desired.replace), ...fixes],
    owned,
    createdFile: now.bytes === null || old?.created === true,
    replace: desired.replace,
    force: desired.force,
  });
  if (!result.ok) return failed(site, result, result.code === 'FOREIGN_VALUE' || result.code === 'EDITED' ? 'replace' : undefined);
  const comingBack = withToken(result.owned, recorded);
  const replaced = comingBack.flatMap(({ path, replaced: raw }) => (raw === undefined ? [] : [[JSON.stringify(path), raw] as const]));
  return finish(site, {
    after: result.after,
    isPrivate:
      !isShared(target.id) &&
      ((target.carries !== 'nothing' && old !== undefined && holdsKey(result.after)) ||
        [...members, ...fixes].some(({ path, value }) => path.at(-1) === AUTH_TOKEN && value !== '')),
    members: result.owned.map((member) => recordOf(member, isIn(fixes, member))),
    replaced: Object.fromEntries(replaced),
    notes: textsOf(
      result.notes.filter((note) => comingBack === result.owned || !isReplacedUrl(note)),
      file.path,
      now.bytes === null,
    ),
  });
}

function linuxCommand(path: string): Pick<Problem, 'code' | 'message' | 'hint'> {
  return {
    code: 'FILE_REFUSED',
    message: `\`${path}\` is read by Claude Code on Windows, which can't run the Linux command that provides the key`,
    hint: 'Use `--key-storage file`, or drop that file: `orcc remove --settings-file PATH`',
  };
}

/** Only settings files have members, so it does not matter what a shell target gets. */
function placeOf(id: DesiredTarget['id']): ExtraPlace {
  return isShellTarget(id) ? 'user' : id;
}

function isReplacedUrl({ kind, member }: SettingsNote): boolean {
  return kind === 'replaced' && samePath(member, ['env', BASE_URL]);
}

/** How a kind of note is told of many members at once: nobody reads the same sentence ten times. */
const OF_MANY: Partial<Record<SettingsNote['kind'], string>> = {
  gone: "of orcc's members were removed since orcc wrote them",
  kept: 'members already had the values that orcc writes, so orcc does not treat them as its own',
};

/** One line for each note, but a single one for a file that someone has emptied, and for more than three of a kind in `OF_MANY`. */
function textsOf(notes: readonly SettingsNote[], path: string, isGone: boolean): readonly string[] {
  if (isGone && notes.some(({ kind }) => kind === 'gone'))
    return [`\`${path}\` no longer exists: what orcc wrote went with it, or moved with its folder`];
  const texts = notes.map(({ kind, text }) => {
    const count = notes.filter((note) => note.kind === kind).length;
    const ofMany = OF_MANY[kind];
    return ofMany === undefined || count <= 3 ? text : `\`${path}\`: ${count} ${ofMany}`;
  });
  return [...new Set(texts)];
}

/** A base URL that someone wrote over orcc's comes back only with their own token: alone it would be sent a saved login (design D4). */
function withToken(owned: readonly OwnedMember[], before: readonly OwnedMember[]): readonly OwnedMember[] {
  const isNew = (name: string): boolean => {
    const of = (members: readonly OwnedMember[]): OwnedMember | undefined => members.find(({ path }) => samePath(path, ['env', name]));
    return of(before) !== undefined && of(owned)?.replaced !== of(before)?.replaced;
  };
  if (!isNew(BASE_URL) || isNew(AUTH_TOKEN)) return owned;
  return owned.map((member) => {
    if (!samePath(member.path, ['env', BASE_URL])) return member;
    const { replaced: _theirs, ...rest } = member;
    return rest;
  });
}

/** Members that fixes wrote are desired as they are, unless the setup says otherwise. */
function keptFixes(owned: TargetState['members'], members: readonly SettingsMember[], bytes: Uint8Array | null): readonly SettingsMember[] {
  const root = settingsRoot(bytes);
  const open = owned.filter((member) => member.isFix === true && !isIn(members, member));
  return open.flatMap(({ path, sum, stood }): SettingsMember[] => {
    const value = presentValue(root, { path, sum });
    return value !== undefined || stood !== undefined ? [{ path, value }] : [];
  });
}

function isIn(members: readonly SettingsMember[], { path }: Pick<OwnedMember, 'path'>): boolean {
  return members.some((member) => samePath(member.path, path));
}

/** Whether a settings file provides a credential, orcc's or not. */
function holdsKey(bytes: Uint8Array | null): boolean {
  const root = settingsRoot(bytes);
  return [AUTH_TOKEN, API_KEY].some((name) => (valueAt(root, ['env', name]) ?? '') !== '');
}

/** What the state keeps of a member: everything except what it replaced, which may be someone's token. */
export function recordOf({ replaced: _theirs, ...member }: OwnedMember, isFix: boolean): MemberState {
  return { ...(structuredClone(defined(member)) as MemberState), ...defined({ isFix: isFix || undefined }) };
}

interface Made {
  readonly after: Uint8Array | null;
  /** True if the file holds the key. */
  readonly isPrivate: boolean;
  readonly members: TargetState['members'];
  readonly replaced: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

function finish(site: Site, { after, isPrivate, members, replaced, notes }: Made): TargetEdit {
  const { target, file, now, old } = site;
  const { path } = file;
  const mode = wantedMode(site, after, isPrivate);
  const isSame = sameBytes(now.bytes, after) && mode === null;
  const edit = isSame ? undefined : editOf({ path, owner: target.id, summary: `${target.id}: setup written` }, now, after, mode);
  const carried = target.carries === 'extras' && members.length === 0 ? 'nothing' : target.carries;
  const keep = carried !== 'nothing' || target.remember;
  const returns = carried === 'nothing' ? (old?.carries === 'nothing' ? old.returns : old?.carries) : undefined;
  const state: TargetState | undefined = keep
    ? {
        id: target.id,
        path,
        created: now.bytes === null || old?.created === true,
        // null is a value too: the file was not there.
        modeBefore: old === undefined ? now.mode : old.modeBefore,
        ...(isModeless(site) ? { modeless: true } : {}),
        carries: carried,
        ...defined({ returns }),
        members,
      }
    : undefined;
  return { edit, problem: undefined, state, replaced, notes };
}

/** A file that gets a key ends up 0600; one that no longer holds it gets its old mode back. */
function wantedMode(site: Site, after: Uint8Array | null, isPrivate: boolean): number | null {
  const { now, old, platform } = site;
  if (after === null || platform === 'win32' || isModeless(site)) return null;
  if (isPrivate) return now.mode === null || (now.mode & 0o077) !== 0 ? PRIVATE : null;
  const isOurs = old !== undefined && old.modeBefore !== null && now.mode === PRIVATE && old.modeBefore !== PRIVATE;
  return isOurs ? old.modeBefore : null;
}

function isModeless({ target, old }: Site): boolean {
  return target.modeless === true || old?.modeless === true;
}

function failed({ target, file }: Site, why: Parameters<typeof problemOf>[2], consent?: Problem['consent']): TargetEdit {
  const problem = problemOf(target.id, file.path, why, consent);
  return { edit: undefined, problem, state: undefined, replaced: undefined, notes: [] };
}
