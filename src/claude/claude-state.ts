import { pathsOf } from '../core/paths-of.ts';
import * as z from 'zod/mini';
import type { Context } from '../core/context.ts';
import { kindAt, readQuietly } from '../core/look.ts';
import { attempt } from '../text/attempt.ts';
import { tryJson } from '../text/json.ts';
import { rememberSecret } from '../text/text.ts';
import { claudePaths } from './paths.ts';

/** What Claude Code remembers about this machine and folder: `~/.claude.json` and the saved login. */
export interface ClaudeState {
  readonly path: string;
  readonly state: 'missing' | 'broken' | 'ok';
  /** Whether the first-start dialogs (theme, security notes, login) are done. */
  readonly onboarded: boolean;
  /** Whether this folder, or one above it up to the top of the git work tree, is trusted. */
  readonly trusted: boolean;
  /** Whether a claude.ai login is saved in a file; the macOS Keychain is not checked. */
  readonly login: boolean;
  /** Whether it contains an API key of the Anthropic Console, which is sent to every base URL (measured on 2.1.212 and 2.1.332). */
  readonly apiKey: boolean;
}

const schema = z.looseObject({
  hasCompletedOnboarding: z.optional(z.unknown()),
  oauthAccount: z.optional(z.unknown()),
  primaryApiKey: z.optional(z.unknown()),
  projects: z.optional(z.record(z.string(), z.unknown())),
});
const project = z.looseObject({ hasTrustDialogAccepted: z.literal(true) });
const login = z.looseObject({ claudeAiOauth: z.looseObject({ accessToken: z.string().check(z.minLength(1)) }) });

/** Reads Claude Code's state. Changes nothing, never throws. Names and rules as in Claude Code 2.1.330. */
export function readClaudeState(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>): ClaudeState {
  const paths = claudePaths(ctx);
  const saved = readJson(ctx.fs, paths.credentials);
  // Its old name; if this file exists, the other is ignored (measured).
  const older = pathsOf(ctx.platform).join(paths.folder, '.config.json');
  const path = kindAt(ctx.fs, older) !== undefined ? older : paths.state;
  const found = readJson(ctx.fs, path);
  const parsed = schema.safeParse(found);
  const hasFile = login.safeParse(saved).success;
  if (!parsed.success) {
    const state = found === undefined ? 'missing' : 'broken';
    return { path, state, onboarded: false, trusted: false, login: hasFile, apiKey: false };
  }
  const { oauthAccount: account, primaryApiKey: key } = parsed.data;
  const hasKey = typeof key === 'string' && key.trim() !== '';
  if (hasKey) rememberSecret(key.trim());
  return {
    path,
    state: 'ok',
    onboarded: parsed.data.hasCompletedOnboarding === true,
    trusted: isTrusted(ctx, parsed.data.projects ?? {}),
    login: hasFile || (account !== undefined && account !== null),
    apiKey: hasKey,
  };
}

function isTrusted(ctx: Pick<Context, 'fs' | 'platform' | 'cwd'>, projects: Readonly<Record<string, unknown>>): boolean {
  const { dirname, join } = pathsOf(ctx.platform);
  const plain = (folder: string): string => folder.replaceAll('\\', '/');
  const trusted = new Set(Object.entries(projects).flatMap(([folder, each]) => (project.safeParse(each).success ? [plain(folder)] : [])));
  for (let folder = ctx.cwd; ; folder = dirname(folder)) {
    if (trusted.has(plain(folder))) return true;
    if (dirname(folder) === folder || kindAt(ctx.fs, join(folder, '.git')) !== undefined) return false;
  }
}

/** The JSON value of a file; undefined if there is no such file, null if it is not JSON. */
function readJson(fs: Pick<Context['fs'], 'readFile' | 'stat'>, path: string): unknown {
  if (attempt(() => fs.stat(path) === undefined)) return undefined;
  return tryJson(new TextDecoder().decode(readQuietly(fs, path, 64 * 1024 * 1024))) ?? null;
}
