import type { Realm } from './realm.ts';
import { ready } from './realm.ts';

/** One request of Claude Code to `/v1/messages`, as `orcc simulate` tells it. */
export interface ModelCall {
  readonly model: string;
  readonly maxTokens: number;
  /** Status, or the fault that met it. */
  readonly answer: string;
}

/** `orcc simulate`, at work in a realm. */
export interface Simulation {
  readonly baseUrl: string;
  readonly key: string;
  /** Every line so far: one for each request. */
  readonly lines: readonly string[];
  /** Takes the calls of a model since it was last asked. */
  takeCalls(): readonly ModelCall[];
  /** Requests that it does not understand, or that break OpenRouter's description. */
  problems(): readonly string[];
  stop(): void;
}

/** Starts the built simulator in the realm, on any free port there, with these faults. */
export async function startSimulation(realm: Realm, faults: readonly string[] = []): Promise<Simulation> {
  const child = realm.start(process.execPath, [realm.orcc, 'simulate', ...faults.flatMap((fault) => ['--fault', fault])], {
    PATH: realm.path,
    HOME: realm.folder,
  });
  let err = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  const out = await ready(child, /^key\s+\S+$/m, 15_000);
  let taken = 0;
  const lines = (): string[] =>
    err
      .split('\n')
      .slice(0, -1)
      .filter((line) => /^[A-Z]+ \//.test(line));
  return {
    baseUrl: /base URL\s+(\S+)/.exec(out)?.[1] ?? '',
    key: /key\s+(\S+)/.exec(out)?.[1] ?? '',
    get lines() {
      return lines();
    },
    takeCalls() {
      const fresh = lines().slice(taken);
      taken += fresh.length;
      return fresh.flatMap((line) => {
        const found = /^POST \S*\/v1\/messages(?:\?\S*)? (\S+) max_tokens=(\d+) -> (\S+)/.exec(line);
        return found === null ? [] : [{ model: found[1] ?? '', maxTokens: Number(found[2]), answer: found[3] ?? '' }];
      });
    },
    problems: () => lines().filter((line) => / -> \S+ \(/.test(line)),
    stop: () => void child.kill('SIGINT'),
  };
}
