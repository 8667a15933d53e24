import type { Compared, LiveResult } from './live.ts';
import { scrub } from './scrub.ts';

/** The proof as Markdown, ready to be attached to an issue: no key, no ids, no names of the account. */
export function writeReport(result: LiveResult, about: { readonly day: string; readonly version: string }): string {
  const { compared, probe, spent, secrets } = result;
  const safe = (text: string): string => scrub(text, secrets).replaceAll('|', '\\|');
  const count = (outcome: Compared['outcome']): number => compared.filter((each) => each.outcome === outcome).length;
  const lines = [
    `# orcc ${about.version} against OpenRouter, ${about.day}`,
    '',
    `${compared.length} calls: ${count('same')} as the simulator says, ${count('differs')} not, ${count('busy')} busy, ${count('skipped')} skipped, ${count('no answer')} without an answer. Spent: $${spent.toFixed(6)}.`,
    ...(probe === undefined
      ? []
      : [
          '',
          `orcc's probe of ${probe.model}: ${probe.verdict}, finding ${probe.finding}, repairs: ${probe.repairs.join(', ') || 'none'}.`,
        ]),
    '',
    '| call | status | finding | outcome |',
    '|---|---|---|---|',
    ...compared.map(({ id, real, outcome }) => `| ${id} | ${real?.status ?? ''} | ${real?.finding ?? ''} | ${outcome} |`),
    ...compared.flatMap((each) => detail(each, safe)),
    '',
  ];
  return lines.join('\n');
}

function detail({ id, differences, added, real, simulated, outcome }: Compared, safe: (text: string) => string): readonly string[] {
  const words = real?.message === undefined || real.message === simulated?.message ? [] : [`its words: ${safe(real.message)}`];
  const more = added.length === 0 ? [] : [`members that the simulator does not have: ${added.map(safe).join(', ')}`];
  const lines = [...differences.map(safe), ...words, ...more];
  return lines.length === 0 ? [] : ['', `## ${id} (${outcome})`, '', ...lines.map((line) => `- ${line}`)];
}
