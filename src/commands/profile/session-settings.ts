import { errnoOf } from '../../core/errno.ts';
import { resolve } from 'node:path';
import { API_KEY, AUTH_TOKEN, BASE_URL, isSecretVariable, OUR_VARIABLES } from '../../claude/variables.ts';
import { OTHER_PROVIDERS } from '../../claude/watched.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { endsWhenRead } from '../../core/look.ts';
import type { Layers } from '../../claude/layers.ts';
import type { Setup } from '../../change/desired.ts';
import { settingsMembers } from '../../change/members.ts';
import { planSettingsFile, type SettingsMember } from '../../edit/json/settings-edit.ts';
import type { ExtraMember } from '../../config/extras-table.ts';
import { clip, maskKey, stripControls, shortPath, shortPlace } from '../../text/text.ts';

/**
 * The members of one session's settings. They beat every layer but the managed one, so whatever this mapping leaves open (a
 * subagent model, a limit) is blanked: otherwise a weaker layer's value for another mapping would apply. An empty value counts as
 * unset for each of these variables (measured on Claude Code 2.1.332 and 2.1.212; test/prove/run.prove.ts).
 */
export function sessionMembers(setup: Setup, extras: readonly ExtraMember[], key: string | undefined): readonly SettingsMember[] {
  const members = settingsMembers('session', 'setup', setup, extras, key);
  const named = new Set(members.map((member) => member.path.join('.')));
  const blank = [...OUR_VARIABLES, ...OTHER_PROVIDERS].filter((name) => !named.has(`env.${name}`));
  // Someone else's helper would be run too, and its key sent in another header (measured on 2.1.330).
  const helper: SettingsMember[] =
    setup.settingsKey.kind === 'token' && !named.has('apiKeyHelper') ? [{ path: ['apiKeyHelper'], value: '' }] : [];
  return [...helper, ...members, ...blank.map((name): SettingsMember => ({ path: ['env', name], value: '' }))];
}

/**
 * The session's settings as bytes: the members laid over what the user gave with `--settings`. Throws exit 2 if that is not a
 * settings file.
 */
export function sessionBytes(members: readonly SettingsMember[], given: Uint8Array | null): Uint8Array {
  const planned = planSettingsFile({
    path: '--settings',
    before: given,
    desired: members,
    owned: [],
    createdFile: given === null,
    replace: true,
    force: true,
  });
  if (!planned.ok)
    throw new OrccError('usage', `The value of \`--settings\` can't be used: ${planned.message}`, {
      hint: 'Claude Code would ignore all of it',
    });
  return planned.after ?? new Uint8Array();
}

/**
 * Takes `--settings` out of Claude Code's arguments, since only one counts there, and returns its content: a file's bytes or the
 * JSON itself. Throws exit 2 if the file can't be read.
 */
export function takeSettings(
  ctx: Pick<Context, 'fs' | 'cwd'>,
  given: readonly string[],
): { readonly args: readonly string[]; readonly settings: Uint8Array | null } {
  const args: string[] = [];
  let value: string | undefined;
  for (let index = 0; index < given.length; index += 1) {
    const word = given[index] ?? '';
    if (word === '--') {
      args.push(...given.slice(index));
      break;
    }
    if (word.startsWith('--settings=')) value = word.slice('--settings='.length);
    else if (word === '--settings') {
      index += 1;
      value = given[index] ?? '';
    } else args.push(word);
  }
  if (value === undefined) return { args, settings: null };
  if (value.trim().startsWith('{')) return { args, settings: Buffer.from(value, 'utf8') };
  try {
    const file = resolve(ctx.cwd, value);
    const stat = ctx.fs.stat(file);
    if (stat?.kind === 'other' && !endsWhenRead(stat, file)) throw new TypeError('a pipe or a device');
    return { args, settings: ctx.fs.readFile(file) };
  } catch (error) {
    const code = errnoOf(error) ?? 'a pipe or a device';
    throw new OrccError('usage', `\`--settings ${clip(stripControls(value), 80)}\` can't be read (${code})`, {
      hint: 'Pass a file or JSON',
      cause: error,
    });
  }
}

/**
 * What managed settings decide against this session. `refuse`: they send the key elsewhere, or another key to this address; `warn`:
 * they set other models or limits, which they may.
 */
export function managedConflicts(
  layers: Layers,
  members: readonly SettingsMember[],
  home: string,
): { readonly refuse: readonly string[]; readonly warn: readonly string[] } {
  const wanted = new Map(
    members.flatMap(({ path: [parent, name], value }) =>
      parent === 'env' && name !== undefined ? [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const] : [],
    ),
  );
  const refuse: string[] = [];
  const warn: string[] = [];
  const seen = new Set<string>();
  const ourHelper = members.find((member) => member.path[0] === 'apiKeyHelper')?.value ?? '';
  const theirs = layers.settings.find((file) => file.layer === 'managed' && file.members.apiKeyHelper !== undefined);
  const helper = theirs?.members.apiKeyHelper;
  if (theirs !== undefined && helper !== undefined && helper.value !== ourHelper)
    refuse.push(`apiKeyHelper (${shortPath(theirs.path, home)})`);
  for (const file of layers.settings) {
    if (file.layer !== 'managed') continue;
    for (const [name, placed] of file.env) {
      const ours = wanted.get(name);
      if (ours === undefined || seen.has(name)) continue;
      seen.add(name);
      if (ours === placed.value) continue;
      const value = isSecretVariable(name) && placed.value !== '' ? maskKey(placed.value) : clip(stripControls(placed.value), 80);
      const list = [BASE_URL, AUTH_TOKEN, API_KEY].includes(name) ? refuse : warn;
      list.push(`${name}=${value === '' ? '(empty)' : value} (${shortPlace({ ...placed, file: file.path }, home)})`);
    }
  }
  return { refuse, warn };
}
