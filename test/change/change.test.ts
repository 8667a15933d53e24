import { describe, expect, it } from 'vitest';
import { shownDecision } from '../../src/change/change.ts';
import type { Desired } from '../../src/change/desired.ts';
import type { Machine } from '../../src/change/machine.ts';
import { plainStyle } from '../../src/text/style.ts';
import { KEY } from '../support/machine.ts';
import { SETTINGS, useChanging, wanted, type Wish } from '../support/changing.ts';
import { type Call, fakeExec } from '../support/shell-context.ts';

const box = useChanging();
const YES = { to: /Write it/, give: true };
const NO = { to: /Write it/, give: false };

describe('a change that was agreed to beforehand', () => {
  it('is written without a question, and says with which receipt', async () => {
    box.home.write(SETTINGS, '{}\n');
    const { changed, questions, said } = await box.run();
    expect([changed?.kind, changed?.decision, changed?.dryRun]).toEqual(['applied', { model: 'opus' }, false]);
    expect(changed?.receipt?.edits.length).toBe(changed?.planned.plan.edits.length);
    expect([questions, said, changed?.preview(plainStyle())]).toEqual([[], '', '']);
    expect(box.model()).toBe('opus');
  });

  it('is none the second time', async () => {
    await box.run();
    const before = box.home.tree();
    const { changed, said } = await box.run();
    expect([changed?.kind, changed?.receipt, changed?.preview(plainStyle()), said]).toEqual(['unchanged', undefined, '', '']);
    expect(box.home.tree()).toEqual(before);
  });

  it('takes its last step before the lock once, and none that throws writes anything', async () => {
    const before = box.home.tree();
    const stop = (): Promise<void> => Promise.reject(new Error('stop'));
    expect((await box.run({ beforeWrite: stop })).error).toMatchObject({ message: 'stop' });
    expect(box.home.tree()).toEqual(before);
    let steps = 0;
    const beforeWrite = (): Promise<void> => {
      steps += 1;
      return Promise.resolve();
    };
    await box.run({ beforeWrite });
    await box.run({ beforeWrite });
    await box.run({ beforeWrite, dryRun: true, decision: { model: 'haiku' } });
    expect([steps, box.model()]).toEqual([1, 'opus']);
  });

  it('asks for access lists of targets’ files that are there, and of no other', async () => {
    box.home.write(SETTINGS, '{}\n');
    const asked: string[] = [];
    const findAttributed = (paths: readonly string[]): ReadonlySet<number> => {
      // Under the lock no program is started.
      if (box.home.read('.config/orcc/locks/change.lock') === null) asked.push(...paths);
      return new Set();
    };
    await box.run({ targets: ['user', 'bash'], places: 'found', desire: (wish) => wanted(wish, 'bash') }, { ctx: { findAttributed } });
    expect(new Set(asked)).toEqual(new Set([box.at(SETTINGS)]));
  });

  it('tells what is worth a note where no question did', async () => {
    const adopting = (wish: Wish): Desired => ({ ...wanted(wish, 'bash'), adopt: true });
    for (const [answers, isTold] of [
      [undefined, true],
      [[YES], false],
    ] as const) {
      box.home.write('.bashrc', 'export ANTHROPIC_MODEL=mine\n');
      const how = answers === undefined ? {} : { answers };
      const { said, changed } = await box.run({ targets: ['user', 'bash'], places: 'found', desire: adopting }, how);
      expect([changed?.kind, changed?.planned.notes.length, said.includes('note:')]).toEqual(['applied', 1, isTold]);
    }
  });
});

describe('what killed runs left', () => {
  it.each([
    ['is taken away before a change', false, false],
    ['is left alone by a dry run', true, true],
  ])('%s', async (_what, dryRun, isLeft) => {
    const left = 'orcc-run-1-aa/settings.json';
    box.home.write(left, '{}');
    await box.run({ dryRun });
    expect(box.home.read(left) !== null).toBe(isLeft);
  });
});

describe('a dry run', () => {
  it('gives each file’s difference without the key, asks nobody, and writes nothing', async () => {
    box.home.write(SETTINGS, '{}\n');
    const before = box.home.tree();
    const also = (): readonly string[] => ['one more line'];
    for (const answers of [undefined, []]) {
      const { changed, said } = await box.run({ dryRun: true, yes: false, also }, answers && { answers });
      const preview = changed?.preview(plainStyle()) ?? '';
      expect([changed?.kind, changed?.dryRun, changed?.receipt, said]).toEqual(['dry-run', true, undefined, '']);
      expect(preview).toContain('~/.claude/settings.json');
      expect(preview.split('\n')).toContain('one more line');
      expect(preview).not.toContain(KEY);
    }
    expect(box.home.tree()).toEqual(before);
  });

  it('hides the key and keys that leave, wherever they stand', async () => {
    box.home.write(SETTINGS, JSON.stringify({ note: 'the-key-of-now', other: 'the-key-of-before' }));
    const desire = (wish: Wish): Desired => {
      const all = wanted(wish);
      const settingsKey = { kind: 'helper', command: 'x' } as const;
      return { ...all, key: { action: 'keep' }, setup: all.setup && { ...all.setup, settingsKey } };
    };
    const shown = async (key?: string): Promise<string> =>
      (await box.run({ dryRun: true, desire, key, leaving: ['the-key-of-before'] })).changed?.preview(plainStyle()) ?? '';
    expect(await shown()).toMatch(/the-key-of-now/);
    for (const text of [await shown(), await shown('the-key-of-now')]) expect(text).not.toContain('the-key-of-before');
    expect(await shown('the-key-of-now')).not.toContain('the-key-of-now');
  });

  it('is where the decision goes into the data, and nowhere else', () => {
    const decision = { model: 'opus' };
    expect(shownDecision({ dryRun: true, decision })).toEqual({ decision });
    expect(shownDecision({ dryRun: false, decision })).toEqual({});
  });

  it('shows what is worth a warning, and asks nothing', async () => {
    let told = 0;
    await box.run({ dryRun: true, beforeQuestion: () => void (told += 1) });
    expect(told).toBe(1);
  });
});

describe('a change on a terminal', () => {
  it.each([
    ['yes', YES, 'applied', 'opus'],
    ['no', NO, 'declined', undefined],
  ] as const)('shows what it does and asks once: %s', async (_what, answer, kind, model) => {
    let told = 0;
    const asked = { also: () => ['one more line'], beforeQuestion: () => void (told += 1) };
    const { changed, questions, said } = await box.run(asked, { answers: [answer] });
    expect([changed?.kind, box.model(), told, changed?.preview(plainStyle())]).toEqual([kind, model, 1, '']);
    expect(questions.map(({ preset }) => preset)).toEqual([true]);
    expect(said).toContain('~/.claude/settings.json');
    expect(said).toContain('\none more line\n');
    expect(said).not.toContain(KEY);
  });

  it('takes Enter alone for a no where undo does not bring back what is lost', async () => {
    expect((await box.run({ isDangerous: true }, { answers: [NO] })).questions.map(({ preset }) => preset)).toEqual([false]);
  });

  it('names the files after a pager', async () => {
    const page = (): Promise<boolean> => Promise.resolve(true);
    const stdout = { write: () => undefined, isTty: true, columns: 80, rows: 2, colorLevel: 0 } as const;
    const { said } = await box.run({ also: () => ['one more line'] }, { answers: [YES], ctx: { page, stdout } });
    expect(said).toMatch(/~\/\.claude\/settings\.json \(\+\d+ lines\).*\none more line\n/);
    expect(said).not.toMatch(/\n\n/);
    const bookkeeping = (wish: Wish): Desired => ({ ...wanted(wish), config: undefined });
    const asked = { also: () => ['one more line'], desire: bookkeeping, asksAnyway: true };
    const short = await box.run(asked, { answers: [YES], ctx: { page, stdout: { ...stdout, rows: 1 } } });
    expect(short.said).toBe('one more line\n');
  });

  it('asks nothing where orcc’s own records change alone, or nothing does', async () => {
    await box.run();
    const desire = (wish: Wish) => ({ ...wanted(wish), config: undefined });
    for (const kind of ['applied', 'unchanged']) expect((await box.run({ desire }, { answers: [] })).changed?.kind).toBe(kind);
  });

  it('asks all the same where the caller does more than the plan says', async () => {
    await box.run();
    expect((await box.run({ asksAnyway: true }, { answers: [NO] })).changed?.kind).toBe('declined');
    expect((await box.run({ asksAnyway: true }, { answers: [YES] })).changed?.kind).toBe('unchanged');
  });

  it('that nobody can be asked about is a usage error', async () => {
    const before = box.home.tree();
    expect((await box.run({ yes: false })).error).toMatchObject({ exit: 'usage' });
    expect(box.home.tree()).toEqual(before);
  });
});

describe('a command that asks itself', () => {
  const consent = (answer: boolean, shown?: string) => {
    const seen: number[] = [];
    return {
      seen,
      consent: async ({ plan }: { plan: { edits: readonly unknown[] } }, show: (below: string) => Promise<void>): Promise<boolean> => {
        seen.push(plan.edits.length);
        if (shown !== undefined) await show(shown);
        return answer;
      },
    };
  };

  it.each([
    [true, 'applied'],
    [false, 'declined'],
  ])('is asked in place of diff and question: %s', async (answer, kind) => {
    const asked = consent(answer);
    const { changed, said } = await box.run(asked, { answers: [] });
    expect([changed?.kind, asked.seen.length, said]).toEqual([kind, 1, '']);
  });

  it.each([
    [true, 'unchanged'],
    [false, 'declined'],
  ])('is asked about a plan without edits too: %s', async (answer, kind) => {
    await box.run();
    const asked = consent(answer);
    expect((await box.run(asked, { answers: [] })).changed?.kind).toBe(kind);
    expect(asked.seen).toEqual([0]);
  });

  it('is not asked about a dry run without edits, nor where nobody can be asked', async () => {
    const asked = consent(false);
    expect((await box.run({ ...asked, yes: false })).error).toMatchObject({ exit: 'usage' });
    await box.run();
    expect((await box.run({ ...asked, dryRun: true }, { answers: [] })).changed?.kind).toBe('unchanged');
    expect(asked.seen).toEqual([]);
  });

  it('shows the difference where it wants to, with its own lines below', async () => {
    const { said } = await box.run(consent(true, 'below it'), { answers: [] });
    expect(said).toContain('~/.claude/settings.json');
    expect(said).toContain('\nbelow it\n');
  });

  it.each([
    ['a dry run', { dryRun: true }, { answers: [] }, 'dry-run'],
    ['--yes', { yes: true }, { answers: [] }, 'applied'],
    ['no terminal, with --yes', { yes: true }, {}, 'applied'],
  ] as const)('is not asked: %s', async (_what, more, how, kind) => {
    const asked = consent(false);
    expect((await box.run({ ...asked, ...more }, how)).changed?.kind).toBe(kind);
    expect(asked.seen).toEqual([]);
  });
});

describe('what stands in the way of a change', () => {
  const THEIRS = '{"env": {"ANTHROPIC_AUTH_TOKEN": "theirs"}}';
  const block = (wish: Wish): Desired => wanted(wish, 'bash');
  const both = { targets: ['user', 'bash'], places: 'found', desire: block } as const;

  it('stops it, without a terminal and in a dry run', async () => {
    box.home.write(SETTINGS, THEIRS);
    const before = box.home.tree();
    for (const dryRun of [true, false]) expect((await box.run({ dryRun })).error).toMatchObject({ code: 'FOREIGN_VALUE' });
    expect(box.home.tree()).toEqual(before);
  });

  it('is asked about on a terminal, before the change itself', async () => {
    box.home.write(SETTINGS, THEIRS);
    const { changed, questions, said } = await box.run({}, { answers: [{ to: /Replace these/, give: true }, YES] });
    expect(said).toContain(`\`~/${SETTINGS}\` contains`);
    expect([changed?.kind, questions.length, box.model()]).toEqual(['applied', 2, 'opus']);
    box.home.write('.bashrc', '');
    await box.run(both);
    box.home.write('.bashrc', (box.home.read('.bashrc') ?? '').replace('opus', 'mine'));
    await box.run({ ...both, decision: { model: 'haiku' } }, { answers: [{ to: /Rewrite it/, give: true }, YES] });
    expect(box.home.read('.bashrc')).toContain('haiku');
  });

  it('is passed over where the rest is to go on: what is left is written, and it is told', async () => {
    box.home.write(SETTINGS, THEIRS);
    const { changed } = await box.run({ ...both, goOnPastProblems: true });
    expect([changed?.kind, changed?.planned.problems.map(({ path }) => path)]).toEqual(['applied', [box.at(SETTINGS)]]);
    expect(box.home.read('.bashrc')).toContain('ANTHROPIC_MODEL');
    expect(box.home.read(SETTINGS)).toBe(THEIRS);
  });

  it.each([
    ['where git would commit the key', 'KEY_EXPOSED'],
    ['where git is not there to ask', 'GIT_UNKNOWN'],
  ])('is found before anything is written or shown: %s', async (_what, code) => {
    box.home.write('.git/HEAD', '');
    const before = box.home.tree();
    const git = ({ args }: { readonly args: readonly string[] }) =>
      args.includes('rev-parse') ? { stdout: `${box.home.home}\n` } : { code: 1 };
    const { exec } = fakeExec(code === 'GIT_UNKNOWN' ? {} : { git });
    for (const dryRun of [true, false]) expect((await box.run({ dryRun }, { ctx: { exec } })).error).toMatchObject({ code });
    expect(box.home.tree()).toEqual(before);
  });

  it.each([
    ['is kept out by a line that the same change writes', true, 'applied', undefined],
    ['is not kept out by it, as git says then: all is put back', false, undefined, 'SETTINGS_NOT_IGNORED'],
  ])('is a key that git would commit, unless it %s', async (_what, isIgnored, kind, code) => {
    box.home.write('.git/HEAD', '');
    box.home.write(SETTINGS, '{}\n');
    const git = ({ args }: { readonly args: readonly string[] }) => {
      if (args.includes('rev-parse')) return { stdout: `${box.home.home}\n` };
      const isOut =
        args.includes('check-ignore') && (/(?:key|backup)$/.test(args.at(-1) ?? '') || (isIgnored && box.home.read('.gitignore') !== null));
      return { code: args.includes('-v') || isOut ? 0 : 1 };
    };
    const desire = (wish: Wish): Desired => {
      const all = wanted(wish);
      const local = all.targets.map((target) => ({ ...target, id: 'local' as const }));
      return { ...all, targets: [...all.targets, ...local], ignore: { needed: true, path: box.at('.gitignore') } };
    };
    const asked = { desire, targets: ['user', 'local'], extraPaths: [box.at('.gitignore')] } as const;
    const { changed, error } = await box.run(asked, { ctx: { exec: fakeExec({ git }).exec, cwd: box.home.home } });
    expect([changed?.kind, (error as { code?: string } | undefined)?.code]).toEqual([kind, code]);
    expect(box.home.read(SETTINGS) === '{}\n').toBe(!isIgnored);
  });

  it('is a shell that can not read its file with the block', async () => {
    box.home.write('.bashrc', 'true\n');
    const sh = ({ options }: Call) => ({ code: options.input?.includes('ANTHROPIC') === true ? 2 : 0 });
    const { exec } = fakeExec({ bash: () => ({}), sh });
    expect((await box.run(both, { ctx: { exec } })).error).toMatchObject({ exit: 'refused' });
    expect(box.home.read('.bashrc')).toBe('true\n');
  });

  it.each([
    [true, 1],
    [undefined, 0],
  ] as const)('is a block that no start may reach, told of once where it is asked for: %s', async (provesBlocks, times) => {
    box.home.write('.bashrc', 'test -n "$MAYBE" && exec fish\n');
    const { said, changed } = await box.run({ ...both, ...(provesBlocks && { provesBlocks }) });
    expect([changed?.kind, said.split('warning:').length - 1]).toEqual(['applied', times]);
  });
});

describe('the machine that a decision was made on', () => {
  it('counts as it was seen where it is still like that, and is looked at anew where it is not', async () => {
    const seen = await box.observe();
    const machines: Machine[] = [];
    const desire = (wish: Wish, machine: Machine): Desired => {
      machines.push(machine);
      return wanted(wish);
    };
    await box.run({ machine: seen, dryRun: true, desire });
    box.home.write(SETTINGS, '{ "mine": 1 }');
    await box.run({ machine: seen, desire });
    const [as, anew] = machines.map(({ files }) => files.get(box.at(SETTINGS)));
    expect([as, anew?.bytes]).toEqual([seen.files.get(box.at(SETTINGS)), Buffer.from('{ "mine": 1 }')]);
    expect(machines[0]?.files.get(box.at('.config/orcc/state.json'))).toBe(seen.files.get(box.at('.config/orcc/state.json')));
    expect(JSON.parse(box.home.read(SETTINGS) ?? '')).toMatchObject({ mine: 1 });
  });
});
