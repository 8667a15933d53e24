import { isAnthropicModel } from '../../claude/aliases.ts';
import { describeWayBack } from '../../config/state.ts';
import { nameOfGateway } from '../../core/hosts.ts';
import type { Verified } from './verify.ts';
import { showPrice } from '../../openrouter/price.ts';
import type { TargetId } from '../../targets/types.ts';
import { formatTokens } from '../../text/format.ts';
import { describeAge } from '../../text/day.ts';
import type { Style } from '../../text/style.ts';
import { renderTable, right } from '../../text/table.ts';
import { stripControls } from '../../text/text.ts';
import { doubtLines } from './startup-doubts.ts';

/** The outcome of `orcc status`: plain data, keys masked. */
export interface StatusData {
  readonly configured: boolean;
  readonly native: boolean;
  /** True if Claude Code, started here, would talk to the base URL with a key. Whether anything answers there is not checked. */
  readonly connected: boolean;
  /** The same for a start in this terminal, which may have other values than a new one. */
  readonly here: {
    readonly connected: boolean;
    readonly baseUrl: string | null;
    readonly model: string;
    readonly named: string;
    readonly keyBelongsTo: string | null;
  };
  readonly baseUrl: { readonly value: string; readonly from: string | null } | null;
  /** The key's own base URL if another one is in effect and would get the key, else null. */
  readonly keyBelongsTo: string | null;
  /** `storage` is null if it is another key than the one that orcc stores, or if orcc is not set up. */
  readonly key: { readonly masked: string; readonly storage: string | null; readonly from: string | null } | null;
  /** `orcc switch --back` needs `orcc key set` first: the key is gone from orcc's key file. */
  readonly lacksKey: boolean;
  /** `window` in tokens, prices in USD per million tokens; null if not known. */
  readonly aliases: ReadonlyArray<{
    readonly alias: string;
    readonly model: string | null;
    readonly from: string | null;
    readonly window: number | null;
    readonly inputPrice: number | null;
    readonly outputPrice: number | null;
    /** If true, a price of null means that the price is not fixed. */
    readonly priceTold: boolean;
    /** false: it takes only text; null if not known. */
    readonly images: false | null;
  }>;
  readonly default: { readonly named: string; readonly model: string; readonly from: string; readonly place: string | null };
  /** The profile or preset that the mapping came from. */
  readonly profile: string | null;
  readonly profileChanged: boolean;
  readonly catalogAsOf: string | null;
  /** The extras in effect. */
  readonly extras: ReadonlyArray<{ readonly id: string; readonly value: string; readonly from: string }>;
  /** `members`, for a further settings file: how many orcc wrote, and how many of them are still as written. */
  readonly targets: ReadonlyArray<{
    readonly id: TargetId;
    readonly path: string;
    readonly state: string;
    readonly members?: { readonly written: number; readonly asWritten: number };
  }>;
  /**
   * `view`: `startup` if the values shown are those of a new terminal, `process` if they are this terminal's. `notLoaded`:
   * variables that this terminal lacks or has with another value. Of those that no settings file decides, `lacking` are missing
   * here, and `other` have another value; `stale` are set here, but by no start-up file.
   */
  readonly thisTerminal: {
    readonly view: string;
    readonly notLoaded: readonly string[];
    readonly lacking: readonly string[];
    readonly other: readonly string[];
    readonly stale: readonly string[];
  };
  /** What reading the start-up files could not settle about the variables that no settings file decides. */
  readonly startup: {
    readonly certain: boolean;
    /** `value` is masked; null: the variable is unset. All `conditions` have to hold. */
    readonly may: ReadonlyArray<{
      readonly name: string;
      readonly value: string | null;
      readonly from: string;
      readonly conditions: ReadonlyArray<{ readonly text: string; readonly from: string }>;
    }>;
    /** `names`: null if it may affect any variable. */
    readonly notKnown: ReadonlyArray<{ readonly text: string; readonly from: string; readonly names: readonly string[] | null }>;
  };
  /** Only with `--all`. */
  readonly variables: ReadonlyArray<{
    readonly name: string;
    readonly value: string;
    readonly from: string;
    /** What it does, and why orcc writes it; null for a variable that orcc does not know. */
    readonly why: string | null;
    readonly beats: readonly string[];
    /** True if this terminal already has it. */
    readonly here: boolean;
    readonly certainty: 'is' | 'may' | 'not known';
  }>;
  /** Subagents, and the model that each would ask for: through its alias or id, the subagent slot, or the session's model. */
  readonly agents: ReadonlyArray<{
    readonly name: string;
    readonly scope: 'project' | 'user' | 'json';
    readonly file: string | null;
    readonly asked: string | null;
    readonly model: string;
    readonly through: 'alias' | 'id' | 'slot' | 'session';
  }>;
  /** Running Claude Code sessions, which keep the models they were started with. */
  readonly sessions: ReadonlyArray<{ readonly pid: number; readonly folder: string | null; readonly ageMs: number | null }>;
  /** Only with `--verify`. */
  readonly verify: Verified | null;
  readonly problems: readonly string[];
}

/** For models that it does not know, Claude Code assumes $5 and $25 per million tokens. */
const CLIENT_COST =
  "Cost: Claude Code's own /cost, status line and --max-budget-usd are 10 to 50 times too high (COST_OVERSTATED); see `orcc usage --by day`";

/** The text for people; `all` returns the parts that `--all` adds. */
export function statusText(data: StatusData, style: Style, all?: (data: StatusData, style: Style) => readonly string[]): string {
  const lines: string[] = [];
  if (data.baseUrl === null && data.here.baseUrl === null) {
    lines.push(
      data.native
        ? `Claude Code uses Anthropic (\`orcc switch --native\`); ${describeWayBack(data.targets, data.lacksKey)}`
        : data.configured
          ? 'Claude Code uses Anthropic: no base URL is in effect here'
          : 'Nothing is configured; `orcc init` sets Claude Code up for OpenRouter',
    );
  } else {
    lines.push(...headline(data, style));
    if (data.baseUrl !== null) lines.push(`  Base URL  ${stripControls(data.baseUrl.value)}  ${style.dim(data.baseUrl.from ?? '')}`);
    lines.push(
      `  Key       ${data.key === null ? style.red('none') : `${data.key.masked}  ${style.dim([storageWords(data), data.key.from ?? ''].filter((each) => each !== '').join(', '))}`}`,
    );
    if (data.profile !== null) lines.push(`  Profile   ${stripControls(data.profile)}${data.profileChanged ? ' (changed)' : ''}`);
    lines.push('', aliasTable(data, style));
    const blind = data.aliases.filter(({ images }) => images === false).map(({ alias }) => alias);
    if (data.aliases.some(({ model }) => model !== null && !isAnthropicModel(model))) lines.push(style.dim(CLIENT_COST));
    if (blind.length > 0) lines.push(style.dim(`No images: ${blind.join(', ')} ${blind.length === 1 ? 'takes' : 'take'} only text`));
  }
  if (data.extras.length > 0)
    lines.push(
      '',
      ...data.extras.map(({ id, value, from }) => `  ${(EXTRA_NAMES[id] ?? id).padEnd(10)} ${stripControls(value)}  ${style.dim(from)}`),
    );
  const doubts = doubtLines(data.startup);
  if (doubts.length > 0) lines.push('', ...doubts);
  if (data.targets.length > 0) {
    lines.push(
      '',
      renderTable(
        ['orcc wrote', 'target', 'now'],
        data.targets.map((target) => [target.path, target.id, describeState(target)]),
        style,
      ),
    );
  }
  const { agents, sessions } = data;
  const { lacking, other } = data.thisTerminal;
  if (agents.length > 0 && all === undefined) lines.push('', `Subagents: ${countAgents(agents)}`);
  if (sessions.length > 0 && all === undefined) {
    const names = sessions
      .slice(0, 5)
      .map(({ pid, folder, ageMs }) => `${stripControls(folder ?? `process ${pid}`)}${ageMs === null ? '' : ` (${describeAge(ageMs)})`}`);
    const more = sessions.length > 5 ? [`${sessions.length - 5} more`] : [];
    lines.push('', `Running sessions keep the models they were started with: ${[...names, ...more].join(', ')}`);
  }
  if (lacking.length + other.length > 0 && isHereAsLater(data)) lines.push('', describeNotLoaded(data.thisTerminal));
  for (const part of all?.(data, style) ?? []) lines.push('', part);
  for (const problem of data.problems) lines.push('', `${style.yellow('warning:')} ${stripControls(problem)}`);
  return lines.join('\n');
}

function storageWords({ configured, key }: StatusData): string {
  if (key !== null && key.storage !== null) return `storage ${key.storage}`;
  return configured ? 'not the key that orcc stores' : '';
}

function describeState({ state, members }: StatusData['targets'][number]): string {
  if (members === undefined || members.asWritten === 0) return state === 'written' ? '' : state;
  const count = `${members.asWritten} of ${members.written} members as written`;
  return state === 'of an earlier set-up' ? `${count}, ${state}` : count;
}

const EXTRA_NAMES: Readonly<Record<string, string>> = {
  routing: 'Routing',
  fallback: 'Fallback',
  pins: 'Pinned',
  effort: 'Effort',
  autoModeModel: 'Auto mode',
  images: 'Images',
};

function describeNotLoaded({ lacking, other }: StatusData['thisTerminal']): string {
  const parts = [
    ...(lacking.length === 0 ? [] : [`lacks ${lacking.length} of the variables that a new one gets`]),
    ...(other.length === 0 ? [] : [`has ${lacking.length === 0 ? 'other values than a new one' : 'other values'} for ${other.length}`]),
  ];
  return `This terminal ${parts.join(' and ')}: open a new one, or reload the profile`;
}

/** True if a start in this terminal uses the same address and model as one in a new terminal. */
function isHereAsLater({ connected, baseUrl, default: later, here }: StatusData): boolean {
  return here.connected === connected && here.baseUrl === (baseUrl?.value ?? null) && here.model === later.model;
}

/** Where Claude Code's requests go after a start, and with what. */
interface Start extends Omit<StatusData['here'], 'baseUrl'> {
  readonly url: string | null;
}

/** Where Claude Code's requests go if it is started here and now, and then, if that differs, in a new terminal. */
function headline(data: StatusData, style: Style): readonly string[] {
  const url = data.baseUrl?.value ?? null;
  const here = { ...data.here, url: data.here.baseUrl };
  const later = { ...data.default, connected: data.connected, url, keyBelongsTo: data.keyBelongsTo };
  if (isHereAsLater(data)) return [startLine(later, 'here', style)];
  // If both use the same address, it is shown once, followed by the difference.
  if (here.connected && data.connected && here.url === url) {
    return [
      startLine(here, 'here and now', style),
      `  In a new terminal it asks for ${style.bold(stripControls(later.model))} (${stripControls(later.named)}); open one, or reload the profile`,
    ];
  }
  const way = later.keyBelongsTo === null ? '; open one, or reload the profile' : '';
  return [startLine(here, 'here and now', style), `${startLine(later, 'in a new terminal', style)}${way}`];
}

function startLine({ connected, url, model, named, keyBelongsTo }: Start, where: string, style: Style): string {
  const name = url === null ? 'Anthropic' : stripControls(nameOfGateway(url));
  const asks = `Claude Code, started ${where}, ${url === null ? 'talks to Anthropic and ' : ''}asks for ${style.bold(stripControls(model))} (${stripControls(named)})`;
  if (keyBelongsTo !== null) {
    const owner = stripControls(nameOfGateway(keyBelongsTo));
    // The same host on two ports is two addresses.
    const [from, to] = owner === name ? [stripControls(keyBelongsTo), stripControls(url ?? '')] : [owner, name];
    return `${style.red('✗')} ${style.bold(`The key of ${from} would go to ${to}`)}, with all that Claude Code, started ${where}, asks`;
  }
  if (connected) return `${style.green('✓')} ${style.bold(`Set up for ${name}`)}: ${asks}`;
  return url === null ? `${style.red('✗')} Not connected: ${asks}` : `${style.red('✗')} Not connected to ${name}`;
}

/** `3 (2 on z-ai/glm-4.7, 1 on qwen/qwen3-coder-next)` */
function countAgents(agents: StatusData['agents']): string {
  const counts = new Map<string, number>();
  for (const { model } of agents) counts.set(model, (counts.get(model) ?? 0) + 1);
  const parts = [...counts].sort((one, other) => other[1] - one[1]).map(([model, count]) => `${count} on ${stripControls(model)}`);
  return `${agents.length} (${parts.slice(0, 4).join(', ')}${parts.length > 4 ? ', ...' : ''}); \`orcc status --all\` lists them`;
}

/** One row for each alias; the file that sets the first of them is named once below the table. */
function aliasTable(data: StatusData, style: Style): string {
  const shown = data.aliases.filter((each) => each.model !== null);
  const files = shown.map((each) => fileOf(each.from));
  const main = files.find((file) => file !== null) ?? null;
  const rows = shown.map((each) => [
    each.alias === data.default.named.replace(/\[1m\]$/, '') ? `${each.alias} *` : each.alias,
    stripControls(each.model ?? ''),
    formatTokens(each.window),
    ...[each.inputPrice, each.outputPrice].map((price) => showPrice(price, each.priceTold ? {} : { priceUntold: true })),
    each.from === null ? "Claude Code's own" : fileOf(each.from) === main ? '' : each.from,
  ]);
  const columns = ['alias', 'model', ...['window', '$/M in', '$/M out'].map(right), rows.some((row) => row[5] !== '') ? 'set by' : ''];
  const note = main === null ? '' : `\n${style.dim(`* Claude Code starts with it. The mapping is set by ${main}`)}`;
  return `${renderTable(columns, rows, style)}${note}`;
}

/** `~/.zshrc` of `~/.zshrc:12`; a layer after it stays. */
function fileOf(from: string | null): string | null {
  return from === null ? null : from.replace(/:\d+(?=$| \()/, '');
}
