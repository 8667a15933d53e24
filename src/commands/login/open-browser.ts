import type { Context, Env } from '../../core/context.ts';
import { keylessEnv } from '../../claude/keyless-env.ts';
import { quietly } from '../../core/errno.ts';
import { orccFolder, START_PAGE } from '../../core/folder.ts';
import { pathsOf } from '../../core/paths-of.ts';
import { writeNew } from '../../core/write-all.ts';

type Slice = Pick<Context, 'exec' | 'env' | 'platform' | 'signal'>;

/** A program that opens an address, with its arguments. */
interface Opener {
  readonly file: string;
  readonly args: readonly string[];
  /** Other users of the machine can read its arguments. */
  readonly isSeen?: true;
}

/** Where a browser could be opened, and what is to be done once the login is over. */
export interface OpenedBrowser {
  readonly isOpen: boolean;
  readonly forget: () => void;
}

const NOT_OPENED: OpenedBrowser = { isOpen: false, forget: () => undefined };

/**
 * Opens an address in the user's browser without waiting for it. The address says where the code is to be brought, and whoever can
 * bring one there can make orcc store a key of theirs: so where other users could read it in an argument list, the browser is given a
 * private file that leads there, and where that cannot be written, nothing is opened. The browser gets no key from the environment.
 */
export async function openBrowser(ctx: Slice & Pick<Context, 'fs' | 'home'>, address: string): Promise<OpenedBrowser> {
  const plain = findOpener(ctx, address);
  if (plain === undefined) return NOT_OPENED;
  const page = plain.isSeen === true ? writeStartPage(ctx, address) : undefined;
  if (plain.isSeen === true && page === undefined) return NOT_OPENED;
  const { file, args } =
    page === undefined ? plain : { file: plain.file, args: plain.args.map((each) => (each === address ? page.path : each)) };
  const { code, notFound } = await ctx.exec.run(file, args, { env: keylessEnv(ctx.env), timeoutMs: 10_000, signal: ctx.signal });
  // explorer's helpers give any code; elsewhere it tells.
  return { isOpen: !notFound && (code === 0 || ctx.platform === 'win32'), forget: () => page?.remove() };
}

/** Whether a browser could be opened here at all: a server reached by ssh has none. */
export function hasBrowser(ctx: Slice): boolean {
  return findOpener(ctx, 'about:blank') !== undefined;
}

function findOpener({ exec, env, platform }: Slice, address: string): Opener | undefined {
  if (platform === 'darwin') return hasRemoteShell(env) ? undefined : { file: '/usr/bin/open', args: [address], isSeen: true };
  // Windows shows no user another one's arguments; cmd's `start` would read the & of an address; this takes it as it is.
  if (platform === 'win32') return { file: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', address] };
  // Below Windows there is one user, and a path of Linux would mean nothing to its browser.
  const wslview = isWsl(env) ? exec.find('wslview') : undefined;
  if (wslview !== undefined) return { file: wslview, args: [address] };
  const xdgOpen = exec.find('xdg-open');
  if (xdgOpen !== undefined && hasScreen(env)) {
    // In the background of a shell: the browser must outlive orcc, and neither wait for it nor die with its Ctrl-C.
    return { file: '/bin/sh', args: ['-c', 'nohup "$1" "$2" >/dev/null 2>&1 &', 'sh', xdgOpen, address], isSeen: true };
  }
  const windows = isWsl(env) ? exec.find('rundll32.exe') : undefined;
  return windows === undefined ? undefined : { file: windows, args: ['url.dll,FileProtocolHandler', address] };
}

const isSet = (env: Env, name: string): boolean => (env[name] ?? '') !== '';
const isWsl = (env: Env): boolean => isSet(env, 'WSL_DISTRO_NAME') || isSet(env, 'WSL_INTEROP');
const hasScreen = (env: Env): boolean => isSet(env, 'DISPLAY') || isSet(env, 'WAYLAND_DISPLAY') || isSet(env, 'BROWSER');
const hasRemoteShell = (env: Env): boolean => isSet(env, 'SSH_CONNECTION') || isSet(env, 'SSH_TTY');

/** A page on the disk that leads to the login, readable by its user alone. */
interface StartPage {
  readonly path: string;
  /** Removes it, and folders that were made for it and are empty. Never throws. */
  readonly remove: () => void;
}

/** Writes it into orcc's own folder. Undefined where that cannot be done; then nothing is left. Never throws. */
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
    // What a killed login left behind: the new one is a separate file, even while another process has the old one open.
    quietly(() => fs.unlink(path));
    writeNew(ctx, path, Buffer.from(pageOf(address)));
    return { path, remove };
  } catch {
    remove();
    return undefined;
  }
}

/** Without a script: some browsers run none in files. */
function pageOf(address: string): string {
  const url = address.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Login</title></head><body><p><a href="${url}">To the login page</a></p></body></html>\n`;
}
