import { isSecretVariable } from '../../claude/variables.ts';
import type { ClaudeVersion } from '../../claude/version.ts';
import { isBroken, readConfigOrWhy } from '../../config/config.ts';
import { ownFiles } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import type { Finding } from '../../core/finding.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type LastTest, readLastTest } from '../../probe/last-test.ts';
import { redact, stripControls } from '../../text/text.ts';
import { runStatus } from '../status/status.ts';
import type { StatusData } from '../status/data.ts';
import { attempt } from '../../text/attempt.ts';

/** What is in effect, and which layer each value comes from. */
interface ReportedLayers extends Pick<StatusData, 'connected' | 'baseUrl' | 'aliases' | 'default' | 'targets' | 'startup' | 'problems'> {
  readonly key: { readonly storage: string | null; readonly from: string | null } | null;
  readonly variables: ReadonlyArray<Pick<StatusData['variables'][number], 'name' | 'value' | 'from' | 'beats' | 'certainty'>>;
}

/** Everything that a maintainer asks for first. Contains no key, no name of the home folder, and nothing that a model wrote. */
export interface DoctorReport {
  readonly versions: {
    readonly orcc: string;
    readonly node: string;
    readonly system: string;
    readonly claude: string | null;
    readonly shell: string | null;
  };
  /** null if one of orcc's own files is broken, which is a finding. */
  readonly layers: ReportedLayers | null;
  readonly findings: ReadonlyArray<Pick<Finding, 'code' | 'severity' | 'cause' | 'evidence'>>;
  /** null if there is none. */
  readonly lastTest: LastTest | null;
  /** Milliseconds. */
  readonly timings: { readonly doctor: number; readonly status: number };
}

/**
 * Gathers the report. `doctorMs` is how long the examination took. No text contains control characters, secrets, or the home folder
 * or its name.
 */
export async function gatherReport(ctx: Context, outcome: Outcome, doctorMs: number): Promise<DoctorReport> {
  const started = ctx.clock.monotonic();
  const status = await statusUnlessBroken(ctx);
  const { claude } = outcome.data as { readonly claude: ClaudeVersion };
  const report: DoctorReport = {
    versions: {
      orcc: ctx.version,
      node: ctx.runtime.node,
      system: `${ctx.platform} ${ctx.runtime.arch}`,
      claude: claude.installed ? (claude.version ?? 'installed, but does not report its version') : null,
      shell: ctx.env['SHELL'] ?? null,
    },
    layers: status === undefined ? null : layersOf(status),
    findings: outcome.findings.map(({ code, severity, cause, evidence }) => ({ code, severity, cause, evidence })),
    lastTest: readLastTest(ctx) ?? null,
    timings: { doctor: Math.round(doctorMs), status: Math.round(ctx.clock.monotonic() - started) },
  };
  return withoutNames(report, [...commandsOf(ctx), ...namesOf(ctx)]);
}

/** Returns undefined if one of orcc's own files is broken. */
async function statusUnlessBroken(ctx: Context): Promise<StatusData | undefined> {
  try {
    return (await runStatus(ctx, { all: true })).data as StatusData;
  } catch (error) {
    if (isBroken(error)) return undefined;
    throw error;
  }
}

function layersOf({ key, variables, connected, baseUrl, aliases, default: start, targets, startup, problems }: StatusData): ReportedLayers {
  return {
    connected,
    baseUrl,
    key: key === null ? null : { storage: key.storage, from: key.from },
    aliases,
    default: start,
    targets,
    variables: variables.map(withoutSecret),
    startup,
    problems,
  };
}

/** A key is not even shown masked: all that a maintainer needs is that it is set, and where. */
function withoutSecret(each: StatusData['variables'][number]): ReportedLayers['variables'][number] {
  const { name, value, from, beats, certainty } = each;
  if (!isSecretVariable(name) || value === '') return { name, value, from, beats, certainty };
  return { name, value: 'set', from, beats: beats.map((beaten) => beaten.replace(/^\S+ (?=\()/, 'set ')), certainty };
}

/** Patterns for the commands that provide keys, since they name vaults. A broken configuration yields none; it is a finding anyway. */
function commandsOf(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform'>): ReadonlyArray<readonly [RegExp, string]> {
  const { config } = readConfigOrWhy(ctx.fs, ownFiles(ctx).config);
  return [config?.keyStorage, ...Object.values(config?.keys ?? {}).map((each) => each.keyStorage)].flatMap((storage) =>
    storage?.kind !== 'command' || storage.ref === undefined
      ? []
      : [[new RegExp(escapeRegExp(stripControls(storage.ref)), 'g'), 'COMMAND'] as const],
  );
}

/** Patterns for text that tells whose machine it is, longest first, each with its replacement. */
function namesOf({ home, fs }: Pick<Context, 'home' | 'fs'>): ReadonlyArray<readonly [RegExp, string]> {
  const places = [...new Set([home, attempt(() => fs.realpath(home), home)])].sort((a, b) => b.length - a.length);
  const name = home.split(/[\\/]/).filter(Boolean).at(-1) ?? '';
  // These names identify nobody, and are ordinary words besides.
  const isPersonal = name.length > 1 && !['root', 'home', 'user', 'users'].includes(name.toLowerCase());
  return [
    ...places.map((place) => [new RegExp(escapeRegExp(place), 'gi'), '~'] as const),
    // The user's name on Windows, in paths under WSL.
    [/(?<=\/mnt\/[a-z]\/Users\/)(?:[^/`'"\n]+(?=\/)|[^/\s`'"]+)/gi, 'NAME'],
    ...(isPersonal ? [[new RegExp(`(?<![\\p{L}\\p{N}])${escapeRegExp(name)}(?![\\p{L}\\p{N}])`, 'giu'), 'NAME'] as const] : []),
  ];
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The same value with these names, secrets and control characters removed from every string. */
function withoutNames<T>(value: T, names: ReturnType<typeof namesOf>): T {
  const clean = (text: string): string => names.reduce((rest, [name, instead]) => rest.replace(name, instead), redact(stripControls(text)));
  return JSON.parse(JSON.stringify(value), (_name, each: unknown) => (typeof each === 'string' ? clean(each) : each)) as T;
}
