import { describe, expect, it } from 'vitest';
import { desireSetup, limitsInPlace } from '../../src/change/desire.ts';
import { chooseLabels } from '../../src/change/labels.ts';
import type { Machine } from '../../src/change/machine.ts';
import { findOutdated } from '../../src/change/outdated.ts';
import { planChange } from '../../src/change/plan.ts';
import { mappingOf } from '../../src/config/config.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { carriedOut, CONFIG, desire, KEY, machineWith, place, withFile } from '../support/machine.ts';

const RETIRED = 'CLAUDE_CODE_DISABLE_1M_CONTEXT';
const TARGETS: readonly TargetId[] = ['bash', 'fish', 'user'];
const targets = TARGETS.map((id) => ({ id, carries: 'setup' as const, remember: false }));

/** A machine as an orcc of before left it: no rows for the picker, and a variable that is retired by now. */
function older(retired = [{ name: RETIRED, value: '1' }], machine = machineWith()): Machine {
  const wish = desire(targets);
  const config = { ...CONFIG, limits: { how: 'derived' as const, variables: retired } };
  const setup = wish.setup && { ...wish.setup, variables: [...wish.setup.variables, ...retired] };
  return carriedOut(machine, planChange({ ...wish, setup, config }, machine, { key: KEY }));
}

function rewrite(machine: Machine): Machine {
  const config = machine.config ?? CONFIG;
  const mapping = mappingOf(config);
  const desired = desireSetup(machine, {
    config,
    limits: limitsInPlace(machine, config.limits.how, mapping, [], targets),
    labels: chooseLabels(machine.config, mapping, []),
    takesImages: false,
    key: { action: 'keep' },
    targets,
    ignore: undefined,
    replace: false,
    adopt: false,
    force: false,
  });
  const planned = planChange(desired, machine, { key: KEY });
  expect(planned.problems).toEqual([]);
  return carriedOut(machine, planned);
}

const text = (machine: Machine, id: TargetId): string => Buffer.from(machine.files.get(place(id))?.bytes ?? []).toString();

describe('what an older orcc wrote', () => {
  it('is told by file, with what each lacks and still has', () => {
    const found = findOutdated(older());
    expect(found.map(({ path }) => path)).toEqual(TARGETS.map(place));
    for (const { lacks, retired } of found) {
      expect(retired).toEqual([RETIRED]);
      expect(lacks).toEqual(
        expect.arrayContaining([
          'ENABLE_TOOL_SEARCH',
          'ANTHROPIC_DEFAULT_MODEL',
          'ANTHROPIC_DEFAULT_OPUS_MODEL_NAME',
          'CLAUDE_CODE_ATTRIBUTION_HEADER',
        ]),
      );
      expect(lacks).not.toContain('ANTHROPIC_MODEL');
    }
  });

  it('gets all that is new with the next change, loses what is retired, and is not touched again', () => {
    const before = older();
    for (const id of TARGETS) expect(text(before, id)).toContain(RETIRED);
    const after = rewrite(before);
    expect(findOutdated(after)).toEqual([]);
    for (const id of TARGETS) {
      expect(text(after, id)).not.toContain(RETIRED);
      expect(text(after, id)).toContain('ENABLE_TOOL_SEARCH');
    }
    expect(after.config?.limits.variables.map(({ name }) => name)).not.toContain(RETIRED);
    const again = rewrite(after);
    for (const id of TARGETS) expect(text(again, id)).toBe(text(after, id));
  });

  it('leaves no trace when it is taken out', () => {
    const machine = older();
    const gone = targets.map((target) => ({ ...target, carries: 'nothing' as const }));
    const removed = carriedOut(
      machine,
      planChange(desire(gone, { setup: undefined, config: undefined, key: { action: 'delete' } }), machine, { key: KEY }),
    );
    for (const id of TARGETS) expect(removed.files.get(place(id))?.bytes).toBeNull();
  });

  it('is not what someone changed by hand: that has findings of its own', () => {
    const machine = rewrite(older());
    const files = new Map(machine.files);
    const bash = files.get(place('bash'));
    if (bash !== undefined)
      files.set(place('bash'), { ...bash, bytes: Buffer.from(text(machine, 'bash').replace(/.*ENABLE_TOOL_SEARCH.*\n/, '')) });
    const user = files.get(place('user'));
    if (user !== undefined)
      files.set(place('user'), { ...user, bytes: Buffer.from(text(machine, 'user').replace(/.*ENABLE_TOOL_SEARCH.*\n/, '')) });
    expect(findOutdated({ ...machine, files })).toEqual([]);
  });

  it('is told where something is lacking alone, and of a settings file nothing that is there anyway', () => {
    const env = { ENABLE_TOOL_SEARCH: '0', [RETIRED]: '1' };
    const machine = older([], machineWith({ files: { [place('user')]: JSON.stringify({ env }) } }));
    const found = findOutdated(machine);
    expect(found.map(({ path, lacks, retired }) => [path, lacks.includes('ENABLE_TOOL_SEARCH'), retired])).toEqual([
      [place('bash'), true, []],
      [place('fish'), true, []],
      [place('user'), false, []],
    ]);
    const config = { ...CONFIG, ...machine.config, extras: { effort: { all: 'low' as const } } };
    expect(findOutdated({ ...machine, config }).map(({ lacks }) => lacks)).toEqual(found.map(({ lacks }) => lacks));
  });

  it('is none where the setup was there before orcc came, and was taken away by hand since', () => {
    const { [place('user')]: already } = Object.fromEntries(older().files);
    const files = {
      [place('user')]: already?.bytes === undefined || already.bytes === null ? '{}' : Buffer.from(already.bytes).toString(),
    };
    const machine = older([], machineWith({ files }));
    const of = (now: Machine): readonly string[] => findOutdated(now).map(({ path }) => path);
    expect(of(machine)).toContain(place('user'));
    expect(of(withFile(machine, place('user'), { bytes: Buffer.from('{}'), mode: 0o600 }))).not.toContain(place('user'));
  });

  it('is none of a folder’s, nor where the set-up is not', () => {
    const machine = older();
    for (const more of [{ id: 'project' as const }, { carries: 'nothing' as const }, { carries: 'extras' as const }]) {
      const state = { ...machine.state, targets: machine.state.targets.map((target) => ({ ...target, ...more })) };
      expect(findOutdated({ ...machine, state })).toEqual([]);
    }
    const empty = new Map(
      [...machine.files].map(([path, file]) => [path, TARGETS.map(place).includes(path) ? { ...file, bytes: null } : file]),
    );
    expect(findOutdated({ ...machine, files: empty })).toEqual([]);
  });

  it('is not told of a start-up file whose block can not be read', () => {
    const machine = older();
    const bash = text(machine, 'bash');
    for (const bytes of [bash.replace(/# <<< orcc.*/, ''), bash.replace(/# (?:>>>|<<<) orcc.*/g, ''), Buffer.from(bash, 'utf16le')]) {
      const files = new Map(machine.files).set(place('bash'), { bytes: Buffer.from(bytes), mode: 0o644, missingParents: [] });
      expect(findOutdated({ ...machine, files }).map(({ path }) => path)).toEqual([place('fish'), place('user')]);
    }
  });

  it('is, of a settings file, in the variables that are recorded and in those that are there', () => {
    const machine = older();
    const owned = (...path: string[]) => ({ path, sum: '', createdParents: [] });
    const members = [owned('permissions', RETIRED), owned('model'), owned('env', 'ANTHROPIC_BASE_URL'), owned('env', 'ANTHROPIC_MODEL')];
    const state = {
      ...machine.state,
      targets: machine.state.targets.flatMap((target) => (target.id === 'user' ? [{ ...target, members }] : [])),
    };
    for (const file of ['{}', JSON.stringify({ env: { ENABLE_TOOL_SEARCH: '' } })]) {
      const files = new Map(machine.files).set(place('user'), { bytes: Buffer.from(file), mode: 0o644, missingParents: [] });
      const [found, ...more] = findOutdated({ ...machine, state, files });
      expect([found?.retired, more]).toEqual([[], []]);
      expect(found?.lacks).not.toContain('ANTHROPIC_MODEL');
      expect(found?.lacks.includes('ENABLE_TOOL_SEARCH')).toBe(!file.includes('ENABLE_TOOL_SEARCH'));
    }
    const files = new Map(machine.files).set(place('user'), { bytes: Buffer.from('{'), mode: 0o644, missingParents: [] });
    expect(findOutdated({ ...machine, state, files })).toEqual([]);
  });

  it('counts nothing while Claude Code is on Anthropic', () => {
    const machine = older();
    expect(findOutdated({ ...machine, ...(machine.config && { config: { ...machine.config, native: true } }) })).toEqual([]);
  });
});
