import { describe, expect, it } from 'vitest';
import { desireInit } from '../../../src/commands/init/desire.ts';
import { agreeIn } from '../../../src/commands/init/agree.ts';
import { takeAnswers } from '../../../src/commands/init/answers.ts';
import type { Answers } from '../../../src/commands/init/types.ts';
import { decideAnswers, type InitDecision } from '../../../src/commands/init/decide.ts';
import { lookAround } from '../../../src/commands/init/ground.ts';
import { parseInitIntent } from '../../../src/commands/init/intent.ts';
import { planChange } from '../../../src/change/plan.ts';
import type { Context } from '../../../src/core/context.ts';
import { createSay } from '../../../src/core/say.ts';
import { scriptAnswers, type Answer } from '../../support/scripted-ask.ts';
import { fakeExec } from '../../support/shell-context.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { carriedOut, CONFIG, HOME, KEY, machineWith, place } from '../../support/machine.ts';
import { createStyle } from '../../../src/text/style.ts';

interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly answers?: readonly Answer[];
  readonly programs?: Parameters<typeof fakeExec>[0];
  readonly env?: Record<string, string>;
}

/** A terminal in front of files and programs in memory; nobody is reachable. */
async function decide(
  flags: Record<string, unknown>,
  given: Given = {},
): Promise<{ readonly decision: InitDecision; readonly chosen: Answers['chosen'] }> {
  const ask = scriptAnswers(given.answers ?? []);
  const stderr = { isTty: given.answers !== undefined, columns: 100, write: () => undefined };
  const ctx = {
    fs: memoryFiles(given.files ?? {}, 'linux'),
    env: { SHELL: '/bin/bash', OPENROUTER_KEY: KEY, ...given.env },
    home: HOME,
    cwd: `${HOME}/code`,
    platform: 'linux',
    pid: 1,
    exec: fakeExec(given.programs ?? {}).exec,
    ask: ask.ask,
    interactive: given.answers !== undefined,
    clock: { now: () => Date.UTC(2026, 10, 27), monotonic: () => 0, sleep: () => Promise.resolve() },
    stderr,
    signal: new AbortController().signal,
  } as unknown as Context;
  const say = createSay(stderr as unknown as Context['stderr'], await createStyle(stderr as unknown as Context['stderr']), false);
  const intent = parseInitIntent({ check: false, ...flags });
  const ground = await lookAround(ctx, intent, undefined, say);
  const answers = await takeAnswers(ctx, intent, ground, say);
  const decision = await decideAnswers(ctx, { intent, ground, agree: agreeIn(new Map(), ctx, say), say }, answers);
  ask.finish();
  return { decision, chosen: answers.chosen };
}

const FLAGS = { keyEnv: 'OPENROUTER_KEY', preset: 'guide', yes: true };

describe('the decision of init', () => {
  it('is made by flags alone where they say enough', async () => {
    const { decision } = await decide({ ...FLAGS, target: ['user,bash'], default: 'haiku', limits: 'none' });
    expect(decision).toMatchObject({
      baseUrl: 'https://openrouter.ai/api',
      key: { source: '--key-env OPENROUTER_KEY', storage: { kind: 'file' } },
      mapping: { models: { opus: 'z-ai/glm-4.7' }, defaultAlias: 'haiku' },
      targets: ['user', 'bash'],
      limits: { how: 'none', variables: [], modelSettings: [] },
      autoMode: 'kept',
      replace: false,
      adopt: false,
      adoptFiles: [],
      force: false,
    });
    expect(decision.ignore).toBeUndefined();
  });

  it('holds a handle of the key, and the key nowhere', async () => {
    const { decision, chosen } = await decide({ ...FLAGS, target: ['user'], keyStorage: 'profile' });
    expect(chosen.key).toBe(KEY);
    expect(decision.key.hash).toMatch(/^[0-9a-f]{12}$/);
    expect(JSON.stringify(decision)).not.toContain(KEY);
    expect(JSON.stringify(decision)).not.toContain(KEY.slice(9, 25));
  });

  it('is plain data: printed and read back it is the same', async () => {
    const { decision } = await decide({ ...FLAGS, target: ['user', 'bash'] });
    expect(structuredClone(decision)).toEqual(decision);
    expect(JSON.parse(JSON.stringify(decision))).toEqual(JSON.parse(JSON.stringify({ ...decision, ignore: undefined })));
  });

  it('takes the current shell without --target, and limits that fit all its places', async () => {
    const { decision } = await decide(FLAGS);
    expect(decision.targets).toEqual(['bash']);
    expect(decision.limits).toMatchObject({ how: 'derived', modelSettings: [] });
    expect(decision.limits.variables.length).toBeGreaterThan(0);
  });

  it.each([
    ['a missing model', { keyEnv: 'OPENROUTER_KEY' }, 'usage'],
    ['a missing key', { preset: 'guide' }, 'usage'],
    ['a storage that does not go with a target', { ...FLAGS, target: ['user'], keyStorage: 'env:OPENROUTER_KEY' }, 'usage'],
    ['a project without URL and key', { ...FLAGS, target: ['project'] }, 'usage'],
  ])('is not made for %s', async (_, flags, exit) => {
    await expect(decide(flags)).rejects.toMatchObject({ exit });
  });

  it('refuses what would win over it without a flag, and names the files to be changed with it', async () => {
    const files = { [`${HOME}/.bashrc`]: 'case $- in *i*) ;; *) return ;; esac\nexport ANTHROPIC_MODEL=opus\n' };
    await expect(decide({ ...FLAGS, target: ['bash'] }, { files })).rejects.toMatchObject({ exit: 'refused', code: 'FOREIGN_EXPORT' });
    const { decision } = await decide({ ...FLAGS, target: ['bash'], adopt: true }, { files });
    expect(decision).toMatchObject({ adopt: true, adoptFiles: [{ target: 'bash', path: `${HOME}/.bashrc` }] });
  });

  it('adds user settings where they beat the shell and --replace allows it', async () => {
    const files = { [`${HOME}/.claude/settings.json`]: '{"env": {"ANTHROPIC_BASE_URL": "https://proxy.example"}}' };
    await expect(decide({ ...FLAGS, target: ['bash'] }, { files })).rejects.toMatchObject({ code: 'SETTINGS_OVERRIDE' });
    const { decision } = await decide({ ...FLAGS, target: ['bash'], replace: true }, { files });
    expect(decision).toMatchObject({ targets: ['bash', 'user'], replace: true });
  });

  it('is asked for on a terminal: the key and the models; the rest takes its defaults', async () => {
    const { decision } = await decide(
      {},
      {
        answers: [
          { to: /^OpenRouter key/, give: KEY },
          { to: /Which models/, give: 'guide' },
        ],
      },
    );
    expect(decision).toMatchObject({ key: { source: 'typed' }, mapping: { defaultAlias: 'sonnet' }, targets: ['user'], autoMode: 'off' });
  });
});

const DECISION: InitDecision = {
  baseUrl: CONFIG.baseUrl,
  key: { source: 'typed', storage: { kind: 'file' }, hash: '0123456789ab' },
  mapping: { models: CONFIG.mapping, defaultAlias: 'sonnet' },
  limits: { how: 'none', variables: [], modelSettings: [], warnings: [] },
  labels: [],
  targets: ['bash'],
  autoMode: 'kept',
  takesImages: false,
  blanked: [],
  ignore: undefined,
  replace: false,
  adopt: false,
  adoptFiles: [],
  force: false,
};

describe('what a decision of init means', () => {
  const owners = (decision: InitDecision, machine = machineWith()): readonly string[] =>
    planChange(desireInit(decision, machine), machine, { key: KEY }).plan.edits.map((edit) => edit.owner);

  it('becomes edits: the key, the places, the records', () => {
    expect(owners(DECISION)).toEqual(['key', 'bash', 'config', 'state']);
    expect(owners({ ...DECISION, targets: ['user', 'bash'] })).toEqual(['key', 'user', 'bash', 'config', 'state']);
  });

  it('has no key file where the key lives elsewhere, and takes an old one away', () => {
    const inProfile = { ...DECISION, key: { ...DECISION.key, storage: { kind: 'profile' as const } } };
    expect(owners(inProfile)).toEqual(['bash', 'config', 'state']);
    const before = machineWith();
    const there = carriedOut(before, planChange(desireInit(DECISION, before), before, { key: KEY }));
    const { plan } = planChange(desireInit(inProfile, there), there, { key: KEY });
    expect(plan.edits.at(-1)).toMatchObject({ owner: 'key', after: null });
    expect(Buffer.from(plan.edits.find(({ owner }) => owner === 'bash')?.after ?? []).toString()).toContain(KEY);
  });

  it('takes orcc out of a place that is no longer chosen, and says auto mode in user settings alone', () => {
    const before = machineWith();
    const both = { ...DECISION, targets: ['bash', 'user'] as const };
    const there = carriedOut(before, planChange(desireInit(both, before), before, { key: KEY }));
    const { targets } = desireInit({ ...DECISION, autoMode: 'off' }, there);
    expect(targets).toMatchObject([
      { id: 'bash', carries: 'setup' },
      { id: 'user', carries: 'extras' },
    ]);
    expect(desireInit(DECISION, there).targets).toMatchObject([
      { id: 'bash', carries: 'setup' },
      { id: 'user', carries: 'nothing' },
    ]);
    expect(there.files.get(place('user'))?.bytes).not.toBeNull();
  });

  it('keeps saved profiles, and the active name only while the mapping is the same', () => {
    const config = { ...CONFIG, activeProfile: 'work', profiles: { work: { mapping: CONFIG.mapping, defaultAlias: 'sonnet' as const } } };
    const machine = machineWith({ config });
    expect(desireInit(DECISION, machine).config).toMatchObject({ activeProfile: 'work', profiles: config.profiles });
    const other = { ...DECISION, mapping: { models: CONFIG.mapping, defaultAlias: 'opus' as const } };
    expect(desireInit(other, machine).config).not.toHaveProperty('activeProfile');
  });

  it('is pure: the same decision on the same machine gives the same, and neither is changed', () => {
    const machine = machineWith();
    const copy = structuredClone(DECISION);
    expect(desireInit(DECISION, machine)).toEqual(desireInit(DECISION, machine));
    expect(DECISION).toEqual(copy);
  });
});
