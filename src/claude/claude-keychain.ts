import type { Context } from '../core/context.ts';
import { sha256 } from '../core/hash.ts';
import { keylessEnv } from './keyless-env.ts';
import type { ClaudeState } from './claude-state.ts';
import type { SavedLogins } from './credentials.ts';
import { claudePaths } from './paths.ts';

interface ClaudeKeychain {
  /** The name of the item that holds an API key of the Anthropic Console; absent if there is none. */
  readonly apiKey?: string;
  /** Whether there is a claude.ai login. */
  readonly login: boolean;
}

/** Milliseconds for each of the two queries. */
const LIMIT = 2000;
/** Part of macOS; an absolute path, so that PATH can't substitute another program. */
const SECURITY = '/usr/bin/security';

type Slice = Pick<Context, 'exec' | 'env' | 'platform' | 'home' | 'cwd'>;

/**
 * Checks whether `/login` left anything in the macOS Keychain. Queries only the items' attributes: since no secret is read, macOS
 * asks the user nothing. Finds nothing on other systems, or if the query fails. Names as in Claude Code 2.1.332. Never throws.
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

/** What `/login` left on this machine: in Claude Code's own file (`state`), and in the macOS Keychain, which is queried. Never throws. */
export async function readSavedLogins(ctx: Slice, state: ClaudeState): Promise<SavedLogins> {
  const keychain = await askClaudeKeychain(ctx);
  const login = state.login || keychain.login;
  if (state.apiKey) return { login, apiKey: { where: 'file', place: state.path } };
  return keychain.apiKey === undefined ? { login } : { login, apiKey: { where: 'Keychain', place: keychain.apiKey } };
}
