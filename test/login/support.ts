import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { Context, Exec } from '../../src/core/context.ts';
import { createSay } from '../../src/core/say.ts';
import type { LoginContext } from '../../src/commands/login/log-in.ts';
import { plainStyle } from '../../src/text/style.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { createHttp } from '../../src/system/http.ts';
import { listenLocally } from '../../src/system/login-server.ts';
import { makeTempHome } from '../support/temp-home.ts';
import { scriptAnswers, type Answer } from '../support/scripted-ask.ts';

export interface LoginStage extends LoginContext {
  /** What went to stderr. */
  readonly written: () => string;
  /** Arguments of every program that was started. */
  readonly started: { readonly file: string; readonly args: readonly string[]; readonly env: Context['env'] }[];
  readonly say: ReturnType<typeof createSay>;
}

export interface StageOptions {
  readonly env?: Context['env'];
  readonly platform?: NodeJS.Platform;
  readonly answers?: readonly Answer[];
  readonly signal?: AbortSignal;
  /** Programs on PATH. */
  readonly programs?: readonly string[];
  /** Called with the address that a browser was asked to open. */
  readonly onOpen?: (address: string) => void;
}

/** A login's context over real HTTP and a real port; its browser is `onOpen`. */
export function makeStage({ env = {}, platform = 'linux', answers, signal, programs = [], onOpen }: StageOptions = {}): LoginStage {
  let text = '';
  const temporary = makeTempHome();
  onTestFinished(() => temporary.remove());
  const stderr: Context['stderr'] = { write: (piece) => (text += piece), isTty: false, columns: 100, colorLevel: 0 };
  const started: LoginStage['started'] = [];
  const exec: Pick<Exec, 'run' | 'find'> = {
    find: (name) => (programs.includes(name) ? `/usr/bin/${name}` : undefined),
    run: (file, args, options) => {
      started.push({ file, args, env: options.env });
      const address = args.map(addressOf).find((each) => each.startsWith('http'));
      if (address !== undefined) onOpen?.(address);
      return Promise.resolve({ code: 0, stdout: '', stderr: '', timedOut: false, notFound: false });
    },
  };
  const aborted = signal ?? new AbortController().signal;
  return {
    fs: createFileSystem(),
    home: temporary.home,
    version: '0.0.0-test',
    env,
    platform,
    http: createHttp({}),
    exec: { ...exec, interactive: () => Promise.reject(new Error('nothing is started')) },
    listen: listenLocally,
    random: (bytes) => randomBytes(bytes),
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: (ms, also) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(resolve, ms);
          also?.addEventListener('abort', () => {
            clearTimeout(timer);
            reject(new Error('stopped'));
          });
        }),
    },
    ask: scriptAnswers(answers ?? []).ask,
    interactive: answers !== undefined,
    signal: aborted,
    stderr,
    written: () => text,
    started,
    say: createSay(stderr, plainStyle(), false),
  };
}

/** Where a browser ends that is given an address, or the file that leads there. */
export function addressOf(argument: string): string {
  if (!argument.endsWith('.html')) return argument;
  return (/url=([^"]*)"/.exec(readFileSync(argument, 'utf8'))?.[1] ?? '').replaceAll('&#38;', '&');
}

/** What a browser does at OpenRouter's page: opens it and presses the button. Gives the page that it ends at. */
export async function authorize(address: string): Promise<{ readonly status: number; readonly text: string; readonly callback: string }> {
  const callback = await readCallback(address);
  const end = await fetch(callback);
  return { status: end.status, text: await end.text(), callback };
}

/** The address behind the button, with a fresh code. */
export async function readCallback(address: string): Promise<string> {
  const page = await (await fetch(address)).text();
  return /id="approve"[^>]*href="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#38;', '&') ?? '';
}
