import { describe, expect, it } from 'vitest';
import type { DesiredTarget } from '../../src/change/desired.ts';
import { NO_FILE, type Machine } from '../../src/change/machine.ts';
import type { Planned } from '../../src/change/types.ts';
import type { ExtraMember } from '../../src/config/extras-table.ts';
import { OrccError } from '../../src/core/errors.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { carriedOut, desire, done, HOME, machineWith, nothing, place, planChange, setup, textAt, withFile } from '../support/machine.ts';

const located = (machine: Machine, id: TargetId, path: string): Machine => ({
  ...machine,
  located: new Map(machine.located).set(id, {
    files: [{ path, startup: 'claude' }],
    notes: [],
    offered: true,
  }),
});
const problems = ({ problems: all }: Planned) => all.map(({ code, consent }) => [code, consent]);

describe('a further settings file that is not there', () => {
  const path = `${HOME}/drive/settings.json`;
  const target: DesiredTarget = { id: 'settings-file', carries: 'setup', remember: false, path, isNamed: true };
  const [DRIVE, BELOW] = [[`${HOME}/drive`], [`${HOME}/drive`, `${HOME}/drive/x`]];
  const records = { id: 'settings-file', path, remember: false } as const;

  it.each<
    [
      string,
      'ours' | 'ours, on Anthropic' | 'theirs' | 'theirs, on Anthropic',
      readonly string[],
      DesiredTarget,
      'written' | 'forgotten' | 'kept',
    ]
  >([
    ['is written where the user names it', 'ours', DRIVE, target, 'written'],
    ['is not made anew where the records alone name it', 'ours', [], { ...records, carries: 'setup' }, 'kept'],
    ['is not made anew where it was somebody’s', 'theirs, on Anthropic', [], { ...records, carries: 'setup' }, 'kept'],
    ['comes back where orcc itself took it away', 'ours, on Anthropic', [], { ...records, carries: 'setup' }, 'written'],
    ['comes back with the folder that orcc took away', 'ours, on Anthropic', DRIVE, { ...records, carries: 'setup' }, 'written'],
    ['does not come back where more is gone than orcc took away', 'ours, on Anthropic', BELOW, { ...records, carries: 'setup' }, 'kept'],
    ['is forgotten when it is to go and its folder is there', 'ours', [], { ...records, carries: 'nothing' }, 'forgotten'],
    ['is kept in mind where its folder is gone too', 'theirs', DRIVE, { ...records, carries: 'nothing' }, 'kept'],
    ['is kept in mind where it is to come back', 'theirs', [], { ...records, carries: 'nothing', remember: true }, 'kept'],
  ])('%s', (_what, whose, missingParents, wanted, outcome) => {
    const before = machineWith({ files: whose.startsWith('ours') ? {} : { [path]: '{}' } });
    const first = done(before, desire([target]));
    const away = desire([{ ...records, carries: 'nothing', remember: true }], { setup: undefined, key: { action: 'keep' } });
    const there = whose.endsWith('Anthropic') ? done(first, away) : first;
    const gone = withFile(there, path, { missingParents });
    const planned = planChange(desire([wanted]), gone);
    expect(planned.plan.edits.filter((edit) => edit.path === path)).toHaveLength(outcome === 'written' ? 1 : 0);
    if (outcome !== 'written') expect(planned.notes).toHaveLength(outcome === 'kept' ? 1 : 0);
    const { targets } = carriedOut(gone, planned).state;
    if (outcome === 'kept') expect(targets).toEqual(there.state.targets);
    else expect(targets.map((each) => each.path)).toEqual(outcome === 'forgotten' ? [] : [path]);
  });

  it('has what orcc replaced in it kept until it is there again', () => {
    const theirs = '{"env":{"ANTHROPIC_MODEL":"theirs"}}';
    const first = done(machineWith({ files: { [path]: theirs } }), desire([target], { replace: true }));
    const { files, ...left } = done(withFile(first, path, { missingParents: DRIVE }), desire([{ ...records, carries: 'setup' }]));
    const back = { ...left, files: new Map(files).set(path, first.files.get(path) ?? NO_FILE) };
    expect(textAt(done(back, desire([{ ...records, carries: 'nothing' }])), path)).toBe(theirs);
  });

  it('is told apart from the others by its path', () => {
    const other: DesiredTarget = { ...target, path: `${HOME}/other/settings.json` };
    const before = machineWith({ files: { [`${HOME}/other/settings.json`]: '{}' } });
    const there = done(before, desire([target, other]));
    expect(textAt(done(there, desire([{ ...other, carries: 'nothing' }])), `${HOME}/other/settings.json`)).toBe('{}');
    const blocked = withFile(there, `${HOME}/other/settings.json`, { problem: new OrccError('refused', 'no') });
    const planned = planChange(desire([{ ...other, carries: 'nothing' }]), blocked);
    expect(carriedOut(blocked, planned).state.targets).toEqual(there.state.targets);
  });
});

const AUTO_MODE: ExtraMember = { path: ['permissions', 'disableAutoMode'], value: 'disable', places: ['user'], native: 'stays' };

describe('a place that moved', () => {
  it('loses all that orcc wrote there, what stays on Anthropic too', () => {
    const wish = desire(setup('user'), { extras: [AUTO_MODE] });
    const moved = located(done(machineWith(), wish), 'user', `${HOME}/elsewhere/settings.json`);
    const left = done(moved, wish);
    expect([textAt(left, place('user')), textAt(left, `${HOME}/elsewhere/settings.json`)]).toEqual([
      null,
      expect.stringContaining('disableAutoMode'),
    ]);
  });

  describe('and is to be remembered, as by every switch,', () => {
    const elsewhere = `${HOME}/.config/zsh/.zshrc`;
    const lines = 'export ANTHROPIC_MODEL=mine\n';
    const before = machineWith({ files: { [place('zsh')]: lines } });
    const moved = located(done(before, desire(setup('zsh'), { adopt: true })), 'zsh', elsewhere);
    const wish = desire([{ id: 'zsh', carries: 'setup', remember: true }]);
    const paths = (machine: Machine) => machine.state.targets.map(({ path, carries }) => [path, carries]);

    it('has its lines back where it was, and is forgotten there', () => {
      const left = done(moved, wish);
      expect([textAt(left, place('zsh')), paths(left), left.replaced.files]).toEqual([lines, [[elsewhere, 'setup']], {}]);
    });

    it('is remembered where it was while it is away, and comes back where it is', () => {
      const away = done(moved, desire([{ id: 'zsh', carries: 'nothing', remember: true }], { setup: undefined, key: { action: 'keep' } }));
      expect([textAt(away, place('zsh')), paths(away)]).toEqual([`# orcc: disabled: ${lines}`, [[place('zsh'), 'nothing']]]);
      const back = done(away, wish);
      expect([textAt(back, place('zsh')), paths(back)]).toEqual([lines, [[elsewhere, 'setup']]]);
    });
  });

  it('is looked at where orcc wrote alone when it is to go', () => {
    const elsewhere = `${HOME}/.config/zsh/.zshrc`;
    const moved = withFile(located(done(machineWith(), desire(setup('zsh'))), 'zsh', elsewhere), elsewhere, {
      problem: new OrccError('refused', 'no'),
    });
    const planned = planChange(desire(nothing('zsh')), moved);
    expect([planned.problems, planned.plan.edits[0]?.path]).toEqual([[], place('zsh')]);
  });

  it('is cleared where the target has no place any more', () => {
    const there = done(machineWith(), desire(setup('local')));
    const nowhere = { ...there, located: new Map() };
    expect(textAt(done(nowhere, desire(nothing('local'))), place('local'))).toBeNull();
  });
});

describe('a start-up file', () => {
  const guarded = 'case $- in *i*) ;; *) return;; esac\nalias x=y\n';

  it.each([
    ['bash', place('bash'), true],
    ['bash', `${HOME}/.profile`, true],
    ['zsh', place('zsh'), false],
  ] as const)('of %s that is written by its path alone gets its block where a located one gets it: %s', (id, path, isFirst) => {
    const machine = machineWith({ files: { [path]: guarded } });
    const left = textAt(done(machine, desire([{ id, carries: 'setup', remember: false, path }])), path) ?? '';
    expect(left.indexOf('# >>> orcc') < left.indexOf('alias x=y')).toBe(isFirst);
  });

  it('that was edited by hand, or is another’s, is told with what may be agreed to', () => {
    const there = done(machineWith(), desire(setup('bash')));
    const edited = withFile(there, place('bash'), { bytes: Buffer.from((textAt(there, place('bash')) ?? '').replace('opus', 'sonnet')) });
    expect(problems(planChange(desire(setup('bash')), edited))).toEqual([['BLOCK_EDITED', 'force']]);
    expect(problems(planChange(desire(setup('fish')), machineWith({ files: { [place('fish')]: 'echo mine\n' } })))).toEqual([
      ['FOREIGN_FILE', undefined],
    ]);
  });

  it('of orcc’s own is private, and goes without a record too', () => {
    const wanted = desire(setup('fish', 'zsh'));
    const planned = planChange(wanted, machineWith());
    expect(planned.plan.edits.flatMap(({ owner, mode }) => (owner === 'fish' || owner === 'zsh' ? [[owner, mode]] : []))).toEqual([
      ['fish', 0o600],
      ['zsh', null],
    ]);
    const there = carriedOut(machineWith(), planned);
    const unrecorded = { ...there, state: { ...there.state, targets: [] } };
    const gone = done(
      unrecorded,
      desire(['fish', 'zsh'].map((id) => ({ id: id as TargetId, carries: 'nothing', remember: false, path: place(id as TargetId) }))),
    );
    expect([textAt(gone, place('fish')), textAt(gone, place('zsh'))]).toEqual([null, '']);
  });
});
