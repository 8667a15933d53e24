import { OrccError } from '../core/errors.ts';
import { stripControls } from '../text/text.ts';
import { API_FAULTS } from './faults.ts';
import { MOODS } from './reply.ts';
import { STREAM_FAULT_IDS } from './stream-faults.ts';

/** A requested fault. It applies to `/v1/messages` unless `path` says otherwise. */
export interface FaultSpec {
  readonly code: string;
  /** Only requests for this model. */
  readonly model?: string;
  /** Only requests whose path contains this; `*` for all. */
  readonly path?: string;
  /** How often it applies; without it, always. */
  readonly times?: number;
}

/** Every code that a FaultSpec may have. */
export function listFaultCodes(): string[] {
  return [...API_FAULTS.map((fault) => fault.id), 'html-body', ...MOODS, ...STREAM_FAULT_IDS];
}

/** A fault's own code, for that code or for the finding it leads to; undefined for any other name. */
function codeOf(name: string): string | undefined {
  const code = FINDING_FAULTS[name] ?? name;
  return listFaultCodes().includes(code) ? code : undefined;
}

/**
 * Reads `CODE[@model][*times]`, or `CODE@/path[*times]` for another path than
 * `/v1/messages`. CODE is a fault's own or that of the finding it leads to
 * (`credits-empty`, `NO_CREDITS`). Throws OrccError (usage) for an unknown code or a bad count.
 */
export function parseFaultSpec(text: string): FaultSpec {
  const match = /^([A-Za-z0-9_-]+)(?:@([^*]+))?(?:\*(\d{1,6}))?$/.exec(text);
  const code = codeOf(match?.[1] ?? '');
  if (code === undefined) throw unknownFault(text);
  const at = match?.[2];
  const times = match?.[3];
  return {
    code,
    ...(at === undefined ? {} : at.startsWith('/') ? { path: at } : { model: at }),
    ...(times === undefined ? {} : { times: Number(times) }),
  };
}

function unknownFault(text: string): OrccError {
  return new OrccError('usage', `Unknown fault \`${stripControls(text).slice(0, 80)}\``, {
    hint: `One of: ${listFaultCodes().join(', ')}`,
  });
}

/** The faults in force. Each time one applies, its count goes down by one. */
export class FaultQueue {
  #left: Array<{ spec: FaultSpec; left: number }> = [];

  constructor(specs: readonly FaultSpec[]) {
    this.replace(specs);
  }

  /** Throws OrccError (usage) for a code that does not exist. */
  replace(specs: readonly FaultSpec[]): void {
    this.#left = specs.map((spec) => {
      const code = codeOf(spec.code);
      if (code === undefined) throw unknownFault(spec.code);
      return { spec: { ...spec, code }, left: spec.times ?? Number.POSITIVE_INFINITY };
    });
  }

  /** The code of the first fault that fits this request, and counts it as used once; undefined if none fits. */
  take(path: string, model: string | undefined): string | undefined {
    const entry = this.#left.find(({ spec, left }) => left > 0 && fits(spec, path, model));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return entry.spec.code;
  }
}

function fits(spec: FaultSpec, path: string, model: string | undefined): boolean {
  const fitsPath = spec.path === undefined ? path.endsWith('/v1/messages') : spec.path === '*' || path.includes(spec.path);
  if (!fitsPath) return false;
  return spec.model === undefined || spec.model === model;
}

/** The fault that leads to each finding of `orcc test`, so that `--fault` accepts either name. */
export const FINDING_FAULTS: Readonly<Record<string, string>> = {
  ATTESTATION: 'attestation',
  BASE_URL_WRONG: 'html-body',
  CONTEXT_MISMATCH: 'context-exceeded',
  CREDITS_TOO_LOW_FOR_MAX_TOKENS: 'credits-not-enough-for-max-tokens',
  DATA_POLICY: 'data-policy',
  EMPTY_ANSWER: 'empty',
  FREE_ENDED: 'free-variant-ended',
  FREE_QUOTA_DAY: 'rate-free-day',
  FREE_QUOTA_MINUTE: 'rate-free-minute',
  GUARDRAIL: 'guardrail-block',
  HARNESS_GATE: 'harness-gate',
  IN_FLIGHT_BUDGET: 'credits-in-flight-budget',
  KEY_BAD: 'auth-unknown-key',
  KEY_IS_MANAGEMENT: 'management-key',
  KEY_LIMIT: 'key-limit',
  KEY_MISSING: 'auth-missing',
  MAX_OUTPUT_TOO_BIG: 'max-tokens-over-provider-cap',
  MODEL_RETIRED: 'model-deprecated',
  MODEL_UNKNOWN: 'model-unknown',
  NOT_OPENROUTER: 'html',
  NO_CREDITS: 'credits-empty',
  NO_TOOLS: 'no-tool-support',
  PROVIDER_ALLOWLIST: 'provider-allowlist',
  PROVIDER_ERROR: 'provider-bad-gateway',
  REFUSAL: 'refusal',
  REGION: 'region',
  SERVER_ERROR: 'internal',
  STOPS_AFTER_TOOL: 'stops-after-tool',
  STREAM_CUT: 'cut',
  STREAM_MALFORMED: 'malformed',
  STREAM_STALLED: 'stall',
  THINKING_SIGNATURE: 'thinking-signature',
  TIMEOUT: 'first-byte-never',
  TOOL_CALL_MISSING: 'no-tool-call',
  TOOL_CALL_WRONG: 'wrong-tool-call',
  TOOL_RESULT_LOST: 'forgets-tool-result',
  TOO_LARGE: 'too-large',
  TRANSLATION_400: 'provider-400',
  UPSTREAM_BUSY: 'rate-upstream',
};
