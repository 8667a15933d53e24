import { describeAge } from '../../text/day.ts';
import type { StatusData } from './data.ts';
import type { Style } from '../../text/style.ts';
import { renderIfFitting, renderTable } from '../../text/table.ts';
import { clip, stripControls } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';

/** What `orcc status --all` adds: every variable, subagent and running session. One text for each part that is not empty. */
export function statusAllText(data: StatusData, style: Style): readonly string[] {
  const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string[] =>
    rows.length === 0
      ? []
      : [
          renderTable(
            titles,
            rows.map((row) => row.map(stripControls)),
            style,
          ),
        ];
  return [
    ...variables(data, style),
    ...table(
      ['subagent', 'asks for', 'gets', 'set by'],
      data.agents.map(({ name, asked, model, through, file }) => [name, asked ?? '', `${model}${WHY[through]}`, file ?? '--agents']),
    ),
    ...table(
      ['session', 'folder', 'running for'],
      data.sessions.map(({ pid, folder, ageMs }) => [String(pid), folder ?? '', ageMs === null ? '' : describeAge(ageMs)]),
    ),
  ];
}

/** Most characters of a value in the table; `--json` has the whole value. */
const LONGEST = 38;
/** Most characters of a value that is wrapped. */
const MOST = 200;

/**
 * The variables, and why each is set: a table with the reasons below it, or a list if the table is too wide. The file that sets
 * most of them is named once, and the rows show only its lines. Empty without variables.
 */
function variables({ variables: all, thisTerminal }: StatusData, style: Style): readonly string[] {
  if (all.length === 0) return [];
  const counts = new Map<string, number>();
  for (const file of all.map(({ from }) => fileOf(from))) counts.set(file, (counts.get(file) ?? 0) + 1);
  const [main = '', count = 0] = [...counts].sort((one, other) => other[1] - one[1])[0] ?? [];
  const isNamed = count > 1 && all.every(({ from }) => fileOf(from) !== main || LINE.test(from));
  const rows = all.map(({ name, value, from, here, beats, why }) => ({
    name: stripControls(name),
    value: stripControls(value),
    from: stripControls(isNamed && fileOf(from) === main ? `line ${LINE.exec(from)?.[1] ?? ''}` : from),
    here: thisTerminal.view === 'startup' && !here ? 'not yet' : '',
    beats: stripControls(beats.map((each) => placeIfSame(each, value)).join('; ')),
    why,
  }));
  const caption = isNamed ? `${style.dim(`line numbers refer to ${stripControls(main)}`)}\n` : '';
  const table = renderIfFitting(
    ['variable', 'value', 'from', 'here', 'beats'],
    rows.map(({ name, value, from, here, beats }) => [name, value === '' ? '(empty)' : clip(value, LONGEST), from, here, beats]),
    style,
  );
  return table !== undefined
    ? [`${caption}${table}`, ...reasons(rows, style)]
    : [`${caption}${rows.map((row) => listed(row, style)).join('\n')}`];
}

interface Row {
  readonly name: string;
  readonly value: string;
  readonly from: string;
  readonly here: string;
  readonly beats: string;
  readonly why: string | null;
}

/** A variable as it would be written, and below it where it is set, what it is for, and what it overrides. */
function listed({ name, value, from, here, beats, why }: Row, style: Style): string {
  // Text can be wrapped, a single word can only be cut.
  const shown = clip(value, value.includes(' ') ? MOST : Math.max(LONGEST, style.width - name.length - 1));
  const place = `${from}${here === '' ? '' : ', not in this terminal yet'}${why === null ? '' : `: ${why}`}`;
  return [
    wrap(`${style.bold(name)}=${shown === '' ? style.dim(' (empty)') : shown}`, style.width, '    '),
    ...[place, ...(beats === '' ? [] : [`overrides ${beats}`])].map((line) => style.dim(wrap(`  ${line}`, style.width, '    '))),
  ].join('\n');
}

/** The line number in a place: `~/.bashrc:8`, `~/.claude/settings.json:3 (user)`. */
const LINE = /:(\d+)(?=$| \()/;

function fileOf(from: string): string {
  return from.replace(LINE, '');
}

/** `~/.bashrc:8` of `VALUE (~/.bashrc:8)` if VALUE is in effect as well: repeating it helps nobody. */
function placeIfSame(beaten: string, value: string): string {
  return beaten.startsWith(`${value} (`) && beaten.endsWith(')') ? beaten.slice(value.length + 2, -1) : beaten;
}

/** Why each variable of the table is set. One text, or none. */
function reasons(rows: readonly Row[], style: Style): readonly string[] {
  const lines = rows.flatMap(({ name, why }) => (why === null ? [] : [wrap(`  ${name}: ${why}`, style.width, '    ')]));
  return lines.length === 0 ? [] : [style.dim(['what they are for', ...lines].join('\n'))];
}

const WHY = { alias: '', id: '', slot: ' (subagent)', session: ' (as the session)' } as const;
