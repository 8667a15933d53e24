/** How the answer's stream went wrong; `empty` also means an answer without a single block. */
export type StreamFault = 'cut' | 'empty' | 'stall' | 'malformed';

/** A failed call, reduced to what the table looks at. */
export interface Signs {
  /** Kind of NetworkError. */
  readonly network?: string | undefined;
  readonly stream?: StreamFault | undefined;
  /** The body is a web page. */
  readonly html: boolean;
  /** Cloudflare, which is in front of OpenRouter, answered by itself: its headers, and a body that is not an error of OpenRouter's. */
  readonly edge: boolean;
  /** The request was about the key, the money or the catalog: no model or provider takes part. */
  readonly general: boolean;
  /** The base URL ends in /v1, or is OpenRouter's without /api. */
  readonly oddBase: boolean;
  /** `error.availability.code` */
  readonly availability?: string | undefined;
  /** `constraint.field`, else `excluded_by`: what the request or the settings ask for that no endpoint offers. */
  readonly excluded?: string | undefined;
  /** The reason that removed most endpoints, and where it is configured. */
  readonly reason?: string | undefined;
  /** `metadata.limit_source` */
  readonly limit?: string | undefined;
  /** `metadata.failed_routing_step` */
  readonly step?: string | undefined;
  /** `error_type`, or the Anthropic type translated to it. */
  readonly type?: string | undefined;
  /** A provider behind OpenRouter refused, not OpenRouter. */
  readonly provider: boolean;
  /** `metadata.is_byok`: whether the account's own key for the provider was used. */
  readonly byok?: boolean | undefined;
  /** Moderation says that it flagged the input. */
  readonly flagged: boolean;
  /** The requested model is a preset of the account. */
  readonly preset: boolean;
  /** Message and what the provider said. */
  readonly text: string;
  /** What OpenRouter itself said: a provider's words are about its own accounts, keys and models. */
  readonly own: string;
  readonly status?: number | undefined;
  /** The body is an error in one of OpenRouter's two shapes. */
  readonly shaped: boolean;
}

/**
 * One way to recognise a finding: all conditions must hold. A clue is tried at the
 * stage of its strongest condition, in the order of `STAGES`; `broad` puts it after the
 * texts, for values that many causes share (`not_found` says little, its text much).
 */
export type Clue = { readonly [Name in (typeof PATTERNS)[number]]?: RegExp } & {
  readonly [Name in (typeof EQUALS)[number]]?: Exclude<Signs[Name], undefined>;
} & { readonly status?: readonly number[]; readonly broad?: boolean };

const PATTERNS = ['network', 'availability', 'excluded', 'reason', 'limit', 'step', 'type', 'text', 'own'] as const;
const EQUALS = ['stream', 'html', 'edge', 'oddBase', 'general', 'provider', 'byok', 'flagged', 'preset', 'shaped'] as const;

/** Strongest evidence first (design D9). */
export const STAGES = [
  'network',
  'stream',
  'edge',
  'html',
  'byok',
  'general',
  'reason',
  'availability',
  'excluded',
  'limit',
  'step',
  'type',
  'text',
  'broad',
  'status',
] as const;
type Stage = (typeof STAGES)[number];

/** The stage at which a clue is tried. */
export function stageOf(clue: Clue): Stage {
  if (clue.broad === true) return 'broad';
  // That something is false is not evidence by itself.
  const value = (stage: Exclude<Stage, 'broad'>): unknown => (stage === 'text' ? (clue.text ?? clue.own) : clue[stage]);
  for (const stage of STAGES) if (stage !== 'broad' && value(stage) !== undefined && value(stage) !== false) return stage;
  return 'status';
}

/** Whether every condition of the clue holds. */
export function holds(clue: Clue, signs: Signs): boolean {
  const matches = (pattern: RegExp | undefined, value: string | undefined): boolean =>
    pattern === undefined || (value !== undefined && pattern.test(value));
  return (
    PATTERNS.every((name) => matches(clue[name], signs[name])) &&
    EQUALS.every((name) => clue[name] === undefined || clue[name] === signs[name]) &&
    (clue.status === undefined || (signs.status !== undefined && clue.status.includes(signs.status)))
  );
}
