import type { Clue } from './clue.ts';
import type { Finding } from '../core/finding.ts';
import type { Evidence } from './evidence.ts';

/**
 * What a row's sentences may mention. Everything is optional: without arguments a
 * row still reads as general advice, which is what `orcc explain` and the docs print.
 * Values are already safe to print (no key, no control characters).
 */
export interface FindingArgs extends Pick<Evidence, 'status' | 'model' | 'alias' | 'maxTokens' | 'baseUrl' | 'keyFrom' | 'rules'> {
  /** Ids of the catalog that look like `model`, best first. */
  readonly nearest?: readonly string[] | undefined;
  /** The id that OpenRouter or the catalog names instead. */
  readonly successor?: string | undefined;
  readonly provider?: string | undefined;
  /** What the other side said, in its own words. */
  readonly said?: string | undefined;
  /** Output tokens that the balance allows. */
  readonly affordable?: number | undefined;
  /** The largest max_tokens that the provider takes. */
  readonly cap?: number | undefined;
  /** Context window, tokens. */
  readonly window?: number | undefined;
  /** Of a budget or limit: daily, weekly, monthly. */
  readonly period?: string | undefined;
  /** Readable time, UTC. */
  readonly resetAt?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly host?: string | undefined;
  /** Without credentials. */
  readonly proxy?: string | undefined;
  /** A page of openrouter.ai that the answer named. */
  readonly link?: string | undefined;
  readonly variable?: string | undefined;
  /** Masked where it is secret. */
  readonly value?: string | undefined;
  /** What it should be. */
  readonly right?: string | undefined;
  readonly layer?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly shell?: string | undefined;
  readonly version?: string | undefined;
  readonly date?: string | undefined;
  readonly mode?: string | undefined;
  readonly count?: number | undefined;
  readonly reason?: string | undefined;
  /** What the user runs to fix it. */
  readonly command?: string | undefined;
}

/** One finding: how it is recognised, its cause and its fix, in one place (design D9). */
export interface FindingRow {
  readonly code: string;
  /** Absent: an error. */
  readonly severity?: 'warning' | 'info';
  /** A few words, no full stop. */
  readonly title: string;
  /** How it is recognised, for the docs. */
  readonly recognised: string;
  /** How a failed call is recognised; absent if only `doctor` can see it. */
  readonly clues?: readonly Clue[];
  /** One sentence. */
  readonly cause: (args: FindingArgs) => string;
  /** A command or a link where one exists. */
  readonly fix: (args: FindingArgs) => string;
  /** Trying again later may help. */
  readonly transient?: boolean;
  /** Concerns the account, the key or the connection to OpenRouter, whatever the model: said once for all aliases. */
  readonly account?: boolean;
  /** What Claude Code shows instead, where it hides the cause (measured on 2.1.330). */
  readonly hidden?: string;
}

/** A row's severity; an error unless it says otherwise. */
export function severityOf({ severity }: FindingRow): Finding['severity'] {
  return severity ?? 'error';
}

/** The model in backticks, or words if it is not known. */
export function modelName(args: FindingArgs): string {
  return args.model === undefined ? 'the model' : `\`${args.model}\``;
}

/** `path:line` in backticks, or the given words. */
export function place(args: FindingArgs, otherwise: string): string {
  if (args.file === undefined) return otherwise;
  return args.line === undefined ? `\`${args.file}\`` : `\`${args.file}:${args.line}\``;
}

/** Whether an id is safe in a command that a user copies into a shell: ids come from the network too. */
export function isPlainId(id: string): boolean {
  return id.length <= 256 && /^[~@]?[A-Za-z0-9][A-Za-z0-9._:-]*(?:\/[A-Za-z0-9._:-]+)*$/.test(id);
}

/** `orcc switch opus=<id>`, with placeholders for an unknown alias or id. */
export function switchCommand(args: FindingArgs, model?: string): string {
  const id = model !== undefined && isPlainId(model) ? model : 'MODEL';
  return isFallback(args) ? `\`orcc switch --fallback ${id}\`` : `\`orcc switch ${args.alias ?? 'ALIAS'}=${id}\``;
}

/** The command that tests the finding's alias, with further flags. */
export function testCommand(args: FindingArgs, flags = ''): string {
  return `\`orcc test ${isFallback(args) ? '--fallback' : (args.alias ?? 'ALIAS')}${flags}\``;
}

/** Whether the alias is what `orcc test --fallback` calls a fallback model. */
function isFallback({ alias }: FindingArgs): boolean {
  return alias?.startsWith('fallback') === true;
}

/** The model with a routing suffix; undefined if it already has one, is a preset, or is not known. */
export function withSuffix(args: FindingArgs, suffix: 'exacto' | 'nitro'): string | undefined {
  return args.model === undefined || args.model.includes(':') || args.model.startsWith('@') ? undefined : `${args.model}:${suffix}`;
}

/** What the other side said, as an appended clause; empty if it said nothing. */
export function quoteSaid(args: FindingArgs): string {
  return args.said === undefined || args.said === '' ? '' : `: ${args.said}`;
}

/** Range of output tokens, in any wording: "max_tokens … [1, 8192]", "maxOutputTokens … from 1 (inclusive) to 65537"; group 1: its end. */
export const OUTPUT_RANGE = /max_?(?:completion_?|output_?)?tokens\b[^\n]{0,90}?(?<![\d.])[01]\D{1,20}(\d{3,7})\b/i;
