import type { RequestShape } from '../claude/request-shape.ts';
import { errorOf, providerText, type Evidence } from '../diagnose/evidence.ts';

/** What a request holds that a repair could change. */
interface Repairable {
  readonly shape: RequestShape;
  /** Whether the conversation holds thinking of the model. */
  readonly holdsThinking: boolean;
}

interface Repair {
  readonly id: string;
  /** The refusals after which Claude Code makes this repair; those without a pattern are tried one after another. */
  readonly pattern?: RegExp;
  /** Whether the request has what the repair changes. */
  readonly applies: (request: Repairable) => boolean;
  /** The rest of a sentence that begins with "Claude Code". */
  readonly text: string;
  /** The setting that avoids the refused requests, if there is one. */
  readonly fix?: string;
}

/**
 * What Claude Code changes by itself after a 400 (measured on 2.1.330 and 2.1.332 with a server that
 * refuses everything; from 2.1.315 in every wording). It gives up at once on any other text that names
 * `output_config`, and on one that says that the prompt is too long, so orcc does too.
 */
const REPAIRS = [
  {
    id: 'thinking-blocks',
    pattern:
      /signature in thinking block|invalid data in redacted_thinking block|thinking\.signature[^]*field required|thinking block[^]*(?:cannot be modified|invalid signature)/i,
    applies: ({ holdsThinking }) => holdsThinking,
    text: "sends again without the model's earlier thinking",
  },
  {
    id: 'context-management',
    pattern: /context_management[^\n]{0,60}(?:extra inputs|not (?:permitted|supported|allowed)|unknown|unexpected)/i,
    applies: ({ shape }) => shape.contextManagement,
    text: 'sends again without context_management',
  },
  {
    id: 'adaptive-thinking',
    pattern: /thinking\.type[^a-z]{1,8}adaptive[^]*?not supported|\badaptive thinking is not supported/i,
    applies: ({ shape }) => shape.thinking === 'adaptive',
    text: 'sends again with a fixed thinking budget',
  },
  {
    id: 'budget-thinking',
    pattern: /thinking\.type[^a-z]{1,8}enabled[^]*?not supported/i,
    applies: ({ shape }) => shape.thinking === 'budget',
    text: 'sends again with adaptive thinking',
  },
  {
    id: 'effort',
    pattern: /not support[^]*effort parameter|effort parameter[^]*not support/i,
    applies: ({ shape }) => shape.effort !== undefined,
    text: 'sends again without effort',
    fix: 'set `CLAUDE_CODE_EFFORT_LEVEL=unset`, which leaves it out for every model from the start',
  },
  {
    id: 'system-role',
    pattern: /role[^\n]{0,60}system|system[^\n]{0,30}\brole\b|messages\.\d+\.role|messages\[\d+\]\.role/i,
    applies: ({ shape }) => shape.systemRole,
    text: 'sends the system message as part of the user turn',
  },
  {
    id: 'again',
    pattern: /cache_control[^\n]{0,10}extra inputs are not permitted/i,
    applies: () => true,
    text: 'sends the same again',
  },
  { id: 'token-count', applies: ({ shape }) => shape.thinking !== 'none', text: 'sends again without the beta thinking-token-count' },
  { id: 'thinking-display', applies: ({ shape }) => shape.thinking !== 'none', text: 'sends again without thinking.display' },
  {
    id: 'defer-loading',
    applies: ({ shape }) => shape.deferral,
    text: 'sends again without deferred tools',
    fix: "set `ENABLE_TOOL_SEARCH=false`, which `orcc init` writes if a mapped model is not Anthropic's",
  },
] as const satisfies readonly Repair[];

export type RepairId = (typeof REPAIRS)[number]['id'];
export type Repairs = ReadonlySet<RepairId>;

const ROWS: ReadonlyMap<RepairId, Repair> = new Map(REPAIRS.map((row) => [row.id, row]));

/** Refusals that end a session at once. */
const FATAL = /output_config|prompt is too long|maximum context length|exceed context limit|signature[^\n]{0,10} in [`'"]?thinking/i;

/**
 * Returns all that Claude Code would change for its next request after this refusal; undefined if it gives up. After
 * a refusal that it recognises it makes the change asked for, once. After any other it repeats the request without one
 * beta, then also without `thinking.display`, then without deferred tools but with those two again, and so on: three requests, or
 * six if tools are deferred.
 *
 * @param made what it has changed already
 */
export function nextRepairs(evidence: Evidence, made: Repairs, request: Repairable): Repairs | undefined {
  if (evidence.status !== 400 && evidence.status !== 422) return undefined;
  const error = errorOf(evidence);
  if (error === undefined) return undefined;
  const text = `${error.message}\n${providerText(error) ?? ''}`.replaceAll('`', '');
  const known =
    evidence.status === 400 ? REPAIRS.find((row) => 'pattern' in row && row.pattern.test(text) && row.applies(request)) : undefined;
  if (known !== undefined) return made.has(known.id) ? undefined : new Set([...made, known.id]);
  if (FATAL.test(text)) return undefined;
  const step = (['token-count', 'thinking-display', 'defer-loading'] as const).find(
    (id) => !made.has(id) && ROWS.get(id)?.applies(request) === true,
  );
  if (step === undefined) return undefined;
  // Without deferred tools it starts over.
  const kept = step === 'defer-loading' ? [...made].filter((id) => id !== 'token-count' && id !== 'thinking-display') : [...made];
  return new Set([...kept, step]);
}

/** A repair in words, for the report. */
export function describeRepair(id: RepairId): string {
  return ROWS.get(id)?.text ?? id;
}

/** The settings that avoid the refused requests from the start; undefined if there are none. */
export function fixOf(repairs: readonly RepairId[]): string | undefined {
  const fixes = repairs.flatMap((id) => ROWS.get(id)?.fix ?? []);
  return fixes.length === 0 ? undefined : fixes.join('; ');
}
