import { isObject } from '../../text/json.ts';
import { isOn } from '../../claude/believed-window.ts';
import { inEffect, type EffectiveMapping } from '../../claude/effective.ts';
import type { Effective } from '../../claude/layers.ts';
import { NO_PROXY_VARIABLES, PROXY_VARIABLES } from '../../claude/watched.ts';
import { findingOf } from '../../diagnose/build.ts';
import type { FindingArgs } from '../../diagnose/row.ts';
import { isLoopback } from '../../core/hosts.ts';
import { clip, stripControls } from '../../text/text.ts';
import { ASK_ADMINISTRATOR, describePlace, hasBaseUrl, once, placeArgs, type Check, type Result } from '../check.ts';
import type { Observed } from '../observed.ts';
import { foreign } from './models.ts';

/** What one variable's value does to requests; undefined where nothing is to be said. */
type Judge = (value: string, mapping: EffectiveMapping) => (Pick<Result['finding'], 'severity'> & { readonly reason: string }) | undefined;

/** Variables that change every request from outside the mapping (measured on 2.1.332), one row each. */
const JUDGES: readonly (readonly [name: string, judge: Judge])[] = [
  ['CLAUDE_CODE_EXTRA_BODY', judgeExtraBody],
  [
    'CLAUDE_CODE_EFFORT_LEVEL',
    (value) => ({
      severity: 'info',
      reason:
        value.trim() === 'unset'
          ? 'takes the effort out of every request'
          : `asks every model for effort \`${shown(value)}\`, those that refuse it too`,
    }),
  ],
  ['CLAUDE_CODE_MODEL_CAPABILITIES', () => ({ severity: 'info', reason: 'changes what Claude Code asks of single models' })],
  [
    'ANTHROPIC_UNIX_SOCKET',
    () => ({
      severity: 'error',
      reason: 'hands requests and credentials to another program: Claude Code says "Not logged in" in spite of URL and token',
    }),
  ],
  [
    'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST',
    (value) =>
      isOn(value)
        ? {
            severity: 'error',
            reason: 'leaves the credentials to another program: Claude Code says "Not logged in" in spite of URL and token',
          }
        : undefined,
  ],
];

/** A variable that orcc never writes and that changes every request. */
export const requestChanged: Check = {
  code: 'REQUEST_CHANGED',
  fine: 'nothing beside the mapping changes what is asked',
  applies: hasBaseUrl,
  run: (observed) =>
    once(
      foreign(observed.views).flatMap(({ from, mapping }) =>
        JUDGES.flatMap(([name, judge]) => {
          const placed = inEffect(observed.layers, name, from);
          const judged = placed === undefined ? undefined : judge(placed.value, mapping);
          return placed === undefined || judged === undefined ? [] : [resultOf(name, placed, judged)];
        }),
      ),
    ),
};

function resultOf(name: string, placed: Effective, { severity, reason }: NonNullable<ReturnType<Judge>>): Result {
  const args: FindingArgs = { variable: name, reason, ...placeArgs(placed) };
  const finding = { ...findingOf('REQUEST_CHANGED', args, [`${describePlace(placed)} sets ${name}`], name), severity };
  return { finding: placed.layer === 'managed' ? { ...finding, fix: ASK_ADMINISTRATOR } : finding, mends: [] };
}

/** `model` in it sends every request elsewhere, `max_tokens` beats the derived limit; the rest is the user's own affair. */
function judgeExtraBody(value: string): ReturnType<Judge> {
  let body: unknown;
  try {
    body = JSON.parse(value);
  } catch {
    return { severity: 'warning', reason: 'is no JSON, so that Claude Code leaves it out' };
  }
  if (!isObject(body)) return { severity: 'warning', reason: 'is no JSON object, so that Claude Code leaves it out' };
  if (body['model'] !== undefined)
    return { severity: 'error', reason: `sends every request to \`${shown(body['model'])}\`, whatever the alias` };
  if (body['max_tokens'] !== undefined)
    return { severity: 'warning', reason: `asks every model for ${shown(body['max_tokens'])} output tokens, whatever its limit` };
  return undefined;
}

/** A base URL on this machine, and a proxy that Claude Code uses for it all the same (measured on 2.1.332). */
export const proxyOnLoopback: Check = {
  code: 'PROXY_ON_LOOPBACK',
  fine: 'no proxy stands before a base URL on this machine',
  applies: hasBaseUrl,
  run: (observed) =>
    once(
      foreign(observed.views).flatMap(({ mapping }) => {
        const url = mapping.baseUrl?.value.trim() ?? '';
        const host = URL.canParse(url) ? new URL(url).hostname : '';
        if (!isLoopback(host) || exempts(observed, host)) return [];
        const placed = PROXY_VARIABLES.flatMap((name) => {
          const found = inEffect(observed.layers, name, 'process');
          return found === undefined ? [] : [{ name, found }];
        })[0];
        if (placed === undefined) return [];
        const args = { variable: placed.name, host, ...placeArgs(placed.found) };
        const evidence = [`${describePlace(placed.found)} sets ${placed.name}, and no NO_PROXY names ${host}`];
        return [{ finding: findingOf('PROXY_ON_LOOPBACK', args, evidence, placed.name), mends: [] }];
      }),
    ),
};

function exempts({ layers }: Observed, host: string): boolean {
  return NO_PROXY_VARIABLES.some((name) =>
    (inEffect(layers, name, 'process')?.value ?? '')
      .split(/[\s,]+/)
      .some((each) => each === '*' || each.toLowerCase().replace(/^\[|\]$/g, '') === host.replace(/^\[|\]$/g, '')),
  );
}

function shown(value: unknown): string {
  return clip(stripControls(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')), 80).replaceAll('`', '');
}
