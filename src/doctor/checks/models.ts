import { EXPIRY_DAYS } from '../../openrouter/suitability.ts';
import { DAY_MS } from '../../text/day.ts';
import { aliasOf, servesSessions, type AliasId } from '../../claude/aliases.ts';
import { believe, type Belief } from '../../claude/believed-window.ts';
import { knowsModel } from '../../claude/known-models.ts';
import { MAX_CONTEXT, MAX_OUTPUT } from '../../claude/variables.ts';
import { maps } from '../../claude/resolve-model.ts';
import { heedsWindows, WINDOWS_FROM } from '../../claude/version.ts';
import { findingOf } from '../../diagnose/build.ts';
import { type Placement, inEffect } from '../../claude/layers.ts';
import { type Check, describePlace, hasBaseUrl, inForeign, type Fix, placeArgs, type Result } from '../check.ts';
import type { Observed, View } from '../observed.ts';

/** An alias for which Claude Code would ask for its own bare id. */
export const aliasUnmapped: Check = {
  code: 'ALIAS_UNMAPPED',
  fine: 'every alias has a model',
  applies: hasBaseUrl,
  run: (observed) =>
    inForeign(observed, ({ name, mapping }) =>
      mapping.aliases.flatMap(({ alias, model, source }) => {
        if (!aliasOf(alias).selectable || source !== undefined) return [];
        // Older versions cannot map it at all; the version's own finding says so.
        if (!maps(observed.claude.version, alias)) return [];
        const evidence = `Claude Code would ask for \`${model ?? ''}\` (${name})`;
        const finding = findingOf('ALIAS_UNMAPPED', { alias, baseUrl: mapping.baseUrl?.value }, [evidence], alias);
        return [{ finding, fixes: rewrite(observed) }];
      }),
    ),
};

/** A model whose window Claude Code would fill past its end. */
export const contextMismatch: Check = {
  code: 'CONTEXT_MISMATCH',
  fine: "Claude Code compacts before any mapped model's window is full",
  applies: hasBaseUrl,
  run: (observed) =>
    inForeign(observed, (view) => [...misreadNumbers(observed, view), ...modelsOf(view).flatMap((use) => windowOf(observed, view, use))]),
};

/** A request for more output than a model can give. */
export const maxOutputTooBig: Check = {
  code: 'MAX_OUTPUT_TOO_BIG',
  fine: 'the models can give as much output as is requested',
  applies: hasBaseUrl,
  run: (observed) =>
    eachModel(observed, ({ model, alias }, view) => {
      const cap = observed.models(model)?.maxOutput;
      const { maxOutput } = beliefOf(observed, view, model, false);
      if (cap === undefined || cap === null || cap <= 0 || maxOutput <= cap) return [];
      const evidence = `Claude Code asks \`${model}\` for ${maxOutput} tokens (${view.name})`;
      const finding = findingOf('MAX_OUTPUT_TOO_BIG', { model, alias, maxTokens: maxOutput, cap }, [evidence], alias);
      return [{ finding, fixes: rewrite(observed) }];
    }),
};

/** Models that are about to go, or are gone. */
export const modelExpiring: Check = {
  code: 'MODEL_EXPIRING',
  fine: 'no mapped model is about to be retired',
  applies: hasBaseUrl,
  run: (observed) =>
    eachModel(observed, ({ model, alias, source }) => {
      const expires = observed.models(model)?.expires;
      const days = expires === undefined ? Number.NaN : (Date.parse(expires) - observed.now) / DAY_MS;
      if (expires === undefined || !(days <= EXPIRY_DAYS)) return [];
      const said = days < 0 ? `the catalog says it was retired on ${expires}` : `the catalog gives ${expires} as its last day`;
      const evidence = [`${describePlace(source)} maps ${alias} to it`, said];
      const nearest = observed.catalog?.nearest(model, 4).filter((id) => id !== model);
      const code = days < 0 ? 'MODEL_RETIRED' : 'MODEL_EXPIRING';
      return [{ finding: findingOf(code, { model, alias, date: expires, nearest }, evidence, alias) }];
    }),
};

/** A model that sessions and subagents use; `counts`: it serves whole conversations. */
interface Use {
  readonly model: string;
  readonly alias: AliasId;
  readonly source: Placement;
  counts: boolean;
}

/** What `find` returns for each model whose requests go elsewhere than to Anthropic, each result once. */
export function eachModel(observed: Observed, find: (use: Use, view: View) => readonly Result[]): readonly Result[] {
  return inForeign(observed, (view) => modelsOf(view).flatMap((use) => find(use, view)));
}

/** The distinct models of a view. */
export function modelsOf({ mapping }: View): readonly Use[] {
  const found = new Map<string, Use>();
  for (const { alias, model, source } of mapping.aliases) {
    if (model === undefined || source === undefined) continue;
    const counts = servesSessions(alias, mapping.default.alias);
    const before = found.get(model);
    if (before === undefined) found.set(model, { model, alias, source, counts });
    else before.counts ||= counts;
  }
  return [...found.values()];
}

function beliefOf(
  { layers, claude: { version } }: Pick<Observed, 'layers' | 'claude'>,
  { from }: View,
  model: string,
  million: boolean,
): ReturnType<typeof believe> {
  const settings = layers.settings.map(({ members }) => members.windows.get(model)?.value).find((value) => value !== undefined);
  return believe({ model, million, variable: (name) => inEffect(layers, name, from)?.value, setting: settings, version });
}

function windowOf(observed: Observed, view: View, { model, alias, counts }: Use): readonly Result[] {
  const window = observed.models(model)?.window;
  if (window === undefined || window === null || window <= 0) return [];
  const { mapping } = view;
  const million = mapping.default.million && mapping.default.model === model;
  const belief = beliefOf(observed, view, model, million);
  if (!isLate(belief, window)) return [];
  const { version } = observed.claude;
  const newer = beliefOf({ ...observed, claude: { ...observed.claude, version: WINDOWS_FROM } }, view, model, million);
  const isOld = version !== undefined && !heedsWindows(version) && !isLate(newer, window);
  const why = million && knowsModel(model) === undefined ? `, as \`${mapping.default.named}\`` : '';
  const evidence =
    belief.compactsAt === undefined
      ? `Claude Code assumes a window of ${belief.window} tokens${why} and never compacts it (${view.name})`
      : `Claude Code assumes a window of ${belief.window} tokens, compacts at ${belief.compactsAt} and then asks for ${belief.maxOutput} more (${view.name})`;
  const finding = findingOf('CONTEXT_MISMATCH', { model, alias, window, version: isOld ? version : undefined }, [evidence], alias);
  if (!counts) return [{ finding: { ...finding, severity: 'info', fix: HELPER_FIX } }];
  return [{ finding, fixes: isOld ? [] : rewrite(observed) }];
}

/** Short calls never fill a window, and one limit for all models would restrict the others. */
const HELPER_FIX =
  'it serves short helper calls, so this matters only if you use it for a whole session: `orcc init --target user` sets its own window, or map a model with a larger one';

function isLate(belief: Belief, window: number): boolean {
  return belief.compactsAt === undefined ? belief.window > window : belief.compactsAt + belief.maxOutput > window;
}

/** `128k` is read as 128 (measured). */
function misreadNumbers(observed: Observed, { from }: View): readonly Result[] {
  return [MAX_CONTEXT, MAX_OUTPUT].flatMap((name) => {
    const found = inEffect(observed.layers, name, from);
    if (found === undefined || /^\s*\d+\s*$/.test(found.value)) return [];
    const read = Number.parseInt(found.value, 10);
    const evidence = `${describePlace(found)} sets ${name} to \`${found.value}\`, which Claude Code ${Number.isFinite(read) ? `reads as ${read}` : 'ignores'}`;
    const finding = findingOf('CONTEXT_MISMATCH', { variable: name, value: found.value, ...placeArgs(found) }, [evidence], name);
    return [{ finding: { ...finding, cause: `\`${name}\` must be digits only` }, fixes: rewrite(observed) }];
  });
}

/** Limits are fixed by writing orcc's own again; without a setup of orcc there is nothing to write. */
function rewrite({ configured }: Observed): Fix[] {
  return configured === undefined ? [] : [{ kind: 'rewrite' }];
}
