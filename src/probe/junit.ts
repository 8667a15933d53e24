import { stripControls } from '../text/text.ts';
import type { AliasReport } from './report.ts';

/**
 * A JUnit report for CI: one test case per alias; a failed one is a failure, an inconclusive one is skipped.
 *
 * @param totalMs milliseconds of the whole test
 */
export function renderJunit(aliases: readonly AliasReport[], totalMs: number): string {
  const failures = aliases.filter(({ verdict }) => verdict === 'failed').length;
  const skipped = aliases.filter(({ verdict }) => verdict === 'inconclusive').length;
  const counts = `tests="${aliases.length}" failures="${failures}" skipped="${skipped}" errors="0" time="${seconds(totalMs)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="orcc test" ${counts}>`,
    ...aliases.flatMap(renderCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function renderCase(report: AliasReport): string[] {
  const open = `    <testcase classname="orcc.test" name="${escape(`${report.alias} ${report.model}`)}" time="${seconds(report.totalMs)}"`;
  const { finding } = report;
  if (report.verdict === 'ok') return [`${open}/>`];
  const message = finding === null ? 'not finished' : `${finding.code}: ${finding.cause}`;
  const detail = finding === null ? '' : [...finding.evidence, `fix: ${finding.fix}`].join('\n');
  const inside =
    report.verdict === 'failed'
      ? `      <failure type="${escape(finding?.code ?? 'UNKNOWN_FAILURE')}" message="${escape(message)}">${escape(detail)}</failure>`
      : `      <skipped message="${escape(message)}"/>`;
  return [`${open}>`, inside, '    </testcase>'];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Escapes text for XML 1.0, which allows hardly any control character, not even escaped, and no lone surrogates. */
function escape(text: string): string {
  const safe = text
    .split('\n')
    .map(stripControls)
    .join('\n')
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\uFFFE\uFFFF]/g, '\uFFFD');
  return safe.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;');
}
