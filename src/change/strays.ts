import { isObject } from '../text/json.ts';
import { ALIASES } from '../claude/aliases.ts';
import { AUTH_TOKEN, BASE_URL, DEFAULT_MODEL, MODEL, OPTIONAL_VARIABLES, OUR_VARIABLES } from '../claude/variables.ts';
import type { OwnFiles } from '../core/folder.ts';
import { isOpenRouterHost } from '../core/hosts.ts';
import { helperCommand } from '../config/storage.ts';
import { settingsRoot } from '../edit/json/json-gate.ts';
import { valueAt, sumOf } from '../edit/json/json-verify.ts';
import { maskPresent } from '../edit/json/settings-mask.ts';
import type { OwnedMember } from '../edit/json/settings-types.ts';
import { isModelId } from '../openrouter/model-id.ts';
import type { DesiredTarget, Stray } from './desired.ts';
import type { Machine } from './machine.ts';

/** What tells OpenRouter's values from those of another gateway. */
export interface StrayPlace {
  readonly own: OwnFiles;
  /** The configured base URL, if it is not OpenRouter's own. */
  readonly baseUrl: string | undefined;
  readonly platform: NodeJS.Platform;
}

const MODEL_VARIABLES: readonly string[] = [...ALIASES.map(({ variable }) => variable), MODEL, DEFAULT_MODEL];

/**
 * The members of a settings file that are meant for OpenRouter: URL, key and mapping, windows of its models, a helper that reads orcc's
 * key, a saved model that only OpenRouter knows. Those written by hand after OpenRouter's guide look like orcc's. None if the file has
 * another base URL with another key, or does not parse. Pure.
 */
export function findStrayMembers(bytes: Uint8Array | null, place: StrayPlace): ReadonlyArray<readonly string[]> {
  const root = settingsRoot(bytes);
  if (root === undefined) return [];
  const env = objectAt(root, 'env');
  const url = env[BASE_URL];
  const token = env[AUTH_TOKEN];
  const hasOurKey = typeof token === 'string' && token.startsWith('sk-or-');
  if (typeof url === 'string' && url !== '' && !hasOurKey && !isOurUrl(url, place.baseUrl)) return [];
  const isOurs = (typeof url === 'string' && url !== '') || hasOurKey || MODEL_VARIABLES.some((name) => isOpenRouterId(env[name]));
  const names = isOurs ? OUR_VARIABLES.filter((name) => Object.hasOwn(env, name) && !OPTIONAL_VARIABLES.includes(name)) : [];
  const windows = Object.entries(objectAt(root, 'modelSettings')).flatMap(([id, each]) =>
    isOpenRouterId(id) && isObject(each) && Object.hasOwn(each, 'autoCompactWindow') ? [['modelSettings', id, 'autoCompactWindow']] : [],
  );
  return [
    ...names.map((name) => ['env', name]),
    ...(isOurHelper(root['apiKeyHelper'], place) ? [['apiKeyHelper']] : []),
    ...windows,
    ...(isOpenRouterId(root['model']) ? [['model']] : []),
  ];
}

/** The member of a model that `/model ID` saved and only OpenRouter knows: without the base URL every request with it fails. Pure. */
export function findSavedModelIn(bytes: Uint8Array | null): ReadonlyArray<readonly string[]> {
  return isOpenRouterId(valueAt(settingsRoot(bytes), ['model'])) ? [['model']] : [];
}

/** One line for each member, values masked. */
export function describeStray(bytes: Uint8Array | null, { members }: Pick<Stray, 'members'>): readonly string[] {
  const root = settingsRoot(bytes);
  return members.map((path) => `${path.join('.')} = ${maskPresent(path, valueAt(root, path))}`);
}

/** What orcc is to remove from a file: its own members, and those that the user agreed to remove, for which nothing comes back. */
export function ownStray(
  owned: readonly OwnedMember[],
  members: ReadonlyArray<readonly string[]>,
  bytes: Uint8Array | null,
): readonly OwnedMember[] {
  const root = settingsRoot(bytes);
  const given = new Set(members.map((path) => JSON.stringify(path)));
  const kept = owned.map(({ replaced, ...rest }) =>
    replaced === undefined || given.has(JSON.stringify(rest.path)) ? rest : { ...rest, replaced },
  );
  const known = new Set(owned.map(({ path }) => JSON.stringify(path)));
  const added = members.flatMap((path): OwnedMember[] => {
    const value = valueAt(root, path);
    if (value === undefined || known.has(JSON.stringify(path))) return [];
    // Objects around them that hold nothing else go with them.
    const createdParents = path.slice(0, -1).map((_, index) => path.slice(0, index + 1));
    return [{ path, sum: sumOf(value), createdParents }];
  });
  return [...kept, ...added];
}

function objectAt(root: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const value = root[name];
  return isObject(value) ? value : {};
}

function isOurUrl(url: string, configured: string | undefined): boolean {
  const trimmed = url.trim().replace(/\/+$/, '');
  if (trimmed === configured || !URL.canParse(trimmed)) return trimmed === configured;
  return isOpenRouterHost(new URL(trimmed).hostname);
}

/** An id with an author before the slash, as only OpenRouter has them. */
function isOpenRouterId(value: unknown): boolean {
  return typeof value === 'string' && isModelId(value);
}

function isOurHelper(value: unknown, { own, platform }: StrayPlace): boolean {
  return typeof value === 'string' && value === helperCommand(own.key, platform);
}

/** Targets that remove orcc's part from files that no record names. */
export function unrecorded(
  places: ReadonlyArray<Pick<Stray, 'target' | 'path'>>,
  { state }: Pick<Machine, 'state'>,
): readonly DesiredTarget[] {
  return places
    .filter(({ path }) => state.targets.every((each) => each.path !== path))
    .map(({ target, path }) => ({ id: target, carries: 'nothing', remember: false, path }));
}
