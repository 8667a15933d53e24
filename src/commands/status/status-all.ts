import { describeAge } from '../../text/age.ts';
import type { StatusData } from './status-view.ts';
import type { Style } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';
import { clip, stripControls } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';

/** What `orcc status --all` adds: every variable, subagent and running session. One text for each part that is not empty. */
export function statusAllText(data: StatusData, style: Style): readonly string[] {
  const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string[] =>
    rows.length === 0
      ? []
      : [
          renderTable(
            titles.map((title) => ({ title })),
            rows.map((row) => row.map(stripControls)),
            style,
          ),
        ];
  return [
    ...variables(data, style),
    ...reasons(data, style),
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

/** Characters of a value in the table; `--json` has it whole. */
const LONGEST = 38;

/** The table of variables. The file that most of them come from is named once, and the rows have its lines. One text, or none. */
function variables({ variables: all, thisTerminal }: StatusData, style: Style): readonly string[] {
  if (all.length === 0) return [];
  const counts = new Map<string, number>();
  for (const file of all.map(({ from }) => fileOf(from))) counts.set(file, (counts.get(file) ?? 0) + 1);
  const [main = '', count = 0] = [...counts].sort((one, other) => other[1] - one[1])[0] ?? [];
  const isNamed = count > 1 && all.every(({ from }) => fileOf(from) !== main || LINE.test(from));
  const rows = all.map(({ name, value, from, here, beats }) =>
    [
      name,
      value === '' ? '(empty)' : clip(value, LONGEST),
      isNamed && fileOf(from) === main ? `line ${LINE.exec(from)?.[1] ?? ''}` : from,
      thisTerminal.view === 'startup' && !here ? 'not yet' : '',
      beats.map((each) => placeIfSame(each, value)).join('; '),
    ].map(stripControls),
  );
  const titles = ['variable', 'value', 'from', 'here', 'beats'].map((title) => ({ title }));
  const caption = isNamed ? `${style.dim(`lines are those of ${stripControls(main)}`)}\n` : '';
  return [`${caption}${renderTable(titles, rows, style)}`];
}

/** The line of a place: `~/.bashrc:8`, `~/.claude/settings.json:3 (user)`. */
const LINE = /:(\d+)(?=$| \()/;

function fileOf(from: string): string {
  return from.replace(LINE, '');
}

/** `~/.bashrc:8` of `VALUE (~/.bashrc:8)` where that is the value in effect: saying it twice helps nobody. */
function placeIfSame(beaten: string, value: string): string {
  return beaten.startsWith(`${value} (`) && beaten.endsWith(')') ? beaten.slice(value.length + 2, -1) : beaten;
}

/** Why each variable of the table is there. One text, or none. */
function reasons({ variables }: StatusData, style: Style): readonly string[] {
  const lines = variables.flatMap(({ name, why }) => (why === null ? [] : [wrap(`  ${name}: ${why}`, style.width, '    ')]));
  return lines.length === 0 ? [] : [style.dim(['what they are for', ...lines].join('\n'))];
}

const WHY = { alias: '', id: '', slot: ' (subagent)', session: ' (as the session)' } as const;
