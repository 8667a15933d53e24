import { runTest, type TestIntent } from '../../src/probe/test.ts';
import type { FaultSpec } from '../../src/simulator/fault-spec.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { createExec } from '../../src/system/exec.ts';
import { makeTestContext } from '../probe/support-context.ts';
import { keyed } from '../support/keyed.ts';

/**
 * Runs `orcc test --via claude` against the simulator for each case and prints what came, as JSON. Bundled and started in a
 * network namespace of its own by via-claude.prove.ts, since the real client must not reach anything but the simulator.
 */
interface Case {
  readonly aliases: TestIntent['aliases'];
  readonly faults: readonly FaultSpec[];
}

const cases = JSON.parse(process.env['DRIVER_CASES'] ?? '[]') as Case[];
const env = {
  PATH: process.env['PATH'],
  TMPDIR: process.env['TMPDIR'],
  LANG: 'C.UTF-8',
  ANTHROPIC_API_KEY: 'sk-ant-must-not-be-sent',
  ANTHROPIC_MODEL: 'must-not-be-used',
};
const results: unknown[] = [];
for (const { aliases, faults } of cases) {
  const simulator = await startSimulator({ faults, lenient: true });
  const ctx = makeTestContext({ env, exec: createExec(env, process.platform) });
  const outcome = await runTest(ctx, {
    endpoint: keyed(simulator.baseUrl, simulator.key),
    aliases,
    maxTokens: 16000,
    via: 'claude',
    timeoutMs: 60_000,
    json: true,
  });
  const client = simulator.requests.filter(({ headers }) => String(headers['user-agent']).startsWith('claude-cli/'));
  results.push({
    exit: outcome.exit,
    data: outcome.data,
    leaked: JSON.stringify(client).includes('must-not-be'),
    clientRequests: client.map(({ body }) => (body as { model?: string }).model),
  });
  await ctx.close();
  await simulator.close();
}
process.stdout.write(JSON.stringify(results));
