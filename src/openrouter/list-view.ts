import type { CatalogModel } from './catalog-model.ts';
import type { Style } from '../text/style.ts';
import { cellWidth, pad } from '../text/wrap.ts';
import { clip } from '../text/text.ts';
import { modelCells } from './describe.ts';
import { describeStep } from './price.ts';
import { judgeModel } from './suitability.ts';

interface Column {
  readonly title: string;
  readonly right: boolean;
  readonly cell: (model: CatalogModel) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'model', right: false, cell: (model) => model.id },
  { title: 'window', right: true, cell: (model) => modelCells(model).window },
  { title: 'output', right: true, cell: (model) => modelCells(model).output },
  { title: 'in', right: true, cell: (model) => modelCells(model).inPrice },
  { title: 'out', right: true, cell: (model) => modelCells(model).outPrice },
  { title: 'tools', right: false, cell: (model) => modelCells(model).tools },
  { title: 'agent', right: true, cell: (model) => (model.scores?.agentic === undefined ? '' : String(Math.round(model.scores.agentic))) },
];
/** The least width, in cells, at which a note is useful. */
const NOTE_WIDTH = 24;

/**
 * A list with a line for each model, fitted to the terminal: if it is too wide, the output cap is left out first,
 * then the score (unless `byScore`), then the end of the note or all of it, which `models show` has. Unsuitable
 * models are dimmed and say why. `now` in milliseconds.
 */
export function renderModelList(models: readonly CatalogModel[], now: number, style: Style, byScore = false): string {
  if (models.length === 0) return '';
  const notes = models.map((model) =>
    [...judgeModel(model, now).problems.map((problem) => problem.reason), describeStep(model)]
      .filter((note) => note !== undefined)
      .join('; '),
  );
  const without = (...titles: readonly string[]): readonly Column[] => COLUMNS.filter((column) => !titles.includes(column.title));
  const choices = [COLUMNS, without('output'), ...(byScore ? [] : [without('output', 'agent')])].map((columns) => measure(columns, models));
  const fitting = choices.find((each) => each.total + NOTE_WIDTH + 2 <= style.width);
  const { columns, widths, total } = fitting ?? choices.at(-1) ?? measure(COLUMNS, models);
  const room = style.width - total - 2;
  const hasNotes = room >= NOTE_WIDTH / 2 && notes.some((note) => note !== '');
  const line = (cells: readonly string[], note: string): string =>
    [
      ...cells.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.right === true ? 'left' : 'right')),
      ...(hasNotes ? [clip(note, room)] : []),
    ]
      .join('  ')
      .trimEnd();
  const heading = style.dim(
    line(
      columns.map((column) => column.title),
      'note',
    ),
  );
  const rows = models.map((model, index) => {
    const text = line(
      columns.map((column) => column.cell(model)),
      notes[index] ?? '',
    );
    return judgeModel(model, now).suitable ? text : style.dim(text);
  });
  return [heading, ...rows].join('\n');
}

function measure(
  columns: readonly Column[],
  models: readonly CatalogModel[],
): { columns: readonly Column[]; widths: readonly number[]; total: number } {
  const widths = columns.map((column) =>
    models.reduce((widest, model) => Math.max(widest, cellWidth(column.cell(model))), cellWidth(column.title)),
  );
  return { columns, widths, total: widths.reduce((sum, width) => sum + width + 2, -2) };
}
