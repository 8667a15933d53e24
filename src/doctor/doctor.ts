import type { Context } from '../core/context.ts';
import { describeIdleFiles } from '../core/own-folder.ts';
import type { Finding } from '../core/finding.ts';
import type { FixRequest } from './check.ts';
import { findingOf } from '../diagnose/build.ts';
import { observe } from './observe.ts';
import { readMachine } from './read-machine.ts';
import { type Checked, runChecks } from './checks/index.ts';
import { renderDoctor, sortFindings } from './view.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import type { Outcome } from '../core/outcome.ts';

export interface DoctorOptions {
  /** Leave out what needs OpenRouter. */
  readonly offline: boolean;
  /** Also show what is fine, and the notes. */
  readonly all: boolean;
  /** Why OpenRouter is not asked although it could be: the key belongs elsewhere. */
  readonly withheld?: Finding;
  /** What OpenRouter says; not called when offline. Must not throw for a network that fails. */
  readonly online?: () => { readonly account: Promise<readonly Checked[]>; readonly catalog: Promise<Catalog> };
}

/** What a caller with the planner needs besides the outcome. */
export interface Doctored {
  readonly outcome: Outcome;
  readonly fixes: readonly FixRequest[];
}

/**
 * Reports all that is wrong with the setup of this machine and folder: first what can be known without a call, then what OpenRouter says.
 * Changes nothing: fixes are data for the planner, and there are none if config.json or orcc's records are broken. Exit `problems` if a
 * finding is an error, `nothing` if neither orcc nor anyone else set Claude Code up.
 */
export async function runDoctor(ctx: Context, options: DoctorOptions): Promise<Doctored> {
  const machine = readMachine(ctx);
  const online = options.offline ? undefined : options.online?.();
  const [observed, account] = await Promise.all([observe(ctx, machine, { live: online?.catalog }), online?.account ?? []]);
  const broken = machine.broken.map(({ message, hint = '' }) => ({ ...findingOf('CONFIG_BROKEN', {}, [message]), fix: hint }));
  const told = (finding: Finding | undefined): Checked[] =>
    finding === undefined ? [] : [{ code: finding.code, fine: '', findings: [finding], fixes: [] }];
  const found = [...runChecks(observed), ...told(options.withheld), ...account];
  const checked = [...broken.flatMap(told), ...(broken.length === 0 ? found : found.map(afterConfig))];
  const findings = sortFindings(checked.flatMap((each) => each.findings));
  const fixes = checked.flatMap((each) => each.fixes);
  const isWrong = findings.some(({ severity }) => severity === 'error');
  const configured = machine.config !== undefined || broken.length > 0;
  const idle = configured ? undefined : describeIdleFiles(ctx);
  const isIdle = !configured && observed.views.every(({ mapping }) => mapping.baseUrl === undefined);
  return {
    fixes,
    outcome: {
      exit: isWrong ? 'problems' : isIdle ? 'nothing' : 'ok',
      data: {
        offline: online === undefined,
        claude: observed.claude,
        checks: checked.map(({ code, findings: these }) => ({ code, ok: these.length === 0 })),
        fixable: [...new Set(fixes.map(({ code }) => code))],
      },
      findings,
      text: (style) => renderDoctor(checked, { all: options.all, home: ctx.home, configured, idle }, style),
    },
  };
}

/** Without its configuration orcc does not know what is its own, and its commands change nothing, so their fixes come after that one. */
function afterConfig(checked: Checked): Checked {
  const findings = checked.findings.map((finding) =>
    finding.fix.includes('`orcc ') ? { ...finding, fix: `first fix CONFIG_BROKEN, then: ${finding.fix}` } : finding,
  );
  return { ...checked, findings, fixes: [] };
}
