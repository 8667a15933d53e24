import type { Finding } from './finding.ts';
import type { Style } from '../text/style.ts';
import { wrap } from '../text/wrap.ts';

/** One finding as people read it: mark and code, cause, evidence, fix. Colour never carries meaning alone. */
export function renderFinding(finding: Finding, style: Style): string {
  const mark =
    finding.severity === 'error' ? style.red('error') : finding.severity === 'warning' ? style.yellow('warning') : style.cyan('note');
  const subject = finding.subject === undefined ? '' : ` ${finding.subject}`;
  const lines = [wrap(`${mark} ${style.bold(finding.code)}${subject}: ${finding.cause}`, style.width, '  ')];
  for (const each of finding.evidence) lines.push(`  ${style.dim('seen:')} ${wrap(each, style.width - 10, '        ')}`);
  if (finding.fix !== '') lines.push(`  ${style.dim('fix:')}  ${wrap(finding.fix, style.width - 10, '        ')}`);
  if (finding.hidden !== undefined) {
    lines.push(`  ${style.dim('in Claude Code:')} ${wrap(finding.hidden, style.width - 20, '        ')}`);
  }
  return lines.join('\n');
}

/** Several findings, one below the other. */
export function renderFindings(findings: readonly Finding[], style: Style): string {
  return findings.map((finding) => renderFinding(finding, style)).join('\n');
}
