import type { DoctorReport } from './report.ts';

/** The report as Markdown, to be read and pasted into an issue. */
export function reportText(report: DoctorReport, at: Date): string {
  const parts = [
    '# Report of `orcc doctor`',
    `${at.toISOString()}. Read it before you share it: it contains no keys and nothing a model wrote, but it does name models, files and servers.`,
    '## Versions',
    table(
      ['what', 'version'],
      Object.entries(report.versions).map(([what, version]) => [what, version ?? 'not found']),
    ),
    '## Findings',
    findingsText(report.findings),
    '## Layers',
    layersText(report.layers),
    '## Last test',
    lastTestText(report.lastTest),
    '## Timings',
    table(
      ['what', 'ms'],
      Object.entries(report.timings).map(([what, ms]) => [what, String(ms)]),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function findingsText(findings: DoctorReport['findings']): string {
  if (findings.length === 0) return 'None.';
  return findings
    .map(({ code, severity, cause, evidence }) =>
      [`- **${code}** (${severity}): ${line(cause)}`, ...evidence.map((each) => `  - ${line(each)}`)].join('\n'),
    )
    .join('\n');
}

function layersText(layers: DoctorReport['layers']): string {
  if (layers === null) return "Not known: one of orcc's own files is broken (see the findings).";
  const { connected, baseUrl, key, aliases, default: start, targets, variables, startup, problems } = layers;
  return [
    `${connected ? 'Set up' : 'Not connected'}. Base URL: ${baseUrl === null ? 'none' : `${baseUrl.value} (${baseUrl.from ?? ''})`}. Key: ${key === null ? 'none' : `storage ${key.storage ?? 'not managed by orcc'} (${key.from ?? ''})`}. Starts with: ${start.model} (${start.named}).`,
    table(
      ['alias', 'model', 'set by'],
      aliases.map(({ alias, model, from }) => [alias, model ?? '', from ?? '']),
    ),
    table(
      ['written to', 'file', 'state'],
      targets.map(({ id, path, state }) => [id, path, state]),
    ),
    table(
      ['variable', 'value', 'set by', 'beats', 'certainty'],
      variables.map(({ name, value, from, beats, certainty }) => [name, value, from, beats.join('; '), certainty]),
    ),
    ...startup.may.map(
      ({ name, from, conditions }) => `- ${name} may be set by ${from}, if ${conditions.map(({ text }) => text).join(' and ')}`,
    ),
    ...startup.notKnown.map(({ text, from }) => `- not known from the files alone: ${text} (${from})`),
    ...problems.map((problem) => `- ${line(problem)}`),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function lastTestText(test: DoctorReport['lastTest']): string {
  if (test === null) return 'None.';
  const rows = test.aliases.map(({ alias, model, verdict, code, provider, totalMs }) => [
    alias,
    model,
    verdict,
    code ?? '',
    provider ?? '',
    String(totalMs),
  ]);
  return `${test.at}\n\n${table(['alias', 'model', 'result', 'finding', 'provider', 'ms'], rows)}`;
}

/** A Markdown table; empty without rows. */
function table(titles: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  if (rows.length === 0) return '';
  const row = (cells: readonly string[]): string => `| ${cells.map((cell) => line(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(titles), `|${'---|'.repeat(titles.length)}`, ...rows.map(row)].join('\n');
}

/** The text on one line, with `<` escaped so that nothing starts a tag or a comment. */
function line(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replaceAll('<', '&lt;');
}
