import { isObject } from '../text/json.ts';
import { escapeInvisible, redact, stripControls } from '../text/text.ts';
import type { Finding } from '../core/finding.ts';
import { severityOf, type FindingArgs, type FindingRow } from './row.ts';
import { type FindingCode, rowOf } from './table.ts';

/**
 * A finding by its code, for `doctor` and the probe.
 *
 * @param args what the sentences may mention; values from files and the network are cleaned here
 * @param evidence what was seen, one line each
 * @param subject what it is about: an alias, a variable, a file
 */
export function findingOf(code: FindingCode, args: FindingArgs = {}, evidence: readonly string[] = [], subject?: string): Finding {
  return buildFinding(rowOf(code), args, evidence, subject);
}

/** The same from a row. `secrets` are masked wherever they appear. */
export function buildFinding(
  row: FindingRow,
  args: FindingArgs,
  evidence: readonly string[],
  subject?: string,
  secrets: readonly string[] = [],
): Finding {
  // Invisible characters are escaped in paths, so that these stay distinguishable, and removed from all other text.
  const { file } = args;
  const shown = (text: string): string => (file === undefined || file === '' ? text : text.replaceAll(file, escapeInvisible(file)));
  const clean = (text: string): string => redact(stripControls(shown(text)), secrets);
  const safe = cleanArgs(args, clean);
  const data = dataOf(safe);
  return {
    code: row.code,
    severity: severityOf(row),
    ...(subject === undefined ? {} : { subject: clean(subject) }),
    evidence: evidence.map(clean),
    cause: row.cause(safe),
    fix: row.fix(safe),
    ...(row.transient === true ? { transient: true } : {}),
    ...(row.hidden === undefined ? {} : { hidden: row.hidden }),
    ...(Object.keys(data).length === 0 ? {} : { data }),
  };
}

/** Cleans one item of a list: a word, or a rule, which is an object of words. */
function cleanItem(item: unknown, clean: (text: string) => string): unknown {
  if (!isObject(item)) return clean(String(item));
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, clean(String(value))]));
}

function cleanArgs(args: FindingArgs, clean: (text: string) => string): FindingArgs {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? clean(value) : Array.isArray(value) ? value.map((each: unknown) => cleanItem(each, clean)) : value,
    ]),
  );
}

/** The arguments that a script may want from `--json`: numbers, ids and places. */
const DATA: readonly (keyof FindingArgs)[] = [
  'model',
  'nearest',
  'successor',
  'provider',
  'status',
  'maxTokens',
  'affordable',
  'cap',
  'window',
  'resetAt',
  'period',
  'link',
  'retryAfterMs',
  'file',
  'line',
  'variable',
  'value',
];

function dataOf(args: FindingArgs): Record<string, unknown> {
  const entries = DATA.map((name): [string, unknown] => [name, args[name]]);
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined && !(Array.isArray(each) && each.length === 0)));
}
