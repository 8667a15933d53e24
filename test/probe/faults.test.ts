import { afterAll, describe, expect, it } from 'vitest';

import { type FindingCode } from '../../src/diagnose/table.ts';
import { probeModel } from '../../src/probe/probe.ts';
import { listFaultCodes } from '../../src/simulator/fault-spec.ts';
import { STREAM_FAULT_IDS } from '../../src/simulator/stream-faults.ts';
import { makeDeps, withoutWaiting } from './support.ts';
import { ANSWERS } from '../support/known-answers/list.ts';
import { keyed } from '../support/keyed.ts';
import { useSimulator } from '../support/use.ts';

/** How the model itself answers badly, and what an envelope does not tell that has no metadata in the simulator. */
const OWN: Readonly<Record<string, FindingCode>> = {
  empty: 'EMPTY_ANSWER',
  refusal: 'REFUSAL',
  'no-tool-call': 'TOOL_CALL_MISSING',
  'wrong-tool-call': 'TOOL_CALL_WRONG',
  'stops-after-tool': 'STOPS_AFTER_TOOL',
  'forgets-tool-result': 'TOOL_RESULT_LOST',
  'too-long': 'ANSWER_TOO_LONG',
  'out-of-tokens': 'ANSWER_CAPPED',
  'guardrail-restrictions anthropic': 'DATA_POLICY',
};

/** The finding of the project's own answer, else of the list above. */
function expectedCode(fault: string, shape: string): FindingCode | undefined {
  return OWN[`${fault} ${shape}`] ?? OWN[fault] ?? ANSWERS.find((answer) => answer.fault === fault)?.code;
}

const codes = listFaultCodes().filter((code) => !STREAM_FAULT_IDS.includes(code));

const BODIES = [
  ['plain', await useSimulator({ errorShape: 'plain' })],
  ['anthropic', await useSimulator({ errorShape: 'anthropic' })],
] as const;

describe.each(BODIES)('every refusal and every useless answer over HTTP, body %s', (errorShape, simulator) => {
  const deps = makeDeps();
  afterAll(() => deps.close());

  it.each(codes)('%s', async (code) => {
    simulator.setFaults([{ code }]);
    const result = await probeModel(withoutWaiting(deps), {
      endpoint: keyed(simulator.baseUrl, simulator.key),
      model: 'z-ai/glm-4.7',
      maxTokens: 32000,
      toolSearch: false,
      timeoutMs: 20_000,
    });
    const expected = expectedCode(code, errorShape);
    expect(expected, `an expected code for ${code}`).toBeDefined();
    expect(result.finding?.code).toBe(expected);
    expect(result.verdict).toBe(['harness-gate', 'too-long', 'out-of-tokens'].includes(code) ? 'inconclusive' : 'failed');
  });
});
