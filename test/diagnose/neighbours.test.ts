import { describe, expect, it } from 'vitest';

import { matchFailure } from '../../src/diagnose/match.ts';
import { TABLE } from '../../src/diagnose/table.ts';
import { EDGE, envelope, PAIRS, plain } from './neighbours.ts';
import { WORDINGS } from './wordings.ts';

describe('each finding of a failed call, and its nearest neighbour', () => {
  it('has a pair for every row that a failed call can give', () => {
    const rows = TABLE.filter(({ clues }) => clues !== undefined).map(({ code }) => code);
    expect(PAIRS.map(({ code }) => code).sort()).toEqual([...rows, 'UNKNOWN_FAILURE'].sort());
    expect(PAIRS.filter(({ code, not }) => not.some(([other]) => (other as string) === code))).toEqual([]);
    const tried = PAIRS.flatMap(({ must, not }) => [...must, ...not]).length + WORDINGS.length;
    console.log(`${String(tried)} answers tried for ${String(PAIRS.length)} findings`);
  });

  it.each(PAIRS.flatMap(({ code, must }) => must.map((evidence, index) => [code, index, evidence] as const)))(
    '%s, in wording %i',
    (code, _index, evidence) => {
      expect(matchFailure(evidence).code, JSON.stringify(evidence)).toBe(code);
    },
  );

  it.each(PAIRS.flatMap(({ code, not }) => not.map(([other, evidence]) => [code, other, evidence] as const)))(
    'not %s but %s',
    (_code, other, evidence) => {
      expect(matchFailure(evidence).code, JSON.stringify(evidence)).toBe(other);
    },
  );
});

it.each(WORDINGS.map(([code, evidence], index) => [code, index, evidence] as const))('%s in other words (%i)', (code, _index, evidence) => {
  const finding = matchFailure({ model: 'acme/one', alias: 'opus', ...evidence });
  expect(finding.code, JSON.stringify(evidence)).toBe(code);
  expect(JSON.stringify([finding.cause, finding.fix, finding.evidence])).not.toMatch(/[\u0000-\u001f\u202e]|\\u00/);
});

describe('what the finding tells', () => {
  it.each([
    ['The free Acme 2 period has ended. To continue using this model, please migrate to the paid slug: acme/acme-2512', 'acme/acme-2512'],
    ['This model is unavailable for free. The paid version is available now - use this slug instead: acme/acme-2.', 'acme/acme-2'],
    ['The free period has ended. See https://openrouter.ai/acme/acme-2', undefined],
  ])('the successor in «%s»', (message, successor) => {
    const finding = matchFailure({ ...plain(404, message), alias: 'opus', model: 'acme/acme-2:free' });
    expect(finding.code).toBe('FREE_ENDED');
    expect(finding.data?.['successor']).toBe(successor);
    expect(finding.fix).toContain(`orcc switch opus=${successor ?? 'acme/acme-2'}`);
  });

  it.each([
    [plain(429, 'x', { retry_after_seconds: 7 }), 7000],
    [plain(429, 'x', { headers: { 'Retry-After': '9' } }), 9000],
    [plain(429, 'x', undefined, { availability: { retry_after: 3 } }), 3000],
    [{ ...plain(429, 'x', { retry_after_seconds: 7 }), headers: { 'retry-after': '2' } }, 2000],
    [plain(429, 'x', { retry_after_seconds: -1 }), undefined],
  ])('the wait that an answer asks for (%#)', (evidence, ms) => {
    expect(matchFailure(evidence).data?.['retryAfterMs']).toBe(ms);
  });

  it.each([
    ['The decoder prompt (length 41000) is longer than the maximum model length of 32768.', 'window', 32768],
    ['The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', 'window', 1048576],
    ['Range of input length should be [1, 98304]', 'window', 98304],
    ['Le paramètre max_tokens doit être compris entre 1 et 8192', 'cap', 8192],
    ['maxOutputTokens value of 128000 but the supported range is from 1 (inclusive) to 65537 (exclusive).', 'cap', 65537],
  ])('the figure in «%s»', (message, name, figure) => {
    expect(matchFailure(plain(400, message)).data?.[name]).toBe(figure);
  });

  it('what another server said, whose error has another form', () => {
    expect(matchFailure({ status: 400, body: '{"error":"no such thing \\u001b[1m"}' }).cause).toContain('no such thing');
    expect(
      matchFailure(plain(502, 'Provider returned error', { raw: '<html><title>502 Bad Gateway</title><b>x</b></html>' })).cause,
    ).toContain('502 Bad Gateway');
  });

  it("a budget's page and period", () => {
    const finding = matchFailure(
      envelope(
        403,
        'permission_error',
        'Workspace budget exceeded (monthly). Manage it at https://openrouter.ai/workspaces/x/budgets',
        'permission_denied',
      ),
    );
    expect(finding.cause).toContain('monthly');
    expect(finding.fix).toContain('https://openrouter.ai/workspaces/x/budgets');
  });

  it('a page of a provider is not taken for the edge because of its words', () => {
    expect(
      matchFailure({ status: 403, headers: { 'content-type': 'text/html' }, body: '<title>Attention | Cloudflare</title>' }).code,
    ).toBe('NOT_OPENROUTER');
    expect(matchFailure({ status: 403, headers: EDGE, body: '<title>x</title>' }).code).toBe('EDGE_BLOCKED');
  });
});
