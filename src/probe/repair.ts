import { errorOf, providerText, type Evidence } from '../diagnose/evidence.ts';

/**
 * What Claude Code changes by itself after a 400 (measured on 2.1.330; from 2.1.315 in every
 * wording). A refused `output_config`, a too large `max_tokens`, refused tools or
 * `cache_control` are not repaired: those fail there, so they fail here.
 */
export const REPAIRS = [
  {
    id: 'context-management',
    pattern: /context_management[^\n]{0,60}(?:extra inputs|not (?:permitted|supported|allowed)|unknown|unexpected)/i,
    text: 'sends again without context_management',
  },
  {
    id: 'adaptive-thinking',
    pattern: /adaptive thinking[^\n]{0,40}not supported|thinking[^\n]{0,40}adaptive[^\n]{0,40}(?:not supported|invalid|unexpected)/i,
    text: 'sends again with a fixed thinking budget',
  },
  { id: 'defer-loading', pattern: /defer_loading/i, text: 'sends again without deferred tools' },
  {
    id: 'system-role',
    pattern: /role[^\n]{0,60}system|system[^\n]{0,30}\brole\b|messages\.\d+\.role|messages\[\d+\]\.role/i,
    text: 'sends the system message as part of the user turn',
  },
] as const;

export type RepairId = (typeof REPAIRS)[number]['id'];

/** The repair that Claude Code would make after this refusal; undefined where it would make none. */
export function findRepair(evidence: Evidence): RepairId | undefined {
  if (evidence.status !== 400) return undefined;
  const error = errorOf(evidence);
  if (error === undefined) return undefined;
  const text = `${error.message}\n${providerText(error) ?? ''}`;
  return REPAIRS.find(({ pattern }) => pattern.test(text))?.id;
}

/** In words, for the report. */
export function describeRepair(id: RepairId): string {
  return REPAIRS.find((repair) => repair.id === id)?.text ?? id;
}
