import type { Context, Env } from '../../core/context.ts';
import { keylessEnv } from '../../claude/keyless-env.ts';
import { quietly } from '../../core/errno.ts';
import { orccFolder, START_PAGE } from '../../core/folder.ts';
import { pathsOf } from '../../core/paths-of.ts';
import { writeNew } from '../../core/write-all.ts';
import { isWsl } from '../../core/wsl.ts';

type Slice = Pick<Context, 'exec' | 'env' | 'platform' | 'signal'>;

/** A program that opens an address, with its arguments. */
interface Opener {
  readonly file: string;
  readonly args: readonly string[];
  /** Other users of the machine can read its arguments. */
  readonly isSeen?: true;
}

/** Whether a browser was opened, and what to do once the login is over. */
export interface OpenedBrowser {
  readonly isOpen: boolean;
  readonly forget: () => void;
}

const NOT_OPENED: OpenedBrowser = { isOpen: false, forget: () => undefined };

/**
 * Opens an address in the user's browser without waiting for it. The address says where to deliver the code, and whoever can
 * deliver one can make orcc store a key of theirs. So if other users could read it in an argument list, the browser gets a private
 * file that leads there; if that can't be written, nothing is opened. The browser's environment contains no key.
 */
export async function openBrowser(ctx: Slice & Pick<Context, 'fs' | 'home'>, address: string): Promise<OpenedBrowser> {
  const plain = findOpener(ctx, address);
  if (plain === undefined) return NOT_OPENED;
  const page = plain.isSeen === true ? writeStartPage(ctx, address) : undefined;
  if (plain.isSeen === true && page === undefined) return NOT_OPENED;
  const { file, args } =
    page === undefined ? plain : { file: plain.file, args: plain.args.map((each) => (each === address ? page.path : each)) };
  const { code, notFound } = await ctx.exec.run(file, args, { env: keylessEnv(ctx.env), timeoutMs: 10_000, signal: ctx.signal });
  // On Windows the helpers of explorer exit with any code; elsewhere the code says whether it worked.
  return { isOpen: !notFound && (code === 0 || ctx.platform === 'win32'), forget: () => page?.remove() };
}

/** True if a browser could be opened here: on a server reached by ssh there is none. */
export function hasBrowser(ctx: Slice): boolean {
  return findOpener(ctx, 'about:blank') !== undefined;
}

function findOpener({ exec, env, platform }: Slice, address: string): Opener | undefined {
  if (platform === 'darwin') return hasRemoteShell(env) ? undefined : { file: '/usr/bin/open', args: [address], isSeen: true };
  // Windows shows no user another user's arguments. `start` of cmd would interpret the `&` of an address; rundll32 takes it as it is.
  if (platform === 'win32') return { file: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', address] };
  // Under WSL there is only one user, and the browser of Windows could not open a Linux path.
  const wslview = isWsl(env) ? exec.find('wslview') : undefined;
  if (wslview !== undefined) return { file: wslview, args: [address] };
  const xdgOpen = exec.find('xdg-open');
  if (xdgOpen !== undefined && hasScreen(env)) {
    // Started in the background of a shell: the browser must outlive orcc, must not hold it up, and must not die of its Ctrl-C.
    return { file: '/bin/sh', args: ['-c', 'nohup "$1" "$2" >/dev/null 2>&1 &', 'sh', xdgOpen, address], isSeen: true };
  }
  const windows = isWsl(env) ? exec.find('rundll32.exe') : undefined;
  return windows === undefined ? undefined : { file: windows, args: ['url.dll,FileProtocolHandler', address] };
}

const isSet = (env: Env, name: string): boolean => (env[name] ?? '') !== '';
const hasScreen = (env: Env): boolean => isSet(env, 'DISPLAY') || isSet(env, 'WAYLAND_DISPLAY') || isSet(env, 'BROWSER');
const hasRemoteShell = (env: Env): boolean => isSet(env, 'SSH_CONNECTION') || isSet(env, 'SSH_TTY');

/** A page on disk that leads to the login, readable only by its user. */
interface StartPage {
  readonly path: string;
  /** Removes it, and the folders created for it if they are empty. Never throws. */
  readonly remove: () => void;
}

/** Writes the page into orcc's own folder. undefined if that fails, in which case nothing is left behind. Never throws. */
function writeStartPage(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform'>, address: string): StartPage | undefined {
  const { fs } = ctx;
  const p = pathsOf(ctx.platform);
  const folder = orccFolder(ctx);
  const path = p.join(folder, START_PAGE);
  const made: string[] = [];
  const remove = (): void => {
    quietly(() => fs.unlink(path));
    for (const each of made.toReversed()) quietly(() => fs.rmdir(each));
  };
  try {
    const missing: string[] = [];
    for (let at = folder; fs.stat(at) === undefined && p.dirname(at) !== at; at = p.dirname(at)) missing.unshift(at);
    for (const each of missing) {
      fs.mkdir(each, each === folder ? 0o700 : 0o755);
      made.push(each);
    }
    // Removes what a killed login left behind: the new page is a separate file, even while another process has the old one open.
    quietly(() => fs.unlink(path));
    writeNew(ctx, path, Buffer.from(pageOf(address)));
    return { path, remove };
  } catch {
    remove();
    return undefined;
  }
}

/** The page as HTML, without a script, since some browsers run none in local files. */
function pageOf(address: string): string {
  const url = address.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Login</title></head><body><p><a href="${url}">To the login page</a></p></body></html>\n`;
}
