import { severityOf, type FindingRow } from '../../src/diagnose/row.ts';
import { TOPICS } from '../../src/diagnose/table.ts';

/** Renders the page `docs/findings.md` from the table; a test keeps the file in step. */
export function renderFindingsDoc(): string {
  const parts = [
    '# Findings',
    '',
    'What `orcc test` and `orcc doctor` can find, and what stops a command: how each is recognised, its cause and its fix. `orcc explain CODE` prints one row.',
    'This page is generated from the table in `src/diagnose/` by `npm run docs`; do not edit it by hand.',
    '',
    'A failed call is judged by its strongest evidence: the network or the stream, a web page, the availability code,',
    'the limit source, the routing step, the error type, the text, the status.',
    '',
  ];
  for (const topic of TOPICS) {
    parts.push(`## ${topic.title}`, '');
    for (const row of topic.rows) parts.push(...renderRow(row));
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

function renderRow(row: FindingRow): string[] {
  const marks = [severityOf(row), ...(row.transient === true ? ['may be temporary'] : [])].join(', ');
  return [
    `### ${row.code}`,
    '',
    `${row.title} (${marks})`,
    '',
    `- Recognised by: ${row.recognised}`,
    `- Cause: ${row.cause({})}`,
    `- Fix: ${row.fix({})}`,
    ...(row.hidden === undefined ? [] : [`- In Claude Code: ${row.hidden}`]),
    '',
  ];
}
