import { USUAL_OUTPUT } from './compaction.ts';
import { OrccError } from '../core/errors.ts';
import { type AliasId, type Mapping, aliasOf, ALIASES, resolveAliases, isAnthropicModel, mappedModels } from './aliases.ts';
import { NOTABLE_VARIABLES, rowOf, type VariableRow } from './watched.ts';

export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** Where Claude Code sends its requests and with which credentials; always written and removed together (design D4). */
export const BASE_URL = 'ANTHROPIC_BASE_URL';
export const AUTH_TOKEN = 'ANTHROPIC_AUTH_TOKEN';
export const API_KEY = 'ANTHROPIC_API_KEY';
/** The other variables that give the client a credential. */
export const OAUTH_TOKEN = 'CLAUDE_CODE_OAUTH_TOKEN';
export const CUSTOM_HEADERS = 'ANTHROPIC_CUSTOM_HEADERS';
export const API_KEY_DESCRIPTOR = 'CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR';
export const OAUTH_DESCRIPTOR = 'CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR';
/** The alias that Claude Code starts with; overrides the setting `model` and a saved `/model` choice. */
export const MODEL = 'ANTHROPIC_MODEL';
export const MAX_OUTPUT = 'CLAUDE_CODE_MAX_OUTPUT_TOKENS';
export const MAX_CONTEXT = 'CLAUDE_CODE_MAX_CONTEXT_TOKENS';
/** The model id behind "default" in /model. */
export const DEFAULT_MODEL = 'ANTHROPIC_DEFAULT_MODEL';
export const TOOL_SEARCH = 'ENABLE_TOOL_SEARCH';
/** The model of subagents; if unset, they use the session's. */
export const SUBAGENT_MODEL = aliasOf('subagent').variable;
/** JSON merged into every request; orcc puts OpenRouter's routing rules there. */
export const EXTRA_BODY = 'CLAUDE_CODE_EXTRA_BODY';
export const EFFORT = 'CLAUDE_CODE_EFFORT_LEVEL';
/** One additional row in /model; the variables with `_NAME` and `_DESCRIPTION` set its texts. */
export const PICKER_OPTION = 'ANTHROPIC_CUSTOM_MODEL_OPTION';
export const AUTO_MODE_SERVER = 'CLAUDE_CODE_AUTO_MODE_SERVER';
export const AUTO_MODE_MODEL = 'CLAUDE_CODE_AUTO_MODE_MODEL';
export const DISABLE_1M = 'CLAUDE_CODE_DISABLE_1M_CONTEXT';

/** Variables written for every mapping, whatever its models. */
const ALWAYS: readonly (Variable & { readonly what: string })[] = [
  {
    name: 'CLAUDE_CODE_ATTRIBUTION_HEADER',
    value: '0',
    what: 'off: its line at the start of each prompt differs in every session, so nothing after it comes from the prompt cache',
  },
  {
    name: 'CLAUDE_CODE_THINKING_DISPLAY_UPDATES',
    value: '0',
    what: "off: a field of interactive sessions that is not in OpenRouter's API description",
  },
];

/**
 * Every variable that matters to orcc, in the order in which it writes them. `since` is the
 * first version of Claude Code that was measured to honour it (31 versions, 1.0.128 to 2.1.330).
 */
export const VARIABLES: readonly VariableRow[] = [
  { name: BASE_URL, what: 'where requests go', secret: false, state: 'ours' },
  { name: AUTH_TOKEN, what: 'the key, sent as a bearer token', secret: true, state: 'ours' },
  { name: API_KEY, what: 'must be empty: a real one is sent along with the token', secret: true, state: 'ours' },
  ...ALIASES.map(({ id, variable, role, since }) => ours(variable, `model behind ${id}: ${role}`, since)),
  ...ALIASES.flatMap((alias) =>
    alias.selectable
      ? [
          ours(labelNames(alias.variable).name, `name of ${alias.id}'s row in /model, instead of the bare id`),
          ours(labelNames(alias.variable).description, `text of that row: window and price when the mapping was written`),
        ]
      : [],
  ),
  ours(MODEL, 'the alias Claude Code starts with; overrides a saved /model choice'),
  ours(
    DEFAULT_MODEL,
    'the id behind "default" in /model; without it that is opus[1m], which never compacts. Takes ids, not aliases',
    '2.1.246',
  ),
  ours(MAX_OUTPUT, `tokens requested per answer: the smallest cap of the mapped models, at most ${USUAL_OUTPUT}`),
  ours(MAX_CONTEXT, 'window of models that Claude Code does not know, for which it assumes a million tokens', '2.1.196'),
  ours(TOOL_SEARCH, "off: OpenRouter refuses deferred tools for models that are not Anthropic's, three requests in each session"),
  ...ALWAYS.map(({ name, what }) => ours(name, what)),
  optional(EXTRA_BODY, "JSON merged into every request, over Claude Code's own members: OpenRouter's routing rules"),
  optional(EFFORT, 'effort requested from every model; `unset` requests none'),
  optional(
    PICKER_OPTION,
    'one more row in /model: the first pinned model, for Claude Code before 2.1.246, which does not know `modelPicker`',
  ),
  optional(`${PICKER_OPTION}_NAME`, 'name of that row'),
  optional(`${PICKER_OPTION}_DESCRIPTION`, 'its text: window and price'),
  optional(AUTO_MODE_SERVER, "0: auto mode's check goes to the model named for it, not to Anthropic's server"),
  optional(AUTO_MODE_MODEL, "the model that answers auto mode's check"),
  {
    name: DISABLE_1M,
    what: `no million-token mode; ${DEFAULT_MODEL} took its place, since this one warns at each \`claude -p\` and cuts Claude's own models to 200000 tokens`,
    secret: false,
    state: 'retired',
    since: '2.1.131',
  },
  ...NOTABLE_VARIABLES,
];

function ours(name: string, what: string, since?: string): VariableRow {
  return rowOf('ours', name, what, since);
}

function optional(name: string, what: string): VariableRow {
  return rowOf('optional', name, what);
}

/** Whether a variable only sets a text of a row in Claude Code's own picker. */
export function isLabelVariable(name: string): boolean {
  return /_MODEL(?:_OPTION)?_(?:NAME|DESCRIPTION)$/.test(name);
}

/** The variables that set the texts of an alias's row in Claude Code's own picker. */
function labelNames(variable: string): { readonly name: string; readonly description: string } {
  return { name: `${variable}_NAME`, description: `${variable}_DESCRIPTION` };
}

/** The variables that orcc writes, always or on request, or once wrote: it treats them as its own when it reads, unsets or removes them. */
export const OUR_VARIABLES: readonly string[] = VARIABLES.filter((row) => row.state !== 'watched').map((row) => row.name);
export const RETIRED_VARIABLES: readonly string[] = VARIABLES.filter((row) => row.state === 'retired').map((row) => row.name);
/** Variables that orcc writes only on request, since people also set them by hand. */
export const OPTIONAL_VARIABLES: readonly string[] = VARIABLES.filter((row) => row.state === 'optional').map((row) => row.name);
export const WATCHED_VARIABLES: readonly string[] = VARIABLES.map((row) => row.name);

const SECRETS = new Set(VARIABLES.filter((row) => row.secret).map((row) => row.name));

/** Whether a variable's value must be masked wherever it is shown. */
export function isSecretVariable(name: string): boolean {
  return SECRETS.has(name);
}

/** The longest value, in characters, and the longest routing rules. */
const LONGEST = 1000;
export const LONGEST_BODY = 4000;

/** Returns a value that is safe to write to any file: printable ASCII of limited length. Throws exit 2 for any other. */
function requirePrintable(name: string, value: string): string {
  const most = name === EXTRA_BODY ? LONGEST_BODY : LONGEST;
  if (value.length > most) {
    throw new OrccError('usage', `The value for \`${name}\` is ${value.length} characters long, at most ${most} make sense`);
  }
  if (!/^[\x20-\x7e]*$/.test(value)) {
    throw new OrccError('usage', `The value for \`${name}\` contains a character that is not printable ASCII`, {
      hint: "control characters, line breaks and accents can't be part of a model id",
    });
  }
  return value;
}

/** The texts of an alias's row in Claude Code's own picker. Plain ASCII. */
export interface Label {
  readonly alias: AliasId;
  /** `GLM 4.7` */
  readonly name: string;
  /** `opus, 200K` */
  readonly description: string;
  /** `$0.60 in, $2.20 out per M (Nov 2026)`; absent if not known. */
  readonly price?: string;
}

interface VariablesInput {
  readonly mapping: Mapping;
  readonly limits: readonly Variable[];
  readonly labels: readonly Label[];
  /** Variables beyond the mapping (`EXTRAS`). */
  readonly extras?: readonly Variable[];
  /** Leaves prices out, for a committed file, where they would go out of date for everyone. */
  readonly priceless?: boolean;
}

/**
 * The variables after base URL, token and empty API key in every target: the models of all aliases, the texts of Claude Code's
 * picker, the default alias, the derived limits, what OpenRouter needs, then the extras. Retired limits in an older config are left out.
 * Throws exit 2 for a value that can't be written safely.
 */
export function buildVariables({ mapping, limits, labels, extras = [], priceless = false }: VariablesInput): readonly Variable[] {
  const byAlias = new Map<string, string>(ALIASES.map((alias) => [alias.id, alias.variable]));
  const resolved = resolveAliases(mapping.models);
  const models = resolved.map(({ alias, model }) => ({ name: byAlias.get(alias) ?? alias, value: model }));
  const rows = labels.flatMap(({ alias, name, description, price }) => {
    const names = labelNames(byAlias.get(alias) ?? alias);
    const said = price === undefined || priceless ? description : `${description}, ${price}`;
    return [
      { name: names.name, value: name },
      { name: names.description, value: said },
    ];
  });
  const start = resolved.find(({ alias }) => alias === mapping.defaultAlias)?.model ?? mapping.models.opus;
  const isAnthropic = mappedModels(mapping).every(({ model }) => isAnthropicModel(model));
  return (
    [
      ...models,
      ...rows,
      { name: MODEL, value: mapping.defaultAlias },
      { name: DEFAULT_MODEL, value: start },
      ...limits.filter(({ name }) => !RETIRED_VARIABLES.includes(name)),
      ...(isAnthropic ? [] : [{ name: TOOL_SEARCH, value: 'false' }]),
      ...ALWAYS,
      ...extras,
    ]
      // A variable to be kept empty gives way to a value that was asked for since.
      .filter(({ name, value }, _index, all) => value !== '' || all.every((each) => each.name !== name || each.value === ''))
      .map(({ name, value }) => ({ name, value: requirePrintable(name, value) }))
  );
}
