import type { Finding } from '../core/finding.ts';
import { isObject, tryJson } from '../text/json.ts';
import { clip, stripControls } from '../text/text.ts';
import { ALIAS_IDS } from './aliases.ts';
import { isOn } from './believed-window.ts';
import { SUBAGENT_MODEL } from './variables.ts';

/** What a variable does to requests, and how much that matters. */
export interface RequestChange {
  readonly severity: Finding['severity'];
  /** A clause that follows the variable's name. */
  readonly reason: string;
}

/** What one value does; undefined where nothing is to be said. `models`: those of the mapping. */
type Judge = (value: string, models: readonly string[]) => RequestChange | undefined;

/** Variables that change requests from outside the mapping (measured on 2.1.332), one row each. */
const JUDGES: readonly (readonly [name: string, judge: Judge])[] = [
  ['CLAUDE_CODE_EXTRA_BODY', judgeExtraBody],
  ['ANTHROPIC_SMALL_FAST_MODEL', (value, models) => otherModel(value, models, "helper calls, in place of haiku's model,")],
  [SUBAGENT_MODEL, (value, models) => (isInherit(value) ? undefined : otherModel(value, models, 'subagents'))],
  [
    'CLAUDE_CODE_EFFORT_LEVEL',
    (value) => ({
      severity: 'info',
      reason:
        value.trim() === 'unset'
          ? 'takes the effort out of every request'
          : `requests effort \`${shown(value)}\` from every model, even those that refuse it`,
    }),
  ],
  ['CLAUDE_CODE_MODEL_CAPABILITIES', () => ({ severity: 'info', reason: "changes Claude Code's requests to individual models" })],
  [
    'ANTHROPIC_UNIX_SOCKET',
    () => ({
      severity: 'error',
      reason: 'passes requests and credentials to another program: Claude Code says "Not logged in" despite the URL and the token',
    }),
  ],
  [
    'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST',
    (value) =>
      isOn(value)
        ? {
            severity: 'error',
            reason: 'leaves the credentials to another program: Claude Code says "Not logged in" despite the URL and the token',
          }
        : undefined,
  ],
];

export const CHANGING_VARIABLES: readonly string[] = JUDGES.map(([name]) => name);

/** What a variable of `CHANGING_VARIABLES` does with this value beside a mapping to these models. Pure. */
export function judgeChange(name: string, value: string, models: readonly string[]): RequestChange | undefined {
  if (value.trim() === '') return undefined;
  return JUDGES.find(([each]) => each === name)?.[1](value, models);
}

/** A model beside the mapping's. OpenRouter's ids have a slash, or are presets. */
function otherModel(value: string, models: readonly string[], who: string): RequestChange | undefined {
  const named = value.trim();
  if (models.includes(named) || ALIAS_IDS.some((id) => id === named.toLowerCase())) return undefined;
  const isId = named.includes('/') || named.startsWith('@');
  return { severity: isId ? 'warning' : 'error', reason: `gives ${who} \`${shown(named)}\`, which is not in the mapping` };
}

function isInherit(value: string): boolean {
  return value.trim().toLowerCase() === 'inherit';
}

/** `model` in it sends every request elsewhere, `max_tokens` beats the derived limit; the rest is the user's own affair. */
function judgeExtraBody(value: string): RequestChange | undefined {
  const body = tryJson(value);
  if (body === undefined) return { severity: 'warning', reason: 'is not JSON, so Claude Code ignores it' };
  if (!isObject(body)) return { severity: 'warning', reason: 'is not a JSON object, so Claude Code ignores it' };
  if (body['model'] !== undefined)
    return { severity: 'error', reason: `sends every request to \`${shown(body['model'])}\`, whatever the alias` };
  if (body['max_tokens'] !== undefined)
    return { severity: 'warning', reason: `requests ${shown(body['max_tokens'])} output tokens from every model, whatever its limit` };
  return undefined;
}

function shown(value: unknown): string {
  return clip(stripControls(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')), 80).replaceAll('`', '');
}
