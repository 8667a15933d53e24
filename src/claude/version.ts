import { pathsOf } from '../core/paths-of.ts';
import type { Context, Env } from '../core/context.ts';
import { kindAt } from '../core/look.ts';
import { keylessEnv } from './keyless-env.ts';
import { ALIASES } from './aliases.ts';

/** `supported` from 2.1.212, `limited` from 2.1.54, `old` below that; `unknown` if it did not report a version. */
type Support = 'supported' | 'limited' | 'old' | 'unknown';

export interface ClaudeVersion {
  readonly installed: boolean;
  readonly path?: string;
  /** Found where its installer puts it, but not on PATH. */
  readonly offPath?: true;
  readonly version?: string;
  readonly support: Support;
}

export const SUPPORTED_FROM = '2.1.212';
const LIMITED_FROM = '2.1.54';
/** The arguments of `npm` that install Claude Code. */
export const INSTALL_ARGUMENTS = ['install', '-g', '@anthropic-ai/claude-code'] as const;
export const INSTALL_COMMAND = `npm ${INSTALL_ARGUMENTS.join(' ')}`;
export const INSTALL_HINT = `Install Claude Code with \`${INSTALL_COMMAND}\`, or see https://code.claude.com/docs/en/setup`;
export const UPDATE_HINT = 'Update it with `claude update`, or `npm install -g @anthropic-ai/claude-code@latest`';

/**
 * Finds Claude Code and asks it for its version, and nothing else: versions up to 2.1.1 treat any other arguments as a paid
 * prompt (measured). Runs one program for at most 10 seconds, since a cold start reads a program of some 400 MB; never throws.
 */
export async function readClaudeVersion(
  ctx: Pick<Context, 'exec' | 'env' | 'platform'> & Partial<Pick<Context, 'fs' | 'home' | 'signal'>>,
): Promise<ClaudeVersion> {
  const onPath = ctx.exec.find('claude');
  const path = findClaude(ctx);
  if (path === undefined) return { installed: false, support: 'unknown' };
  const place = { installed: true, path, ...(onPath === undefined ? { offPath: true as const } : {}) };
  const limits = { timeoutMs: 10_000, maxBytes: 4096, group: true, ...(ctx.signal === undefined ? {} : { signal: ctx.signal }) };
  const result = await ctx.exec.run(path, ['--version'], { env: withoutSecrets(ctx.env), ...limits });
  const version = result.code === 0 ? /^\s*v?(\d+\.\d+\.\d+)/.exec(result.stdout)?.[1] : undefined;
  if (version === undefined) return { ...place, support: 'unknown' };
  return { ...place, version, support: supportOf(version) };
}

/** The full path of Claude Code, on PATH or where its own installers put it; undefined if it is in neither. Starts nothing. */
export function findClaude(ctx: Pick<Context, 'exec' | 'platform'> & Partial<Pick<Context, 'fs' | 'home'>>): string | undefined {
  return ctx.exec.find('claude') ?? findInstalled(ctx);
}

/** Looks where its own installers put it, which may not be on PATH. */
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

/** How far orcc supports a version of Claude Code, such as `2.1.330`. */
function supportOf(version: string): Support {
  if (compareVersions(version, SUPPORTED_FROM) >= 0) return 'supported';
  return compareVersions(version, LIMITED_FROM) >= 0 ? 'limited' : 'old';
}

/** Compares two versions for sorting (negative, zero, positive). Reads `major.minor.patch`; a missing part is 0, a suffix is ignored. */
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

/** What some versions can't do; each applies to versions from `from` to before `below` (measured over 31 versions). */
const SHORTCOMINGS: readonly { readonly from?: string; readonly below: string; readonly says: string }[] = [
  { below: '2.0.76', says: 'ignores a settings file that starts with a byte order mark' },
  { below: '2.1.90', says: 'calls the haiku model on its own, so every alias must be mapped' },
  { from: '2.0.0', below: '2.1.54', says: 'ignores a full model id in the setting `model` (`ANTHROPIC_MODEL` works)' },
  { from: '2.0.76', below: '2.1.140', says: 'sends requests even with an empty token' },
  ...ALIASES.flatMap(({ id, since }) => (since === undefined ? [] : [{ below: since, says: `can't map \`${id}\`` }])),
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

/** What this version of Claude Code can't do, one clause each; empty for the newest. What orcc writes does not depend on it. */
export function shortcomingsOf(version: string): readonly string[] {
  return SHORTCOMINGS.filter(
    ({ from, below }) => compareVersions(version, below) < 0 && (from === undefined || compareVersions(version, from) >= 0),
  ).map(({ says }) => says);
}

/** Whether this version assumes a million tokens for a model that it does not know (from 2.1.324); older ones assume 200000. */
export function assumesMillion(version: string): boolean {
  return compareVersions(version, '2.1.324') >= 0;
}

/** The first version known to honour `modelSettings.<id>.autoCompactWindow`; 2.1.212 to 2.1.246 ignore it (measured). */
export const WINDOWS_FROM = '2.1.260';

/** Whether this version honours a single model's window in settings. */
export function heedsWindows(version: string): boolean {
  return compareVersions(version, WINDOWS_FROM) >= 0;
}

/** Whether this version answers `claude auth status` instead of treating it as a paid prompt. */
export function answersAuth(version: string): boolean {
  return compareVersions(version, LIMITED_FROM) >= 0;
}

/** Whether this version answers `claude -p /model` and `claude auth status` without a paid request; false if it is not known. */
export function answersQuestions(version: string | undefined): boolean {
  return version !== undefined && compareVersions(version, SUPPORTED_FROM) >= 0;
}
