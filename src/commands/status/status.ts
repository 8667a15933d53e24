import { pathsOf } from '../../core/paths-of.ts';
import * as z from 'zod/mini';
import { rateOf } from '../../openrouter/price.ts';
import { readAgents, resolveAgents, type AgentSource } from '../../claude/agents.ts';
import { isOn } from '../../claude/believed-window.ts';
import { CHANGING_VARIABLES, judgeChange } from '../../claude/request-changes.ts';
import { readSessions, scanSessions } from '../../claude/sessions.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL, isSecretVariable, VARIABLES, WATCHED_VARIABLES } from '../../claude/variables.ts';
import { mappingOf, type Config } from '../../config/config.ts';
import { lacksKey, readStoredKey } from '../../config/stored-key.ts';
import type { Context } from '../../core/context.ts';
import { flag, parseIntent, text } from '../../core/intent.ts';
import { describeIdleFiles } from '../../core/own-folder.ts';
import { detectShell } from '../../targets/detect-shell.ts';
import { COMMAND_TOKEN } from '../../targets/startup-block.ts';
import { isMany, isShellTarget, SHELL_TARGETS } from '../../targets/types.ts';
import { NO_FILE, observeMachine, type Machine } from '../../change/machine.ts';
import { extrasInEffect } from '../../change/extras-in-effect.ts';
import type { FurtherFile } from '../../change/further-files.ts';
import { findOutdated } from '../../change/outdated.ts';
import { isDecided, readInEffect, type InEffect } from '../../change/in-effect.ts';
import { effective, isFolderLayer, placements, effectiveMapping, inEffect, type EffectiveMapping } from '../../claude/layers.ts';
import { isModelId } from '../../openrouter/model-id.ts';
import { readCachedCatalog, type Catalog } from '../../openrouter/catalog.ts';
import { findLeftSessions } from '../../change/session-file.ts';
import { findPreset } from '../../claude/presets.ts';
import { describeDoubts, tellStale } from './startup-doubts.ts';
import { belongsTo, keyElsewhere, tellElsewhere } from './key-elsewhere.ts';
import { describePlace } from './describe-place.ts';
import type { StatusData } from './data.ts';
import type { Outcome } from '../../core/outcome.ts';
import { whyIgnored } from '../../claude/settings-file.ts';
import { maskKey, stripControls, shortPath } from '../../text/text.ts';
import { sameMapping } from '../../config/mapping-input.ts';
import { sameBytes } from '../../text/same-bytes.ts';

const schema = z.object({ all: flag, agents: text, verify: flag, json: flag });

/**
 * `orcc status`: what Claude Code, started here, will use, and where each value comes from. Reads files and this process's
 * environment, and writes nothing. Starts programs only with `--verify`: then it asks Claude Code and the shell, and exits with 1
 * if they disagree.
 */
export async function runStatus(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const machine = await observeMachine(ctx, SHELL_TARGETS);
  if (machine.configBroken !== undefined) throw machine.configBroken;
  const now = await readInEffect(ctx, machine);
  const baseUrl = now.mapping.baseUrl;
  const catalog =
    baseUrl === undefined
      ? undefined
      : readCachedCatalog(ctx, { folder: machine.own.folder, endpoint: { baseUrl: baseUrl.value }, bases: machine.config?.limits.bases });
  const given = intent.agents === undefined ? undefined : (await import('./given-agents.ts')).readGivenAgents(ctx, intent.agents);
  const isFurther = machine.state.targets.some(({ id }) => isMany(id));
  const further = isFurther ? (await import('../../change/further-files.ts')).furtherFiles(machine) : [];
  const described = describe(ctx, machine, now, catalog, { all: intent.all, further });
  const more = [
    await readInterrupted(ctx, machine.own.folder),
    describeLeft(findLeftSessions(ctx)),
    machine.config === undefined ? describeIdleFiles(ctx) : undefined,
    await readUntrusted(ctx, now),
    given?.problem,
  ];
  const elsewhere = await keyElsewhere(ctx, machine, now);
  const data: StatusData = {
    ...described,
    keyBelongsTo: belongsTo(elsewhere.later),
    here: { ...described.here, keyBelongsTo: belongsTo(elsewhere.here) },
    agents: describeAgents(ctx, now, given?.agents ?? []),
    problems: [...more.flatMap((each) => each ?? []), ...described.problems],
  };
  const all = intent.all ? (await import('./status-all.ts')).statusAllText : undefined;
  const { findings, remarks } = await tellElsewhere(elsewhere);
  const isNothing = machine.config === undefined && baseUrl === undefined;
  const exit = findings.length > 0 ? 'problems' : isNothing ? 'nothing' : 'ok';
  const statusText = intent.json ? undefined : (await import('./status-view.ts')).statusText;
  const outcome: Outcome = {
    ...{ exit, data, findings, isLong: intent.all },
    text: (style) => statusText?.(data, style, all) ?? '',
    remarks,
  };
  return intent.verify ? (await import('./verify.ts')).verifyStatus(ctx, now, outcome, data, intent.json) : outcome;
}

const WHY = new Map(VARIABLES.map(({ name, what, state }) => [name, state === 'retired' ? `no longer written: ${what}` : what]));

/** A note on this folder's values that Claude Code uses on a terminal only once the user trusts the folder; undefined if there are none. */
async function readUntrusted(ctx: Context, { mapping }: InEffect): Promise<string | undefined> {
  const places = [mapping.baseUrl, mapping.token, mapping.apiKeyHelper];
  const file = places.find((each) => each !== undefined && isFolderLayer(each.layer))?.file;
  if (file === undefined || (await import('../../claude/claude-state.ts')).readClaudeState(ctx).trusted) return undefined;
  return `${shortPath(file, ctx.home)} takes effect once you trust this folder: start \`claude\` here and answer its question`;
}

function describeAgents(ctx: Context, { mapping, layers, view }: InEffect, given: readonly AgentSource[]): StatusData['agents'] {
  const names = new Set(given.map(({ name }) => name));
  // Agents from the command line beat those from files (measured).
  const agents = [...given, ...readAgents(ctx).filter(({ name }) => !names.has(name))];
  const force = isOn(inEffect(layers, 'CLAUDE_CODE_SUBAGENT_MODEL_FORCE', view)?.value);
  return resolveAgents(agents, mapping, { force }).map(({ name, scope, file, asked, model, through }) => ({
    name,
    scope,
    file: file === undefined ? null : shortPath(file, ctx.home),
    asked: asked ?? null,
    model,
    through,
  }));
}

function describeLeft(left: readonly string[]): string | undefined {
  if (left.length === 0) return undefined;
  return `A killed \`orcc run\` left its settings, which may contain the key, in ${left.join(', ')}; the next command that writes deletes them`;
}

/** What a killed command has left half-done. The folder `locks` exists only while orcc writes, or after it was killed while writing. */
async function readInterrupted(ctx: Context, folder: string): Promise<string | undefined> {
  if (ctx.fs.lstat(pathsOf(ctx.platform).join(folder, 'locks')) === undefined) return undefined;
  return (await import('../../change/recover-first.ts')).describeInterrupted(ctx);
}

interface Asked {
  readonly all: boolean;
  readonly further: readonly FurtherFile[];
}

type Described = Omit<StatusData, 'here' | 'keyBelongsTo'> & { readonly here: Omit<StatusData['here'], 'keyBelongsTo'> };

function describe(ctx: Context, machine: Machine, now: InEffect, catalog: Catalog | undefined, { all, further }: Asked): Described {
  const { mapping, layers, view } = now;
  const notLoaded = view === 'startup' ? now.notLoaded : [];
  const open = notLoaded.filter((name) => !isDecided(layers, name));
  const here = view === 'process' ? mapping : effectiveMapping(layers, 'process');
  const token = view === 'process' ? now.token : here.token === undefined ? undefined : '';
  return {
    configured: machine.config !== undefined,
    native: machine.config?.native ?? false,
    connected: isConnected(mapping, now.token),
    here: {
      connected: isConnected(here, token),
      baseUrl: here.baseUrl?.value ?? null,
      model: here.default.model,
      named: here.default.named,
    },
    baseUrl: mapping.baseUrl === undefined ? null : { value: mapping.baseUrl.value, from: placeOf(ctx, mapping.baseUrl) },
    key: !hasKey(mapping, now.token)
      ? null
      : {
          masked: maskedKey(now, machine.config),
          storage: isStored(ctx, machine, now) ? (machine.config?.keyStorage.kind ?? null) : null,
          from: placeOf(ctx, mapping.token ?? mapping.apiKeyHelper ?? mapping.apiKey),
        },
    lacksKey: lacksKey(ctx, machine.config, machine.own),
    aliases: describeAliases(ctx, mapping, catalog),
    default: {
      named: mapping.default.named,
      model: mapping.default.model,
      from: mapping.default.from,
      place: placeOf(ctx, mapping.default.source),
    },
    ...profileOf(machine.config, mapping),
    catalogAsOf: catalog === undefined ? null : new Date(catalog.asOf).toISOString(),
    extras: extrasInEffect(now).map(({ placed, ...each }) => ({ ...each, from: placeOf(ctx, placed) ?? '' })),
    targets: describeTargets(ctx, machine, further),
    thisTerminal: {
      view,
      notLoaded,
      lacking: open.filter((name) => !layers.process.has(name)),
      other: open.filter((name) => layers.process.has(name)),
      stale: now.stale,
    },
    startup: describeDoubts(now.doubts, ctx.home, unreadShell(ctx, now) !== undefined),
    variables: all ? describeVariables(ctx, now) : [],
    sessions: (all && ctx.platform === 'linux' ? scanSessions(ctx) : readSessions(ctx)).map(({ pid, cwd, ageMs }) => ({
      pid,
      folder: cwd === undefined ? null : shortPath(cwd, ctx.home),
      ageMs: ageMs === undefined ? null : Math.round(ageMs),
    })),
    agents: [],
    verify: null,
    problems: problemsOf(ctx, machine, now),
  };
}

function describeTargets(ctx: Pick<Context, 'home'>, machine: Machine, further: readonly FurtherFile[]): StatusData['targets'] {
  return machine.state.targets.map(({ id, path, carries }) => {
    const found = isMany(id) ? further.find((each) => each.path === path) : undefined;
    return {
      id,
      path: shortPath(path, ctx.home),
      state: found?.state ?? targetState(machine, path, carries),
      ...(found === undefined ? {} : { members: found.members }),
    };
  });
}

/** Where a value is set, as text for people. */
function placeOf(ctx: Pick<Context, 'home'>, at: Parameters<typeof describePlace>[0] | undefined): string | null {
  return at === undefined ? null : describePlace(at, ctx.home);
}

function describeAliases(ctx: Pick<Context, 'home'>, { aliases }: EffectiveMapping, catalog: Catalog | undefined): StatusData['aliases'] {
  return aliases.map(({ alias, model, source }) => {
    const row = model === undefined ? undefined : catalog?.find(model);
    return {
      alias,
      model: model ?? null,
      from: placeOf(ctx, source),
      window: row?.context ?? null,
      inputPrice: row === undefined ? null : rateOf(row).input,
      outputPrice: row === undefined ? null : rateOf(row).output,
      priceTold: row !== undefined && row.priceUntold !== true,
      images: row?.textOnly === true ? false : null,
    };
  });
}

/** Every variable known to orcc or Claude Code that is set anywhere, with what it beats. */
function describeVariables(ctx: Pick<Context, 'home'>, now: InEffect): StatusData['variables'] {
  const { layers, view } = now;
  const set = layers.settings.flatMap((file) => [...file.env.keys()].filter((name) => /^(ANTHROPIC|CLAUDE_CODE)_/.test(name)));
  return [...new Set([...WATCHED_VARIABLES, ...set])].flatMap((name) => {
    const [first, ...beats] = placements(layers, name, view);
    if (first === undefined) return [];
    const show = (value: string): string => (value === '' ? '' : isSecretVariable(name) ? maskKey(value) : value);
    return [
      {
        name,
        value: show(first.value),
        from: placeOf(ctx, first) ?? '',
        why: WHY.get(name) ?? null,
        beats: beats.map((each) => `${show(each.value)} (${placeOf(ctx, each) ?? ''})`),
        here: (effective(layers, name, 'process')?.value ?? '') === first.value,
        certainty: certaintyOf(now, name),
      },
    ];
  });
}

function problemsOf(ctx: Context, machine: Machine, now: InEffect): readonly string[] {
  const { mapping, layers } = now;
  const unread = unreadShell(ctx, now);
  const inUse = machine.state.targets.filter(({ carries }) => carries === 'setup');
  return [
    ...(unread === undefined
      ? []
      : [`What a new terminal gets is not known: orcc can't read the start-up files of ${unread}; run \`orcc status\` in one to see`]),
    ...[tellStale(now, machine.config, ctx.env) ?? []].flat(),
    ...(inUse.length > 0 &&
    machine.config?.keyStorage.kind === 'file' &&
    readStoredKey(ctx, machine.config.keyStorage, machine.own) === undefined
      ? [
          `${shortPath(machine.own.key, ctx.home)} contains no key${inUse.some(({ id }) => isShellTarget(id)) ? ", so orcc's blocks set nothing" : ''}: \`orcc key set\` stores one`,
        ]
      : []),
    ...(mapping.baseUrl !== undefined && !hasKey(mapping, now.token)
      ? [`${BASE_URL} is set without a key: Claude Code would send a saved login there`]
      : []),
    ...(mapping.baseUrl !== undefined && !isAddress(mapping.baseUrl.value)
      ? [`${BASE_URL} is no web address (${placeOf(ctx, mapping.baseUrl) ?? ''}): Claude Code's requests fail`]
      : []),
    ...(mapping.baseUrl === undefined && mapping.otherProvider === undefined && isModelId(mapping.default.model)
      ? [`${mapping.default.model} (${placeOf(ctx, mapping.default.source) ?? ''}) is requested from Anthropic, but only OpenRouter has it`]
      : []),
    ...changedRequests(ctx, now),
    ...(mapping.apiKey === undefined ? [] : [`${API_KEY} contains a real key, which is sent along with ${AUTH_TOKEN}`]),
    ...(mapping.otherProvider === undefined ? [] : [`${mapping.otherProvider.name} sends Claude Code to another provider`]),
    ...findOutdated(machine).map(
      ({ path }) => `An older orcc wrote ${shortPath(path, ctx.home)}: \`orcc doctor --fix SETUP_OUTDATED\` adds what is missing`,
    ),
    ...layers.settings.flatMap((file) => whyIgnored(file, ctx.home) ?? []),
  ];
}

/** Variables that send requests to other models than the mapping says. */
function changedRequests(ctx: Context, { mapping, layers, view }: InEffect): readonly string[] {
  const models = mapping.aliases.flatMap(({ model }) => model ?? []);
  return CHANGING_VARIABLES.flatMap((name) => {
    const found = inEffect(layers, name, view);
    const change = found === undefined ? undefined : judgeChange(name, found.value, models);
    return found === undefined || change?.severity !== 'error' ? [] : [`${name} in ${placeOf(ctx, found) ?? ''} ${change.reason}`];
  });
}

/** The user's shell, if orcc can't read its start-up files and no settings file decides where requests go; else undefined. */
function unreadShell(ctx: Context, { shell, layers }: InEffect): string | undefined {
  return shell === undefined && !isDecided(layers, BASE_URL) ? stripControls(detectShell(ctx).name) : undefined;
}

function certaintyOf({ doubts, view }: InEffect, name: string): 'is' | 'may' | 'not known' {
  if (view === 'process') return 'is';
  if (doubts.unknown.some(({ names, settled }) => (names?.includes(name) ?? true) && !settled.includes(name))) return 'not known';
  return doubts.may.some((each) => each.name === name) ? 'may' : 'is';
}

/** The masked key, as far as files show it: no command is started to get it. */
function maskedKey({ token, mapping }: InEffect, config: Config | undefined): string {
  const command = config?.keyStorage.kind === 'command' ? config.keyStorage.ref : undefined;
  const isAsked = token === COMMAND_TOKEN || (token === undefined && command !== undefined && mapping.apiKeyHelper?.value === command);
  if (isAsked) return COMMAND_TOKEN.slice(1, -1);
  return token === undefined ? "not orcc's" : maskKey(token);
}

/** True if the token in effect may be the one that orcc stores, and if there is none to compare it with. */
function isStored(ctx: Pick<Context, 'fs' | 'env'>, { config, own }: Machine, { token }: InEffect): boolean {
  if (config === undefined || token === undefined || token === COMMAND_TOKEN) return true;
  const stored = readStoredKey(ctx, config.keyStorage, own);
  return stored === undefined || stored === token.trim();
}

/** True with a token, or with what Claude Code takes instead: an `apiKeyHelper`, or an API key. */
function hasKey(mapping: EffectiveMapping, token: string | undefined): boolean {
  return token !== undefined || mapping.apiKeyHelper !== undefined || mapping.apiKey !== undefined;
}

function isConnected(mapping: EffectiveMapping, token: string | undefined): boolean {
  return isAddress(mapping.baseUrl?.value ?? '') && hasKey(mapping, token) && mapping.otherProvider === undefined;
}

/** True for an http or https URL: requests to anything else fail. */
function isAddress(url: string): boolean {
  return /^https?:/i.test(url) && URL.canParse(url);
}

/** The profile that the machine's mapping came from. */
function profileOf(
  config: Config | undefined,
  { aliases }: EffectiveMapping,
): Pick<StatusData, 'profile' | 'profileChanged' | 'profileInEffect'> {
  const profile = config?.activeProfile ?? null;
  const isFolders = aliases.some(({ source }) => source !== undefined && isFolderLayer(source.layer));
  return { profile, profileChanged: config !== undefined && isProfileChanged(config), profileInEffect: profile !== null && !isFolders };
}

/** True if the mapping differs from the profile or preset whose name it still has. */
function isProfileChanged(config: Config): boolean {
  const name = config.activeProfile;
  if (name === undefined) return false;
  const saved = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  const named = saved === undefined ? findPreset(name)?.mapping : { models: saved.mapping, defaultAlias: saved.defaultAlias };
  return named === undefined || !sameMapping(named, mappingOf(config));
}

function targetState(machine: Machine, path: string, carries: string): string {
  const { bytes, problem } = machine.files.get(path) ?? NO_FILE;
  if (problem !== undefined) return "can't be read";
  if (carries === 'nothing') return 'removed for now (native)';
  if (sameBytes(bytes, null)) return 'the file is gone';
  return carries === 'extras' ? 'settings beside the set-up' : 'written';
}
