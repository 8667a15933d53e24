import { describe, expect, it } from 'vitest';
import type { Desired } from '../../src/change/desired.ts';
import { planChange as plan } from '../../src/change/plan.ts';
import type { Machine } from '../../src/change/machine.ts';
import type { Planned } from '../../src/change/types.ts';
import { EMPTY_REPLACED } from '../../src/config/state.ts';
import { OrccError } from '../../src/core/errors.ts';
import { carriedOut, desire, done, HOME, KEY, machineWith, nothing, place, setup, textAt, withFile } from '../support/machine.ts';

const planChange = (wish: Desired, machine: Machine): Planned => plan(wish, machine, { key: KEY });
const GONE: Partial<Desired> = { setup: undefined };
const problems = ({ problems: all }: Planned) => all.map(({ target, path, code }) => [target, path, code]);

describe('lines of a file beside the targets’ own', () => {
  const path = `${HOME}/.bash_aliases`;
  const mine = "alias a='b'\nexport ANTHROPIC_MODEL=mine\n";
  const asked: Partial<Desired> = { adoptFiles: [{ target: 'bash', path }] };
  const before = machineWith({ files: { [path]: mine } });
  const wish = desire(setup('bash', 'zsh'), asked);
  const there = done(before, wish);

  it.each([
    ['ANTHROPIC_BASE_URL', true],
    ['ANTHROPIC_AUTH_TOKEN', true],
    ['ANTHROPIC_API_KEY', true],
    ['ANTHROPIC_MODEL', true],
    ['ANTHROPIC_CUSTOM_HEADERS', false],
  ])('are switched off where they set what the set-up sets: %s', (name, isOff) => {
    const line = `export ${name}=mine\n`;
    const left = done(machineWith({ files: { [path]: line } }), wish);
    expect(textAt(left, path) === line).toBe(!isOff);
  });

  it('are switched off in the words of their shell', () => {
    const fish = `${HOME}/.config/fish/config.fish`;
    const line = 'set -gx ANTHROPIC_MODEL mine\n';
    const left = done(machineWith({ files: { [fish]: line } }), desire(setup('fish'), { adoptFiles: [{ target: 'fish', path: fish }] }));
    expect(textAt(left, fish)).toBe(`# orcc: disabled: ${line}`);
    expect(textAt(done(left, desire(nothing('fish'), GONE)), fish)).toBe(line);
  });

  it('come back with the target’s removal, and not before', () => {
    expect(textAt(there, path)).toContain('# orcc: disabled');
    expect(there.state.adopted).toEqual([{ target: 'bash', path }]);
    const native = done(there, desire([{ id: 'bash', carries: 'nothing', remember: true }], GONE));
    const other = done(there, desire(nothing('zsh'), GONE));
    for (const left of [native, other, done(there, desire(setup('bash')))]) {
      expect([textAt(left, path), left.state.adopted]).toEqual([textAt(there, path), there.state.adopted]);
      const back = done(left, desire(nothing('bash'), GONE));
      expect([textAt(back, path), back.state.adopted, back.replaced.files[path]]).toEqual([mine, [], undefined]);
    }
  });

  it('come back where no more is known than that the file is one of them', () => {
    const back = done({ ...there, replaced: EMPTY_REPLACED }, desire(nothing('bash'), GONE));
    expect([textAt(back, path), back.state.adopted]).toEqual([mine, []]);
  });

  it('are switched off where it is not known which files are the target’s own', () => {
    const left = done(machineWith({ files: { [path]: mine }, targets: ['zsh'] }), desire(setup('zsh'), asked));
    expect(textAt(left, path)).toContain('# orcc: disabled');
  });

  it('that the user has taken out since leave the empty file behind', () => {
    const left = done(withFile(there, path, { bytes: Buffer.from(''), mode: 0o644 }), desire(nothing('bash'), GONE));
    expect(textAt(left, path)).toBe('');
  });

  it('are recorded once, and not touched again', () => {
    const again = planChange(wish, there);
    expect([again.plan.edits, carriedOut(there, again).state.adopted]).toEqual([[], there.state.adopted]);
  });

  it('of a target’s own file go with its block', () => {
    const own = done(
      machineWith({ files: { [place('bash')]: mine } }),
      desire(setup('bash'), { adopt: true, adoptFiles: [{ target: 'bash', path: place('bash') }] }),
    );
    expect([textAt(own, place('bash'))?.includes('# orcc: disabled'), own.state.adopted]).toEqual([true, []]);
    expect(textAt(done(own, desire(nothing('bash'), GONE)), place('bash'))).toBe(mine);
  });

  it('stay as they are without a set-up, and where the file is gone or can not be read as text', () => {
    expect(
      planChange(desire([], { ...GONE, ...asked, key: { action: 'keep' } }), before).plan.edits.map((edit) => edit.path),
    ).not.toContain(path);
    expect(problems(planChange(wish, machineWith()))).toEqual([]);
    const odd = planChange(wish, machineWith({ files: { [path]: `${mine}\0` } }));
    expect([problems(odd), odd.plan.edits.some((edit) => edit.path === path)]).toEqual([[['bash', path, 'ENCODING']], false]);
    const left = done(withFile(there, path, {}), desire(nothing('bash'), GONE));
    expect([textAt(left, path), left.state.adopted]).toEqual([null, []]);
  });

  it.each([
    ['can not be read now', 'FILE_REFUSED', { problem: new OrccError('refused', 'no') }],
    ['is no text now', 'ENCODING', { bytes: Buffer.concat([there.files.get(path)?.bytes ?? Buffer.of(), Buffer.of(0)]), mode: 0o644 }],
  ] as const)('keep their record where the file %s', (_what, code, file) => {
    const blocked = withFile(there, path, file);
    const planned = planChange(desire(nothing('bash'), GONE), blocked);
    expect(problems(planned)).toEqual([['bash', path, code]]);
    const left = carriedOut(blocked, planned);
    expect([left.state.adopted, left.replaced.files[path]]).toEqual([there.state.adopted, there.replaced.files[path]]);
  });
});

describe('the line in .gitignore', () => {
  const path = `${HOME}/code/.gitignore`;
  const LINE = '.claude/settings.local.json\n';
  const wish = desire(setup('local'), { ignore: { needed: true, path } });
  const there = done(machineWith(), wish);
  const gone = desire(nothing('local'), GONE);

  it('is not added where the file can not be read', () => {
    const planned = planChange(wish, machineWith({ files: { [path]: { problem: new OrccError('refused', 'no') } } }));
    expect([problems(planned), planned.plan.edits.some((edit) => edit.path === path)]).toEqual([[['local', path, 'FILE_REFUSED']], false]);
  });

  it('is added again where it was taken out, and orcc still knows that it made the file', () => {
    const again = done(withFile(there, path, { bytes: Buffer.from(''), mode: 0o644 }), wish);
    expect([textAt(again, path), again.state.ignores]).toEqual([LINE, [{ path, created: true, added: LINE }]]);
    const other = { path: `${HOME}/other/.gitignore`, created: false, added: LINE };
    expect(done({ ...there, state: { ...there.state, ignores: [other, ...there.state.ignores] } }, wish).state.ignores).toContainEqual(
      other,
    );
  });

  it.each<[string, string | null, string | null, string | null]>([
    ['with the file that orcc made', null, LINE, null],
    ['and leaves what others added', null, `dist\n${LINE}build\n`, 'dist\nbuild\n'],
    ['and leaves an empty file that was there', '', LINE, ''],
    ['where somebody took it out', null, 'dist\n', 'dist\n'],
    ['where the file is gone', null, null, null],
  ])('goes %s', (_what, was, now, left) => {
    const first = done(machineWith({ files: was === null ? {} : { [path]: was } }), wish);
    const changed = withFile(first, path, now === null ? {} : { bytes: Buffer.from(now), mode: 0o644 });
    const planned = planChange(gone, changed);
    expect([textAt(carriedOut(changed, planned), path), carriedOut(changed, planned).state.ignores]).toEqual([left, []]);
    expect(planned.plan.edits.some((edit) => edit.path === path)).toBe(now !== left);
  });

  it.each([
    ['', `${HOME}/other`],
    ['C:', 'C:\\Users\\u\\other'],
  ])('goes with the file beside it alone: %s', (_drive, folder) => {
    const separator = folder.includes('\\') ? '\\' : '/';
    const [other, ignored] = [['.claude', 'settings.local.json'], ['.gitignore']].map((names) => [folder, ...names].join(separator));
    const [record] = there.state.targets;
    if (other === undefined || ignored === undefined || record === undefined) throw new Error('nothing recorded');
    const kept = { path: ignored, created: true, added: LINE };
    const both = {
      ...there,
      state: { ...there.state, targets: [record, { ...record, path: other }], ignores: [...there.state.ignores, kept] },
    };
    expect(done(both, gone).state.ignores).toEqual([kept]);
    expect(done(both, desire(setup('local'))).state.ignores).toEqual(both.state.ignores);
    expect(done(both, desire([{ id: 'local', carries: 'nothing', remember: false, allFolders: true }], GONE)).state.ignores).toEqual([]);
  });
});
