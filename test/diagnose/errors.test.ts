import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { matchFailure } from '../../src/diagnose/match.ts';
import type { FindingCode } from '../../src/diagnose/table.ts';
import { sharedFile } from '../support/shared.ts';
import { expectedCode } from './expected.ts';

/** Variants of a message that mean something else than the case they stand under. */
const VARIANTS: ReadonlyArray<readonly [RegExp, FindingCode]> = [
  [/settings\/keys and create a key/, 'KEY_LIMIT'],
  [/handle the requested parameters/, 'PARAMETERS_UNSUPPORTED'],
  [/image input/, 'NO_IMAGES'],
  [/free-models-per-min/, 'FREE_QUOTA_MINUTE'],
  [/Invalid Anthropic Messages API request/, 'REQUEST_REFUSED'],
];

const caseSchema = z.looseObject({
  id: z.string(),
  http: z.number(),
  headers: z.optional(z.record(z.string(), z.string())),
  chat: z.optional(z.unknown()),
  messages: z.optional(z.unknown()),
  html: z.optional(z.string()),
  also_messages: z.optional(z.array(z.string())),
  variants: z.optional(z.array(z.string())),
});
type Case = z.infer<typeof caseSchema>;

const path = sharedFile('openrouter/errors.json');
const cases: readonly Case[] =
  path === undefined ? [] : z.object({ cases: z.array(caseSchema) }).parse(JSON.parse(readFileSync(path, 'utf8'))).cases;

function headersOf(each: Case): Record<string, string> {
  return Object.fromEntries(Object.entries(each.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

function withMessage(body: unknown, message: string): string {
  return JSON.stringify(body, (key, value: unknown) => (key === 'message' ? message : value));
}

describe.skipIf(path === undefined)('the error catalogue of OpenRouter (skipped where ../shared/openrouter/errors.json is absent)', () => {
  it('has an expected code for every case', () => {
    expect(cases.map(({ id }) => id).filter((id) => expectedCode(id, 'plain') === undefined)).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(30);
  });

  it.each(cases.filter(({ chat }) => chat !== undefined && chat !== null).map((each) => [each.id, each] as const))(
    '%s in its own shape',
    (id, each) => {
      const finding = matchFailure({ status: each.http, headers: headersOf(each), body: JSON.stringify(each.chat), model: 'acme/model' });
      expect(finding.code).toBe(expectedCode(id, 'plain'));
      expect(finding.evidence[0]).toContain(`HTTP ${each.http}`);
    },
  );

  it.each(cases.filter(({ messages }) => messages !== undefined && messages !== null).map((each) => [each.id, each] as const))(
    '%s in the Anthropic envelope',
    (id, each) => {
      const evidence = { headers: headersOf(each), model: 'acme/model' };
      expect(matchFailure({ ...evidence, status: each.http, body: JSON.stringify(each.messages) }).code).toBe(
        expectedCode(id, 'anthropic'),
      );
    },
  );

  it.each(
    cases.flatMap((each) =>
      [...(each.also_messages ?? []), ...(each.variants ?? []).filter((text) => !text.startsWith('('))].map(
        (message) => [each.id, message.slice(0, 60), message, each] as const,
      ),
    ),
  )('%s worded as «%s»', (id, _short, message, each) => {
    const meaning = VARIANTS.find(([pattern]) => pattern.test(message))?.[1];
    const bare = { error: { message, code: each.http } };
    expect(matchFailure({ status: each.http, body: JSON.stringify(bare), headers: {} }).code).toBe(
      meaning ?? expectedCode(id, 'anthropic'),
    );
    const envelope = withMessage(each.messages, message);
    expect(matchFailure({ status: each.http, body: envelope, headers: {} }).code).toBe(meaning ?? expectedCode(id, 'anthropic'));
  });
});

describe('what stands in no catalogue', () => {
  it.each(['daily', 'weekly', 'monthly', 'total'])('a key limit that is %s', (period) => {
    const body = JSON.stringify({
      error: { message: `Key limit exceeded (${period} limit). Manage it using https://openrouter.ai/settings/keys`, code: 403 },
    });
    expect(matchFailure({ status: 403, body }).code).toBe('KEY_LIMIT');
  });

  it('a page instead of JSON', () => {
    const body = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the network</body></html>';
    const codes = [200, 404, 502].map((status) => matchFailure({ status, body, headers: { 'content-type': 'text/html' } }).code);
    expect(codes).toEqual(['NOT_OPENROUTER', 'NOT_OPENROUTER', 'SERVER_ERROR']);
  });
});
