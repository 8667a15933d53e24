import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import { runExplain } from '../../src/commands/explain/explain.ts';
import { findingOf } from '../../src/diagnose/build.ts';
import { stageOf } from '../../src/diagnose/clue.ts';
import { renderFindingsDoc } from '../../scripts/docs/findings.ts';
import type { FindingArgs } from '../../src/diagnose/row.ts';
import { EXIT } from '../../src/core/errors.ts';
import { findRow, nearestCodes, TABLE, TOPICS } from '../../src/diagnose/table.ts';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));

/** Codes that people look up and scripts compare: none of them goes. */
const STAYING = `ENV_NOT_LOADED SETTINGS_OVERRIDE FOREIGN_EXPORT AUTH_CONFLICT_LOGIN API_KEY_PRESENT URL_WITHOUT_TOKEN ONBOARDING_GATE
PROJECT_UNTRUSTED BASE_URL_WRONG KEY_MISSING KEY_BAD KEY_IS_MANAGEMENT KEY_EXPIRED KEY_LIMIT NO_CREDITS CREDITS_TOO_LOW_FOR_MAX_TOKENS
IN_FLIGHT_BUDGET MODEL_UNKNOWN MODEL_RETIRED MODEL_EXPIRING FREE_ENDED CONTEXT_MISMATCH MAX_OUTPUT_TOO_BIG PROJECT_MAPPING_ALONE LOCAL_ALONE
NO_TOOLS DATA_POLICY GUARDRAIL HARNESS_GATE REGION FREE_QUOTA_DAY FREE_QUOTA_MINUTE UPSTREAM_BUSY PROVIDER_ERROR TRANSLATION_400 EMPTY_ANSWER
STREAM_CUT NOT_OPENROUTER TIMEOUT DNS TLS PROXY ALIAS_UNMAPPED AUTO_MODE_BLOCKED SETTINGS_INVALID LEGACY_ANTHROPIC_BLOCK SETTINGS_NOT_IGNORED
KEY_EXPOSED MODE_TOO_OPEN BLOCK_DAMAGED EXECUTION_POLICY SESSIONS_RUNNING CLAUDE_MISSING CLAUDE_TOO_OLD`.split(/\s+/);

const FULL: FindingArgs = {
  model: 'author/model',
  alias: 'opus',
  nearest: ['author/other'],
  successor: 'author/next',
  provider: 'Provider',
  said: 'said',
  status: 400,
  maxTokens: 32000,
  affordable: 9000,
  cap: 8192,
  window: 65536,
  resetAt: '2026-11-23 00:00 UTC',
  retryAfterMs: 5000,
  baseUrl: 'https://openrouter.ai/api',
  host: 'openrouter.ai',
  proxy: 'http://proxy:3128',
  link: 'https://openrouter.ai/settings/privacy',
  variable: 'ANTHROPIC_MODEL',
  value: 'value',
  layer: 'user',
  file: '/home/u/.bashrc',
  line: 3,
  shell: 'bash',
  version: '2.1.0',
  date: '2026-12-01',
  mode: '0644',
  count: 2,
  reason: 'reason',
};

describe('the table', () => {
  it('keeps every code that somebody may have written down', () => {
    expect(STAYING.filter((code) => findRow(code) === undefined)).toEqual([]);
  });

  it('has each code once, and the topics hold all of them', () => {
    const codes = TABLE.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(TOPICS.flatMap(({ rows }) => rows.map(({ code }) => code)).sort()).toEqual([...codes].sort());
  });

  it.each(TABLE.map((row) => [row.code, row] as const))('%s reads well with and without arguments', (code, row) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    // But for names that are written small.
    expect(row.title).toMatch(/^(?:[A-Z]|orcc|git|`)/);
    for (const args of [{}, FULL]) {
      for (const text of [row.cause(args), row.fix(args), row.title, row.recognised]) {
        expect(text).not.toBe('');
        expect(text).not.toMatch(/undefined|null|NaN|\[object|\.$/);
      }
    }
  });

  it.each(TABLE.map((row) => [row.code, row] as const))('%s names only commands that orcc has', (_code, row) => {
    const known =
      /^orcc (?:init|test|switch|route|status|doctor|models|usage|statusline|export|key (?:set|rotate|storage)|check|undo|remove|explain|login)\b/;
    for (const args of [{}, FULL]) {
      for (const [, command] of row.fix(args).matchAll(/`(orcc [^`]*)`/g)) expect(command).toMatch(known);
    }
  });

  it.each(TABLE.flatMap((row) => [...row.fix(FULL).matchAll(/doctor --fix ([A-Z_0-9]+)/g)].map((match) => [row.code, match[1]] as const)))(
    '%s lets doctor fix %s, which is itself',
    (code, fixed) => {
      expect(fixed).toBe(code);
    },
  );

  it('has at least one condition in every clue', () => {
    for (const row of TABLE)
      for (const clue of row.clues ?? [])
        expect(Object.keys(clue).filter((key) => key !== 'broad').length, `${row.code} ${stageOf(clue)}`).toBeGreaterThan(0);
  });
});

describe('the codes that commands print', () => {
  const printed = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/^(?:simulator|diagnose.rows)\b/.test(name))
    .flatMap((name) => {
      const text = readFileSync(path.join(SOURCES, name), 'utf8');
      const found = text.matchAll(/(?:\bcode(?::| ===| !==| \?\?)|\b(?:refused|findingOf|find)\()\s*'([A-Z][A-Z0-9_]{2,})'/g);
      // The names of the system's own errors are not orcc's.
      return [...found]
        .map(([, code = '']) => code)
        .filter((code) => !/^(?:EOF|E[A-Z]{4,}|ERR_\w+|UND_ERR_\w+)$/.test(code) || code === 'EDITED' || code === 'ENCODING');
    });

  it('are found in the sources', () => {
    expect(printed).toEqual(
      expect.arrayContaining(['LOGIN_REFUSED', 'TOO_BIG', 'FILE_REFUSED', 'EDITED', 'MODEL_UNKNOWN', 'NOT_VERIFIED']),
    );
  });

  it('have a row each', () => {
    expect([...new Set(printed)].filter((code) => findRow(code) === undefined)).toEqual([]);
  });

  it.each(Object.keys(EXIT))('the exit code %s, which stands for an error without a code, is explained', (exit) => {
    expect(runExplain(exit.toUpperCase()).data).toMatchObject({ code: exit.toUpperCase() });
  });
});

describe('codes that people type', () => {
  it.each(['no_tools', 'No-Tools', ' NO TOOLS '])('%s finds NO_TOOLS', (code) => {
    expect(findRow(code)?.code).toBe('NO_TOOLS');
  });

  it('a mistyped one gets the nearest', () => {
    expect(findRow('KEY_BADD')).toBeUndefined();
    expect(nearestCodes('KEY_BADD')[0]).toBe('KEY_BAD');
  });
});

it('a finding from a file is stripped of escapes and keys', () => {
  const key = `sk-or-v1-${'0'.repeat(64)}`;
  const finding = findingOf(
    'SETTINGS_OVERRIDE',
    { variable: 'ANTHROPIC_AUTH_TOKEN', value: key, file: '/tmp/\u001b[2Jx' },
    [`line ${key}`],
    'x\u0007',
  );
  expect(JSON.stringify(finding)).not.toMatch(/(?<!\\)\\u001b|\\u0007|0{20}/);
  // A path keeps its place among others.
  expect(finding.data).toMatchObject({ file: '/tmp/\\u001b[2Jx' });
});

it('docs/findings.md is in step with the table (`npm run docs` writes it)', () => {
  expect(readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8')).toBe(renderFindingsDoc());
});
