import { join } from 'node:path';
import * as z from 'zod/mini';
import { isBroken } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { renderFindings } from '../../core/finding.ts';
import { orccFolder } from '../../core/folder.ts';
import { flag, parseIntent, text, writingFlags } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { checkOwnFolder, checkOwnTree } from '../../core/own-folder.ts';
import { findingOf } from '../../diagnose/build.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import { runDoctor, type Doctored } from '../../doctor/doctor.ts';

const schema = z.object({
  offline: flag,
  all: flag,
  to: toFlag,
  report: text,
  fix: z.optional(z.union([z.boolean(), z.string()])),
  ...writingFlags,
});

/** `orcc doctor`: reports findings; with `--fix [CODE]` applies the safe fixes through the one planner, with preview and undo. */
export async function runDoctorCommand(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const unsafe = findUnsafe(ctx);
  if (unsafe !== undefined) return unsafe;
  if (intent.report !== undefined) await (await import('../report-file.ts')).agreeToReplace(ctx, intent.report);
  let before: string | undefined;
  // Read again after a fix, which may have changed the address and the key; consent holds for the same address only.
  const examine = async (): Promise<Doctored> => {
    if (intent.offline) return await runDoctor(ctx, { offline: true, all: intent.all });
    const { askOnline, whomToAsk } = await import('./ask-openrouter.ts');
    const asked = await whomToAsk(ctx, intent.to, before).catch((error: unknown) => {
      // It is not known then where the key belongs: doctor goes on offline and reports this as a finding.
      if (isBroken(error)) return undefined;
      throw error;
    });
    if (asked === undefined) return await runDoctor(ctx, { offline: true, all: intent.all });
    before = asked.endpoint?.baseUrl;
    return await runDoctor(ctx, { offline: false, all: intent.all, ...askOnline(ctx, asked) });
  };
  const started = ctx.clock.monotonic();
  const { outcome, fixes } = await examine();
  if (intent.report !== undefined) return await withReport(ctx, intent.report, outcome, ctx.clock.monotonic() - started);
  if (intent.fix === undefined || intent.fix === false) return outcome;
  // Without its configuration orcc can't tell what it wrote itself.
  if (outcome.findings.some(({ code }) => code === 'CONFIG_BROKEN'))
    return { ...outcome, remarks: () => 'Nothing was fixed: first fix CONFIG_BROKEN' };
  const { fixFindings } = await import('./fix.ts');
  return await fixFindings(ctx, intent, { outcome, fixes }, examine);
}

/** Writes the findings to a file for a maintainer. Returns the same outcome, with the report added to its data. */
async function withReport(ctx: Context, file: string, outcome: Outcome, doctorMs: number): Promise<Outcome> {
  const { gatherReport } = await import('./report.ts');
  const report = await gatherReport(ctx, outcome, doctorMs);
  const { reportText } = await import('./report-view.ts');
  const { writeReport } = await import('../report-file.ts');
  writeReport(ctx, file, reportText(report, new Date(ctx.clock.now())));
  return {
    ...outcome,
    data: { ...(outcome.data as object), report },
    remarks: () => `Wrote the report to ${file}: read it before you pass it on`,
  };
}

/** If someone else could have written to orcc's own folder, that is the only finding: nothing in it is read. undefined if it is safe. */
function findUnsafe(ctx: Context): Outcome | undefined {
  try {
    checkOwnFolder(ctx);
    checkOwnTree(ctx, orccFolder(ctx), join(orccFolder(ctx), 'history'));
    return undefined;
  } catch (error) {
    if (!(error instanceof OrccError) || error.code !== 'OWN_FOLDER_UNSAFE') throw error;
    const finding = { ...findingOf('OWN_FOLDER_UNSAFE', {}, [error.message]), fix: error.hint ?? '' };
    return { exit: 'problems', data: { unread: true }, findings: [finding], text: (style) => renderFindings([finding], style) };
  }
}
