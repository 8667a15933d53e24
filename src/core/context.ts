/**
 * The ports: everything orcc needs from the outside, as plain interfaces.
 * Functions take the slice they use (`Pick<Context, 'fs' | 'env'>`), so a test
 * passes an object of a few fields. The real one is built in `src/system/`.
 */

/** Environment variables as the process was given them. */
export type Env = Readonly<Record<string, string | undefined>>;

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Permission bits only (`& 0o7777`). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly ino: number;
  readonly dev: number;
  readonly nlink: number;
  readonly mtimeMs: number;
}

/**
 * The file port. One method is one system call (synchronous), so that a fault
 * injected into the port is a fault of the system. Every method throws Node's
 * ErrnoException unless it says otherwise.
 */
export interface FileSystem {
  /** Does not follow a final link; undefined where nothing is there (ENOENT, ENOTDIR). */
  lstat(path: string): FileStat | undefined;
  /** Follows links; undefined where nothing is there (ENOENT, ENOTDIR). */
  stat(path: string): FileStat | undefined;
  readlink(path: string): string;
  realpath(path: string): string;
  readFile(path: string): Uint8Array;
  /** Names, unsorted. */
  readdir(path: string): string[];
  /** Whether the process may do this; never throws. */
  access(path: string, want: 'read' | 'write'): boolean;

  /** Makes one folder (not its parents). */
  mkdir(path: string, mode: number): void;
  /** O_CREAT | O_EXCL | O_WRONLY: fails with EEXIST. */
  openExclusive(path: string, mode: number): number;
  /** O_WRONLY on an existing file, no truncation. */
  openExisting(path: string): number;
  /** O_RDONLY on an existing file. */
  openReading(path: string): number;
  /** All bytes from the current position on, of a file opened for reading. */
  readAll(fd: number): Uint8Array;
  /** Fills `into` from `position` in a file opened for reading; returns how many bytes there were, 0 at its end. */
  read(fd: number, into: Uint8Array, position: number): number;
  /** O_RDONLY on a folder, for fsync. Undefined where the system has no such thing (Windows). */
  openFolder(path: string): number | undefined;
  /** Writes at the current position; returns how many bytes were taken. */
  write(fd: number, bytes: Uint8Array, offset: number): number;
  ftruncate(fd: number, length: number): void;
  fchmod(fd: number, mode: number): void;
  fchown(fd: number, uid: number, gid: number): void;
  fsync(fd: number): void;
  /** The same of several at once, which take a disk hardly longer than one. Throws the first error, when all have ended. */
  fsyncAll(fds: readonly number[]): Promise<void>;
  close(fd: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  rmdir(path: string): void;
  chmod(path: string, mode: number): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds; each has a default in `src/system/http.ts`. */
  readonly connectMs?: number;
  readonly firstByteMs?: number;
  readonly idleMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated headers joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded (gzip and so on) bytes, as they arrive. Throws NetworkError. Must be read or cancelled. */
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): Promise<void>;
}

/** The network port. Never follows a redirect. Throws `NetworkError` (src/core/network-error.ts). */
export interface Http {
  request(request: HttpRequest): Promise<HttpResponse>;
  /** The proxy that a URL would go through, credentials removed; undefined for a direct connection. */
  proxyFor(url: string): string | undefined;
}

export interface ExecResult {
  /** null where a signal ended it or it never started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** No such program. */
  readonly notFound: boolean;
}

export interface ExecOptions {
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Env;
  readonly cwd?: string;
  readonly input?: string;
  /** Milliseconds; the child is killed after it. */
  readonly timeoutMs: number;
  /** Where it is ended, so is everything that it started (not on Windows). For programs that start others, such as shells. */
  readonly group?: boolean;
  /** Bytes kept of each stream (default 1 MiB). */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Called with each piece of stdout as it arrives. */
  readonly onStdout?: (text: string) => void;
}

/** How a program that had the terminal ended. */
export interface InteractiveResult {
  /** Its exit code; 128 and the number of the signal that ended it, as shells say it. */
  readonly code: number;
}

/** Other programs. Arguments never hold a key. */
export interface Exec {
  /**
   * Gives a program orcc's own input, output and terminal until it ends; signals to orcc go on to it meanwhile. Throws
   * Node's ErrnoException where it can't be started. Absent in tests that start no session.
   */
  interactive?(file: string, args: readonly string[], options: Pick<ExecOptions, 'env' | 'cwd'>): Promise<InteractiveResult>;
  /** Never throws for a child that fails: the result says how. */
  run(file: string, args: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Full path of a program on PATH (PATHEXT on Windows); starts nothing. */
  find(name: string): string | undefined;
}

export interface Choice<T> {
  readonly value: T;
  readonly name: string;
  /** What the answered line shows in place of the name. */
  readonly short?: string;
  readonly description?: string;
  readonly checked?: boolean;
  /** Why it cannot be chosen. */
  readonly disabled?: string | false;
  /** A letter that gives this answer at once. Such a choice stands under the list, beside the other keys, in place of a row. */
  readonly key?: string;
}

/**
 * A line that can't be chosen. As the first one column titles, which stay in sight; later the title of a section, or a gap where it is
 * empty; as the last line of a search what stays in sight below the list.
 */
interface Heading {
  readonly heading: string;
}

/** What stands in a list of choices. */
export type Listed<T> = Choice<T> | Heading;

/** Questions. Only ever called where `terminal.interactive` is true. Cancelling throws `Cancelled`. */
export interface Ask {
  select<T>(message: string, choices: readonly Listed<T>[], initial?: T): Promise<T>;
  /** Any number of rows, at least one. */
  checkbox<T>(message: string, choices: readonly Choice<T>[]): Promise<readonly T[]>;
  confirm(message: string, initial: boolean): Promise<boolean>;
  input(message: string, initial?: string, validate?: (text: string) => string | true): Promise<string>;
  /** One masked line. `whenEmpty`: what an empty answer stands for, which is then an answer like any other. */
  password(message: string, validate?: (text: string) => string | true, whenEmpty?: string): Promise<string>;
  search<T>(message: string, source: (term: string) => readonly Listed<T>[]): Promise<T>;
}

/** What a browser asks the login page's listener for. */
export interface PageRequest {
  readonly method: string;
  /** Path and query as they came, unchecked. */
  readonly url: string;
  /** The Host header, lower case; empty where none came. */
  readonly host: string;
}

/** What the browser shows: one heading, one paragraph. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

/** A web server on 127.0.0.1 for the end of a login. */
interface Listener {
  readonly port: number;
  /** Goes on answering for as long as the process lives, without keeping it alive. */
  linger(): void;
  /** Waits a moment for pages that are on their way, then ends every connection. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. Throws Node's ErrnoException where the system gives none. */
export type Listen = (answer: (request: PageRequest) => Promise<Page>) => Promise<Listener>;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds, only differences count. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Who runs: what a lock needs to tell a holder that died from one that works. */
export interface Processes {
  /** A name of this machine that is the same in all its processes. */
  readonly host: string;
  /** Whether a process of this machine is there; undefined where it can't be known. */
  isRunning(pid: number): boolean | undefined;
  /** Digits that tell a process from a later one with its number; undefined where it can't be known. */
  startOf?(pid: number): string | undefined;
}

/** One output stream. */
export interface Output {
  write(text: string): void;
  readonly isTty: boolean;
  /** Width in cells; 80 where unknown. */
  readonly columns: number;
  /** Height in lines, of a terminal. */
  readonly rows?: number | undefined;
  /** 0 none, 1 sixteen colours, 2 256, 3 true colour. */
  readonly colorLevel: 0 | 1 | 2 | 3;
  /** The stream behind one that masks secrets (`maskContext`): for a key that was asked for, and JSON, whose values are masked. */
  readonly open?: Output;
  /** Says what takes a while, on a terminal, until something is written; undefined takes it away. Absent wherever there is nobody to wait. */
  readonly progress?: (text: string | undefined) => void;
}

/** How this very program is started: absolute paths of Node and of orcc's entry, links resolved. */
export interface OwnProgram {
  /** Absent where orcc is a single file with Node inside. */
  readonly node?: string;
  readonly entry: string;
}

export interface Context {
  readonly version: string;
  /** Asked for by the one command that writes it down; absent in tests that put no command into a file. */
  readonly program?: () => OwnProgram;
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  /** Absolute home folder. */
  readonly home: string;
  readonly cwd: string;
  /** undefined on Windows. */
  readonly uid: number | undefined;
  readonly pid: number;
  readonly stdout: Output;
  readonly stderr: Output;
  /** stdin and stderr are terminals, and nothing (CI, --yes, --json) forbids questions. */
  readonly interactive: boolean;
  /** All of standard input, at most `maxBytes`. `isHandedOver`: its writer ends at once, so that it may be waited for deaf to all else. */
  readonly readStdin: (maxBytes: number, isHandedOver?: boolean) => Promise<string>;
  readonly fs: FileSystem;
  readonly http: Http;
  readonly exec: Exec;
  readonly ask: Ask;
  readonly clock: Clock;
  /** Absent in tests that log nobody in. */
  readonly listen?: Listen;
  /** Shows a text in the user's pager; false where it did not. Absent where no output is paged (`--no-pager`, tests). */
  readonly page?: (text: string) => Promise<boolean>;
  /** Told when a change of files is done. */
  readonly onWritten?: () => void;
  /** Absent in tests that need no second process. */
  readonly processes?: Processes;
  /** The inodes of those files that have an access list or extended attributes, which a new file in their place would lack. Absent in tests. */
  readonly findAttributed?: (paths: readonly string[]) => ReadonlySet<number>;
  /** Random bytes from the system's generator. */
  readonly random: (bytes: number) => Uint8Array;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}
