import * as z from 'zod/mini';

import type { Context } from '../../core/context.ts';
import { severityOf, type FindingRow } from '../../diagnose/row.ts';
import { findRow, nearestCodes, TOPICS } from '../../diagnose/table.ts';
import { didYouMean, EXIT, OrccError } from '../../core/errors.ts';
import { flag, parseIntent } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Style } from '../../text/style.ts';
import { renderPairs } from '../../text/table.ts';
import { clip, stripControls } from '../../text/text.ts';

const schema = z.object({ code: z.optional(z.string()), json: flag });

/** `orcc explain [CODE]`: explains one finding, or lists all. Throws OrccError (usage) for an unknown code. */
export async function runExplainCommand(_ctx: Context, input: unknown): Promise<Outcome> {
  const { code } = parseIntent(schema, input, ['code']);
  return code === undefined ? listCodes() : runExplain(code);
}

/** Lists every finding by topic, one line each. */
function listCodes(): Outcome {
  const topics = TOPICS.map(({ title, rows }) => ({
    title,
    rows: rows.map((row) => ({ code: row.code, severity: severityOf(row), title: row.title })),
  }));
  return {
    exit: 'ok',
    data: { topics },
    findings: [],
    isLong: true,
    text: (style) =>
      topics
        .map(({ title, rows }) => {
          const pairs = rows.map(({ code, title: about }) => [code, about] as const);
          return `${style.bold(title)}\n${renderPairs(pairs, style, '  ')}`;
        })
        .join('\n\n'),
    remarks: () => '`orcc explain CODE` says what one means and how to fix it',
  };
}

/** The error for an unknown code: exit 2, with the nearest codes. */
export function unknownFinding(code: string): OrccError {
  const nearest = nearestCodes(stripControls(code));
  return new OrccError('usage', `No finding is called \`${clip(stripControls(code), 60)}\``, {
    hint: didYouMean(nearest, ' or ').trim() || '`orcc explain` lists them all',
  });
}

/**
 * Explains one row of the findings table.
 *
 * @param code in any case, with blanks or dashes for underscores
 * @throws OrccError (usage) for a code that does not exist, with the nearest ones
 */
export function runExplain(code: string): Outcome {
  const row = findRow(code) ?? exitRow(code);
  if (row === undefined) throw unknownFinding(code);
  const { title, recognised, hidden } = row;
  const data = {
    code: row.code,
    severity: severityOf(row),
    title,
    recognised,
    cause: row.cause({}),
    fix: row.fix({}),
    transient: row.transient ?? false,
    hidden: hidden ?? null,
  };
  return { exit: 'ok', data, findings: [], isLong: true, text: (style) => view(row, style) };
}

/** The row for an exit: in `--json` an error without a code of its own has the name of its exit as its code. */
function exitRow(name: string): FindingRow | undefined {
  const found = Object.entries(EXIT).find(([exit]) => exit === name.trim().toLowerCase());
  if (found === undefined) return undefined;
  const [exit, { code, meaning }] = found;
  const recognised = `orcc ends with exit code ${code}`;
  return {
    code: exit.toUpperCase(),
    title: meaning,
    recognised,
    cause: () => meaning,
    fix: () => 'see the message and its hint',
  };
}

function view(row: FindingRow, style: Style): string {
  const lines: ReadonlyArray<readonly [string, string | undefined]> = [
    ['recognised', row.recognised],
    ['cause', row.cause({})],
    ['fix', row.fix({})],
    ['again', row.transient === true ? 'it may be temporary: run `orcc test` again' : undefined],
    ['in Claude Code', row.hidden],
  ];
  const pairs = lines.flatMap(([label, text]) => (text === undefined ? [] : [[style.dim(label), text] as const]));
  const severity = severityOf(row);
  return `${style.bold(row.code)} (${severity === 'info' ? 'note' : severity}): ${row.title}\n${renderPairs(pairs, style, '  ')}`;
}
