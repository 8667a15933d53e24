/** A variable that Claude Code reads. */
export interface VariableRow {
  readonly name: string;
  /** A few words for tables. */
  readonly what: string;
  /** True if its value is never shown in full. */
  readonly secret: boolean;
  /**
   * `ours`: orcc writes it. `optional`: orcc writes it on request. `retired`: only an older orcc wrote it, so it still counts
   * as orcc's own when it is read or removed. `watched`: orcc only reads it.
   */
  readonly state: 'ours' | 'optional' | 'retired' | 'watched';
  /** The first version of Claude Code measured to honour it; absent if every measured one does. */
  readonly since?: string;
}

/** A row for a variable whose value is not secret. */
export function rowOf(state: VariableRow['state'], name: string, what: string, since?: string): VariableRow {
  const row = { name, what, secret: false, state };
  return since === undefined ? row : { ...row, since };
}

const row = (name: string, what: string, since?: string): VariableRow => rowOf('watched', name, what, since);

/**
 * Variables that orcc never writes but checks, since each can change which model answers, how much
 * it is sent, or where requests go. Names and effects measured on Claude Code 2.1.330.
 */
export const NOTABLE_VARIABLES: readonly VariableRow[] = [
  row('ANTHROPIC_SMALL_FAST_MODEL', 'helper calls; overrides the haiku model there'),
  row('CLAUDE_CODE_SUBAGENT_MODEL_FORCE', 'the subagent model, even for agents with their own'),
  row('CLAUDE_CODE_AUTO_COMPACT_WINDOW', 'window of every model, at least 100000', '2.1.90'),
  row('CLAUDE_AUTOCOMPACT_PCT_OVERRIDE', 'compacts every model at this share of its window'),
  row('DISABLE_AUTO_COMPACT', 'no compaction: a full window ends the session'),
  row('DISABLE_COMPACT', 'no compaction, not even by hand'),
  row('CLAUDE_CODE_MODEL_CAPABILITIES', 'what Claude Code assumes individual models can do'),
  row('ANTHROPIC_UNIX_SOCKET', 'sends requests to a socket of another program instead'),
  row('CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST', 'leaves provider and credentials to another program'),
  { ...row('CLAUDE_CODE_OAUTH_TOKEN', 'a claude.ai login'), secret: true },
  row('CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR', 'a claude.ai login, in an open file'),
  row('CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR', 'an API key in an open file; sent along with the token'),
  { ...row('ANTHROPIC_CUSTOM_HEADERS', 'headers added to every request'), secret: true },
  row('ANTHROPIC_BETAS', 'beta headers added to every request'),
  row('CLAUDE_CODE_USE_BEDROCK', 'sends requests to Amazon Bedrock instead'),
  row('CLAUDE_CODE_USE_VERTEX', 'sends requests to Google Vertex AI instead'),
  row('CLAUDE_CODE_USE_FOUNDRY', 'sends requests to Microsoft Foundry instead'),
  row('CLAUDE_CODE_USE_MANTLE', 'sends requests to another cloud instead'),
  row('CLAUDE_CODE_USE_ANTHROPIC_AWS', 'sends requests to another cloud instead'),
  row('CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD', 'sends requests to another cloud instead'),
  row('CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS', 'leaves most beta features out of requests', '2.1.54'),
  row('CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY', 'asks the gateway for its list of models', '2.1.260'),
];

/** If one of these is on, Claude Code does not use ANTHROPIC_BASE_URL at all. */
export const OTHER_PROVIDERS: readonly string[] = NOTABLE_VARIABLES.map(({ name }) => name).filter((name) =>
  name.startsWith('CLAUDE_CODE_USE_'),
);

/** In the environment, these count even if a settings file sets them to an empty string (measured on 2.1.332). */
export const ENVIRONMENT_WINS: readonly string[] = ['ANTHROPIC_UNIX_SOCKET', 'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST'];

/** If one of these is on, Claude Code never compacts by itself. */
export const COMPACTION_SWITCHES: readonly string[] = ['DISABLE_AUTO_COMPACT', 'DISABLE_COMPACT'];
/** One window for all models, even those with their own. */
export const COMPACT_WINDOW = 'CLAUDE_CODE_AUTO_COMPACT_WINDOW';

/** Variables that name a proxy, strongest first. Used even for a base URL on this machine, unless `NO_PROXY_VARIABLES` name its host. */
export const PROXY_VARIABLES: readonly string[] = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];
export const NO_PROXY_VARIABLES: readonly string[] = ['NO_PROXY', 'no_proxy'];
