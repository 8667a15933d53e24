import type { Finding } from '../core/finding.ts';
import { isObject, tryJson, jsonText } from '../text/json.ts';
import { clip, stripControls } from '../text/text.ts';
import { ALIAS_IDS } from './aliases.ts';
import { isOn } from './believed-window.ts';
import { SUBAGENT_MODEL } from './variables.ts';

/** How a variable changes requests, and how serious that is. */
export interface RequestChange {
  readonly severity: Finding['severity'];
  /** A clause that follows the variable's name. */
  readonly reason: string;
}

/** Judges a variable's value; undefined if there is nothing to report. `models` are those of the mapping. */
type Judge = (value: string, models: readonly string[]) => RequestChange | undefined;

/** Variables outside the mapping that change requests (measured on 2.1.332), one row each. */
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

/** How a variable of `CHANGING_VARIABLES` with this value changes requests under a mapping to `models`; undefined if it doesn't. Pure. */
export function judgeChange(name: string, value: string, models: readonly string[]): RequestChange | undefined {
  if (value.trim() === '') return undefined;
  return JUDGES.find(([each]) => each === name)?.[1](value, models);
}

/** Reports a model that is not in the mapping: an error unless it looks like an OpenRouter id (a slash, or a preset). */
function otherModel(value: string, models: readonly string[], who: string): RequestChange | undefined {
  const named = value.trim();
  if (models.includes(named) || ALIAS_IDS.some((id) => id === named.toLowerCase())) return undefined;
  const isId = named.includes('/') || named.startsWith('@');
  return { severity: isId ? 'warning' : 'error', reason: `gives ${who} \`${shown(named)}\`, which is not in the mapping` };
}

function isInherit(value: string): boolean {
  return value.trim().toLowerCase() === 'inherit';
}

/** Reports `model`, which redirects every request, and `max_tokens`, which overrides the derived limit; the rest is up to the user. */
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
  return clip(stripControls(typeof value === 'string' ? value : jsonText(value)), 80).replaceAll('`', '');
}
