import { describe, expect, it, vi } from 'vitest';
import { loadProgram } from '../../src/cli/commands.ts';
import { renderManPage } from '../../scripts/docs/man-page.ts';
import { ALIAS_IDS, DEFAULT_ALIASES, resolveAliases } from '../../src/claude/aliases.ts';
import type { AliasRow } from '../../src/claude/alias-table.ts';
import { buildVariables, VARIABLES } from '../../src/claude/variables.ts';
import { effectiveMapping } from '../../src/claude/layers.ts';
import { resolveModel } from '../../src/claude/resolve-model.ts';
import { shortcomingsOf } from '../../src/claude/version.ts';
import { chooseMapping } from '../../src/commands/init/mapping-step.ts';
import { parseInitIntent } from '../../src/commands/init/intent.ts';
import { complete } from '../../src/completion/complete.ts';
import { readConfig } from '../../src/config/config.ts';
import { parseAssignment } from '../../src/config/mapping-input.ts';
import { renderSchemas } from '../../scripts/docs/schemas.ts';
import type { Context } from '../../src/core/context.ts';
import { longOf } from '../../src/core/command.ts';
import { createCatalog } from '../../src/openrouter/catalog.ts';
import { CONFIG } from '../support/machine.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { makeModel } from '../support/models.ts';
import { DEFAULT, scriptAnswers } from '../support/scripted-ask.ts';

const PROGRAM = await loadProgram();

const ROW = vi.hoisted((): AliasRow => ({
  id: 'saga',
  variable: 'ANTHROPIC_DEFAULT_SAGA_MODEL',
  role: 'the longest tier',
  use: 'the longest work',
  purpose: 'the longest work',
  required: false,
  selectable: true,
  follows: 'sonnet',
  unset: "the same as sonnet's",
  since: '2.1.400',
}));

vi.mock(import('../../src/claude/alias-table.ts'), async (original) => {
  const { ALIAS_TABLE } = await original();
  return { ALIAS_TABLE: [...ALIAS_TABLE, ROW] } as never;
});

const MODELS = { opus: 'a/opus', sonnet: 'a/sonnet', haiku: 'a/haiku', saga: 'a/saga' };

describe('a row added to the table of aliases', () => {
  it('is an alias that can be the default and follows the one it names', () => {
    expect(ALIAS_IDS.at(-1)).toBe('saga');
    expect(DEFAULT_ALIASES).toContain('saga');
    const { saga: _, ...without } = MODELS;
    expect(resolveAliases(without)).toContainEqual({ alias: 'saga', model: 'a/sonnet' });
    expect(resolveAliases(MODELS)).toContainEqual({ alias: 'saga', model: 'a/saga' });
  });

  it('is a member of the config and a value of its default', () => {
    const text = JSON.stringify({ ...CONFIG, mapping: MODELS, defaultAlias: 'saga' });
    expect(readConfig(memoryFiles({ '/config.json': text }), '/config.json')).toMatchObject({ mapping: MODELS, defaultAlias: 'saga' });
  });

  it('is in both schemas, as a member that may be left out', () => {
    for (const schema of Object.values(renderSchemas())) {
      expect(schema).toContain('"saga": {');
      expect(schema).toMatch(/\bsaga\b.*\bsonnet\b/);
      const required = [...schema.matchAll(/"required": \[([^\]]*)\]/g)].map(([, names]) => names ?? '');
      expect(required.some((names) => names.includes('"opus"'))).toBe(true);
      expect(required.some((names) => names.includes('"saga"'))).toBe(false);
    }
  });

  it('is a flag of init and a word of switch', () => {
    const init = PROGRAM.commands?.find(({ name }) => name === 'init');
    expect(init?.flags.map(longOf)).toContain('--saga');
    expect(parseInitIntent({ saga: 'a/saga', default: 'saga' })).toMatchObject({ models: { saga: 'a/saga' }, defaultAlias: 'saga' });
    expect(parseAssignment('saga=a/saga')).toEqual({ alias: 'saga', model: 'a/saga' });
    expect(parseAssignment('saga=')).toEqual({ alias: 'saga', model: undefined });
  });

  it('is completed', () => {
    const sources = {
      ...{ named: () => [], models: () => [{ value: 'a/saga' }], urls: () => [] },
      ...{ codes: () => [], keys: () => [], commands: () => [] },
    };
    const values = (...words: string[]): string[] => complete(PROGRAM, words, sources).candidates.map(({ value }) => value);
    expect(values('switch', 'sag')).toContain('saga=');
    expect(values('test', '')).toContain('saga');
    expect(values('switch', '--default', '')).toContain('saga');
    expect(values('init', '--saga', '')).toEqual(['a/saga']);
  });

  it('is a question of the wizard, with what it means to leave it out', async () => {
    const asked = scriptAnswers([
      { to: /Which models/, give: 'own' },
      ...(['opus', 'sonnet', 'haiku'] as const).map((alias) => ({ to: new RegExp(alias), give: 'a/one' })),
      { to: /fable/, give: DEFAULT },
      { to: /subagent/, give: DEFAULT },
      { to: /saga/, give: 'a/two' },
    ]);
    const ctx = {
      ask: asked.ask,
      interactive: true,
      stderr: { columns: 80 },
      clock: { now: () => Date.UTC(2026, 10, 27) },
    } as unknown as Context;
    const catalog = createCatalog([makeModel({ id: 'a/one' }), makeModel({ id: 'a/two' })], { source: 'live', asOf: 0, stale: false });
    const intent = { models: {}, defaultAlias: 'saga' as 'opus' };
    expect(await chooseMapping(ctx, intent, { present: undefined, team: undefined, named: [] }, catalog)).toEqual({
      mapping: {
        models: { opus: 'a/one', sonnet: 'a/one', haiku: 'a/one', saga: 'a/two' },
        defaultAlias: 'saga',
      },
    });
    expect(asked.questions.find(({ message }) => message.includes('saga'))?.choices[0]?.name).toBe(ROW.unset);
  });

  it('is in the manual page', () => {
    expect(renderManPage(PROGRAM)).toMatch(/saga.*<?id/);
  });

  it('is written, read back and resolved by its variable', () => {
    const mapping = { models: MODELS, defaultAlias: 'sonnet' } as const;
    expect(buildVariables({ mapping, limits: [], labels: [] })).toContainEqual({ name: ROW.variable, value: 'a/saga' });
    expect(VARIABLES.find(({ name }) => name === ROW.variable)).toMatchObject({ since: '2.1.400' });
    expect(shortcomingsOf('2.1.399').join()).toContain('saga');
    expect(shortcomingsOf('2.1.400').join()).not.toContain('saga');
    const variable = (name: string): string | undefined => (name === ROW.variable ? 'a/saga' : undefined);
    expect(resolveModel('saga', variable, '2.1.400')).toMatchObject({ model: 'a/saga', alias: 'saga', builtIn: false });
    expect(resolveModel('saga', variable, '2.1.399')).toMatchObject({ model: 'saga', builtIn: true });
    const layers = { settings: [], startup: [], process: new Map<string, string>() };
    expect(effectiveMapping(layers, 'startup').aliases.map(({ alias }) => alias)).toContain('saga');
  });
});
