import {
  BadGatewayResponseErrorData$inboundSchema,
  BadRequestResponseErrorData$inboundSchema,
  EdgeNetworkTimeoutResponseErrorData$inboundSchema,
  ForbiddenResponseErrorData$inboundSchema,
  InternalServerResponseErrorData$inboundSchema,
  NotFoundResponseErrorData$inboundSchema,
  PayloadTooLargeResponseErrorData$inboundSchema,
  PaymentRequiredResponseErrorData$inboundSchema,
  ProviderOverloadedResponseErrorData$inboundSchema,
  RequestTimeoutResponseErrorData$inboundSchema,
  ServiceUnavailableResponseErrorData$inboundSchema,
  TooManyRequestsResponseErrorData$inboundSchema,
  UnauthorizedResponseErrorData$inboundSchema,
  UnprocessableEntityResponseErrorData$inboundSchema,
} from '@openrouter/sdk/models';
import { describe, expect, it } from 'vitest';

import type { Evidence } from '../../src/diagnose/evidence.ts';
import { matchFailure } from '../../src/diagnose/match.ts';
import { TABLE } from '../../src/diagnose/table.ts';
import { parseErrorBody } from '../../src/openrouter/error-body.ts';
import { isObject } from '../../src/text/json.ts';
import { type Body, bodiesOf, wordingsOf } from '../support/known-answers/answer.ts';
import { readBeside } from '../support/known-answers/beside.ts';
import { ANSWERS } from '../support/known-answers/list.ts';
import { OWN_CONTRACT } from '../support/messages-contract.ts';
import { besideTitle } from '../support/shared.ts';

/** Rows that the status and the body of an answer never give: what a connection, a stream or a base URL gives stands in `neighbours.ts`. */
const OTHERS = 'EMPTY_ANSWER STREAM_CUT STREAM_STALLED STREAM_MALFORMED DNS UNREACHABLE TLS CONNECTION_LOST BASE_URL_WRONG'.split(' ');

/** What the client takes for an error of each status. */
const CLIENT: Readonly<Record<number, typeof BadRequestResponseErrorData$inboundSchema>> = {
  400: BadRequestResponseErrorData$inboundSchema,
  401: UnauthorizedResponseErrorData$inboundSchema,
  402: PaymentRequiredResponseErrorData$inboundSchema,
  403: ForbiddenResponseErrorData$inboundSchema,
  404: NotFoundResponseErrorData$inboundSchema,
  408: RequestTimeoutResponseErrorData$inboundSchema,
  413: PayloadTooLargeResponseErrorData$inboundSchema,
  422: UnprocessableEntityResponseErrorData$inboundSchema,
  429: TooManyRequestsResponseErrorData$inboundSchema,
  500: InternalServerResponseErrorData$inboundSchema,
  502: BadGatewayResponseErrorData$inboundSchema,
  503: ServiceUnavailableResponseErrorData$inboundSchema,
  524: EdgeNetworkTimeoutResponseErrorData$inboundSchema,
  529: ProviderOverloadedResponseErrorData$inboundSchema,
};

function evidenceOf({ shape, status, headers, body, model }: Body): Evidence {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  // The reader of a stream hands on the error of an event alone.
  return shape === 'event' ? { status, headers: lower, error: parseErrorBody(body), model } : { status, headers: lower, body, model };
}

function tryEach(bodies: readonly Body[]): void {
  it.each(bodies.map((each) => [each.title, each.code, each] as const))('%s is %s', (_title, code, each) => {
    const finding = matchFailure(evidenceOf(each));
    expect(finding.code).toBe(code);
    expect(each.fits?.(code) ?? true).toBe(true);
    expect(finding.evidence[0]).toContain(`HTTP ${String(each.status)}`);
  });
}

/** Where the body breaks the types of OpenRouter's client for its status, or the envelope's description. */
function breaks({ title, shape, status, body }: Body): string | undefined {
  if (shape === 'page') return undefined;
  const value: unknown = JSON.parse(body);
  const broken =
    shape === 'own'
      ? CLIENT[status]?.safeParse(isObject(value) ? value['error'] : undefined).error?.message
      : shape === 'event'
        ? OWN_CONTRACT.event({ event: 'error', data: value })
        : OWN_CONTRACT.refusal(value);
  return broken ?? (shape === 'own' && CLIENT[status] === undefined ? `no type for ${title}` : undefined);
}

describe('an answer that refuses, in each shape that it comes in', () => {
  it('is there for every finding that an answer can give', () => {
    const rows = TABLE.filter(({ clues }) => clues !== undefined).map(({ code }) => code);
    const codes = new Set<string>(ANSWERS.map(({ code }) => code));
    expect(rows.filter((code) => !codes.has(code))).toEqual(rows.filter((code) => OTHERS.includes(code)));
  });

  it("has the shape that OpenRouter's client and its documentation give it", () => {
    expect(ANSWERS.flatMap(bodiesOf).flatMap((body) => breaks(body) ?? [])).toEqual([]);
  });

  tryEach(ANSWERS.flatMap(bodiesOf));
});

describe('the same in other words', () => {
  tryEach(ANSWERS.flatMap(wordingsOf));
});

const beside = readBeside();

describe.skipIf(beside === undefined)(besideTitle('answers that were collected', 105), () => {
  const { bodies = [], wordings = [] } = beside ?? {};
  it('are as many as the title says', () => {
    expect(bodies.length + wordings.length).toBe(105);
  });

  tryEach([...bodies, ...wordings]);
});
