import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { OrccError } from '../core/errors.ts';
import { BUILTIN_MODELS } from '../openrouter/builtin.ts';
import { type KeyName, makeKeys } from './accounts.ts';
import type { FaultSpec } from './fault-spec.ts';
import { Site } from './site.ts';
import { errnoOf } from '../core/errno.ts';
import type { SimulatorOptions, RecordedRequest } from './options.ts';

export interface Simulator {
  /** What ANTHROPIC_BASE_URL would hold: `http://127.0.0.1:PORT/api`. */
  readonly baseUrl: string;
  /** The good key. */
  readonly key: string;
  readonly keys: Readonly<Record<KeyName, string>>;
  /** Every request so far, oldest first; empty with `requestLog: false`. */
  readonly requests: readonly RecordedRequest[];
  /** Replaces the faults in force. Throws OrccError (usage) for an unknown code. */
  setFaults(faults: readonly FaultSpec[]): void;
  /** Breaks all connections and stops. */
  close(): Promise<void>;
}

/**
 * Starts a local OpenRouter on 127.0.0.1. Throws OrccError (usage) for a port
 * that is not available and for an unknown fault.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const closing = new AbortController();
  const { port: wanted = 0, ...given } = options;
  const site = new Site({
    ...{ models: BUILTIN_MODELS, faults: [], delayMs: 0, now: Date.now, requestLog: true, autoApprove: false, lenient: false },
    errorShape: 'anthropic',
    messageShape: 'full',
    ...given,
    closing: closing.signal,
  });
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    site.serve(request, response).catch(() => response.destroy());
  });
  const port = await listen(server, wanted);
  site.otherHost = `http://localhost:${String(port)}`;
  const keys = makeKeys();
  return {
    baseUrl: `http://127.0.0.1:${String(port)}/api`,
    key: keys.good,
    keys,
    requests: site.requests,
    setFaults: (faults) => site.faults.replace(faults),
    close: async () => {
      closing.abort();
      await new Promise((resolve) => {
        server.close(resolve).closeAllConnections();
      });
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch (cause) {
    const code = errnoOf(cause);
    const why = code === 'EADDRINUSE' ? 'it is taken' : code === 'EACCES' ? 'it is not allowed' : (code ?? String(cause));
    throw new OrccError('usage', `Cannot listen on port ${String(port)}: ${why}`, { hint: 'choose another `--port`, or 0 for any', cause });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
