import { inEffect, readLayers } from '../../claude/layers.ts';
import { mappedModels } from '../../claude/aliases.ts';
import { judgeChange } from '../../claude/request-changes.ts';
import { EXTRA_BODY } from '../../claude/variables.ts';
import { visibleFiles } from '../../change/visible-edits.ts';
import { describeReload } from '../../change/reload.ts';
import { describeWritten, viewChange } from '../../change/view-change.ts';
import { checkRules, type RuledModel } from '../../change/check-rules.ts';
import { readFolderMapping } from '../../change/folder-mapping.ts';
import { extrasOf, mappingOf, type Config } from '../../config/config.ts';
import { joinExtras } from '../../config/extras.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { readFolderExtras } from '../../change/folder-extras.ts';
import { observeMachine, requireConfig, type Machine } from '../../change/machine.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { Outcome } from '../../core/outcome.ts';
import { sayOf, type Say } from '../../core/say.ts';
import { describeRules, missingRules, type Routing } from '../../openrouter/routing.ts';
import { changeExtrasOf, checkTarget, findPlace } from '../switch/switch.ts';
import { parseRouteIntent, type RouteIntent } from './intent.ts';
import { renderRules, renderRuled, viewRuled } from './view.ts';
import { FOLDER_TARGETS } from '../../targets/types.ts';

/** `orcc route`: shows the routing rules, or changes them in every place that carries the setup. */
export async function runRoute(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseRouteIntent(input);
  const say = await sayOf(ctx, intent);
  checkTarget(intent);
  return intent.change === undefined ? showRules(ctx, intent, say) : changeRules(ctx, intent, intent.change, say);
}

/** Shows the rules that orcc has recorded, and with `--check` the providers that they allow. Writes nothing. */
async function showRules(ctx: Context, intent: RouteIntent, say: Say): Promise<Outcome> {
  const machine = await observeMachine(ctx, FOLDER_TARGETS);
  const config = requireConfig(machine);
  const [everywhere, here] = [extrasOf(config).routing ?? {}, rulesHere(machine, config)];
  const rules = intent.here ? here : everywhere;
  const isOther = !intent.here && missingRules(here, everywhere).length > 0;
  const models = intent.check ? await checkedModels(ctx, intent, machine, config, rules, say) : undefined;
  const isEmpty = models?.some(({ endpoints }) => endpoints?.every(({ barredBy }) => barredBy.length > 0) === true) === true;
  const isUnasked = models !== undefined && models.length > 0 && models.every(({ endpoints }) => endpoints === null);
  return {
    exit: isEmpty ? 'problems' : isUnasked ? 'network' : 'ok',
    data: {
      rules,
      from: { machine: config.extras?.routing ?? null, profile: config.profileExtras?.routing ?? null },
      native: config.native,
      ...(models === undefined ? {} : { models: models.map(viewRuled) }),
    },
    findings: [],
    text: (style) => [renderRules(rules, config, style), ...(models ?? []).map((each) => renderRuled(each, style))].join('\n\n'),
    remarks: () =>
      [
        ...(isOther ? [`This folder's settings have other rules: ${describeRules(here) ?? ''} (\`orcc route --here\`)`] : []),
        ...(models === undefined ? ['`orcc route --check` shows which providers are left'] : []),
      ].join('\n'),
  };
}

function rulesHere(machine: Machine, config: Config): Routing {
  return joinExtras(extrasOf(config), readFolderExtras(machine, config)).routing ?? {};
}

async function checkedModels(
  ctx: Context,
  { here, offline }: RouteIntent,
  machine: Machine,
  config: Config,
  rules: Routing,
  say: Say,
): Promise<readonly RuledModel[]> {
  if (offline) throw new OrccError('usage', '`--check` asks OpenRouter for the providers of each model', { hint: 'Leave out `--offline`' });
  const mapping = here ? readFolderMapping(machine, mappingOf(config)) : mappingOf(config);
  const { models, remarks } = await checkRules(ctx, { baseUrl: config.baseUrl }, mapping, rules, { force: true });
  for (const remark of remarks) say.warn(remark);
  return models;
}

/**
 * A warning if the user's own request JSON, to which orcc adds its rules, holds a `model`: every alias then goes to that one, with
 * or without rules.
 */
function requestsElsewhere(ctx: Context, config: Config): string | undefined {
  const body = inEffect(readLayers(ctx), EXTRA_BODY, 'process');
  const models = mappedModels(mappingOf(config)).map(({ model }) => model);
  const change = body === undefined ? undefined : judgeChange(EXTRA_BODY, body.value, models);
  return change?.severity === 'error' ? `${EXTRA_BODY} ${change.reason}: the rules apply to that model alone` : undefined;
}

async function changeRules(ctx: Context, intent: RouteIntent, routing: NonNullable<RouteIntent['change']>, say: Say): Promise<Outcome> {
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const { machine, place, config } = await findPlace(ctx, intent, say);
  const elsewhere = requestsElsewhere(ctx, config);
  if (elsewhere !== undefined) say.warn(elsewhere);
  const about = { command: 'route', question: 'Write these rules?' };
  const { done } = await changeExtrasOf(ctx, { ...intent, extras: { routing } }, { machine, place }, say, about);
  const rules = extrasOf(done.decision.extras).routing ?? {};
  const data = { rules, files: visibleFiles(done.planned, ctx.home), here: intent.here, native: config.native };
  const said = (): string =>
    done.kind === 'unchanged'
      ? 'Nothing to change: those are already the rules'
      : [
          ...describeWritten(done.planned, ctx.home),
          ...describeReload(ctx, done.planned.plan.edits, machine),
          config.native
            ? 'Claude Code currently uses Anthropic (`--native`); `orcc switch --back` restores the mapping with these rules'
            : 'Running sessions keep the old rules until restarted',
        ].join('\n');
  return viewChange(done, data, said, (style) => renderRules(rules, undefined, style));
}
