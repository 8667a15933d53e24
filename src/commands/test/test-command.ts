import * as z from 'zod/mini';
import { ALIAS_IDS, type AliasId } from '../../claude/aliases.ts';
import { effortInEffect, inEffect, modelsInEffect } from '../../claude/layers.ts';
import { BASE_URL, EXTRA_BODY, isSecretVariable, OUR_VARIABLES } from '../../claude/variables.ts';
import type { InEffect } from '../../change/in-effect.ts';
import type { Context } from '../../core/context.ts';
import { OrccError, unknownWord } from '../../core/errors.ts';
import { flag, parseIntent, seconds, text, wholeNumber } from '../../core/intent.ts';
import { readCachedCatalog } from '../../openrouter/catalog.ts';
import type { Outcome } from '../../core/outcome.ts';
import { admitSource, requireApiSource } from '../../change/api-source.ts';
import { checkReport, writeReport } from '../report-file.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import type { AliasModel } from '../../probe/run.ts';
import { runTest } from '../../probe/test.ts';
import { tryJsonObject } from '../../text/json.ts';

const schema = z.object({
  aliases: z.array(z.string()),
  quick: flag,
  fallback: flag,
  timeout: seconds(3600),
  repeat: wholeNumber(1, 100),
  via: z.exactOptional(z.enum(['claude'], 'only `claude` is supported')),
  junit: text,
  to: toFlag,
  verbose: flag,
  dryRun: flag,
  json: flag,
});

/** `orcc test [alias...]`: tests the aliases in effect here, as the layers set them. Throws exit 2 for an alias without a model. */
export async function runTestCommand(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const wanted = intent.aliases.map(parseAlias);
  const source = await requireApiSource(ctx);
  const { machine, now, destination } = source;
  const mapped = now.mapping.aliases.flatMap(({ alias, model }) => (model === undefined ? [] : [{ alias, model }]));
  const aliases = intent.fallback
    ? findFallbacks(now, wanted)
    : mapped.filter(({ alias }) => wanted.length === 0 || wanted.includes(alias));
  const unset = intent.fallback ? undefined : wanted.find((alias) => aliases.every((each) => each.alias !== alias));
  if (unset !== undefined) {
    throw new OrccError('usage', `Alias \`${unset}\` has no model here`, {
      code: 'ALIAS_UNMAPPED',
      hint: `\`orcc switch ${unset}=MODEL\` gives it one`,
    });
  }
  if (intent.junit !== undefined) checkReport(ctx, intent.junit);
  const endpoint = intent.dryRun ? { baseUrl: destination.baseUrl } : await admitSource(ctx, source, intent.to);
  const outcome = await runTest(ctx, {
    endpoint,
    aliases,
    maxTokens: now.maxTokens,
    toolSearch: now.toolSearch,
    extraBody: tryJsonObject(inEffect(now.layers, EXTRA_BODY, now.view)?.value ?? ''),
    effortOf: (model) => effortInEffect(now.layers, model, now.view)?.value,
    variables: variablesInEffect(now),
    catalog: readCachedCatalog(ctx, {
      folder: machine.own.folder,
      endpoint: { baseUrl: endpoint.baseUrl },
      bases: machine.config?.limits.bases,
    }),
    quick: intent.quick,
    dryRun: intent.dryRun,
    json: intent.json,
    detail: intent.verbose ? 'verbose' : 'usual',
    repeat: intent.repeat,
    timeoutMs: intent.timeout,
    via: intent.via,
  });
  if (intent.junit !== undefined && outcome.junit !== undefined) writeReport(ctx, intent.junit, outcome.junit);
  return outcome;
}

/** The fallback models in effect here, in their order. Throws exit 2 if an alias is named too, exit 3 if there are none. */
function findFallbacks({ layers, mapping }: InEffect, aliases: readonly AliasId[]): readonly AliasModel[] {
  if (aliases.length > 0)
    throw new OrccError('usage', "`--fallback` tests the fallback models, and can't be combined with an alias", {
      hint: '`orcc test` tests the aliases',
    });
  const named = modelsInEffect(layers, 'fallback')?.models ?? [];
  const models = named.map((word) => mapping.aliases.find(({ alias }) => alias === word)?.model ?? word);
  if (models.length === 0)
    throw new OrccError('nothing', 'No fallback model is set here', { hint: '`orcc switch --fallback ID` names up to 3' });
  return models.map((model, index) => ({ alias: index === 0 ? 'fallback' : `fallback ${index + 1}`, model }));
}

/** All variables that orcc writes, as in effect, except URL and credentials, which the test sets itself. */
function variablesInEffect({ layers, view }: InEffect): Readonly<Record<string, string>> {
  const names = OUR_VARIABLES.filter((name) => name !== BASE_URL && !isSecretVariable(name));
  const values = names.map((name) => [name, inEffect(layers, name, view)?.value] as const);
  return Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function parseAlias(word: string): AliasId {
  const found = ALIAS_IDS.find((alias) => alias === word);
  if (found === undefined) throw unknownWord('alias', word, ALIAS_IDS);
  return found;
}
