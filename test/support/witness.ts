import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Realm } from './realm.ts';
import { ready } from './realm.ts';

const SERVER = fileURLToPath(new URL('witness-server.mjs', import.meta.url));

/** One request as it left a client, whatever became of it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
  readonly apiKey?: string;
  /** All of them, by their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly maxTokens?: number;
  /** The header `anthropic-beta`. */
  readonly betas?: string;
  /** Of the body. */
  readonly bytes: number;
  /** How many tools carry `defer_loading`. */
  readonly deferred: number;
  /** `thinking.display` */
  readonly display?: string;
  /** `output_config.effort` */
  readonly effort?: string;
  /** OpenRouter's routing rules. */
  readonly provider?: unknown;
  readonly sessionId?: string;
  /** The start of the system prompt, and the end of the last message, as JSON. */
  readonly system: string;
  readonly prompt: string;
  /** Of the answer; 0 where there was none. */
  readonly status: number;
}

/** A server that writes down every request with its credentials, and passes it on. */
export interface Witness {
  /** A base URL, as Claude Code takes it. */
  readonly baseUrl: string;
  /** Takes the requests for an answer of a model since it was last asked. */
  takeAsked(): readonly Asked[];
  stop(): void;
}

let serial = 0;

/** Starts one in the realm, before the server with the base URL `upstream`; a strict one refuses what the real OpenRouter does. */
export async function startWitness(realm: Realm, upstream: string, manner: 'kind' | 'strict' = 'kind'): Promise<Witness> {
  serial += 1;
  const notes = path.join(realm.folder, `witness-${String(serial)}.jsonl`);
  const child = realm.start(process.execPath, [SERVER, new URL(upstream).origin, notes, manner], { PATH: realm.path, HOME: realm.folder });
  const out = await ready(child, /^at \S+$/m, 15_000);
  let taken = 0;
  return {
    baseUrl: `${/^at (\S+)$/m.exec(out)?.[1] ?? ''}${new URL(upstream).pathname}`,
    takeAsked() {
      const lines = existsSync(notes) ? readFileSync(notes, 'utf8').trimEnd().split('\n').filter(Boolean) : [];
      const fresh = lines.slice(taken).map((line) => JSON.parse(line) as Asked);
      taken = lines.length;
      return fresh.filter((asked) => asked.method === 'POST' && asked.path.includes('/messages'));
    },
    stop: () => void child.kill('SIGTERM'),
  };
}
