import type { Context, Env } from '../../core/context.ts';
import { keylessEnv } from '../../claude/keyless-env.ts';

type Slice = Pick<Context, 'exec' | 'env' | 'platform' | 'signal'>;

/** A program that opens an address, with its arguments. */
interface Opener {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * Opens an address in the user's browser without waiting for it; false where there is none to open. The address ends up in
 * argument lists, which other users can read: it must hold nothing secret. The browser gets no key from the environment.
 */
export async function openBrowser(ctx: Slice, address: string): Promise<boolean> {
  const opener = findOpener(ctx, address);
  if (opener === undefined) return false;
  const { code, notFound } = await ctx.exec.run(opener.file, opener.args, {
    env: keylessEnv(ctx.env),
    timeoutMs: 10_000,
    signal: ctx.signal,
  });
  // explorer's helpers give any code; elsewhere it tells.
  return !notFound && (code === 0 || ctx.platform === 'win32');
}

/** Whether a browser could be opened here at all: a server reached by ssh has none. */
export function hasBrowser(ctx: Slice): boolean {
  return findOpener(ctx, 'about:blank') !== undefined;
}

function findOpener({ exec, env, platform }: Slice, address: string): Opener | undefined {
  if (platform === 'darwin') return hasRemoteShell(env) ? undefined : { file: '/usr/bin/open', args: [address] };
  // cmd's `start` would read the & of an address; this takes it as it is.
  if (platform === 'win32') return { file: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', address] };
  const wslview = isWsl(env) ? exec.find('wslview') : undefined;
  if (wslview !== undefined) return { file: wslview, args: [address] };
  const xdgOpen = exec.find('xdg-open');
  if (xdgOpen !== undefined && hasScreen(env)) {
    // In the background of a shell: the browser must outlive orcc, and neither wait for it nor die with its Ctrl-C.
    return { file: '/bin/sh', args: ['-c', 'nohup "$1" "$2" >/dev/null 2>&1 &', 'sh', xdgOpen, address] };
  }
  const windows = isWsl(env) ? exec.find('rundll32.exe') : undefined;
  return windows === undefined ? undefined : { file: windows, args: ['url.dll,FileProtocolHandler', address] };
}

const isSet = (env: Env, name: string): boolean => (env[name] ?? '') !== '';
const isWsl = (env: Env): boolean => isSet(env, 'WSL_DISTRO_NAME') || isSet(env, 'WSL_INTEROP');
const hasScreen = (env: Env): boolean => isSet(env, 'DISPLAY') || isSet(env, 'WAYLAND_DISPLAY') || isSet(env, 'BROWSER');
const hasRemoteShell = (env: Env): boolean => isSet(env, 'SSH_CONNECTION') || isSet(env, 'SSH_TTY');
