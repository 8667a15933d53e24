import { afterAll, describe, expect, it } from 'vitest';

import { type FindingCode } from '../../src/diagnose/table.ts';
import { probeModel } from '../../src/probe/probe.ts';
import { listFaultCodes } from '../../src/simulator/fault-spec.ts';
import { STREAM_FAULT_IDS } from '../../src/simulator/stream-faults.ts';
import { expectedCode } from '../diagnose/expected.ts';
import { makeDeps, withoutWaiting } from './support.ts';
import { keyed } from '../support/keyed.ts';
import { useSimulator } from '../support/use.ts';

/** What the simulator has beside the catalogue of known errors; its envelopes carry the metadata where some captures do. */
const OWN: Readonly<Record<string, FindingCode | readonly [plain: FindingCode, envelope: FindingCode]>> = {
  'key-limit-payment': 'KEY_LIMIT',
  'model-deprecated': 'MODEL_RETIRED',
  'no-tool-choice-support': 'NO_TOOLS',
  'parameters-unsupported': 'PARAMETERS_UNSUPPORTED',
  'guardrail-restrictions': ['GUARDRAIL', 'DATA_POLICY'],
  region: 'REGION',
  'management-key': 'KEY_IS_MANAGEMENT',
  'rate-free-minute': 'FREE_QUOTA_MINUTE',
  'max-tokens-over-provider-cap': 'MAX_OUTPUT_TOO_BIG',
  'thinking-signature': 'THINKING_SIGNATURE',
  'invalid-request': 'REQUEST_REFUSED',
  empty: 'EMPTY_ANSWER',
  refusal: 'REFUSAL',
  'no-tool-call': 'TOOL_CALL_MISSING',
  'wrong-tool-call': 'TOOL_CALL_WRONG',
  'stops-after-tool': 'STOPS_AFTER_TOOL',
  'forgets-tool-result': 'TOOL_RESULT_LOST',
  'too-long': 'ANSWER_TOO_LONG',
  'rate-free-rpm': 'FREE_QUOTA_MINUTE',
  'rate-model-day': 'MODEL_DAILY_LIMIT',
  'workspace-budget': 'BUDGET_LIMIT',
  'workspace-budget-amount': 'BUDGET_LIMIT',
  'guardrail-budget': 'BUDGET_LIMIT',
  'byok-required': 'BYOK_KEY_NEEDED',
  'byok-key-refused': 'BYOK_KEY_REFUSED',
  moderation: 'REFUSAL',
  'no-tool-support-available': 'NO_TOOLS',
  'no-cache-control-support': 'PARAMETERS_UNSUPPORTED',
  'context-filtered': 'CONTEXT_MISMATCH',
  'max-price': 'MAX_PRICE',
  'model-gone-upstream': 'MODEL_RETIRED',
  'free-period-ended': 'FREE_ENDED',
  'preset-unknown': 'PRESET_MISSING',
  'guardrail-provider': 'GUARDRAIL',
  'deferral-unsupported': 'DEFERRAL_REFUSED',
  'deferral-unsupported-old': 'DEFERRAL_REFUSED',
  'adaptive-thinking-unsupported': 'TRANSLATION_400',
  'effort-unsupported': 'EFFORT_UNSUPPORTED',
  'image-unsupported': 'NO_IMAGES',
  'messages-empty': 'REQUEST_REFUSED',
  'model-empty': 'MODEL_UNKNOWN',
  'tool-result-orphan': 'TRANSLATION_400',
  'tool-call-unanswered': 'TRANSLATION_400',
  'tool-id-doubled': 'TRANSLATION_400',
  'provider-location': 'REGION',
  'cloudflare-challenge': 'EDGE_BLOCKED',
  'cloudflare-too-large': 'TOO_LARGE',
  'cloudflare-unreachable': 'SERVER_ERROR',
  'cloudflare-overloaded': 'SERVER_ERROR',
  'out-of-tokens': 'ANSWER_CAPPED',
};

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
      timeoutMs: 4000,
    });
    const own = OWN[code];
    const expected = Array.isArray(own) ? own[errorShape === 'plain' ? 0 : 1] : (own ?? expectedCode(code, errorShape));
    expect(expected, `an expected code for ${code}`).toBeDefined();
    expect(result.finding?.code).toBe(expected);
    expect(result.verdict).toBe(['harness-gate', 'too-long', 'out-of-tokens'].includes(code) ? 'inconclusive' : 'failed');
  });
});
