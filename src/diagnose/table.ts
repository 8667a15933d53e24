import { nearestWords } from '../text/nearest.ts';
import type { FindingRow } from './row.ts';
import { ANSWER_ROWS } from './rows/answer.ts';
import { AROUND_ROWS } from './rows/around.ts';
import { BYOK_ROWS } from './rows/byok.ts';
import { CLIENT_ROWS } from './rows/client.ts';
import { FILE_ROWS } from './rows/files.ts';
import { KEY_ROWS } from './rows/key.ts';
import { LAYER_ROWS } from './rows/layers.ts';
import { MODEL_ROWS } from './rows/model.ts';
import { MONEY_ROWS } from './rows/money.ts';
import { NETWORK_ROWS } from './rows/network.ts';
import { REFUSAL_ROWS } from './rows/refusals.ts';
import { ROUTING_ROWS } from './rows/routing.ts';

/** The topics, in the order in which the docs print them. */
export const TOPICS = [
  { title: 'What Claude Code reads', rows: LAYER_ROWS },
  { title: 'Around the terminal', rows: AROUND_ROWS },
  { title: 'Files', rows: FILE_ROWS },
  { title: 'Claude Code itself', rows: CLIENT_ROWS },
  { title: 'The key', rows: KEY_ROWS },
  { title: 'Money and quotas', rows: MONEY_ROWS },
  { title: 'Your own provider keys (BYOK)', rows: BYOK_ROWS },
  { title: 'The model', rows: MODEL_ROWS },
  { title: 'Routing and account settings', rows: ROUTING_ROWS },
  { title: 'The answer', rows: ANSWER_ROWS },
  { title: 'The connection to OpenRouter', rows: NETWORK_ROWS },
  { title: 'What stops orcc itself', rows: REFUSAL_ROWS },
] as const;

export type FindingCode = (typeof TOPICS)[number]['rows'][number]['code'];

/**
 * Every finding. Within a stage of evidence the first row that fits wins, so that the
 * order matters for failed calls: a provider's key before OpenRouter's, key before money before routing before model before answer.
 */
export const TABLE: readonly FindingRow[] = [
  ...BYOK_ROWS,
  ...KEY_ROWS,
  ...MONEY_ROWS,
  ...ROUTING_ROWS,
  ...MODEL_ROWS,
  ...ANSWER_ROWS,
  ...NETWORK_ROWS,
  ...LAYER_ROWS,
  ...AROUND_ROWS,
  ...FILE_ROWS,
  ...CLIENT_ROWS,
  ...REFUSAL_ROWS,
];

const BY_CODE: ReadonlyMap<string, FindingRow> = new Map(TABLE.map((row) => [row.code, row]));

/** The row of a code, in any case and with blanks or dashes for underscores; undefined if there is none. */
export function findRow(code: string): FindingRow | undefined {
  return BY_CODE.get(normaliseCode(code));
}

/** The row of a code. Throws TypeError if the table has none, which is a bug. */
export function rowOf(code: FindingCode): FindingRow {
  const row = BY_CODE.get(code);
  if (row === undefined) throw new TypeError(`No row for ${code}`);
  return row;
}

/** The codes nearest to a wrong one, best first. */
export function nearestCodes(code: string): string[] {
  return nearestWords(normaliseCode(code), [...BY_CODE.keys()]);
}

function normaliseCode(code: string): string {
  return code
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
}
