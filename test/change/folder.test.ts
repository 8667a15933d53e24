import { describe, expect, it } from 'vitest';
import { readFolderExtras, routingIn } from '../../src/change/folder-extras.ts';
import { hasImageRules, keepImageRules } from '../../src/change/folder-images.ts';
import { readFolderMapping, recordedFolderTargets } from '../../src/change/folder-mapping.ts';
import type { Mapping } from '../../src/claude/aliases.ts';
import { IMAGE_MEMBERS } from '../../src/claude/image-rules.ts';
import type { State } from '../../src/config/state.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { CONFIG, HOME, machineWith, place, setup } from '../support/machine.ts';

const folderWith = (project: object, local: object = {}) =>
  machineWith({ files: { [place('project')]: JSON.stringify(project), [place('local')]: JSON.stringify(local) } });
const body = (routing: object): object => ({ env: { CLAUDE_CODE_EXTRA_BODY: JSON.stringify({ provider: routing, other: 1 }) } });

describe('the extras in a folder’s settings', () => {
  it('are read back as they were written, the own file’s over the committed one’s', () => {
    const settings = {
      fallbackModel: ['a/one'],
      modelSettings: { 'z-ai/glm-4.7': { effortLevel: 'high' }, 'x/unmapped': { effortLevel: 'low' } },
      env: { ...(body({ zdr: true }) as { env: object }).env, CLAUDE_CODE_EFFORT_LEVEL: 'low', CLAUDE_CODE_AUTO_MODE_MODEL: 'a/auto' },
    };
    const found = { routing: { zdr: true }, fallback: ['a/one'], autoModeModel: 'a/auto' };
    expect(readFolderExtras(folderWith(settings), CONFIG)).toEqual({ ...found, effort: { all: 'low' } });
    expect(readFolderExtras(folderWith({ fallbackModel: ['a/one'] }, { fallbackModel: ['a/two'] }), CONFIG)).toEqual({
      fallback: ['a/two'],
    });
    expect(readFolderExtras(folderWith({}), CONFIG)).toEqual({});
    expect(readFolderExtras(machineWith(), CONFIG)).toEqual({});
  });

  it('have the level that most of their models have as that for all, the first one’s among equals', () => {
    const [opus, sonnet, haiku] = Object.values(CONFIG.mapping);
    const effort = (levels: Readonly<Record<string, string>>) => {
      const rows = Object.entries(levels).map(([model, effortLevel]) => [model, { effortLevel }]);
      return readFolderExtras(folderWith({ modelSettings: Object.fromEntries(rows) as object }), CONFIG).effort;
    };
    expect(effort({ [String(opus)]: 'low', [String(sonnet)]: 'high', [String(haiku)]: 'high' })).toEqual({ opus: 'low', all: 'high' });
    expect(effort({ [String(opus)]: 'low', [String(sonnet)]: 'high', [String(haiku)]: 'medium' })).toEqual({
      ...{ sonnet: 'high', haiku: 'medium', all: 'low' },
    });
    expect(effort({ [String(opus)]: 'low' })).toEqual({ opus: 'low' });
  });

  it('are each left out where orcc would not have written them', () => {
    const odd = {
      fallbackModel: 'a/one',
      env: { CLAUDE_CODE_EXTRA_BODY: '{', CLAUDE_CODE_EFFORT_LEVEL: 'odd', CLAUDE_CODE_AUTO_MODE_MODEL: 'a/auto' },
    };
    expect(readFolderExtras(folderWith(odd), CONFIG)).toEqual({ autoModeModel: 'a/auto' });
    expect([routingIn('{"provider": {"zdr": true}}'), routingIn('{"provider": {"zdr": "odd"}}'), routingIn('{}'), routingIn('[')]).toEqual([
      { zdr: true },
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a folder’s rules against images', () => {
  const record = (id: TargetId, path = place(id), more: object = {}): State['targets'][number] => {
    const members = IMAGE_MEMBERS.map((member) => ({ ...member, existed: false, sum: '', ...more }));
    return {
      id,
      path,
      created: false,
      modeBefore: null,
      carries: 'setup',
      members: members as unknown as State['targets'][number]['members'],
    };
  };
  const machine = machineWith({ state: { targets: [record('local'), record('user')] } });

  it('are those that orcc wrote to that target’s file in this folder', () => {
    expect([hasImageRules(machine, 'local'), hasImageRules(machine, 'project')]).toEqual([true, false]);
    for (const other of [
      record('local', `${HOME}/other/.claude/settings.local.json`),
      record('local', place('local'), { element: false }),
      record('local', place('local'), { path: ['permissions', 'allow'] }),
    ])
      expect(hasImageRules(machineWith({ state: { targets: [other] } }), 'local')).toBe(false);
  });

  it('stay until its models take images, in a folder alone and beside its other extras', () => {
    const [local, user] = setup('local', 'user');
    const extra = { path: ['env', 'A'], value: '1', places: ['local' as const], native: 'out' as const };
    const kept = keepImageRules(setup('local', 'user', 'project'), [extra], false, machine);
    expect(kept.map(({ extras }) => extras?.length)).toEqual([1 + IMAGE_MEMBERS.length, undefined, undefined]);
    expect(kept[0]?.extras?.[0]).toEqual(extra);
    expect(kept[0]?.extras?.[1]).toEqual({ ...IMAGE_MEMBERS[0], places: ['local'], native: 'out' });
    const own = keepImageRules([{ ...(local ?? { id: 'local', carries: 'setup', remember: false }), extras: [] }], [extra], false, machine);
    expect(own[0]?.extras).toHaveLength(IMAGE_MEMBERS.length);
    expect(keepImageRules(setup('local', 'user'), [extra], true, machine)).toEqual([local, user]);
    const shared = machineWith({ state: { targets: [record('project', place('project'))] } });
    const rules = keepImageRules(setup('local', 'project'), [], false, shared).map(({ extras }) => extras?.length);
    expect(rules).toEqual([undefined, IMAGE_MEMBERS.length]);
  });
});

describe('a folder’s own mapping', () => {
  const base: Mapping = { models: { opus: 'b/one', sonnet: 'b/two', haiku: 'b/three', subagent: 'b/four' }, defaultAlias: 'sonnet' };
  const env = (variables: object): object => ({ env: variables });

  it('is what its settings say, over the machine’s', () => {
    const project = env({ ANTHROPIC_DEFAULT_OPUS_MODEL: 'p/one', ANTHROPIC_DEFAULT_SONNET_MODEL: 'p/two', ANTHROPIC_MODEL: 'haiku' });
    const local = env({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'l/two', ANTHROPIC_DEFAULT_HAIKU_MODEL: '', ANTHROPIC_MODEL: 'b/odd' });
    expect(readFolderMapping(folderWith(project, local), base)).toEqual({
      models: { opus: 'p/one', sonnet: 'l/two', haiku: 'b/three', subagent: 'b/four' },
      defaultAlias: 'haiku',
    });
    expect(readFolderMapping(machineWith(), base)).toEqual(base);
  });

  it('has fable follow opus where both have one model', () => {
    const models = (fable: string) => env({ ANTHROPIC_DEFAULT_OPUS_MODEL: 'p/one', ANTHROPIC_DEFAULT_FABLE_MODEL: fable });
    expect(readFolderMapping(folderWith(models('p/one')), base).models).not.toHaveProperty('fable', 'p/one');
    expect(readFolderMapping(folderWith(models('p/five')), base).models).toHaveProperty('fable', 'p/five');
  });

  it('is written to the targets of this folder that carry the set-up', () => {
    const at = (id: TargetId, path: string, carries: 'setup' | 'nothing' = 'setup'): State['targets'][number] => {
      return { id, path, created: false, modeBefore: null, carries, members: [] };
    };
    const here = at('local', place('local'));
    const others = [at('project', `${HOME}/other/.claude/settings.json`), at('project', place('project'), 'nothing')];
    const machine = machineWith({ state: { targets: [here, ...others, at('settings-file', `${HOME}/code/.claude/x.json`)] } });
    const found = recordedFolderTargets({ cwd: `${HOME}/code`, platform: 'linux' }, machine);
    expect(found).toEqual([{ id: 'local', carries: 'setup', remember: true }]);
  });
});
