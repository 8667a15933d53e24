import { pathsOf } from '../core/paths-of.ts';
import { claudePaths } from './paths.ts';
import { NO_PROXY_VARIABLES, PROXY_VARIABLES, OTHER_PROVIDERS } from './watched.ts';
import { defined } from '../text/defined.ts';
import { rememberSecret } from '../text/text.ts';
import {
  isSecretVariable,
  WATCHED_VARIABLES,
  API_KEY,
  AUTH_TOKEN,
  BASE_URL,
  DISABLE_1M,
  EFFORT,
  MODEL,
  DEFAULT_MODEL,
} from './variables.ts';
import type { Context } from '../core/context.ts';
import { listFolder } from '../core/look.ts';
import { type SettingsFile, type SettingsLayerId, readSettingsFile } from './settings-file.ts';
import { ALIASES, aliasOf, type AliasId } from './aliases.ts';
import { isOn } from './believed-window.ts';
import { type ResolvedModel, isBelow, resolveModel } from './resolve-model.ts';

type LayerId = SettingsLayerId | 'shell';

/** Whether a layer is a settings file of the current folder, which may come with a cloned repository. */
export function isFolderLayer(layer: LayerId): boolean {
  return layer === 'project' || layer === 'local';
}

/** An assignment to a variable in a shell's start-up files. Lists of them are in the order in which they run. */
export interface ShellAssignment {
  readonly name: string;
  /** null if the variable is unset there. */
  readonly value: string | null;
  /** The file, or the shell's name if only the shell itself could tell the value. */
  readonly file: string;
  readonly line?: number;
}

/** Everything from which a Claude Code started here would take its variables. Plain data. */
export interface Layers {
  /** Strongest first; there may be several managed ones. A file that does not exist is listed as missing. */
  readonly settings: readonly SettingsFile[];
  /** The assignments in start-up files, of which the last one wins; empty if they were not read. */
  readonly startup: readonly ShellAssignment[];
  /** The environment of this process, and so of this terminal. Only watched names and proxies. */
  readonly process: ReadonlyMap<string, string>;
}

/** A place where a variable is set, and its value there. */
export interface Placement {
  readonly layer: LayerId;
  readonly value: string;
  /** Absent if it is set in this process's environment. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The value that wins; an empty one hides those of the weaker layers. */
export interface Effective extends Placement {
  /** The values that it beats, strongest first. */
  readonly beats: readonly Placement[];
}

/** Which environment counts as the shell layer: that of new terminals (`startup`), or of this one (`process`). */
export type ShellView = 'startup' | 'process';

/**
 * Reads every layer; changes nothing, starts nothing, never throws. Their order is Claude Code's precedence: managed, local, project,
 * user, shell, the strongest first (measured on 1.0.128 to 2.1.330). `--settings` ranks between managed and local, but only for the
 * session that it starts.
 */
export function readLayers(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>,
  options: { readonly shellAssignments?: readonly ShellAssignment[] } = {},
): Layers {
  const paths = claudePaths(ctx);
  // In the home folder, the project's file is also the user's.
  const folder: readonly (readonly [SettingsLayerId, string])[] = [
    ['local', paths.local],
    ...(paths.project === paths.user ? [] : [['project', paths.project] as const]),
    ['user', paths.user],
  ];
  const layers: Layers = {
    settings: [
      ...readManaged(ctx, paths.managed, paths.managedFolder),
      ...folder.map(([layer, path]) => readSettingsFile(ctx.fs, layer, path)),
    ],
    startup: options.shellAssignments ?? [],
    process: new Map(
      [...WATCHED_VARIABLES, ...PROXY_VARIABLES, ...NO_PROXY_VARIABLES].flatMap((name) => {
        const value = ctx.env[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  };
  for (const { name, value } of secretsOf(layers)) if (isSecretVariable(name)) rememberSecret(value.trim());
  return layers;
}

function secretsOf({ settings, startup, process }: Layers): readonly { readonly name: string; readonly value: string }[] {
  return [
    ...settings.flatMap(({ env }) => [...env].map(([name, { value }]) => ({ name, value }))),
    ...startup.flatMap(({ name, value }) => (value === null ? [] : [{ name, value }])),
    ...[...process].map(([name, value]) => ({ name, value })),
  ];
}

/** Drop-in files override the base file in the order of their names, so the last name is the strongest. */
function readManaged(ctx: Pick<Context, 'fs' | 'platform'>, base: string, folder: string): readonly SettingsFile[] {
  const names = listFolder(ctx.fs, folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .toReversed();
  const { join } = pathsOf(ctx.platform);
  return [...names.map((name) => join(folder, name)), base].map((path) => readSettingsFile(ctx.fs, 'managed', path));
}

/** Every place where a variable is set, strongest first. */
export function placements(layers: Layers, name: string, from: ShellView): readonly Placement[] {
  const found: Placement[] = layers.settings.flatMap(({ layer, path, env }) => {
    const placed = env.get(name);
    return placed === undefined ? [] : [{ layer, file: path, ...placed }];
  });
  if (from === 'process') {
    const value = layers.process.get(name);
    return value === undefined ? found : [...found, { layer: 'shell', value }];
  }
  const assigned = layers.startup.findLast((each) => each.name === name);
  if (assigned === undefined || assigned.value === null) return found;
  return [...found, { layer: 'shell', value: assigned.value, file: assigned.file, ...defined({ line: assigned.line }) }];
}

/**
 * The value of a variable as Claude Code would see it; layers are merged variable by variable.
 * Undefined if no layer sets it. `value` is empty if the strongest layer sets it to an empty
 * string, which Claude Code treats as unset.
 */
export function effective(layers: Layers, name: string, from: ShellView): Effective | undefined {
  const [first, ...beats] = placements(layers, name, from);
  return first === undefined ? undefined : { ...first, beats };
}

interface AliasInEffect {
  readonly alias: AliasId;
  /** The model that the gateway is asked for; absent for a subagent slot that is not set. */
  readonly model?: string;
  /** Absent if no layer sets it, or the strongest sets it to an empty string: Claude Code then uses its own id. */
  readonly source?: Effective;
}

/** Where a Claude Code started here would send its requests, and for which models. Contains no token. */
export interface EffectiveMapping {
  /** Absent for Anthropic's own address. */
  readonly baseUrl?: Effective;
  /** Where a non-empty ANTHROPIC_AUTH_TOKEN is set, without its value. */
  readonly token?: Omit<Effective, 'value' | 'beats'>;
  /** Where a non-empty ANTHROPIC_API_KEY is set, without its value. */
  readonly apiKey?: Omit<Effective, 'value' | 'beats'>;
  readonly apiKeyHelper?: Placement;
  readonly aliases: readonly AliasInEffect[];
  /** The model that a session without `--model` starts with. */
  readonly default: ResolvedModel & {
    /** The configured name, for example `sonnet`; `opus[1m]` if nothing names one. */
    readonly named: string;
    readonly from: typeof MODEL | 'settings.model' | typeof DEFAULT_MODEL | 'built-in';
    readonly source?: Placement;
  };
  /** The variable that makes Claude Code use another cloud, if one is on. */
  readonly otherProvider?: { readonly name: string; readonly source: Effective };
}

interface ModelsInEffect {
  readonly models: readonly string[];
  /** `value` is the list in one line. */
  readonly placed: Placement & { readonly file: string };
}

/** `effective` for a non-empty value; undefined if it is empty, which Claude Code treats as unset (measured). */
export function inEffect(layers: Layers, name: string, from: ShellView): Effective | undefined {
  const found = effective(layers, name, from);
  return found === undefined || found.value.trim() === '' ? undefined : found;
}

/** The settings file whose `apiKeyHelper` is used; undefined if none. An empty one hides those of weaker layers (measured on 2.1.332). */
export function findHelper({ settings }: Layers): SettingsFile | undefined {
  const first = settings.find(({ members }) => members.apiKeyHelper !== undefined);
  return first?.members.apiKeyHelper?.value === '' ? undefined : first;
}

/**
 * The list of models in the settings file that decides on it, with its place: the fallbacks, or the rows of /model, in which a folder's
 * settings have no say. Undefined if no file has such a list.
 */
export function modelsInEffect({ settings }: Layers, member: 'fallback' | 'pins'): ModelsInEffect | undefined {
  const file = settings.find(({ members, layer }) => members[member] !== undefined && (member === 'fallback' || !isFolderLayer(layer)));
  const placed = file?.members[member];
  if (file === undefined || placed === undefined) return undefined;
  const { value: models, ...where } = placed;
  return { models, placed: { ...where, value: models.join(', '), layer: file.layer, file: file.path } };
}

/**
 * The effort at which a model is asked, with its place: the variable, which is for all models, wins over what settings files set for
 * this one, of which the strongest file counts. Undefined if nothing sets one.
 */
export function effortInEffect(layers: Layers, model: string, from: ShellView): Placement | undefined {
  const variable = inEffect(layers, EFFORT, from);
  if (variable !== undefined) return variable;
  const file = layers.settings.find(({ members }) => members.efforts.has(model));
  const placed = file?.members.efforts.get(model);
  return file === undefined || placed === undefined ? undefined : { ...placed, layer: file.layer, file: file.path };
}

/** Merges the layers into what Claude Code of this version (by default the newest) would use. Pure. */
export function effectiveMapping(layers: Layers, from: ShellView, version?: string): EffectiveMapping {
  const get = (name: string): Effective | undefined => inEffect(layers, name, from);
  const token = get(AUTH_TOKEN);
  const apiKey = get(API_KEY);
  const helper = findHelper(layers);
  const [otherProvider] = OTHER_PROVIDERS.flatMap((name) => {
    const source = get(name);
    return source === undefined || !isOn(source.value) ? [] : [{ name, source }];
  });
  return {
    ...defined({ baseUrl: get(BASE_URL), token: token && withoutValue(token), apiKey: apiKey && withoutValue(apiKey), otherProvider }),
    ...(helper?.members.apiKeyHelper === undefined
      ? {}
      : { apiKeyHelper: { layer: helper.layer, file: helper.path, ...helper.members.apiKeyHelper } }),
    aliases: ALIASES.map(({ id, variable }) => aliasInEffect(id, get(variable), get, version)),
    default: defaultModel(layers, get, version),
  };
}

type Get = (name: string) => Effective | undefined;

function withoutValue({ value: _value, beats: _beats, ...place }: Effective): Omit<Effective, 'value' | 'beats'> {
  return place;
}

function aliasInEffect(alias: AliasId, source: Effective | undefined, get: Get, version: string | undefined): AliasInEffect {
  if (!aliasOf(alias).selectable) {
    // `inherit` has the same effect as an unset slot (measured).
    if (source === undefined || source.value.trim().toLowerCase() === 'inherit') return { alias };
    return { alias, model: resolveModel(source.value, (name) => get(name)?.value, version).model, source };
  }
  const { model } = resolveModel(alias, (name) => get(name)?.value, version);
  return { alias, model, ...(source === undefined ? {} : { source }) };
}

/** In this order: ANTHROPIC_MODEL, `model`, ANTHROPIC_DEFAULT_MODEL (from 2.1.246), `opus[1m]` (before 2.1.131 `sonnet`). Measured. */
function defaultModel(layers: Layers, get: Get, version: string | undefined): EffectiveMapping['default'] {
  const no1m = get(DISABLE_1M);
  const resolve = (named: string): ResolvedModel => {
    const resolved = resolveModel(named, (name) => get(name)?.value, version);
    return { ...resolved, million: resolved.million && !isOn(no1m?.value) };
  };
  const variable = get(MODEL);
  if (variable !== undefined) {
    return { ...resolve(variable.value), named: variable.value.trim(), from: MODEL, source: withoutBeats(variable) };
  }
  const file = layers.settings.find(({ members }) => members.model !== undefined);
  const model = file?.members.model;
  if (file !== undefined && model !== undefined && model.value.trim() !== '') {
    // Only here `opus`, in this spelling, becomes `opus[1m]` (measured).
    const resolved = resolve(model.value.trim() === 'opus' ? 'opus[1m]' : model.value);
    return { ...resolved, named: model.value.trim(), from: 'settings.model', source: { layer: file.layer, file: file.path, ...model } };
  }
  const fallback = isBelow(version, '2.1.246') ? undefined : get(DEFAULT_MODEL);
  // Claude Code ignores these two aliases here (measured).
  if (fallback !== undefined && !['haiku', 'opusplan'].includes(fallback.value.trim().toLowerCase())) {
    return { ...resolve(fallback.value), named: fallback.value.trim(), from: DEFAULT_MODEL, source: withoutBeats(fallback) };
  }
  const named = isBelow(version, '2.1.131') ? 'sonnet' : 'opus[1m]';
  return { ...resolve(named), named, from: 'built-in' };
}

function withoutBeats({ beats: _beats, ...placement }: Effective): Placement {
  return placement;
}
