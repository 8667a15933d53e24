import { pathsOf } from '../core/paths-of.ts';
import type { Context, Env } from '../core/context.ts';
import { kindAt } from '../core/look.ts';
import { keylessEnv } from './keyless-env.ts';

/** supported from 2.1.212, limited from 2.1.54, below that old; unknown: it did not say. */
export type Support = 'supported' | 'limited' | 'old' | 'unknown';

export interface ClaudeVersion {
  readonly installed: boolean;
  readonly path?: string;
  /** It was found where its installer puts it, but a shell would not find it. */
  readonly offPath?: true;
  readonly version?: string;
  readonly support: Support;
}

export const SUPPORTED_FROM = '2.1.212';
const LIMITED_FROM = '2.1.54';
/** Behind `npm`. */
export const INSTALL_ARGUMENTS = ['install', '-g', '@anthropic-ai/claude-code'] as const;
export const INSTALL_COMMAND = `npm ${INSTALL_ARGUMENTS.join(' ')}`;
export const INSTALL_HINT = `Install Claude Code with \`${INSTALL_COMMAND}\`, or see https://code.claude.com/docs/en/setup`;
export const UPDATE_HINT = 'Update it with `claude update`, or `npm install -g @anthropic-ai/claude-code@latest`';

/**
 * Finds Claude Code and asks it for its version, and for nothing else: versions up to 2.1.1 take
 * any other question as a paid prompt (measured). Starts one program for at most 3 seconds; never throws.
 */
export async function readClaudeVersion(
  ctx: Pick<Context, 'exec' | 'env' | 'platform'> & Partial<Pick<Context, 'fs' | 'home' | 'signal'>>,
): Promise<ClaudeVersion> {
  const onPath = ctx.exec.find('claude');
  const path = findClaude(ctx);
  if (path === undefined) return { installed: false, support: 'unknown' };
  const place = { installed: true, path, ...(onPath === undefined ? { offPath: true as const } : {}) };
  const limits = { timeoutMs: 3000, maxBytes: 4096, group: true, ...(ctx.signal === undefined ? {} : { signal: ctx.signal }) };
  const result = await ctx.exec.run(path, ['--version'], { env: withoutSecrets(ctx.env), ...limits });
  const version = result.code === 0 ? /^\s*v?(\d+\.\d+\.\d+)/.exec(result.stdout)?.[1] : undefined;
  if (version === undefined) return { ...place, support: 'unknown' };
  return { ...place, version, support: supportOf(version) };
}

/** Full path of Claude Code: on PATH, or where its own installers put it; undefined where it is in neither. Starts nothing. */
export function findClaude(ctx: Pick<Context, 'exec' | 'platform'> & Partial<Pick<Context, 'fs' | 'home'>>): string | undefined {
  return ctx.exec.find('claude') ?? findInstalled(ctx);
}

/** The places of its own installers, which not every PATH holds. */
function findInstalled(ctx: Partial<Pick<Context, 'fs' | 'home'>> & Pick<Context, 'platform'>): string | undefined {
  const { fs, home } = ctx;
  if (fs === undefined || home === undefined) return undefined;
  const { join } = pathsOf(ctx.platform);
  const exe = ctx.platform === 'win32' ? 'claude.exe' : 'claude';
  return [join(home, '.local', 'bin', exe), join(home, '.claude', 'local', exe)].find((each) => kindAt(fs, each) === 'file');
}

function withoutSecrets(env: Env): Env {
  const kept = Object.entries(keylessEnv(env)).filter(([name]) => !/_(KEY|TOKEN|SECRET)$/.test(name));
  return { ...Object.fromEntries(kept), DISABLE_AUTOUPDATER: '1' };
}

/** How far orcc supports a version of Claude Code, `2.1.330` spelled out. */
function supportOf(version: string): Support {
  if (compareVersions(version, SUPPORTED_FROM) >= 0) return 'supported';
  return compareVersions(version, LIMITED_FROM) >= 0 ? 'limited' : 'old';
}

/** Negative, zero or positive, as for sorting. Reads `major.minor.patch`; a missing part counts as 0, a suffix is left out. */
export function compareVersions(one: string, other: string): number {
  const left = numbers(one);
  const right = numbers(other);
  for (let at = 0; at < 3; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return version.split('.', 3).map((part) => Number.parseInt(part, 10) || 0);
}

/** What a version will not do, one sentence each; `from` and `below` bound the versions it holds for (measured over 31 versions). */
const SHORTCOMINGS: readonly { readonly from?: string; readonly below: string; readonly says: string }[] = [
  { below: '2.0.76', says: 'ignores a settings file that starts with a byte order mark' },
  { below: '2.1.90', says: 'calls the haiku model on its own, so every alias must be mapped' },
  { from: '2.0.0', below: '2.1.54', says: 'ignores a full model id in the setting `model` (`ANTHROPIC_MODEL` works)' },
  { from: '2.0.76', below: '2.1.140', says: 'sends requests even with an empty token' },
  { below: '2.1.170', says: "can't map `fable`" },
  { below: '2.1.196', says: 'ignores `CLAUDE_CODE_MAX_CONTEXT_TOKENS`' },
  { below: '2.1.212', says: "can't say which model it would use (`claude -p /model`)" },
  { below: '2.1.260', says: 'ignores the windows of individual models (`modelSettings`), and compacts smaller ones too late' },
  { below: '2.1.260', says: 'ignores the effort of individual models (`modelSettings`); one for all models works' },
  { below: '2.1.330', says: "uses the session's model for auto mode's check, whatever model is set for it" },
  { below: '2.1.260', says: 'uses the subagent model even for agents with their own model' },
  { from: '2.1.156', below: '2.1.315', says: 'gives up when a provider refuses system messages inside the conversation in its own words' },
  { from: '2.1.90', below: '2.1.315', says: 'gives up when a provider refuses `context_management`' },
  { from: '2.1.290', below: '2.1.315', says: 'runs `claude -p` in auto mode unless `permissions.disableAutoMode` is "disable"' },
  { below: '2.1.300', says: 'silently ignores a broken settings file' },
];

/** What this version of Claude Code does not do, a sentence each; what orcc writes does not depend on it. Empty for the newest. */
export function shortcomingsOf(version: string): readonly string[] {
  return SHORTCOMINGS.filter(
    ({ from, below }) => compareVersions(version, below) < 0 && (from === undefined || compareVersions(version, from) >= 0),
  ).map(({ says }) => says);
}

/** Whether a model id it does not know counts as a million tokens (from 2.1.324); before, as 200000. */
export function assumesMillion(version: string): boolean {
  return compareVersions(version, '2.1.324') >= 0;
}

/** The first version known to take `modelSettings.<id>.autoCompactWindow`; 2.1.212 to 2.1.246 pass over it (measured). */
export const WINDOWS_FROM = '2.1.260';

/** Whether the window of a single model in settings counts. */
export function heedsWindows(version: string): boolean {
  return compareVersions(version, WINDOWS_FROM) >= 0;
}

/** Whether `claude auth status` is answered, and not taken as a paid prompt. */
export function answersAuth(version: string): boolean {
  return compareVersions(version, LIMITED_FROM) >= 0;
}

/** Whether `claude -p /model` and `claude auth status` are answered without a paid request. */
export function answersQuestions(version: string | undefined): boolean {
  return version !== undefined && compareVersions(version, SUPPORTED_FROM) >= 0;
}
