import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../src/cli/commands.ts';
import { complete } from '../../src/completion/complete.ts';
import { completionScript } from '../../src/completion/scripts.ts';
import { COMPLETION_SHELLS } from '../../src/completion/shells.ts';
import type { Sources } from '../../src/completion/values.ts';
import { longOf, shownCommands, type CommandRow } from '../../src/core/command.ts';

const PROGRAM = await loadProgram();

const sources: Sources = {
  named: () => [
    { name: 'work', source: 'profile' },
    { name: 'team', source: 'team' },
    { name: 'guide', source: 'preset' },
  ],
  models: () => [{ value: 'z-ai/glm-4.7', note: 'GLM' }, { value: 'a/b:free' }],
  urls: () => [{ value: 'https://openrouter.ai/api' }],
  keys: () => [{ value: 'office', note: 'https://llm.example' }],
  codes: () => [{ value: 'NO_TOOLS' }],
  commands: () => shownCommands(PROGRAM).map(({ name }) => ({ value: name })),
};
const values = (...words: string[]): string[] => complete(PROGRAM, words, sources).candidates.map(({ value }) => value);

/** Every command with its path, the hidden ones left out. */
function leaves(command: CommandRow, path: readonly string[] = []): { path: readonly string[]; command: CommandRow }[] {
  const below = shownCommands(command).flatMap((each) => leaves(each, [...path, each.name]));
  return path.length === 0 ? below : [{ path, command }, ...below];
}

describe('completion', () => {
  it('knows every command, and none of the hidden ones', () => {
    expect(values('')).toEqual(shownCommands(PROGRAM).map(({ name }) => name));
  });

  it.each(leaves(PROGRAM).map(({ path, command }) => [path.join(' '), path, command] as const))(
    'knows every flag of %s',
    (_name, path, command) => {
      expect(values(...path, '--').sort()).toEqual([...command.flags.map(longOf), '--help'].sort());
    },
  );

  it('gives the names of keys to the commands that take one', () => {
    expect([values('key', 'use', ''), values('key', 'remove', ''), values('key', 'add', '')]).toEqual([['office'], ['office'], []]);
  });

  it('gives aliases, profiles, presets and models where they belong', () => {
    expect(values('switch', '')).toEqual(['opus=', 'sonnet=', 'haiku=', 'fable=', 'subagent=', 'work', 'team', 'guide']);
    expect(values('switch', 'opus=')).toEqual(['opus=z-ai/glm-4.7', 'opus=a/b:free']);
    expect(values('switch', 'work', '')).not.toContain('team');
    expect(values('run', '--profile', '')).toEqual(['work', 'team', 'guide']);
    expect(values('run', '--profile=')).toEqual(['--profile=work', '--profile=team', '--profile=guide']);
    expect(values('init', '--opus', '')).toEqual(['z-ai/glm-4.7', 'a/b:free']);
    expect(values('init', '--preset', '')).toEqual(['team', 'guide']);
    expect(values('test', 'opus', '')).toEqual(['sonnet', 'haiku', 'fable', 'subagent']);
    expect(values('models', 'show', 'z')).toEqual(['z-ai/glm-4.7', 'a/b:free']);
    expect(values('explain', '')).toEqual(['NO_TOOLS']);
    expect(values('profile', 'delete', '')).toEqual(['work']);
    expect(values('profile', 'show', '')).toEqual(['work', 'team', 'guide']);
    expect(values('env', '--shell', '')).toContain('github');
    expect(values('completion', '')).toEqual([...COMPLETION_SHELLS]);
    expect(values('switch', '--default', '')).toEqual(['opus', 'sonnet', 'haiku', 'fable']);
  });

  it('offers a flag once, unless it may be given again', () => {
    expect(values('switch', '--yes', '--')).not.toContain('--yes');
    expect(values('init', '--target', 'zsh', '--')).toContain('--target');
  });

  it('leaves files to the shell, and what stands behind the -- of run', () => {
    expect(complete(PROGRAM, ['profile', 'import', ''], sources)).toEqual({ candidates: [], files: true });
    expect(complete(PROGRAM, ['test', '--junit', ''], sources)).toEqual({ candidates: [], files: true });
    expect(complete(PROGRAM, ['run', 'opus=a/b', '--', '-'], sources)).toEqual({ candidates: [], files: true });
  });

  it('says nothing where nothing can be known', () => {
    expect(values('nonsense', '')).toEqual([]);
    expect(values('switch', '--timeout', '')).toEqual([]);
    expect(values('profile', 'save', '')).toEqual([]);
  });
});

describe('the scripts', () => {
  it.each(COMPLETION_SHELLS)('%s: is plain ASCII and calls orcc __complete', (shell) => {
    const script = completionScript(shell);
    expect(script).toMatch(/^[\x20-\x7e\n]+$/);
    expect(script).toContain('__complete');
  });
});
