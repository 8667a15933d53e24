import { ALIASES, aliasOf, type AliasId } from './aliases.ts';
import { isOn } from './believed-window.ts';
import type { ResolvedModel } from './resolve-model.ts';
import { isBelow, resolveModel } from './resolve-model.ts';
import { defined } from '../text/defined.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL, DISABLE_1M, MODEL } from './variables.ts';
import { OTHER_PROVIDERS } from './watched.ts';
import type { SettingsFile } from './settings-file.ts';
import type { Effective, Layers, Placement, ShellView } from './layers.ts';
import { effective } from './layers.ts';

interface AliasInEffect {
  readonly alias: AliasId;
  /** What is asked of the gateway; absent for a subagent slot that is not set. */
  readonly model?: string;
  /** Absent where no layer sets it (or the strongest blanks it): Claude Code's own id is used. */
  readonly source?: Effective;
}

/** What Claude Code, started here, would talk to and ask for. Holds no token. */
export interface EffectiveMapping {
  /** Absent: Anthropic's own address. */
  readonly baseUrl?: Effective;
  /** A non-empty ANTHROPIC_AUTH_TOKEN; its value is left out. */
  readonly token?: Omit<Effective, 'value' | 'beats'>;
  /** A non-empty ANTHROPIC_API_KEY; its value is left out. */
  readonly apiKey?: Omit<Effective, 'value' | 'beats'>;
  readonly apiKeyHelper?: Placement;
  readonly aliases: readonly AliasInEffect[];
  /** The model that a session without `--model` starts with. */
  readonly default: ResolvedModel & {
    /** What was named, for example `sonnet`; `opus[1m]` where nothing was. */
    readonly named: string;
    readonly from: 'ANTHROPIC_MODEL' | 'settings.model' | 'ANTHROPIC_DEFAULT_MODEL' | 'built-in';
    readonly source?: Placement;
  };
  /** A switch that takes Claude Code to another cloud, where it is on. */
  readonly otherProvider?: { readonly name: string; readonly source: Effective };
}

/** A variable that is set to something. Claude Code treats an empty one as unset (measured). */
export function inEffect(layers: Layers, name: string, from: ShellView): Effective | undefined {
  const found = effective(layers, name, from);
  return found === undefined || found.value.trim() === '' ? undefined : found;
}

/** The settings file whose `apiKeyHelper` counts; an empty one is none, and hides those below it (measured on 2.1.332). */
export function findHelper({ settings }: Layers): SettingsFile | undefined {
  const first = settings.find(({ members }) => members.apiKeyHelper !== undefined);
  return first?.members.apiKeyHelper?.value === '' ? undefined : first;
}

/** Merges the layers into what Claude Code would use, of this version or else the newest. Pure. */
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
    // `inherit` is as good as nothing here (measured).
    if (source === undefined || source.value.trim().toLowerCase() === 'inherit') return { alias };
    return { alias, model: resolveModel(source.value, (name) => get(name)?.value, version).model, source };
  }
  const { model } = resolveModel(alias, (name) => get(name)?.value, version);
  return { alias, model, ...(source === undefined ? {} : { source }) };
}

/** ANTHROPIC_MODEL, then the setting `model`, then ANTHROPIC_DEFAULT_MODEL (from 2.1.246), then `opus[1m]` (before 2.1.131 `sonnet`; measured). */
function defaultModel(layers: Layers, get: Get, version: string | undefined): EffectiveMapping['default'] {
  const no1m = get(DISABLE_1M);
  const resolve = (named: string): ResolvedModel => {
    const resolved = resolveModel(named, (name) => get(name)?.value, version);
    return { ...resolved, million: resolved.million && !isOn(no1m?.value) };
  };
  const variable = get(MODEL);
  if (variable !== undefined) {
    return { ...resolve(variable.value), named: variable.value.trim(), from: 'ANTHROPIC_MODEL', source: withoutBeats(variable) };
  }
  const file = layers.settings.find(({ members }) => members.model !== undefined);
  const model = file?.members.model;
  if (file !== undefined && model !== undefined && model.value.trim() !== '') {
    // Only here `opus`, in this spelling, becomes `opus[1m]` (measured).
    const resolved = resolve(model.value.trim() === 'opus' ? 'opus[1m]' : model.value);
    return { ...resolved, named: model.value.trim(), from: 'settings.model', source: { layer: file.layer, file: file.path, ...model } };
  }
  const fallback = isBelow(version, '2.1.246') ? undefined : get('ANTHROPIC_DEFAULT_MODEL');
  // Two aliases are passed over here (measured).
  if (fallback !== undefined && !['haiku', 'opusplan'].includes(fallback.value.trim().toLowerCase())) {
    return { ...resolve(fallback.value), named: fallback.value.trim(), from: 'ANTHROPIC_DEFAULT_MODEL', source: withoutBeats(fallback) };
  }
  const named = isBelow(version, '2.1.131') ? 'sonnet' : 'opus[1m]';
  return { ...resolve(named), named, from: 'built-in' };
}

function withoutBeats({ beats: _beats, ...placement }: Effective): Placement {
  return placement;
}
