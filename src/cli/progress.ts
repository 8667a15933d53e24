import type { Context, Exec, Http, HttpResponse, Output } from '../core/context.ts';

/** Milliseconds that something may take before the line appears. */
const AFTER_MS = 400;
const FRAME_MS = 80;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const ERASE = '\r\x1b[2K';

/**
 * Returns the same Context with a line at the bottom of the terminal that says what orcc is waiting for: requests and other programs
 * automatically, anything else through `stderr.progress`. The line disappears before anything else is written and while a question is
 * open, so that no command has to think of it. Not a library's spinner, since that writes to the process's stream directly: past the
 * masking of secrets, and over questions and other output.
 */
export function withProgress(ctx: Context): Context {
  const line = createLine(ctx.stderr);
  const { page } = ctx;
  return {
    ...ctx,
    stdout: guard(ctx.stdout, line),
    stderr: { ...guard(ctx.stderr, line), progress: line.tell },
    http: watchHttp(ctx.http, line),
    exec: watchExec(ctx.exec, line),
    ask: {
      select: (...args) => line.pause(ctx.ask.select(...args)),
      checkbox: (...args) => line.pause(ctx.ask.checkbox(...args)),
      confirm: (...args) => line.pause(ctx.ask.confirm(...args)),
      input: (...args) => line.pause(ctx.ask.input(...args)),
      password: (...args) => line.pause(ctx.ask.password(...args)),
      search: (...args) => line.pause(ctx.ask.search(...args)),
    },
    ...(page === undefined ? {} : { page: (text) => line.pause(page(text)) }),
  };
}

interface Line {
  /** Starts something that may take a while; call the returned function at its end. */
  readonly begin: (label: string) => () => void;
  /** Says what is going on, in better words than the requests' labels; undefined: nothing any more. */
  readonly tell: (text: string | undefined) => void;
  /** Removes the line before something else is written. */
  readonly hide: () => void;
  /** Shows no line until the work is over. */
  readonly pause: <T>(work: Promise<T>) => Promise<T>;
}

function createLine(output: Output): Line {
  const works = new Map<symbol, string>();
  let told: string | undefined;
  let since = 0;
  let frame = 0;
  let paused = 0;
  let isShown = false;
  let timer: NodeJS.Timeout | undefined;
  const hide = (): void => {
    if (isShown) output.write(ERASE);
    isShown = false;
  };
  const tick = (): void => {
    const text = told ?? [...works.values()].at(-1);
    if (text === undefined) {
      hide();
      clearInterval(timer);
      timer = undefined;
    } else if (paused === 0 && performance.now() - since >= AFTER_MS) {
      const whole = `${FRAMES[frame % FRAMES.length] ?? ''} ${text}`;
      const shown = whole.length < output.columns ? whole : `${whole.slice(0, Math.max(1, output.columns - 2))}…`;
      frame += 1;
      output.write(`${ERASE}${output.colorLevel > 0 ? `\x1b[2m${shown}\x1b[22m` : shown}`);
      isShown = true;
    }
  };
  const start = (): void => {
    if (timer !== undefined) return;
    since = performance.now();
    timer = setInterval(tick, FRAME_MS).unref();
  };
  return {
    begin: (label) => {
      const work = Symbol(label);
      works.set(work, label);
      start();
      // The timer removes the line, so that work which follows at once takes it over.
      return () => void works.delete(work);
    },
    tell: (text) => {
      told = text;
      if (text === undefined) hide();
      else start();
    },
    hide: () => {
      told = undefined;
      hide();
    },
    pause: async (work) => {
      hide();
      paused += 1;
      try {
        return await work;
      } finally {
        paused -= 1;
        since = performance.now();
      }
    },
  };
}

function guard(output: Output, line: Line): Output {
  return {
    write: (text) => {
      line.hide();
      output.write(text);
    },
    isTty: output.isTty,
    get columns() {
      return output.columns;
    },
    get rows() {
      return output.rows;
    },
    colorLevel: output.colorLevel,
    ...(output.open === undefined ? {} : { open: guard(output.open, line) }),
  };
}

function watchHttp(http: Http, line: Line): Http {
  return {
    request: async (request) => {
      const end = line.begin(labelOf(request.url));
      try {
        return untilRead(await http.request(request), end);
      } catch (error) {
        end();
        throw error;
      }
    },
    proxyFor: (url) => http.proxyFor(url),
  };
}

/** The same response; calls `end` when its body has been read or it is cancelled. */
function untilRead(response: HttpResponse, end: () => void): HttpResponse {
  const { status, headers, body } = response;
  return {
    status,
    headers,
    body: (async function* () {
      try {
        yield* body;
      } finally {
        end();
      }
    })(),
    cancel: async () => {
      end();
      await response.cancel();
    },
  };
}

function watchExec(exec: Exec, line: Line): Exec {
  const { interactive } = exec;
  return {
    ...exec,
    run: async (file, args, options) => {
      const end = line.begin(`Asking ${nameOf(file)}`);
      try {
        return await exec.run(file, args, options);
      } finally {
        end();
      }
    },
    ...(interactive === undefined ? {} : { interactive: (file, args, options) => line.pause(interactive(file, args, options)) }),
  };
}

/** `Claude Code`, `bash` for the path of a program. */
function nameOf(file: string): string {
  const name = (/[^/\\]+$/.exec(file)?.[0] ?? file).replace(/\.(?:exe|cmd)$/i, '');
  return name === 'claude' ? 'Claude Code' : name;
}

const LABELS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\/models$/, 'Reading the catalog'],
  [/\/models\/user$/, 'Asking which models the key reaches'],
  [/\/endpoints\/zdr$/, 'Asking who keeps no prompts'],
  [/\/endpoints$/, 'Asking for the providers'],
  [/\/key$/, 'Asking about the key'],
  [/\/credits$/, 'Asking about the account'],
  [/\/messages$/, 'Waiting for the model'],
];

function labelOf(url: string): string {
  if (!URL.canParse(url)) return 'Asking';
  const { pathname, host } = new URL(url);
  return `${LABELS.find(([path]) => path.test(pathname))?.[1] ?? 'Asking'} (${host})`;
}
