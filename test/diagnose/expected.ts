import type { FindingCode } from '../../src/diagnose/table.ts';

/** The code of each known error; a pair where the Anthropic envelope says less than OpenRouter's own shape. */
const CODES: Readonly<Record<string, FindingCode | readonly [plain: FindingCode, envelope: FindingCode]>> = {
  'auth-missing': 'KEY_MISSING',
  'auth-unknown-key': 'KEY_BAD',
  'credits-empty': 'NO_CREDITS',
  'credits-not-enough-for-max-tokens': 'CREDITS_TOO_LOW_FOR_MAX_TOKENS',
  'credits-in-flight-budget': 'IN_FLIGHT_BUDGET',
  'key-limit': 'KEY_LIMIT',
  'model-unknown': 'MODEL_UNKNOWN',
  'model-no-endpoints': 'MODEL_RETIRED',
  'free-variant-ended': 'FREE_ENDED',
  'no-tool-support': 'NO_TOOLS',
  'data-policy': 'DATA_POLICY',
  'provider-allowlist': 'PROVIDER_ALLOWLIST',
  'harness-gate': 'HARNESS_GATE',
  attestation: 'ATTESTATION',
  'guardrail-block': 'GUARDRAIL',
  'mgmt-key-needed': 'MANAGEMENT_KEY_NEEDED',
  'rate-free-day': 'FREE_QUOTA_DAY',
  'rate-upstream': 'UPSTREAM_BUSY',
  'context-exceeded': 'CONTEXT_MISMATCH',
  'max-tokens-over-provider-cap': ['MAX_OUTPUT_TOO_BIG', 'TRANSLATION_400'],
  'provider-400': 'TRANSLATION_400',
  timeout: 'TIMEOUT',
  'too-large': 'TOO_LARGE',
  unprocessable: 'REQUEST_REFUSED',
  internal: 'SERVER_ERROR',
  'provider-bad-gateway': 'PROVIDER_ERROR',
  'no-provider': 'UPSTREAM_BUSY',
  'edge-timeout': 'TIMEOUT',
  overloaded: 'UPSTREAM_BUSY',
  'html-body': 'NOT_OPENROUTER',
};

/** The code that a known error must get, by its id and the shape of its body; undefined for an id that is not known. */
export function expectedCode(id: string, shape: 'plain' | 'anthropic'): FindingCode | undefined {
  const codes = CODES[id];
  if (codes === undefined || typeof codes === 'string') return codes;
  return codes[shape === 'plain' ? 0 : 1];
}
