import { OrccError } from '../core/errors.ts';
import type { Mapping } from './aliases.ts';
import { ALIASES, resolveAliases } from './aliases.ts';
import { NOTABLE_VARIABLES, type VariableRow } from './watched.ts';

export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** Where Claude Code sends its requests, and as whom: written and taken out together (design D4). */
export const BASE_URL = 'ANTHROPIC_BASE_URL';
export const AUTH_TOKEN = 'ANTHROPIC_AUTH_TOKEN';
export const API_KEY = 'ANTHROPIC_API_KEY';
/** The alias or id that Claude Code starts with; outranks the setting `model` and a saved `/model` pick. */
export const MODEL = 'ANTHROPIC_MODEL';
export const MAX_OUTPUT = 'CLAUDE_CODE_MAX_OUTPUT_TOKENS';
export const MAX_CONTEXT = 'CLAUDE_CODE_MAX_CONTEXT_TOKENS';
export const DISABLE_1M = 'CLAUDE_CODE_DISABLE_1M_CONTEXT';

const ALIAS_VERSIONS: Readonly<Record<string, string>> = { fable: '2.1.170' };

/**
 * Every variable that matters to orcc, in the order in which it writes them. `since` is the
 * first version of Claude Code that was measured to honour it (31 versions, 1.0.128 to 2.1.330).
 */
export const VARIABLES: readonly VariableRow[] = [
  { name: BASE_URL, what: 'where requests go', secret: false, ours: true },
  { name: AUTH_TOKEN, what: 'the key, sent as a bearer token', secret: true, ours: true },
  { name: API_KEY, what: 'must be empty: a real one is sent along with the token', secret: true, ours: true },
  ...ALIASES.map(({ id, variable, role }) => {
    const since = ALIAS_VERSIONS[id];
    return { name: variable, what: `model behind ${id}: ${role}`, secret: false, ours: true, ...(since === undefined ? {} : { since }) };
  }),
  { name: MODEL, what: 'the alias Claude Code starts with', secret: false, ours: true },
  { name: MAX_OUTPUT, what: 'tokens asked for in one answer', secret: false, ours: true },
  { name: MAX_CONTEXT, what: 'window of models Claude Code does not know', secret: false, ours: true, since: '2.1.196' },
  { name: DISABLE_1M, what: 'no million-token mode on the opus slot', secret: false, ours: true, since: '2.1.131' },
  ...NOTABLE_VARIABLES,
];

export const OUR_VARIABLES: readonly string[] = VARIABLES.filter((row) => row.ours).map((row) => row.name);
export const WATCHED_VARIABLES: readonly string[] = VARIABLES.map((row) => row.name);

const SECRETS = new Set(VARIABLES.filter((row) => row.secret).map((row) => row.name));

/** Whether a variable's value must be masked wherever it is shown. */
export function isSecretVariable(name: string): boolean {
  return SECRETS.has(name);
}

/** The value as it may stand in a file: printable ASCII, at most 1000 characters. Throws OrccError 'usage'. */
export function requirePrintable(name: string, value: string): string {
  if (value.length > 1000) {
    throw new OrccError('usage', `The value for \`${name}\` is ${value.length} characters long, at most 1000 make sense`);
  }
  if (!/^[\x20-\x7e]*$/.test(value)) {
    throw new OrccError('usage', `The value for \`${name}\` holds a character that is not printable ASCII`, {
      hint: 'control characters, line breaks and accents cannot be part of a model id',
    });
  }
  return value;
}

/**
 * What follows base URL, token and empty API key in every target: the models of all aliases,
 * the default alias, then the derived limits. Throws OrccError 'usage' for a value that cannot
 * be written safely.
 */
export function buildVariables(input: { readonly mapping: Mapping; readonly limits: readonly Variable[] }): readonly Variable[] {
  const byAlias = new Map(ALIASES.map((alias) => [alias.id, alias.variable]));
  const models = resolveAliases(input.mapping.models).map(({ alias, model }) => ({ name: byAlias.get(alias) ?? alias, value: model }));
  const limits = input.limits.map(({ name, value }) => ({ name, value }));
  return [...models, { name: MODEL, value: input.mapping.defaultAlias }, ...limits].map(({ name, value }) => ({
    name,
    value: requirePrintable(name, value),
  }));
}
