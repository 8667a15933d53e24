import { aliasOf } from '../../claude/aliases.ts';
import { CHANGING_VARIABLES, judgeChange, type RequestChange } from '../../claude/request-changes.ts';
import { EXTRA_BODY, OUR_VARIABLES } from '../../claude/variables.ts';
import { placements, type Effective, type Layers, type ShellView, inEffect } from '../../claude/layers.ts';
import { ENVIRONMENT_WINS, NO_PROXY_VARIABLES, PROXY_VARIABLES } from '../../claude/watched.ts';
import { findingOf } from '../../diagnose/build.ts';
import type { FindingArgs } from '../../diagnose/row.ts';
import { isLoopback } from '../../core/hosts.ts';
import { ASK_ADMINISTRATOR, type Check, describePlace, hasBaseUrl, inForeign, placeArgs, type Result } from '../check.ts';
import type { Observed } from '../observed.ts';
import { isFolderTarget } from '../../targets/types.ts';

/** A variable that orcc never writes, or did not write here, and that changes requests. */
export const requestChanged: Check = {
  code: 'REQUEST_CHANGED',
  fine: 'nothing but the mapping changes the requests',
  applies: hasBaseUrl,
  run: (observed) =>
    inForeign(observed, ({ from, mapping }) =>
      CHANGING_VARIABLES.flatMap((name) => {
        const placed = countingValue(observed.layers, name, from);
        if (placed === undefined || isSaidElsewhere(observed, name, placed)) return [];
        // Without the slot for subagents, which is itself what is judged.
        const models = mapping.aliases.flatMap(({ alias, model }) => (aliasOf(alias).selectable ? (model ?? []) : []));
        const judged = judgeChange(name, placed.value, models);
        return judged === undefined ? [] : [resultOf(name, placed, judged)];
      }),
    ),
};

function countingValue(layers: Layers, name: string, from: ShellView): Effective | undefined {
  const found = inEffect(layers, name, from);
  if (found !== undefined || !ENVIRONMENT_WINS.includes(name)) return found;
  const placed = placements(layers, name, from).find(({ layer, value }) => layer === 'shell' && value.trim() !== '');
  return placed === undefined ? undefined : { ...placed, beats: [] };
}

/** Whether nothing is said here: orcc's own variable may be meant if orcc set nothing up or maps this folder; others check the rest. */
function isSaidElsewhere({ configured, own, handWritten }: Observed, name: string, { file }: Effective): boolean {
  // It may also hold members of the user's besides orcc's rules.
  if (name === EXTRA_BODY || !OUR_VARIABLES.includes(name)) return false;
  if (configured === undefined || configured.variables.some((each) => each.name === name)) return true;
  return own.some(({ id, path }) => isFolderTarget(id) && path === file) || handWritten.some((each) => each.name === name);
}

function resultOf(name: string, placed: Effective, { severity, reason }: RequestChange): Result {
  const args: FindingArgs = { variable: name, reason, ...placeArgs(placed) };
  const finding = { ...findingOf('REQUEST_CHANGED', args, [`${describePlace(placed)} sets ${name}`], name), severity };
  if (placed.layer === 'managed') return { finding: { ...finding, fix: ASK_ADMINISTRATOR } };
  const isStuck = placed.layer === 'shell' && ENVIRONMENT_WINS.includes(name);
  return { finding: isStuck ? { ...finding, fix: `unset ${name} where it is set: no settings file can override it` } : finding };
}

/** A base URL on this machine, and a proxy that Claude Code uses for it anyway (measured on 2.1.332). */
export const proxyOnLoopback: Check = {
  code: 'PROXY_ON_LOOPBACK',
  fine: 'no proxy is used for a base URL on this machine',
  applies: hasBaseUrl,
  run: (observed) =>
    inForeign(observed, ({ mapping }) => {
      const url = mapping.baseUrl?.value.trim() ?? '';
      const host = URL.canParse(url) ? new URL(url).hostname : '';
      if (!isLoopback(host) || exempts(observed, host)) return [];
      const name = PROXY_VARIABLES.find((each) => inEffect(observed.layers, each, 'process') !== undefined);
      const found = name === undefined ? undefined : inEffect(observed.layers, name, 'process');
      if (name === undefined || found === undefined) return [];
      const evidence = [`${describePlace(found)} sets ${name}, and NO_PROXY does not list ${host}`];
      return [{ finding: findingOf('PROXY_ON_LOOPBACK', { variable: name, host, ...placeArgs(found) }, evidence, name) }];
    }),
};

function exempts({ layers }: Observed, host: string): boolean {
  return NO_PROXY_VARIABLES.some((name) =>
    (inEffect(layers, name, 'process')?.value ?? '')
      .split(/[\s,]+/)
      .some((each) => each === '*' || each.toLowerCase().replace(/^\[|\]$/g, '') === host.replace(/^\[|\]$/g, '')),
  );
}
