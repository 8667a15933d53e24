import { clip, redactForeign, stripControls } from '../text/text.ts';
import { readArguments } from './arguments.ts';
import { buildFinding } from './build.ts';
import { type Clue, holds, type Signs, STAGES, stageOf } from './clue.ts';
import { errorOf, evidenceOf, providerText, readSigns, type Evidence } from './evidence.ts';
import type { Finding } from '../core/finding.ts';
import type { FindingRow } from './row.ts';
import { rowOf, TABLE } from './table.ts';

/**
 * Names what went wrong with a call to OpenRouter. Goes through the stages of evidence,
 * strongest first, and takes the first row that fits; never throws, whatever the
 * other side sent. `UNKNOWN_FAILURE` if nothing fits.
 */
export function matchFailure(evidence: Evidence): Finding {
  const row = matchRow(readSigns(evidence));
  return buildFinding(row, readArguments(evidence), describe(evidence), evidence.alias ?? evidence.model, evidence.secrets);
}

/** The finding of a thrown NetworkError or ApiError; undefined for any other error. `more` adds model, base URL and so on. */
export function matchThrown(error: unknown, more: Evidence = {}): Finding | undefined {
  const evidence = evidenceOf(error);
  return evidence === undefined ? undefined : matchFailure({ ...more, ...evidence });
}

/** The same for the error or else its cause, which is the answer if a key was refused. */
export function matchThrownOrCause(error: unknown, more: Evidence = {}): Finding | undefined {
  return matchThrown(error, more) ?? (error instanceof Error ? matchThrown(error.cause, more) : undefined);
}

/** The same as a warning about `subject`, for a command that goes on in spite of it; empty for any other error. */
export function warnOf(error: unknown, subject: string, more: Evidence = {}): readonly Finding[] {
  const found = matchThrownOrCause(error, more);
  return found === undefined ? [] : [{ ...found, severity: 'warning', subject }];
}

/** The row of a failed call. */
function matchRow(signs: Signs): FindingRow {
  for (const stage of STAGES) {
    for (const { row, clue } of CLUES.get(stage) ?? []) if (holds(clue, signs)) return row;
  }
  return rowOf('UNKNOWN_FAILURE');
}

const CLUES = new Map<string, { readonly row: FindingRow; readonly clue: Clue }[]>();
for (const row of TABLE) {
  for (const clue of row.clues ?? []) {
    const stage = stageOf(clue);
    CLUES.set(stage, [...(CLUES.get(stage) ?? []), { row, clue }]);
  }
}

/** What was seen, one line each, safe to print. */
function describe(evidence: Evidence): string[] {
  const error = errorOf(evidence);
  const raw = error === undefined ? undefined : providerText(error);
  const secrets = evidence.secrets ?? [];
  const lines: string[] = [];
  if (evidence.network !== undefined) lines.push(evidence.network.message);
  if (evidence.status !== undefined && (evidence.status !== 200 || error !== undefined || evidence.body !== undefined)) {
    lines.push(`HTTP ${evidence.status}${error === undefined ? bodyStart(evidence, secrets) : `: ${error.message}`}`);
  }
  if (evidence.detail !== undefined) lines.push(evidence.detail);
  if (raw !== undefined && raw !== error?.message) lines.push(`the provider said: ${raw}`);
  if (error?.requestId !== undefined) lines.push(`request id ${error.requestId}`);
  return lines.map((line) => clip(redactForeign(stripControls(line), secrets), 400));
}

function bodyStart(evidence: Evidence, secrets: readonly string[]): string {
  // Masked before it is cut: half a secret is not recognised any more.
  const body = redactForeign(evidence.body ?? '', secrets)
    .slice(0, 400)
    .trim();
  if (body === '') return ' with an empty body';
  const title = /<title>([^<]{1,100})/i.exec(body)?.[1];
  if (title !== undefined) return `, a web page: ${title.trim()}`;
  return `, body begins: ${body.slice(0, 120)}`;
}
