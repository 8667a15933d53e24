/**
 * The ports: everything orcc needs from the outside, as plain interfaces.
 * Functions take the slice they use (`Pick<Context, 'fs' | 'env'>`), so a test
 * passes an object of a few fields. The real one is built in `src/system/`.
 */

/** Environment variables as the process received them. */
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
  /** Does not follow a link at the end of the path; undefined if nothing is there (ENOENT, ENOTDIR). */
  lstat(path: string): FileStat | undefined;
  /** Follows links; undefined if nothing is there (ENOENT, ENOTDIR). */
  stat(path: string): FileStat | undefined;
  readlink(path: string): string;
  realpath(path: string): string;
  readFile(path: string): Uint8Array;
  /** Names, unsorted. */
  readdir(path: string): string[];
  /** Whether the process has this permission; never throws. */
  access(path: string, want: 'read' | 'write'): boolean;

  /** Creates one folder (not its parents). */
  mkdir(path: string, mode: number): void;
  /** O_CREAT | O_EXCL | O_WRONLY: throws EEXIST if the file exists. */
  openExclusive(path: string, mode: number): number;
  /** O_WRONLY on an existing file, no truncation. */
  openExisting(path: string): number;
  /** O_RDONLY on an existing file. */
  openReading(path: string): number;
  /** Reads a file opened for reading from the current position to its end. */
  readAll(fd: number): Uint8Array;
  /** Reads from `position` into `into`, from a file opened for reading; returns the number of bytes read, 0 at its end. */
  read(fd: number, into: Uint8Array, position: number): number;
  /** O_RDONLY on a folder, for fsync. Undefined where the system can't open folders (Windows). */
  openFolder(path: string): number | undefined;
  /** Writes at the current position; returns the number of bytes written, which may be fewer than asked. */
  write(fd: number, bytes: Uint8Array, offset: number): number;
  ftruncate(fd: number, length: number): void;
  fchmod(fd: number, mode: number): void;
  fchown(fd: number, uid: number, gid: number): void;
  fsync(fd: number): void;
  /** fsync of several files in parallel, which takes hardly longer than one. Throws the first error once all have finished. */
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
  /** The proxy that a request to this URL would use, credentials removed; undefined for a direct connection. */
  proxyFor(url: string): string | undefined;
}

export interface ExecResult {
  /** null if a signal ended it or it never started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** There is no such program. */
  readonly notFound: boolean;
}

export interface ExecOptions {
  /** The complete environment of the child; nothing is inherited. */
  readonly env: Env;
  readonly cwd?: string;
  readonly input?: string;
  /** Milliseconds, after which the child is killed. */
  readonly timeoutMs: number;
  /** Killing it also kills everything that it started (not on Windows). For programs that start others, such as shells. */
  readonly group?: boolean;
  /** The most bytes to keep of each stream (default 1 MiB). */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Called with each piece of stdout as it arrives. */
  readonly onStdout?: (text: string) => void;
}

/** How a program that used orcc's own terminal ended. */
export interface InteractiveResult {
  /** Its exit code; if a signal ended it, 128 plus the signal's number, as shells report it. */
  readonly code: number;
}

/** Other programs. Arguments never hold a key. */
export interface Exec {
  /**
   * Runs a program on orcc's own input, output and terminal, and passes on signals that orcc gets meanwhile. Throws
   * Node's ErrnoException if it can't be started. Absent in tests that start no session.
   */
  interactive?(file: string, args: readonly string[], options: Pick<ExecOptions, 'env' | 'cwd'>): Promise<InteractiveResult>;
  /** Never throws for a child that fails: the result says how it failed. */
  run(file: string, args: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** The full path of a program on PATH (with PATHEXT on Windows); undefined if there is none. Starts nothing. */
  find(name: string): string | undefined;
}

export interface Choice<T> {
  readonly value: T;
  readonly name: string;
  /** Shown instead of the name once the question is answered. */
  readonly short?: string;
  readonly description?: string;
  readonly checked?: boolean;
  /** Why it cannot be chosen. */
  readonly disabled?: string | false;
  /** A letter that picks this choice at once. Such a choice has no row: it is shown below the list, beside the other keys. */
  readonly key?: string;
}

/**
 * A line that can't be chosen. As the first line of a list, it holds the column titles and stays in sight. Further down, it is the title
 * of a section, or a gap if empty. As the last line of a search, it stays in sight below the list.
 */
interface Heading {
  readonly heading: string;
}

/** An entry of a list of choices. */
export type Listed<T> = Choice<T> | Heading;

/** Questions. Called only if `Context.interactive` is true. Cancelling throws `Cancelled`. */
export interface Ask {
  select<T>(message: string, choices: readonly Listed<T>[], initial?: T): Promise<T>;
  /** Lets the user choose one or more rows. */
  checkbox<T>(message: string, choices: readonly Choice<T>[]): Promise<readonly T[]>;
  confirm(message: string, initial: boolean): Promise<boolean>;
  input(message: string, initial?: string, validate?: (text: string) => string | true): Promise<string>;
  /** Asks for one line, masked as it is typed. `whenEmpty` is shown for an empty answer, which is then valid without `validate`. */
  password(message: string, validate?: (text: string) => string | true, whenEmpty?: string): Promise<string>;
  search<T>(message: string, source: (term: string) => readonly Listed<T>[]): Promise<T>;
}

/** A browser's request to the listener of a login. */
export interface PageRequest {
  readonly method: string;
  /** Path and query as received, unchecked. */
  readonly url: string;
  /** The Host header in lower case; empty if there was none. */
  readonly host: string;
}

/** What the browser shows: one heading, one paragraph. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

/** A web server on 127.0.0.1 that receives the result of a login. */
interface Listener {
  readonly port: number;
  /** Keeps answering as long as the process lives, without keeping the process alive. */
  linger(): void;
  /** Waits a moment for pages that are still being sent, then closes every connection. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. Throws Node's ErrnoException if there is none. */
export type Listen = (answer: (request: PageRequest) => Promise<Page>) => Promise<Listener>;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds from an arbitrary start: only differences mean anything. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Running processes: what a lock needs to tell whether its holder is still alive. */
export interface Processes {
  /** A name for this machine, the same in all its processes. */
  readonly host: string;
  /** Whether a process is running on this machine; undefined if that can't be determined. */
  isRunning(pid: number): boolean | undefined;
  /** A string of digits that tells a process from a later one with the same pid; undefined if it can't be determined. */
  startOf?(pid: number): string | undefined;
}

/** A note that some output leaves out. */
export type Note = 'no-images';

/** One output stream. */
export interface Output {
  write(text: string): void;
  readonly isTty: boolean;
  /** Width in cells; 80 if unknown. */
  readonly columns: number;
  /** Height in lines, for a terminal. */
  readonly rows?: number | undefined;
  /** 0 none, 1 sixteen colours, 2 256, 3 true colour. */
  readonly colorLevel: 0 | 1 | 2 | 3;
  /** The stream behind one that masks secrets (`maskContext`): for a key the user asked for, and for JSON, which is masked by value. */
  readonly open?: Output;
  /** Shows on a terminal what is taking a while, until something is written; undefined clears it. Absent if nobody is waiting. */
  readonly progress?: (text: string | undefined) => void;
  /** Notes that nobody needs here: `Say.note` leaves them out. */
  readonly omits?: readonly Note[];
}

/** How to start this program: absolute paths of Node and of orcc's entry, links resolved. */
export interface OwnProgram {
  /** Absent if orcc is a single executable with Node inside. */
  readonly node?: string;
  readonly entry: string;
}

export interface Context {
  readonly version: string;
  /** Needed only to write orcc's own command line into a file; absent in tests that don't. */
  readonly program?: () => OwnProgram;
  /** The Node that runs this, and the processor that it was built for. */
  readonly runtime: { readonly node: string; readonly arch: string };
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
  /** True if stdin and stderr are terminals and nothing (CI, --yes, --json) forbids questions. */
  readonly interactive: boolean;
  /** All of stdin; throws a RangeError past `maxBytes`. `isHandedOver`: its writer ends at once, so blocking reads are safe. */
  readonly readStdin: (maxBytes: number, isHandedOver?: boolean) => Promise<string>;
  readonly fs: FileSystem;
  readonly http: Http;
  readonly exec: Exec;
  readonly ask: Ask;
  readonly clock: Clock;
  /** Absent in tests without a login. */
  readonly listen?: Listen;
  /** Shows a text in the user's pager; false if that failed. Absent if nothing is paged (`--no-pager`, tests). */
  readonly page?: (text: string) => Promise<boolean>;
  /** Called when a change of files is complete. */
  readonly onWritten?: () => void;
  /** Absent in tests that need no second process. */
  readonly processes?: Processes;
  /** The inodes of the files that have an ACL or extended attributes, which a replacement file would lose. Absent in tests. */
  readonly findAttributed?: (paths: readonly string[]) => ReadonlySet<number>;
  /** Random bytes from the system's generator. */
  readonly random: (bytes: number) => Uint8Array;
  /** Aborted on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}
