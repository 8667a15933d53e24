import { type Finding, renderFinding } from '../core/finding.ts';
import type { Style } from '../text/style.ts';
import type { Checked } from './checks/index.ts';

const RANK = { error: 0, warning: 1, info: 2 } as const;

/** The report for people, worst findings first; with `all` also the notes, and a line for each check that is fine. */
export function renderDoctor(
  checked: readonly Checked[],
  options: { readonly all: boolean; readonly home: string; readonly configured: boolean; readonly idle?: string | undefined },
  style: Style,
): string {
  const findings = sortFindings(checked.flatMap((each) => each.findings)).filter(({ severity }) => options.all || severity !== 'info');
  const fine = checked.flatMap(({ findings: found, fine: says }) =>
    options.all && found.length === 0 && says !== undefined ? [`${style.green('ok')} ${says}`] : [],
  );
  return [
    ...findings.map((finding) => renderFinding(shorten(finding, options.home), style)),
    ...fine,
    summarise(checked, options, style),
    ...(options.idle === undefined ? [] : [options.idle]),
  ].join('\n');
}

/** Worst first, otherwise in the order of the checks. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((one, other) => RANK[one.severity] - RANK[other.severity]);
}

function summarise(
  checked: readonly Checked[],
  { all, configured }: { readonly all: boolean; readonly configured: boolean },
  style: Style,
): string {
  const findings = checked.flatMap((each) => each.findings);
  const count = (severity: Finding['severity']): number => findings.filter((each) => each.severity === severity).length;
  const [errors, warnings, notes] = [count('error'), count('warning'), count('info')];
  const hidden = notes > 0 && !all ? `; ${plural(notes, 'more note')} with \`--all\`` : '';
  const idle = configured ? '' : '; orcc is not set up here: run `orcc init`';
  const checks = plural(checked.length, 'check');
  if (errors + warnings === 0) return `${style.green('ok')} nothing is wrong (${checks})${hidden}${idle}`;
  const counts = [...(errors === 0 ? [] : [plural(errors, 'error')]), ...(warnings === 0 ? [] : [plural(warnings, 'warning')])];
  return `${counts.join(' and ')} in ${checks}${hidden}${idle}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Writes `~` for the home folder, which only the view for people does. */
export function shorten(finding: Finding, home: string): Finding {
  const short = (text: string): string =>
    home.length < 2 ? text : text.replaceAll(`'${home}/`, "~/'").replaceAll(`${home}/`, '~/').replaceAll(`${home}\\`, '~\\');
  return {
    ...finding,
    ...(finding.subject === undefined ? {} : { subject: short(finding.subject) }),
    evidence: finding.evidence.map(short),
    cause: short(finding.cause),
    fix: short(finding.fix),
  };
}
