import { describeAge } from '../../text/age.ts';
import type { StatusData } from './status-view.ts';
import type { Style } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';
import { stripControls } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';

/** What `orcc status --all` adds: every variable, subagent and running session. One text for each part that is not empty. */
export function statusAllText(data: StatusData, style: Style): readonly string[] {
  const isLater = data.thisTerminal.view === 'startup';
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
    ...table(
      ['variable', 'value', 'from', ...(isLater ? ['here'] : []), 'beats'],
      data.variables.map(({ name, value, from, here, beats }) => [
        name,
        value === '' ? '(empty)' : value,
        from,
        ...(isLater ? [here ? 'yes' : 'not yet'] : []),
        beats.join('; '),
      ]),
    ),
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

/** Why each variable of the table is there. One text, or none. */
function reasons({ variables }: StatusData, style: Style): readonly string[] {
  const lines = variables.flatMap(({ name, why }) => (why === null ? [] : [style.dim(wrap(`  ${name}: ${why}`, style.width, '    '))]));
  return lines.length === 0 ? [] : [lines.join('\n')];
}

const WHY = { alias: '', id: '', slot: ' (subagent)', session: ' (as the session)' } as const;
