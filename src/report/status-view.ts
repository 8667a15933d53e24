import { formatPrice, formatTokens } from '../models/format.ts';
import { shortPath } from './short-path.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { stripControls } from './text.ts';

/** The outcome of `orcc status`: plain data, keys masked. */
export interface StatusData {
  readonly configured: boolean;
  readonly native: boolean;
  /** Claude Code, started here, would talk to the base URL with a key. */
  readonly connected: boolean;
  readonly baseUrl: { readonly value: string; readonly from: string | null } | null;
  readonly key: { readonly masked: string; readonly storage: string | null; readonly from: string | null } | null;
  /** `window` in tokens, prices in USD per million tokens; null where not known. */
  readonly aliases: ReadonlyArray<{
    readonly alias: string;
    readonly model: string | null;
    readonly from: string | null;
    readonly window: number | null;
    readonly inputPrice: number | null;
    readonly outputPrice: number | null;
  }>;
  readonly default: { readonly named: string; readonly model: string; readonly from: string };
  /** The profile or preset that the mapping came from. */
  readonly profile: string | null;
  readonly profileChanged: boolean;
  readonly catalogAsOf: string | null;
  readonly targets: ReadonlyArray<{ readonly id: string; readonly path: string; readonly state: string }>;
  /** `startup`: what new terminals get; `notLoaded` names what this terminal lacks of it. */
  readonly thisTerminal: { readonly view: string; readonly notLoaded: readonly string[] };
  /** Only with `--all`. */
  readonly variables: ReadonlyArray<{
    readonly name: string;
    readonly value: string;
    readonly from: string;
    readonly beats: readonly string[];
  }>;
  readonly problems: readonly string[];
}

/** `user settings, ~/.claude/settings.json:4`, as a place is named everywhere. */
export function describePlace(at: { readonly layer: string; readonly file?: string; readonly line?: number }, home: string): string {
  if (at.file === undefined) return "this terminal's environment";
  const file = `${shortPath(at.file, home)}${at.line === undefined ? '' : `:${at.line}`}`;
  return at.layer === 'shell' ? file : `${file} (${at.layer})`;
}

/** The human view. */
export function statusText(data: StatusData, style: Style, all: boolean): string {
  const lines: string[] = [];
  if (data.baseUrl === null) {
    lines.push(
      data.native
        ? 'Claude Code talks to Anthropic (`orcc switch --native`); `orcc switch --back` brings the mapping in again'
        : data.configured
          ? 'Claude Code talks to Anthropic: no base URL is in effect here'
          : 'Nothing is configured; `orcc init` sets Claude Code up for OpenRouter',
    );
  } else {
    const host = hostOf(data.baseUrl.value);
    const name = host === 'openrouter.ai' || host.endsWith('.openrouter.ai') ? 'OpenRouter' : host;
    lines.push(
      data.connected
        ? `${style.green('✓')} ${style.bold(`Connected to ${name}`)}: Claude Code, started here, asks for ${style.bold(stripControls(data.default.model))} (${data.default.named})`
        : `${style.red('✗')} Not connected to ${name}`,
    );
    lines.push(`  Base URL  ${stripControls(data.baseUrl.value)}  ${style.dim(data.baseUrl.from ?? '')}`);
    lines.push(
      `  Key       ${data.key === null ? style.red('none') : `${data.key.masked}  ${style.dim([data.key.storage === null ? '' : `storage ${data.key.storage}`, data.key.from ?? ''].filter((each) => each !== '').join(', '))}`}`,
    );
    if (data.profile !== null) lines.push(`  Profile   ${stripControls(data.profile)}${data.profileChanged ? ' (changed)' : ''}`);
    lines.push('', aliasTable(data, style));
  }
  if (data.targets.length > 0) {
    lines.push(
      '',
      style.dim('written to'),
      ...data.targets.map((target) => `  ${target.id.padEnd(10)} ${target.path}  ${style.dim(target.state)}`),
    );
  }
  if (data.thisTerminal.notLoaded.length > 0) {
    lines.push(
      '',
      `This terminal has other values for ${data.thisTerminal.notLoaded.length} of these variables: open a new one, or reload the profile`,
    );
  }
  if (all && data.variables.length > 0) {
    lines.push(
      '',
      renderTable(
        [{ title: 'variable' }, { title: 'value' }, { title: 'from' }, { title: 'beats' }],
        data.variables.map((each) => [
          each.name,
          each.value === '' ? '(empty)' : stripControls(each.value),
          each.from,
          each.beats.map(stripControls).join('; '),
        ]),
        style,
      ),
    );
  }
  for (const problem of data.problems) lines.push('', `${style.yellow('warning:')} ${stripControls(problem)}`);
  return lines.join('\n');
}

/** One row for each alias; the file that sets most of them is named once above the table. */
function aliasTable(data: StatusData, style: Style): string {
  const shown = data.aliases.filter((each) => each.model !== null);
  const files = shown.map((each) => fileOf(each.from));
  const main = files.find((file) => file !== null) ?? null;
  const rows = shown.map((each) => [
    each.alias === data.default.named.replace(/\[1m\]$/, '') ? `${each.alias} *` : each.alias,
    stripControls(each.model ?? ''),
    formatTokens(each.window),
    formatPrice(each.inputPrice),
    formatPrice(each.outputPrice),
    each.from === null ? "Claude Code's own" : fileOf(each.from) === main ? '' : each.from,
  ]);
  const columns = [
    { title: 'alias' },
    { title: 'model' },
    { title: 'window', align: 'right' as const },
    { title: '$/M in', align: 'right' as const },
    { title: '$/M out', align: 'right' as const },
    { title: rows.some((row) => row[5] !== '') ? 'set by' : '' },
  ];
  const note = main === null ? '' : `\n${style.dim(`* Claude Code starts with it. The mapping is set by ${main}`)}`;
  return `${renderTable(columns, rows, style)}${note}`;
}

/** `~/.zshrc` of `~/.zshrc:12`, with the layer kept. */
function fileOf(from: string | null): string | null {
  return from === null ? null : from.replace(/:\d+(?=$| \()/, '');
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return stripControls(url);
  }
}
