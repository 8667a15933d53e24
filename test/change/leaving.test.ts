import { describe, expect, it } from 'vitest';
import type { Machine } from '../../src/change/machine.ts';
import { planChange } from '../../src/change/plan.ts';
import { carriedOut, desire, HOME, KEY, machineWith, nothing, place, setup } from '../support/machine.ts';

const ALIASES = `${HOME}/.bash_aliases`;
const text = (machine: Machine, path: string): string => Buffer.from(machine.files.get(path)?.bytes ?? []).toString();

describe('a key that leaves', () => {
  const OLD = 'an-older-key';
  const lines = `export ANTHROPIC_AUTH_TOKEN=${OLD}\n`;
  const before = machineWith({
    files: { [place('bash')]: lines, [ALIASES]: lines, [place('user')]: JSON.stringify({ env: { ANTHROPIC_AUTH_TOKEN: OLD } }) },
  });
  const wish = desire(setup('bash', 'user'), { adopt: true, replace: true, adoptFiles: [{ target: 'bash', path: ALIASES }] });
  const there = (): Machine => carriedOut(before, planChange(wish, before, { key: KEY }));
  const other = desire(setup('bash', 'user'));
  // A line whose key is kept apart could give nothing back.
  const gone = new RegExp(`${OLD}|# orcc: disabled`);
  const changed = { ...other, setup: other.setup && { ...other.setup, variables: [{ name: 'ANTHROPIC_MODEL', value: 'haiku' }] } };

  it.each([
    ['the targets change too', changed, there],
    ['another target changes', { ...changed, targets: setup('user') }, there],
    ['they stay as they are', desire(setup('user')), there],
    [
      'a file is a target’s and one beside it',
      desire(setup('user')),
      (was = there()): Machine => ({
        ...{ ...was, state: { ...was.state, adopted: [{ target: 'bash', path: place('bash') }, ...was.state.adopted] } },
      }),
    ],
  ])('goes from every file in one edit: %s', (_what, wanted, before) => {
    const machine = before();
    const planned = planChange(wanted, machine, { key: KEY, leaving: [OLD] });
    const paths = planned.plan.edits.map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)]);
    const left = carriedOut(machine, planned);
    for (const path of left.files.keys()) expect([path, gone.exec(text(left, path))]).toEqual([path, null]);
    for (const id of ['bash', 'user'] as const) {
      const isChanged = wanted.setup === changed.setup && wanted.targets.some((each) => each.id === id);
      expect([id, text(left, place(id)).includes('haiku')]).toEqual([id, isChanged]);
    }
  });

  it('leaves a file alone that can not be read', () => {
    const was = there();
    const files = new Map(was.files).set(ALIASES, { bytes: null, mode: null, missingParents: [] });
    const planned = planChange(desire(setup('user')), { ...was, files }, { key: KEY, leaving: [OLD] });
    expect(planned.plan.edits.map(({ path }) => path)).not.toContain(ALIASES);
  });
});

describe('lines that orcc 0.1.0 switched off, of which it kept no record', () => {
  const mine = 'export ANTHROPIC_MODEL=mine\n';
  const before = machineWith({ files: { [place('bash')]: mine, [ALIASES]: mine } });
  const wish = desire(setup('bash', 'zsh', 'user'), { adopt: true, adoptFiles: [{ target: 'bash', path: ALIASES }] });
  const there = (): Machine => carriedOut(before, planChange(wish, before, { key: KEY }));
  const withSchema = (schemaVersion: number): Machine => {
    const was = there();
    const files = new Map(was.files);
    files.delete(place('zsh'));
    files.delete(was.own.replaced);
    const record = { ...(JSON.parse(text(was, was.own.state)) as object), schemaVersion };
    files.set(was.own.state, { bytes: Buffer.from(JSON.stringify(record)), mode: 0o600, missingParents: [] });
    return { ...was, files, replaced: { ...was.replaced, files: {} } };
  };

  it.each([
    ['come back where its record is still in use', 1, true],
    ['are somebody’s own where another orcc has written since', 2, false],
  ])('%s', (_what, schemaVersion, isBack) => {
    expect(text(there(), ALIASES)).toContain('# orcc: disabled');
    const machine = withSchema(schemaVersion);
    const left = carriedOut(machine, planChange(desire(nothing('bash')), machine, { key: KEY }));
    expect(text(left, place('bash')) === mine).toBe(isBack);
    expect(text(left, ALIASES)).toBe(mine);
    expect(left.replaced.files).toEqual({});
  });
});
