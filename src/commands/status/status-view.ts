import { isAnthropicModel } from '../../claude/aliases.ts';
import { describeWayBack } from '../../config/state.ts';
import { nameOfGateway } from '../../core/hosts.ts';
import { showPrice } from '../../openrouter/price.ts';
import { formatTokens } from '../../text/format.ts';
import { describeAge } from '../../text/day.ts';
import type { Style } from '../../text/style.ts';
import { renderTable, right } from '../../text/table.ts';
import { stripControls } from '../../text/text.ts';
import { doubtLines } from './startup-doubts.ts';
import type { StatusData } from './data.ts';

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
    if (data.profile !== null && data.profileInEffect) {
      lines.push(`  Profile   ${stripControls(data.profile)}${data.profileChanged ? ' (changed)' : ''}`);
    }
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
  // Reloading a profile sets what it sets, and unsets nothing.
  const way = later.keyBelongsTo !== null ? '' : later.connected ? '; open one, or reload the profile' : '; open one';
  const after = startLine(later, 'in a new terminal', style, data.native);
  return [startLine(here, 'here and now', style), `${after}${way}`];
}

/** `native`: orcc was told to take Claude Code back to Anthropic, so that it is nothing wrong if it talks to it. */
function startLine({ connected, url, model, named, keyBelongsTo }: Start, where: string, style: Style, native = false): string {
  const name = url === null ? 'Anthropic' : stripControls(nameOfGateway(url));
  const asks = `Claude Code, started ${where}, ${url === null ? 'talks to Anthropic and ' : ''}asks for ${style.bold(stripControls(model))} (${stripControls(named)})`;
  if (keyBelongsTo !== null) {
    const owner = stripControls(nameOfGateway(keyBelongsTo));
    // The same host on two ports is two addresses.
    const [from, to] = owner === name ? [stripControls(keyBelongsTo), stripControls(url ?? '')] : [owner, name];
    return `${style.red('✗')} ${style.bold(`The key of ${from} would go to ${to}`)}, with all that Claude Code, started ${where}, asks`;
  }
  if (connected) return `${style.green('✓')} ${style.bold(`Set up for ${name}`)}: ${asks}`;
  if (url === null && native) return `  ${asks}`;
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
