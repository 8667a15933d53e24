import type { Context } from '../core/context.ts';
import { sha256 } from '../core/hash.ts';
import { keylessEnv } from './keyless-env.ts';
import type { ClaudeState } from './claude-state.ts';
import type { SavedLogins } from './credentials.ts';
import { claudePaths } from './paths.ts';

interface ClaudeKeychain {
  /** The name of the item with an API key of the Console. */
  readonly apiKey?: string;
  /** A claude.ai login. */
  readonly login: boolean;
}

/** Milliseconds for each of two questions. */
const LIMIT = 2000;
/** A part of macOS, and not to be found by PATH. */
const SECURITY = '/usr/bin/security';

type Slice = Pick<Context, 'exec' | 'env' | 'platform' | 'home' | 'cwd'>;

/**
 * Looks whether `/login` left something in the macOS Keychain. Asks for the items' attributes alone: no secret is read, so that
 * macOS shows no question. Elsewhere, and where nothing answers, there is nothing. Names as in Claude Code 2.1.332. Never throws.
 */
async function askClaudeKeychain(ctx: Slice): Promise<ClaudeKeychain> {
  if (ctx.platform !== 'darwin') return { login: false };
  const moved = ctx.env['CLAUDE_CONFIG_DIR'];
  const suffix = moved === undefined || moved === '' ? '' : `-${sha256(claudePaths(ctx).folder.normalize('NFC')).slice(0, 8)}`;
  const account = ctx.env['USER'] ?? '';
  const has = async (service: string): Promise<boolean> => {
    const args = ['find-generic-password', ...(account === '' ? [] : ['-a', account]), '-s', service];
    const { code, timedOut } = await ctx.exec.run(SECURITY, args, { env: keylessEnv(ctx.env), timeoutMs: LIMIT });
    return code === 0 && !timedOut;
  };
  const service = `Claude Code${suffix}`;
  const [apiKey, login] = await Promise.all([has(service), has(`Claude Code-credentials${suffix}`)]);
  return { login, ...(apiKey ? { apiKey: service } : {}) };
}

/** What `/login` left on this machine: in Claude Code's own file, and in the macOS Keychain, which is asked. Never throws. */
export async function readSavedLogins(ctx: Slice, state: ClaudeState): Promise<SavedLogins> {
  const keychain = await askClaudeKeychain(ctx);
  const login = state.login || keychain.login;
  if (state.apiKey) return { login, apiKey: { where: 'file', place: state.path } };
  return keychain.apiKey === undefined ? { login } : { login, apiKey: { where: 'Keychain', place: keychain.apiKey } };
}
