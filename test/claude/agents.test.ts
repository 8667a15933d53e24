import { describe, expect, it } from 'vitest';
import { parseAgentsJson, readAgents, resolveAgents } from '../../src/claude/agents.ts';
import { readLayers, effectiveMapping } from '../../src/claude/layers.ts';
import { memoryFiles } from '../support/memory-files.ts';

const place = { home: '/home/u', platform: 'linux', cwd: '/w', env: {} } as const;
const ENV = {
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'v/o',
  ANTHROPIC_DEFAULT_SONNET_MODEL: 'v/s',
  ANTHROPIC_DEFAULT_HAIKU_MODEL: 'v/h',
  ANTHROPIC_MODEL: 'sonnet',
};

function mapping(env: Record<string, string> = {}) {
  return effectiveMapping(readLayers({ ...place, fs: memoryFiles({}), env: { ...ENV, ...env } }), 'process');
}

describe('agents', () => {
  it('are read from the folder and the user, the folder first, and only with front matter, name and description', () => {
    const fs = memoryFiles({
      '/w/.claude/agents/reviewer.md': '---\nname: reviewer\ndescription: x\nmodel: "opus" # big\n---\nmodel: haiku\n',
      '/w/.claude/agents/.a.b/plain.md': '\ufeff---\r\nname: plain\r\ndescription: x\r\n---\r\nText\r\n',
      '/w/.claude/agents/notes.md': '# no front matter\nmodel: opus\n',
      '/w/.claude/agents/nameless.md': '---\ndescription: x\nmodel: opus\n---\n',
      '/w/.claude/agents/silent.md': '---\nname: silent\nmodel: opus\n---\n',
      '/w/.claude/agents/readme.txt': '---\nname: t\ndescription: x\n---\n',
      '/home/u/.claude/agents/reviewer.md': '---\nname: reviewer\ndescription: x\nmodel: haiku\n---\n',
      '/home/u/.claude/agents/full.md': "---\nname: full\ndescription: x\nmodel: 'z-ai/glm-4.7'\n---\n",
      '/home/u/.claude/agents/locked.md': { fails: 'EACCES' },
    });
    expect(readAgents({ ...place, fs }).map(({ name, scope, asked }) => [name, scope, asked])).toEqual([
      ['plain', 'project', undefined],
      ['reviewer', 'project', 'opus'],
      ['full', 'user', 'z-ai/glm-4.7'],
    ]);
  });

  it('are read from the folders above too, up to the top of the git work tree, the nearest first', () => {
    const agent = (name: string, model: string): string => `---\nname: ${name}\ndescription: x\nmodel: ${model}\n---\n`;
    const fs = memoryFiles({
      '/top/.claude/agents/far.md': agent('far', 'opus'),
      '/top/a/.git/HEAD': '',
      '/top/a/.claude/agents/one.md': agent('one', 'opus'),
      '/top/a/.claude/agents/two.md': agent('two', 'opus'),
      '/top/a/b/.claude/agents/one.md': agent('one', 'haiku'),
    });
    expect(readAgents({ ...place, cwd: '/top/a/b/c', fs }).map(({ name, asked }) => [name, asked])).toEqual([
      ['one', 'haiku'],
      ['two', 'opus'],
    ]);
  });

  it('are read from the JSON of the guide, which lacks what Claude Code wants of it', () => {
    const given = parseAgentsJson(
      '{"reviewer": {"description": "r", "model": "opus", "tools": ["Read"]}, "explorer": {"description": "e", "prompt": "p", "model": "haiku"}}',
    );
    expect(given).toEqual({
      agents: [
        { name: 'reviewer', scope: 'json', asked: 'opus' },
        { name: 'explorer', scope: 'json', asked: 'haiku' },
      ],
      flaws: [expect.stringMatching(/^reviewer\b.*`prompt`$/)],
    });
    for (const wrong of ['[]', 'no', '{"a": 1}', '{"a": {"model": 7}}']) expect(parseAgentsJson(wrong)).toBeUndefined();
  });

  const named = (asked?: string) => [{ name: 'a', scope: 'user' as const, ...(asked === undefined ? {} : { asked }) }];

  it.each([
    ['opus', 'v/o', 'alias'],
    ['Haiku', 'v/h', 'alias'],
    ['fable', 'claude-fable-5-2', 'alias'],
    ['z-ai/glm-4.7', 'z-ai/glm-4.7', 'id'],
    ['inherit', 'v/s', 'session'],
    ['no model', 'v/s', 'session'],
  ])('that name %s ask for %s', (asked, model, through) => {
    expect(resolveAgents(named(asked === 'no model' ? undefined : asked), mapping(), { force: false })).toMatchObject([{ model, through }]);
  });

  it('take the session’s model where the slot says `inherit`', () => {
    const inherit = mapping({ CLAUDE_CODE_SUBAGENT_MODEL: 'Inherit' });
    expect(resolveAgents(named(), inherit, { force: false })).toMatchObject([{ model: 'v/s', through: 'session' }]);
    expect(inherit.aliases.find(({ alias }) => alias === 'subagent')).toEqual({ alias: 'subagent' });
  });

  it('take the subagent slot where they name none, and all of them where it is forced', () => {
    const withSlot = mapping({ CLAUDE_CODE_SUBAGENT_MODEL: 'v/sub' });
    expect(resolveAgents(named(), withSlot, { force: false })).toMatchObject([{ model: 'v/sub', through: 'slot' }]);
    expect(resolveAgents(named('opus'), withSlot, { force: false })).toMatchObject([{ model: 'v/o' }]);
    expect(resolveAgents(named('opus'), withSlot, { force: true })).toMatchObject([{ model: 'v/sub', through: 'slot' }]);
  });
});
