import * as z from 'zod/mini';
import { API_KEY, AUTH_TOKEN, BASE_URL, isSecretVariable, OUR_VARIABLES } from '../claude/variables.ts';
import { mappingOf, type Config } from '../config/config.ts';
import type { Context } from '../context.ts';
import { flag, parseIntent } from '../intent.ts';
import { SHELL_TARGETS } from '../targets/types.ts';
import { NO_FILE, observeMachine, type Machine } from '../observe/machine.ts';
import { readInEffect, type InEffect } from '../observe/in-effect.ts';
import { placements } from '../observe/layers.ts';
import { readCachedCatalog, type Catalog } from '../openrouter/catalog.ts';
import { findPreset } from '../presets/presets.ts';
import { describePlace, statusText, type StatusData } from '../report/status-view.ts';
import type { Outcome } from '../report/outcome.ts';
import { maskKey } from '../report/text.ts';
import { shortPath } from '../report/short-path.ts';
import { pathsOf } from '../targets/read-start-file.ts';
import { sameMapping } from '../setup/mapping-input.ts';
import { sameBytes } from '../plan/same-bytes.ts';

const schema = z.object({ all: flag, json: flag });

/** What Claude Code, started here, will use, and where each value comes from. Reads files and this process's environment; starts and writes nothing. */
export async function runStatus(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const machine = await observeMachine(ctx, SHELL_TARGETS, [], 'recorded');
  if (machine.configBroken !== undefined) throw machine.configBroken;
  const now = await readInEffect(ctx, machine);
  const baseUrl = now.mapping.baseUrl;
  const catalog =
    baseUrl === undefined ? undefined : readCachedCatalog(ctx, { folder: machine.own.folder, endpoint: { baseUrl: baseUrl.value } });
  const described = describe(ctx, machine, now, catalog, intent.all);
  const interrupted = await readInterrupted(ctx, machine.own.folder);
  const data = interrupted === undefined ? described : { ...described, problems: [interrupted, ...described.problems] };
  return {
    ok: true,
    exit: machine.config === undefined && baseUrl === undefined ? 'nothing' : 'ok',
    data,
    findings: [],
    text: (style) => statusText(data, style, intent.all),
  };
}

/** What a killed run has left half-done: there is no lock file but while orcc writes, or after it was killed doing so. */
async function readInterrupted(ctx: Context, folder: string): Promise<string | undefined> {
  if (ctx.fs.lstat(pathsOf(ctx.platform).join(folder, 'locks')) === undefined) return undefined;
  return (await import('../setup/recover-first.ts')).describeInterrupted(ctx);
}

function describe(ctx: Context, machine: Machine, now: InEffect, catalog: Catalog | undefined, all: boolean): StatusData {
  const { mapping, layers, view } = now;
  const place = (at: { readonly layer: string; readonly file?: string; readonly line?: number } | undefined): string | null =>
    at === undefined ? null : describePlace(at, ctx.home);
  const names = all
    ? [
        ...new Set([
          ...OUR_VARIABLES,
          ...layers.settings.flatMap((file) => [...file.env.keys()].filter((name) => /^(ANTHROPIC|CLAUDE_CODE)_/.test(name))),
        ]),
      ]
    : [];
  return {
    configured: machine.config !== undefined,
    native: machine.config?.native ?? false,
    connected: mapping.baseUrl !== undefined && hasKey(now) && mapping.otherProvider === undefined,
    baseUrl: mapping.baseUrl === undefined ? null : { value: mapping.baseUrl.value, from: place(mapping.baseUrl) },
    key: !hasKey(now)
      ? null
      : {
          masked: now.token === undefined ? "not orcc's" : maskKey(now.token),
          storage: machine.config?.keyStorage.kind ?? null,
          from: place(mapping.token ?? mapping.apiKeyHelper ?? mapping.apiKey),
        },
    aliases: mapping.aliases.map(({ alias, model, source }) => {
      const row = model === undefined ? undefined : catalog?.find(model);
      return {
        alias,
        model: model ?? null,
        from: place(source),
        window: row?.context ?? null,
        inputPrice: row?.inputPrice ?? null,
        outputPrice: row?.outputPrice ?? null,
      };
    }),
    default: { named: mapping.default.named, model: mapping.default.model, from: mapping.default.from },
    profile: machine.config?.activeProfile ?? null,
    profileChanged: machine.config !== undefined && isProfileChanged(machine.config),
    catalogAsOf: catalog === undefined ? null : new Date(catalog.asOf).toISOString(),
    targets: machine.state.targets.map((target) => ({
      id: target.id,
      path: shortPath(target.path, ctx.home),
      state: targetState(machine, target.path, target.carries),
    })),
    thisTerminal: { view, notLoaded: view === 'startup' ? now.notLoaded.map((name) => name) : [] },
    variables: names.flatMap((name) => {
      const [first, ...beats] = placements(layers, name, view);
      if (first === undefined) return [];
      const show = (value: string): string => (value === '' ? '' : isSecretVariable(name) ? maskKey(value) : value);
      return [
        {
          name,
          value: show(first.value),
          from: place(first) ?? '',
          beats: beats.map((each) => `${show(each.value)} (${place(each) ?? ''})`),
        },
      ];
    }),
    problems: [
      ...(mapping.baseUrl !== undefined && !hasKey(now)
        ? [`${BASE_URL} is set without a key: Claude Code would send a saved login there`]
        : []),
      ...(mapping.apiKey === undefined ? [] : [`${API_KEY} holds a real key, which is sent along with ${AUTH_TOKEN}`]),
      ...(mapping.otherProvider === undefined ? [] : [`${mapping.otherProvider.name} takes Claude Code to another provider`]),
      ...layers.settings
        .filter((file) => file.problem !== undefined)
        .map((file) => `${shortPath(file.path, ctx.home)}: ${file.problem?.reason ?? ''}; Claude Code ignores the whole file`),
    ],
  };
}

/** A token, or what Claude Code takes in its place: someone's `apiKeyHelper`, or an API key. */
function hasKey({ token, mapping }: InEffect): boolean {
  return token !== undefined || mapping.apiKeyHelper !== undefined || mapping.apiKey !== undefined;
}

/** Whether the mapping is no longer that of the profile or preset whose name it bears. */
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
  if (carries === 'nothing') return 'taken out (native)';
  if (sameBytes(bytes, null)) return 'the file is gone';
  return carries === 'extras' ? 'auto mode off' : 'written';
}
