import { Buffer } from 'node:buffer';
import { closeSync, fstatSync, openSync, readFileSync, statSync, writeFileSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { Script } from 'node:vm';

/** How a file of the bundle is loaded, by its name without a folder. Gives what it exports. */
export type LoadCode = (name: string) => unknown;

type Evaluate = (exports: unknown, require: (id: string) => unknown, module: { exports: unknown }) => void;

/** What is known of one file of the bundle: V8's data for it, and the script where this run used it. */
interface Part {
  readonly data: Buffer | undefined;
  script?: Script;
}

/**
 * Loads the bundle with V8's compiled code from `file`, and writes it there when the program ends where this run
 * compiled anything itself. V8 parses text at about 10 MB a second, which was a third of what `orcc status` took.
 * Node 22 has the like built in (`module.enableCompileCache`); this works on Node 20 too, and keeps what one command
 * needs in one file.
 *
 * Nothing depends on it: a file that is missing, of another build or damaged is left aside, one that can't be written
 * costs the next run its milliseconds.
 *
 * @param dist The folder of the bundle
 * @param build Changes with every byte of the bundle: V8 itself compares no more than the length of a text
 * @param require For Node's own modules
 */
export function codeLoader(dist: string, build: string, file: string, require: (id: string) => unknown): LoadCode {
  // Loaded only here: most first words start without it.
  const vm = process.getBuiltinModule('node:vm');
  const label = `${build} ${process.version} ${process.arch}`;
  const parts = read(file, label);
  const modules = new Map<string, { exports: unknown }>();
  let changed = false;

  const load: LoadCode = (name) => {
    const loaded = modules.get(name);
    if (loaded !== undefined) return loaded.exports;
    const filename = path.join(dist, name);
    const data = parts.get(name)?.data;
    // The bundler writes ASCII alone.
    const text = `(function (exports, require, module) {${readFileSync(filename, 'latin1')}\n})`;
    const script = new vm.Script(text, { filename, ...(data !== undefined && { cachedData: data }) });
    if (data === undefined || script.cachedDataRejected === true) changed = true;
    parts.set(name, { data, script });
    const made = { exports: {} as unknown };
    modules.set(name, made);
    (script.runInThisContext() as Evaluate)(made.exports, (id) => (id.startsWith('./') ? load(id.slice(2)) : require(id)), made);
    return made.exports;
  };
  process.once('exit', () => {
    if (changed) write(file, label, parts);
  });
  return load;
}

/** The file holds the same bytes twice, since V8 ends the process over damaged ones: comparing takes 0.1 ms, a checksum 3. */
function read(file: string, label: string): Map<string, Part> {
  const parts = new Map<string, Part>();
  try {
    const bytes = readOwn(file);
    const half = bytes.subarray(0, bytes.length / 2);
    if (half.length === 0 || !half.equals(bytes.subarray(bytes.length / 2))) return parts;
    const end = half.indexOf('\n');
    const [written, ...names] = half.toString('latin1', 0, end).split('\t');
    if (written !== label) return parts;
    let at = end + 1;
    for (const entry of names) {
      const [name = '', size] = entry.split(':');
      parts.set(name, { data: half.subarray(at, (at += Number(size))) });
    }
  } catch {
    // None yet, or none that may be read.
  }
  return parts;
}

/**
 * Whether a folder can keep compiled code: it is there, belongs to whoever runs this, and nobody else may write in it. Under
 * sudo with the home kept it would be somebody else's code, and their links that root wrote through.
 */
export function isOwnFolder(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && isOwn(stat);
}

function isOwn({ uid, mode }: Stats): boolean {
  return process.platform === 'win32' || (uid === process.geteuid?.() && (mode & 0o022) === 0);
}

function readOwn(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    if (!isOwn(fstatSync(descriptor))) throw new Error('not its own');
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Into a folder that is there: after `remove` there is none. */
function write(file: string, label: string, parts: ReadonlyMap<string, Part>): void {
  try {
    const names = [...parts.keys()];
    const data = [...parts.values()].map((part) => part.script?.createCachedData() ?? part.data ?? Buffer.alloc(0));
    const head = [label, ...names.map((name, index) => `${name}:${data[index]?.length ?? 0}`)].join('\t');
    const half = Buffer.concat([Buffer.from(`${head}\n`, 'latin1'), ...data]);
    writeFileSync(file, Buffer.concat([half, half]), { mode: 0o600 });
  } catch {
    // A full disk or a read-only home: the next run compiles again.
  }
}
