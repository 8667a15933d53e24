import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';

import type { FindingCode } from '../../../src/diagnose/table.ts';
import { isObject } from '../../../src/text/json.ts';
import { sharedFile } from '../shared.ts';
import { type Answer, type Body, JSON_TYPE, type Shape } from './answer.ts';
import { ANSWERS } from './list.ts';
import { type Stream, STREAMS } from './streams.ts';

/** More answers and streams of the same kinds, from the data beside the repository; undefined where that is absent. */
export interface Beside {
  readonly bodies: readonly Body[];
  readonly wordings: readonly Body[];
  readonly streams: readonly Stream[];
}

/** The simulator's fault for each answer of autumn 2026. */
const FAULTS: Readonly<Record<string, string>> = {
  '401-provider-openai-byok': 'byok-key-refused',
  '403-byok-needed': 'byok-required',
  '403-workspace-budget': 'workspace-budget',
  '402-guardrail-budget': 'guardrail-budget',
  '403-moderation-envelope': 'moderation',
  '403-cf-challenge': 'cloudflare-challenge',
  '404-tools-availability': 'no-tool-support-available',
  '404-cache-control': 'no-cache-control-support',
  '404-context-length-filter': 'context-filtered',
  '404-max-price-availability': 'max-price',
  '404-upstream-gone': 'model-gone-upstream',
  '404-free-period': 'free-period-ended',
  '404-preset': 'preset-unknown',
  '400-model-empty': 'model-empty',
  '400-effort-envelope': 'effort-unsupported',
  '413-html': 'cloudflare-too-large',
  '429-day-limit-source-min': 'rate-free-rpm',
  '529-html': 'cloudflare-overloaded',
  'live-429-rpd-shared': 'rate-model-day',
  'live-404-guardrail-provider': 'guardrail-provider',
  'live-400-location': 'provider-location',
  'mid-unmapped': 'midstream-unmapped',
  'comments-then-end': 'comments-then-end',
  'no-message-stop-but-delta': 'no-message-stop',
  'max-tokens-stop': 'out-of-tokens',
  'cmp-error-after-delta': 'error-after-delta',
  'live-429-per-minute': 'rate-free-minute',
};

/** Variants of a message that mean something else than the case they stand under. */
const VARIANTS: ReadonlyArray<readonly [RegExp, FindingCode]> = [
  [/settings\/keys and create a key/, 'KEY_LIMIT'],
  [/handle the requested parameters/, 'PARAMETERS_UNSUPPORTED'],
  [/image input/, 'NO_IMAGES'],
  [/free-models-per-min/, 'FREE_QUOTA_MINUTE'],
  [/Invalid Anthropic Messages API request/, 'REQUEST_REFUSED'],
];

const headersSchema = z.record(z.string(), z.string());
const errorSchema = z.looseObject({
  id: z.string(),
  http: z.number(),
  headers: z.optional(headersSchema),
  chat: z.optional(z.unknown()),
  messages: z.optional(z.unknown()),
  html: z.optional(z.string()),
  also_messages: z.optional(z.array(z.string())),
  variants: z.optional(z.array(z.string())),
});
const answerSchema = z.looseObject({
  id: z.string(),
  model: z.string(),
  status: z.number(),
  headers: headersSchema,
  body: z.optional(z.unknown()),
  text: z.optional(z.string()),
  finding: z.string(),
});

/** All of it, in the form of the project's own answers. */
export function readBeside(): Beside | undefined {
  const errors = sharedFile('openrouter/errors.json');
  const answers = sharedFile('openrouter/answers-2026-11.json');
  if (errors === undefined || answers === undefined) return undefined;
  const known = casesOf(errors, errorSchema);
  const autumn = casesOf(answers, answerSchema);
  return {
    bodies: [
      ...known.flatMap(({ id, http, headers = {}, chat, messages, html }) =>
        [chat, messages, html].flatMap((body) =>
          body === undefined || body === null ? [] : [bodyOf(id, { status: http, headers, body })],
        ),
      ),
      ...autumn
        .filter(({ status }) => status !== 200)
        .map(({ id, body, text, ...more }) => bodyOf(id, { ...more, body: text ?? withoutId(body) })),
    ],
    wordings: known.flatMap(wordingsOf),
    streams: autumn
      .filter(({ status }) => status === 200)
      .map(({ id, model, headers, text = '', finding }) => ({
        title: id,
        fault: faultOf(id),
        model,
        headers,
        text,
        code: STREAMS.find(({ fault }) => fault === faultOf(id))?.code ?? 'no stream of the project’s own',
        fits: patternOf(finding),
      })),
  };
}

function casesOf<Schema extends z.core.$ZodType>(file: string, schema: Schema): readonly z.infer<Schema>[] {
  return z.object({ cases: z.array(schema) }).parse(JSON.parse(readFileSync(file, 'utf8'))).cases;
}

/** These answers say nothing of how far a request got. */
const withoutId = (body: unknown): unknown => (isObject(body) ? { ...body, request_id: undefined } : body);

const faultOf = (id: string): string => FAULTS[id] ?? id;

/** The project's own answer of the same fault, whose finding an answer of the data must give too. */
function ownOf(id: string): Answer {
  const own = ANSWERS.find(({ fault }) => fault === faultOf(id));
  if (own === undefined) throw new Error(`test/support/known-answers has no answer for \`${id}\``);
  return own;
}

interface Given {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly model?: string;
  readonly finding?: string;
}

function bodyOf(id: string, { status, headers, body, model = 'acme/model', finding }: Given): Body {
  const own = ownOf(id);
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  const isWhole = isObject(body) && (body['metadata'] !== undefined || error['metadata'] !== undefined);
  const shape: Shape =
    typeof body === 'string' ? 'page' : !isObject(body) || body['type'] !== 'error' ? 'own' : isWhole ? 'envelope' : 'bare';
  return {
    title: `${id} (${shape})`,
    fault: faultOf(id),
    shape,
    status,
    headers: { ...JSON_TYPE, ...(shape === 'page' ? { 'content-type': 'text/html' } : {}), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    model,
    code: isWhole ? own.code : (own.bare ?? own.code),
    fits: patternOf(finding),
  };
}

function wordingsOf({ id, http: status, messages, also_messages = [], variants = [] }: z.infer<typeof errorSchema>): readonly Body[] {
  const own = ownOf(id);
  return [...also_messages, ...variants.filter((text) => !text.startsWith('('))].flatMap((message) => {
    const code = VARIANTS.find(([pattern]) => pattern.test(message))?.[1] ?? own.bare ?? own.code;
    const both = { fault: faultOf(id), status, headers: {}, model: 'acme/model', code };
    const inEnvelope = JSON.stringify(messages, (key, value: unknown) => (key === 'message' ? message : value));
    return [
      {
        ...both,
        title: `${id} worded as «${message.slice(0, 60)}» (own)`,
        shape: 'own',
        body: JSON.stringify({ error: { message, code: status } }),
      },
      { ...both, title: `${id} worded as «${message.slice(0, 60)}» (bare)`, shape: 'bare', body: inEnvelope },
    ];
  });
}

/** What the data says of the finding: a pattern for its code, `!` before one that it must not be; the rest is a remark. */
function patternOf(finding: string | undefined): (code: string) => boolean {
  const [, not, pattern = ''] = /^(!?)([^,]+)/.exec(finding ?? '.*') ?? [];
  return (code) => new RegExp(`^(?:${pattern})$`).test(code) === (not === '');
}
