import type { Style } from '../text/style.ts';
import { wrap } from '../text/wrap.ts';

/** Something `doctor` or `test` found. Plain data: the same value is printed, put into `--json` and asserted in tests. */
export interface Finding {
  /** A row of the findings table, UPPER_SNAKE. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** The alias, variable or file that it is about. */
  readonly subject?: string;
  /** What was observed, one line each, secrets masked, control characters stripped. */
  readonly evidence: readonly string[];
  /** One sentence. */
  readonly cause: string;
  /** A command or a link if one exists. */
  readonly fix: string;
  /** True if trying again later may help. */
  readonly transient?: boolean;
  /** How Claude Code itself hides the problem, if it does. */
  readonly hidden?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One finding as text: severity and code, cause, evidence, fix. Colour never carries meaning alone. */
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
