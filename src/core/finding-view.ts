import type { Finding } from './finding.ts';
import type { Style } from '../text/style.ts';
import { wrap } from '../text/wrap.ts';

/** One finding as people read it: mark and code, cause, evidence, fix. Colour never carries meaning alone. */
export function renderFinding(finding: Finding, style: Style): string {
  const mark =
    finding.severity === 'error' ? style.red('error') : finding.severity === 'warning' ? style.yellow('warning') : style.cyan('note');
  const subject = finding.subject === undefined ? '' : ` ${finding.subject}`;
  const lines = [wrap(`${mark} ${style.bold(finding.code)}${subject}: ${finding.cause}`, style.width, '  ')];
  for (const each of finding.evidence) lines.push(wrap(`  ${style.dim('seen:')} ${each}`, style.width, '        '));
  if (finding.fix !== '') lines.push(wrap(`  ${style.dim('fix:')}  ${finding.fix}`, style.width, '        '));
  if (finding.hidden !== undefined) {
    lines.push(wrap(`  ${style.dim('in Claude Code:')} ${finding.hidden}`, style.width, '        '));
  }
  return lines.join('\n');
}

/** Several findings, one below the other. */
export function renderFindings(findings: readonly Finding[], style: Style): string {
  return findings.map((finding) => renderFinding(finding, style)).join('\n');
}
