import { once } from 'node:events';
import { isObject } from '../../text/json.ts';
import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { parseIntent, wholeNumber } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { stripControls } from '../../text/text.ts';
import { parseFaultSpec, type RecordedRequest, startSimulator } from '../../simulator/server.ts';

const schema = z.object({
  port: wholeNumber(0, 65535),
  fault: z.exactOptional(z.array(z.string())),
  lenient: z.exactOptional(z.boolean()),
});

/** `orcc simulate`: runs the server until Ctrl-C, which is how it is meant to end. */
export async function runSimulateCommand(ctx: Context, input: unknown): Promise<Outcome> {
  const served = await runSimulate(ctx, parseIntent(schema, input));
  return { exit: 'ok', data: served, findings: [], text: () => '' };
}

export interface SimulateIntent {
  /** Port on 127.0.0.1; 0 or absent for any free one. */
  readonly port?: number | undefined;
  /** `CODE[@model][*times]`, see `parseFaultSpec`. */
  readonly fault?: readonly string[] | undefined;
  /** Accepts what OpenRouter refuses because of the model: deferred tools, images, odd tool ids. */
  readonly lenient?: boolean | undefined;
}

/**
 * Runs the simulator until `ctx.signal` aborts. Prints base URL and key to stdout, and a line for each request to stderr. The key
 * is made up and works nowhere else. Returns how many requests it served. Throws OrccError (usage) for a bad port or fault.
 */
export async function runSimulate(
  ctx: Pick<Context, 'stdout' | 'stderr' | 'signal'>,
  intent: SimulateIntent,
): Promise<{ readonly baseUrl: string; readonly requests: number }> {
  const port = intent.port ?? 0;
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new OrccError('usage', `Not a port: ${String(port)}`, { hint: '`--port` takes 0 to 65535' });
  const faults = (intent.fault ?? []).map(parseFaultSpec);
  let served = 0;
  const simulator = await startSimulator({
    port,
    faults,
    lenient: intent.lenient ?? false,
    requestLog: false,
    onRequest: (request) => {
      served += 1;
      ctx.stderr.write(`${describeRequest(request)}\n`);
    },
  });
  // A simulator's key is no secret, so it is printed unmasked.
  (ctx.stdout.open ?? ctx.stdout).write(`base URL  ${simulator.baseUrl}\nkey       ${simulator.key}\n`);
  ctx.stderr.write('Ctrl-C stops it\n');
  if (!ctx.signal.aborted) await once(ctx.signal, 'abort');
  await simulator.close();
  return { baseUrl: simulator.baseUrl, requests: served };
}

function describeRequest(request: RecordedRequest): string {
  const body = isObject(request.body) ? request.body : {};
  const model = typeof body['model'] === 'string' ? ` ${body['model']}` : '';
  const most = typeof body['max_tokens'] === 'number' ? ` max_tokens=${String(body['max_tokens'])}` : '';
  const status = request.fault ?? String(request.status);
  const problem = request.problem === undefined ? '' : ` (${request.problem})`;
  return stripControls(`${request.method} ${request.url}${model}${most} -> ${status}${problem}`).slice(0, 300);
}
