import { largerThan, LARGEST_FILE } from '../core/look.ts';
import { isObject } from '../text/json.ts';
import { shortPath, shortPlace } from '../text/text.ts';
import { NO_OBJECT } from '../text/json-fault.ts';
import { errnoOf } from '../core/errno.ts';
import type { Context } from '../core/context.ts';
import { type Position, readSettingsText } from './settings-text.ts';
import { findTypeError } from './settings-types.ts';

export type SettingsLayerId = 'managed' | 'local' | 'project' | 'user';

/** A value and its position in the file. */
interface Placed<T> extends Partial<Position> {
  readonly value: T;
}

/** The members that matter to orcc; each absent if the file does not have it. */
interface SettingsMembers {
  readonly apiKeyHelper?: Placed<string>;
  readonly model?: Placed<string>;
  /** `permissions.disableAutoMode`, or `disableAutoMode` at the top level. */
  readonly disableAutoMode?: Placed<'disable'>;
  readonly defaultMode?: Placed<string>;
  /** `permissions.deny`; absent if it is empty. */
  readonly deny?: readonly string[];
  /** The `"anthropic": {…}` of the original guide, which Claude Code ignores. */
  readonly legacy?: Placed<unknown>;
  /** `modelSettings.<id>.autoCompactWindow`, as written. */
  readonly windows: ReadonlyMap<string, Placed<number>>;
  /** `modelSettings.<id>.effortLevel`. */
  readonly efforts: ReadonlyMap<string, Placed<string>>;
  readonly fallback?: Placed<readonly string[]>;
  /** The models of `modelPicker.options`. */
  readonly pins?: Placed<readonly string[]>;
}

/** A settings.json as Claude Code reads it. Claude Code ignores a file with any error, so `env` and `members` are then empty. */
export interface SettingsFile {
  readonly layer: SettingsLayerId;
  readonly path: string;
  readonly state: 'missing' | 'unreadable' | 'invalid' | 'ok';
  readonly problem?: { readonly reason: string } & Partial<Position>;
  /** Members that Claude Code ignores for their wrong type; the rest of the file is still in effect. */
  readonly skipped?: ReadonlyArray<Placed<string>>;
  /** Permission bits; absent if the file is missing or can't be accessed. */
  readonly mode?: number;
  readonly env: ReadonlyMap<string, Placed<string>>;
  readonly members: SettingsMembers;
}

const NOTHING = {
  env: new Map<string, Placed<string>>(),
  members: { windows: new Map<string, Placed<number>>(), efforts: new Map<string, Placed<string>>() },
};

/** Why Claude Code ignores the whole of a settings file, and where its fault is; undefined if it reads it. */
export function whyIgnored({ path, problem }: Pick<SettingsFile, 'path' | 'problem'>, home: string): string | undefined {
  if (problem === undefined) return undefined;
  const place =
    problem.column === undefined ? shortPath(path, home) : `${shortPlace({ file: path, line: problem.line }, home)}:${problem.column}`;
  return `${place}: ${problem.reason}; Claude Code ignores the whole file`;
}

/** Reads a settings file. Never throws: any problem is part of the result. */
export function readSettingsFile(fs: Pick<Context['fs'], 'stat' | 'readFile'>, layer: SettingsLayerId, path: string): SettingsFile {
  let bytes: Uint8Array;
  let mode: number;
  try {
    const stat = fs.stat(path);
    if (stat === undefined) return { layer, path, state: 'missing', ...NOTHING };
    if (stat.kind !== 'file')
      return { layer, path, state: 'unreadable', problem: { reason: 'it is not an ordinary file' }, mode: stat.mode, ...NOTHING };
    if (stat.size > LARGEST_FILE)
      return {
        layer,
        path,
        state: 'unreadable',
        problem: { reason: `it ${largerThan(LARGEST_FILE)}` },
        mode: stat.mode,
        ...NOTHING,
      };
    mode = stat.mode;
    bytes = fs.readFile(path);
  } catch (error) {
    const code = errnoOf(error) ?? 'unknown error';
    return { layer, path, state: 'unreadable', problem: { reason: `it can't be read (${code})` }, ...NOTHING };
  }
  const text = readSettingsText(bytes);
  if (!text.ok) {
    const { ok: _, ...problem } = text;
    return { layer, path, state: 'invalid', problem, mode, ...NOTHING };
  }
  if (!isObject(text.value)) return { layer, path, state: 'invalid', problem: NO_OBJECT, mode, ...NOTHING };
  const mismatch = findTypeError(text.value);
  if (mismatch !== undefined)
    return { layer, path, state: 'invalid', problem: { reason: mismatch.reason, ...text.at(mismatch.path) }, mode, ...NOTHING };
  const root = text.value;
  const env = isObject(root['env']) ? root['env'] : {};
  return {
    layer,
    path,
    state: 'ok',
    mode,
    env: new Map(Object.entries(env).map(([name, value]) => [name, { value: asText(value), ...text.at(['env', name]) }])),
    members: readMembers(root, text.at),
    ...readSkipped(root, text.at),
  };
}

/** Members that orcc writes to and that Claude Code ignores unless they are objects (measured on 2.1.332). */
const SKIPPED_UNLESS_OBJECT = ['modelSettings', 'modelPicker'];

function readSkipped(root: Record<string, unknown>, at: (path: readonly string[]) => Position | undefined): Pick<SettingsFile, 'skipped'> {
  const names = SKIPPED_UNLESS_OBJECT.filter((name) => Object.hasOwn(root, name) && !isObject(root[name]));
  return names.length === 0 ? {} : { skipped: names.map((name) => ({ value: name, ...at([name]) })) };
}

/** Converts an env value to text as Claude Code does, like String() (measured: 1e21 is "1e+21", null is "null"). */
function asText(value: unknown): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? '[object Object]' : String(value);
}

/** Fallback models, and models with their own row in /model. */
function readModels(
  root: Record<string, unknown>,
  at: (path: readonly string[]) => Position | undefined,
): Pick<SettingsMembers, 'fallback' | 'pins'> {
  const { fallbackModel, modelPicker } = root;
  const options = isObject(modelPicker) ? modelPicker['options'] : undefined;
  const texts = (values: readonly unknown[]): string[] => values.filter((each) => typeof each === 'string');
  return {
    ...(Array.isArray(fallbackModel) ? { fallback: { value: texts(fallbackModel), ...at(['fallbackModel']) } } : {}),
    ...(Array.isArray(options)
      ? { pins: { value: texts(options.map((each: unknown) => (isObject(each) ? each['model'] : undefined))), ...at(['modelPicker']) } }
      : {}),
  };
}

function readMembers(root: Record<string, unknown>, at: (path: readonly string[]) => Position | undefined): SettingsMembers {
  const permissions = isObject(root['permissions']) ? root['permissions'] : {};
  const settings = isObject(root['modelSettings']) ? root['modelSettings'] : {};
  const { apiKeyHelper, model, anthropic } = root;
  const { defaultMode, deny } = permissions;
  const windows = new Map<string, Placed<number>>();
  const efforts = new Map<string, Placed<string>>();
  for (const [id, each] of Object.entries(settings)) {
    const window = isObject(each) ? each['autoCompactWindow'] : undefined;
    if (typeof window === 'number') windows.set(id, { value: window, ...at(['modelSettings', id, 'autoCompactWindow']) });
    const effort = isObject(each) ? each['effortLevel'] : undefined;
    if (typeof effort === 'string') efforts.set(id, { value: effort, ...at(['modelSettings', id, 'effortLevel']) });
  }
  const disable =
    permissions['disableAutoMode'] === 'disable'
      ? ['permissions', 'disableAutoMode']
      : root['disableAutoMode'] === 'disable'
        ? ['disableAutoMode']
        : undefined;
  return {
    ...(typeof apiKeyHelper === 'string' ? { apiKeyHelper: { value: apiKeyHelper, ...at(['apiKeyHelper']) } } : {}),
    ...(typeof model === 'string' ? { model: { value: model, ...at(['model']) } } : {}),
    ...(disable === undefined ? {} : { disableAutoMode: { value: 'disable' as const, ...at(disable) } }),
    ...(typeof defaultMode === 'string' ? { defaultMode: { value: defaultMode, ...at(['permissions', 'defaultMode']) } } : {}),
    ...(Array.isArray(deny) && deny.length > 0 ? { deny: deny.filter((rule) => typeof rule === 'string') } : {}),
    ...(anthropic === undefined ? {} : { legacy: { value: anthropic, ...at(['anthropic']) } }),
    windows,
    efforts,
    ...readModels(root, at),
  };
}
