import { once } from 'node:events';
import { isObject } from '../../text/json.ts';
import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { flag, parseIntent, wholeNumber } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { stripControls } from '../../text/text.ts';
import { parseFaultSpec } from '../../simulator/fault-spec.ts';
import type { RecordedRequest } from '../../simulator/options.ts';
import { startSimulator } from '../../simulator/server.ts';

const schema = z.object({
  port: wholeNumber(0, 65535),
  fault: z.exactOptional(z.array(z.string())),
  lenient: flag,
});

/**
 * `orcc simulate`: runs the simulator until Ctrl-C, which is how it is meant to end. Prints base URL and key to stdout, and a line
 * for each request to stderr. The key is made up and works nowhere else. Throws exit 2 for a bad port or fault.
 */
export async function runSimulate(ctx: Pick<Context, 'stdout' | 'stderr' | 'signal'>, input: unknown): Promise<Outcome> {
  const { port = 0, fault = [], lenient } = parseIntent(schema, input);
  let served = 0;
  const simulator = await startSimulator({
    port,
    faults: fault.map(parseFaultSpec),
    lenient,
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
  return { exit: 'ok', data: { baseUrl: simulator.baseUrl, requests: served }, findings: [], text: () => '' };
}

function describeRequest(request: RecordedRequest): string {
  const body = isObject(request.body) ? request.body : {};
  const model = typeof body['model'] === 'string' ? ` ${body['model']}` : '';
  const most = typeof body['max_tokens'] === 'number' ? ` max_tokens=${String(body['max_tokens'])}` : '';
  const status = request.fault ?? String(request.status);
  const problem = request.problem === undefined ? '' : ` (${request.problem})`;
  return stripControls(`${request.method} ${request.url}${model}${most} -> ${status}${problem}`).slice(0, 300);
}
