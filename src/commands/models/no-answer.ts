import type { Finding } from '../../core/finding.ts';

/** The finding if OpenRouter, asked for `subject`, gave no answer; empty without a failure. Loads the table of findings only then. */
export async function noAnswer(failure: unknown, subject: string): Promise<readonly Finding[]> {
  if (failure === undefined) return [];
  const { warnOf } = await import('../../diagnose/match.ts');
  return warnOf(failure, subject);
}
