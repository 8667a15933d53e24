/** How the answer's stream went wrong; `empty` also stands for an answer without a single block. */
export type StreamFault = 'cut' | 'empty' | 'stall' | 'malformed';

/** A failed call, reduced to what the table looks at. */
export interface Signs {
  /** Kind of NetworkError. */
  readonly network?: string | undefined;
  readonly stream?: StreamFault | undefined;
  /** The body is a web page. */
  readonly html: boolean;
  /** The base URL ends in /v1, or is OpenRouter's without /api. */
  readonly oddBase: boolean;
  /** `error.availability.code` */
  readonly availability?: string | undefined;
  /** `metadata.limit_source` */
  readonly limit?: string | undefined;
  /** `metadata.failed_routing_step` */
  readonly step?: string | undefined;
  /** `error_type`, or the Anthropic type translated to it. */
  readonly type?: string | undefined;
  /** Message and what the provider said. */
  readonly text: string;
  readonly status?: number | undefined;
  /** The body is an error in one of OpenRouter's two shapes. */
  readonly shaped: boolean;
}

/**
 * One way to recognise a finding: all conditions must hold. A clue is tried at the
 * stage of its strongest condition, in the order of `STAGES`; `broad` puts it after the
 * texts, for values that many causes share (`not_found` says little, its text much).
 */
export interface Clue {
  readonly network?: RegExp;
  readonly stream?: StreamFault;
  readonly html?: boolean;
  readonly oddBase?: boolean;
  readonly availability?: RegExp;
  readonly limit?: RegExp;
  readonly step?: RegExp;
  readonly type?: RegExp;
  readonly text?: RegExp;
  readonly status?: readonly number[];
  readonly shaped?: boolean;
  readonly broad?: boolean;
}

/** Strongest evidence first (design D9). */
export const STAGES = ['network', 'stream', 'html', 'availability', 'limit', 'step', 'type', 'text', 'broad', 'status'] as const;
export type Stage = (typeof STAGES)[number];

/** The stage at which a clue is tried. */
export function stageOf(clue: Clue): Stage {
  if (clue.broad === true) return 'broad';
  for (const stage of STAGES) if (stage !== 'broad' && clue[stage] !== undefined) return stage;
  return 'status';
}

/** Whether every condition of the clue holds. */
export function holds(clue: Clue, signs: Signs): boolean {
  const matches = (pattern: RegExp | undefined, value: string | undefined): boolean =>
    pattern === undefined || (value !== undefined && pattern.test(value));
  return (
    matches(clue.network, signs.network) &&
    (clue.stream === undefined || clue.stream === signs.stream) &&
    (clue.html === undefined || clue.html === signs.html) &&
    (clue.oddBase === undefined || clue.oddBase === signs.oddBase) &&
    (clue.shaped === undefined || clue.shaped === signs.shaped) &&
    matches(clue.availability, signs.availability) &&
    matches(clue.limit, signs.limit) &&
    matches(clue.step, signs.step) &&
    matches(clue.type, signs.type) &&
    matches(clue.text, signs.text) &&
    (clue.status === undefined || (signs.status !== undefined && clue.status.includes(signs.status)))
  );
}
