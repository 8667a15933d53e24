import type { Finding } from '../../core/finding.ts';

/** What a list of models says where OpenRouter, which was asked for `subject`, gave no answer. The table is loaded only then. */
export async function noAnswer(failure: unknown, subject: string): Promise<readonly Finding[]> {
  if (failure === undefined) return [];
  const { warnOf } = await import('../../diagnose/match.ts');
  return warnOf(failure, subject);
}
