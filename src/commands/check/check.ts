import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { findingOf } from '../../diagnose/build.ts';
import { OrccError } from '../../core/errors.ts';
import { flag, parseIntent } from '../../core/intent.ts';
import { readInEffect } from '../../change/in-effect.ts';
import { observeMachine } from '../../change/machine.ts';
import type { Outcome } from '../../core/outcome.ts';
import { renderTable } from '../../text/table.ts';
import { stripControls, shortPath } from '../../text/text.ts';
import { SHELL_TARGETS } from '../../targets/types.ts';
import { compareWithTeam } from '../team/compare.ts';
import { findBarred } from './allowed.ts';
import { fixDifferences } from '../team/fix-differences.ts';
import { findTeam } from '../../config/find-team.ts';

const schema = z.object({ offline: flag, json: flag });

/**
 * Compares what Claude Code, started here, would use with the committed orcc.json, from files and this process's environment; then
 * asks OpenRouter whether the key's account allows its models, unless `--offline`. The exit code tells of the comparison alone.
 */
export async function runCheck(ctx: Context, input: unknown): Promise<Outcome> {
  const { offline } = parseIntent(schema, input);
  const team = findTeam(ctx);
  if (team === undefined) {
    throw new OrccError('nothing', 'No `orcc.json` in this folder or above it in this repository', {
      hint: '`orcc export --team > orcc.json` creates one from the current mapping',
    });
  }
  const machine = await observeMachine(ctx, SHELL_TARGETS);
  const differences = compareWithTeam(team.file, await readInEffect(ctx, machine), ctx.home);
  const file = shortPath(team.path, ctx.home);
  const ok = differences.length === 0;
  const told = findingOf(
    'TEAM_DIFFERS',
    { file, count: differences.length },
    differences.map(
      (each) =>
        `${each.what}: ${each.wanted} is asked for, ${each.found ?? 'nothing'} is in effect${each.from === null ? '' : ` (${each.from})`}`,
    ),
  );
  const { barred, remark } =
    offline || team.file.mapping === undefined ? { barred: null, remark: undefined } : await findBarred(ctx, team.file.mapping);
  const findings = [...(ok ? [] : [{ ...told, fix: fixDifferences(differences, machine, ctx.home) }]), ...(barred ?? [])];
  return {
    exit: ok ? 'ok' : 'problems',
    data: {
      file,
      mapping: team.file.mapping ?? null,
      defaultAlias: team.file.defaultAlias ?? null,
      extras: team.file.extras ?? null,
      differences: differences.map(({ placed: _, ...each }) => each),
      notAllowed: barred?.map(({ data }) => data?.['model']) ?? null,
    },
    findings,
    text: (style) => {
      if (ok)
        return `${style.green('✓')} ${team.file.mapping === undefined && team.file.extras === undefined ? `${file} asks for nothing` : `Claude Code started here uses what ${file} asks for`}`;
      const rows = differences.map(({ what, wanted, found, from }) => [
        what,
        ...[wanted, found ?? 'nothing'].map(stripControls),
        from ?? '',
      ]);
      return `${style.red('✗')} ${file} asks for something else\n\n${renderTable(['', 'asked for', 'in effect', 'set by'], rows, style)}`;
    },
    remarks: (style) =>
      [
        ...(barred ?? []).map(({ subject, cause }) => `${style.yellow('warning:')} ${subject}: ${cause}`),
        ...(remark === undefined ? [] : [`${style.yellow('warning:')} ${remark}`]),
        ...findings.map((finding) => `${style.cyan('fix:')} ${finding.fix}`),
      ].join('\n'),
  };
}
