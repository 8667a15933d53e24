import { resolveAliases } from '../../claude/aliases.ts';
import { visibleFiles, type Changed } from '../../change/change.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { findTeam } from '../../config/find-team.ts';
import type { Context } from '../../core/context.ts';
import type { Finding } from '../../core/finding.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createSay, type Say } from '../../core/say.ts';
import { changeKey } from '../../keys/change-key.ts';
import { keepCatalog } from '../../openrouter/catalog.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { testAliases } from '../../probe/test-aliases.ts';
import { checkHome } from '../../targets/check-home.ts';
import type { TargetId } from '../../targets/types.ts';
import { createStyle } from '../../text/style.ts';
import { decideInit, type InitDecision } from './decide.ts';
import { desireInit } from './desire.ts';
import { gatherNextSteps } from './gather-next-steps.ts';
import { parseInitIntent, type InitIntent } from './intent.ts';
import { tellCosts } from './preview.ts';
import { viewInit, viewTested } from './view.ts';

/**
 * Sets this machine up: finds, asks (or takes flags), shows, writes, tests. Nothing is written before
 * the one question is answered; Ctrl-C until then leaves every file as it was.
 */
export async function runInit(ctx: Context, input: unknown): Promise<Outcome> {
  const team = findTeam(ctx);
  const intent = parseInitIntent(input, team?.file.presets);
  checkHome(ctx);
  const say = createSay(ctx.stderr, await createStyle(ctx.stderr), intent.json);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const { decision, chosen, present, catalog, isFirst } = await decideInit(ctx, intent, team, say);
  const { key } = chosen;
  const { baseUrl, ignore, adoptFiles } = decision;
  if (ctx.interactive || intent.dryRun) say.step('Preview');
  const to = { key, storage: decision.key.storage };
  const done = await changeKey(ctx, present, to, {
    command: 'init',
    decision,
    desire: desireInit,
    machine: present.machine,
    targets: [...new Set<TargetId>([...decision.targets, 'user'])],
    extraPaths: [...(ignore === undefined ? [] : [ignore.path]), ...adoptFiles.map((each) => each.path)],
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: 'Write this?',
    provesBlocks: true,
    beforeQuestion: () => tellCosts(decision.limits, decision.mapping, catalog, intent, say),
  });
  const outcome = viewInit(ctx, done, chosen.told);
  // With nothing to change the question is all the same whether it works.
  const test = async (): Promise<Outcome | undefined> => (intent.test ? testAfter(ctx, intent, chosen.endpoint, done, say) : undefined);
  if (done.kind === 'unchanged') return viewTested(ctx, outcome, await test(), await check(ctx));
  if (done.kind !== 'applied') return outcome;
  keepCatalog(ctx, { folder: present.machine.own.folder, endpoint: { baseUrl } }, catalog);
  for (const file of visibleFiles(done.planned, ctx.home)) say.ok(`Wrote ${file}`);
  const tested = await test();
  const checked = await check(ctx);
  const freeModels = resolveAliases(decision.mapping.models).some(({ model }) => model.endsWith(':free'));
  return viewTested(
    ctx,
    outcome,
    tested,
    checked,
    await gatherNextSteps(ctx, decision.targets, done.machine, { first: isFirst, freeModels }),
  );
}

/** doctor's checks are loaded where they are needed. */
async function check(ctx: Context): Promise<readonly Finding[]> {
  const { checkWritten } = await import('../../doctor/check-written.ts');
  return checkWritten(ctx);
}

async function testAfter(
  ctx: Context,
  intent: InitIntent,
  endpoint: KeyedEndpoint,
  { decision }: Changed<InitDecision>,
  say: Say,
): Promise<Outcome> {
  say.step('Test');
  return testAliases(ctx, {
    endpoint,
    mapping: decision.mapping,
    limits: decision.limits.variables,
    aliases: [],
    quick: intent.quick,
    timeoutMs: intent.timeoutMs,
    json: intent.json,
  });
}
