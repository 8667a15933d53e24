import { describeAge } from '../../text/age.ts';
import type { StatusData } from './status-view.ts';
import type { Style } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';
import { stripControls } from '../../text/text.ts';

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

const WHY = { alias: '', id: '', slot: ' (subagent)', session: ' (as the session)' } as const;
