import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { OrccError } from '../../src/core/errors.ts';
import type { DesiredTarget } from '../../src/change/desired.ts';
import type { ExtraMember } from '../../src/config/extras-table.ts';
import { planChange as planWith } from '../../src/change/plan.ts';
import type { Planned } from '../../src/change/types.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { carriedOut, CONFIG, desire, HOME, KEY, machineWith, nothing, place, planChange, setup } from '../support/machine.ts';

const owners = ({ plan }: Planned): string[] => plan.edits.map((edit) => edit.owner);
const after = ({ plan }: Planned, path: string): string | null | undefined => {
  const bytes = plan.edits.find((edit) => edit.path === path)?.after;
  return bytes === undefined || bytes === null ? bytes : Buffer.from(bytes).toString('utf8');
};
const modes = ({ plan }: Planned): Record<string, number | null> => Object.fromEntries(plan.edits.map((edit) => [edit.owner, edit.mode]));

describe('the planner', () => {
  it('writes the key first, then the targets, orcc’s records last', () => {
    expect(owners(planChange(desire(setup('bash', 'user')), machineWith()))).toEqual(['key', 'bash', 'user', 'config', 'state']);
  });

  it('deletes the key last, after every base URL', () => {
    const before = machineWith();
    const there = carriedOut(before, planChange(desire(setup('bash', 'user')), before));
    const gone = planChange(desire(nothing('bash', 'user'), { setup: undefined, key: { action: 'delete' }, config: undefined }), there);
    expect(owners(gone)).toEqual(['bash', 'user', 'config', 'state', 'key']);
    expect(gone.plan.edits.every((edit) => edit.after === null)).toBe(true);
  });

  it('plans nothing for what is there already', () => {
    const before = machineWith({ files: { [place('bash')]: 'alias a=b\n', [place('user')]: '{}' } });
    const wish = desire(setup('bash', 'zsh', 'fish', 'user', 'local', 'project'));
    const there = carriedOut(before, planChange(wish, before));
    expect(planChange(wish, there)).toMatchObject({ plan: { edits: [] }, problems: [] });
  });

  it('is the inverse of itself: nothing desired gives every byte and mode back', () => {
    const files = { [place('bash')]: '# mine', [place('zsh')]: 'a\r\nb', [place('user')]: '{ "env": {\n } }', [place('local')]: '\n' };
    const before = machineWith({ files });
    const ids: TargetId[] = ['bash', 'zsh', 'fish', 'user', 'local'];
    const there = carriedOut(before, planChange(desire(setup(...ids)), before));
    const back = planChange(desire(nothing(...ids), { setup: undefined, key: { action: 'delete' }, config: undefined }), there);
    for (const [path, text] of Object.entries(files)) expect([path, after(back, path)]).toEqual([path, text]);
    expect(after(back, place('fish'))).toBeNull();
    expect(back.plan.edits.filter((edit) => edit.owner === 'user' || edit.owner === 'local').map((edit) => edit.mode)).toEqual([
      0o644, 0o644,
    ]);
  });

  it('leaves targets alone that are not named', () => {
    const before = machineWith();
    const there = carriedOut(before, planChange(desire(setup('bash', 'zsh')), before));
    const less = planChange(desire(nothing('zsh')), there);
    expect(owners(less)).toEqual(['zsh', 'state']);
    expect(carriedOut(there, less).state.targets.map((target) => target.id)).toEqual(['bash']);
  });
});

describe('who may read what the planner writes', () => {
  it('makes files with a key private, and no other', () => {
    const files = { [place('user')]: '{}', [place('project')]: '{}', [place('bash')]: '' };
    expect(modes(planChange(desire(setup('bash', 'user', 'project')), machineWith({ files })))).toEqual({
      key: 0o600,
      bash: null,
      user: 0o600,
      project: null,
      config: 0o600,
      state: 0o600,
    });
  });

  it('keeps a mode that is private enough', () => {
    const files = { [place('user')]: { bytes: Buffer.from('{}'), mode: 0o400 } };
    expect(modes(planChange(desire(setup('user')), machineWith({ files })))['user']).toBeNull();
  });

  it('makes a profile private where the key lies in it, and gives the mode back where it no longer does', () => {
    const before = machineWith({ files: { [place('bash')]: { bytes: Buffer.from('a\n'), mode: 0o640 } } });
    const literal = desire(setup('bash'));
    if (literal.setup === undefined) throw new Error('no setup');
    const inProfile = { ...literal, setup: { ...literal.setup, shellKey: { kind: 'literal' } } } as const;
    const written = planChange(inProfile, before);
    expect(modes(written)['bash']).toBe(0o600);
    expect(modes(planChange(literal, carriedOut(before, written)))['bash']).toBe(0o640);
  });

  it('remembers that a file was not there, also after the second change', () => {
    const before = machineWith();
    const wish = desire(setup('bash', 'user'));
    const once = carriedOut(before, planChange(wish, before));
    const other = desire(setup('bash', 'user'), {
      setup: {
        ...(wish.setup ?? {
          baseUrl: '',
          shellKey: { kind: 'file', path: '' },
          settingsKey: { kind: 'token' },
          modelSettings: [],
        }),
        variables: [{ name: 'ANTHROPIC_MODEL', value: 'haiku' }],
      },
    });
    const twice = carriedOut(once, planChange(other, once));
    expect(twice.state.targets.map(({ created, modeBefore }) => ({ created, modeBefore }))).toEqual([
      { created: true, modeBefore: null },
      { created: true, modeBefore: null },
    ]);
  });

  it('puts no key and no URL into a project', () => {
    const text = after(planChange(desire(setup('project', 'user')), machineWith()), place('project')) ?? '';
    expect(JSON.parse(text)).toEqual({ env: { ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7', ANTHROPIC_MODEL: 'opus' } });
  });

  it('keeps the key out of config and state, and what was replaced out of the state', () => {
    const files = { [place('user')]: '{"env": {"ANTHROPIC_AUTH_TOKEN": "someone-elses"}}' };
    const { plan } = planChange(desire(setup('user'), { replace: true }), machineWith({ files }));
    for (const edit of plan.edits.filter(({ path }) => /(?:config|state)\.json$/.test(path))) {
      const text = Buffer.from(edit.after ?? '').toString('utf8');
      expect(text).not.toContain(KEY);
      expect(text).not.toContain('someone-elses');
    }
    const replaced = plan.edits.find(({ path }) => path.endsWith('replaced.json'));
    expect(Buffer.from(replaced?.after ?? '').toString('utf8')).toContain('someone-elses');
    expect(replaced?.mode).toBe(0o600);
  });
});

describe('a file beside the targets’ own', () => {
  it('has its line with a key kept in orcc’s private file until the line comes back', () => {
    const path = `${HOME}/.bash_aliases`;
    const text = "alias a='b'\r\nexport ANTHROPIC_AUTH_TOKEN=someone-elses\r\n";
    const before = machineWith({ files: { [path]: text } });
    const there = carriedOut(before, planChange(desire(setup('bash'), { adoptFiles: [{ target: 'bash', path }] }), before));
    expect(Buffer.from(there.files.get(path)?.bytes ?? []).toString()).not.toContain('someone-elses');
    expect(Object.values(there.replaced.files[path] ?? {})).toEqual(['export ANTHROPIC_AUTH_TOKEN=someone-elses']);
    const back = planChange(desire(nothing('bash')), there);
    expect(after(back, path)).toBe(text);
    expect(carriedOut(there, back).replaced.files).toEqual({});
  });
});

describe('a key that leaves', () => {
  const OLD = 'an-older-key';
  const lines = `export ANTHROPIC_BASE_URL=https://x\nexport ANTHROPIC_AUTH_TOKEN=${OLD}\nexport ANTHROPIC_MODEL=mine\n`;
  const env = { ANTHROPIC_BASE_URL: 'https://x', ANTHROPIC_AUTH_TOKEN: OLD, ANTHROPIC_MODEL: 'mine' };
  const path = `${HOME}/.bash_aliases`;
  const files = { [place('bash')]: lines, [path]: lines, [place('user')]: JSON.stringify({ env }) };
  const wish = desire(setup('bash', 'user'), { adopt: true, replace: true, adoptFiles: [{ target: 'bash', path }] });
  const before = machineWith({ files });
  const there = carriedOut(before, planChange(wish, before));

  it('stays nowhere in what would come back, nor does the base URL that it was for: all else does', () => {
    expect(Object.values(there.replaced.files).filter((each) => JSON.stringify(each).includes(OLD))).toHaveLength(3);
    const left = carriedOut(there, planWith(desire(setup('user')), there, { key: KEY, leaving: [OLD] }));
    for (const [file, { bytes }] of left.files) expect([file, Buffer.from(bytes ?? []).includes(OLD)]).toEqual([file, false]);
    const back = carriedOut(left, planChange(desire(nothing('bash', 'user')), left));
    for (const file of [place('bash'), path]) expect(back.files.get(file)?.bytes?.toString()).toBe('export ANTHROPIC_MODEL=mine\n');
    expect(JSON.parse(String(back.files.get(place('user'))?.bytes))).toEqual({ env: { ANTHROPIC_MODEL: 'mine' } });
  });

  it('is another: everything stays as it is kept', () => {
    for (const leaving of [[], [''], ['another']]) expect(planWith(wish, there, { key: KEY, leaving }).plan.edits).toEqual([]);
  });
});

describe('what stands in the way', () => {
  it('is told for every file at once, and these files are left out of the plan', () => {
    const files = {
      [place('user')]: '{"env": {"ANTHROPIC_MODEL": "haiku"}}',
      [place('local')]: '{ broken',
      [place('zsh')]: { problem: new OrccError('refused', "can't be read") },
    };
    const planned = planChange(desire(setup('bash', 'zsh', 'user', 'local')), machineWith({ files }));
    expect(planned.problems.map(({ target, code, consent }) => [target, code, consent])).toEqual([
      ['zsh', 'FILE_REFUSED', undefined],
      ['user', 'FOREIGN_VALUE', 'replace'],
      ['local', 'SETTINGS_INVALID', undefined],
    ]);
    expect(owners(planned)).toEqual(['key', 'bash', 'config', 'state']);
  });

  it('keeps key, configuration and record where a target can not be cleared: a base URL is never left without a token', () => {
    const before = machineWith();
    const there = carriedOut(before, planChange(desire(setup('bash', 'user')), before));
    const blocked = {
      ...there,
      files: new Map(there.files).set(place('user'), {
        bytes: null,
        mode: null,
        missingParents: [],
        problem: new OrccError('refused', 'no'),
      }),
    };
    const planned = planChange(
      desire(nothing('bash', 'user'), { setup: undefined, key: { action: 'delete' }, config: undefined }),
      blocked,
    );
    expect(owners(planned)).toEqual(['bash', 'state']);
    const left = carriedOut(blocked, planned);
    expect(left.state.targets.map((target) => target.id)).toEqual(['user']);
    expect(left.config).toEqual(CONFIG);
  });

  it('is nothing where the value is the wanted one, or is taken out', () => {
    const files = { [place('user')]: '{"env": {"ANTHROPIC_MODEL": "opus"}}' };
    const machine = machineWith({ files });
    const planned = planChange(desire(setup('user')), machine);
    expect(planned.problems).toEqual([]);
    const back = planChange(desire(nothing('user'), { setup: undefined }), carriedOut(machine, planned));
    expect(after(back, place('user'))).toBe(files[place('user')]);
  });
});

describe('places that moved', () => {
  it('clears the file where a target was before, and writes where it is now', () => {
    const old = `${HOME}/.config/zsh/.zshrc`;
    const before = machineWith();
    const there = carriedOut(before, planChange(desire(setup('zsh')), before));
    const moved = {
      ...there,
      located: new Map([['zsh' as const, { files: [{ path: old, startup: 'interactive' } as const], notes: [], offered: true }]]),
    };
    const planned = planChange(desire(setup('zsh')), moved);
    expect(after(planned, place('zsh'))).toBeNull();
    expect(after(planned, old)).toContain('ANTHROPIC_BASE_URL');
    expect(carriedOut(moved, planned).state.targets.map((target) => target.path)).toEqual([old]);
  });

  it('are, for a file of its own path, that one alone', () => {
    const [one, other] = ['one', 'other'].map((name): DesiredTarget => {
      return { id: 'settings-file', carries: 'setup', remember: false, path: `${HOME}/${name}/settings.json`, isNamed: true };
    });
    if (one === undefined || other === undefined) throw new Error('no targets');
    const before = machineWith();
    const there = carriedOut(before, planChange(desire([one, other]), before));
    const less = carriedOut(there, planChange(desire([{ ...one, carries: 'nothing' }]), there));
    expect(less.state.targets.map(({ path }) => path)).toEqual([other.path]);
    expect([one, other].map(({ path = '' }) => less.files.get(path)?.bytes === null)).toEqual([true, false]);
  });

  it('are no concern of a removal where orcc wrote nothing', () => {
    const machine = machineWith({ files: { [place('user')]: '{ broken' } });
    expect(planChange(desire(nothing('user')), machine)).toMatchObject({ problems: [], notes: [] });
  });

  it('touches other folders’ settings only where all folders are meant', () => {
    const other = `${HOME}/other/.claude/settings.local.json`;
    const before = machineWith();
    const here = carriedOut(before, planChange(desire(setup('local')), before));
    const record = here.state.targets[0];
    if (record === undefined) throw new Error('nothing recorded');
    const both = {
      ...here,
      state: { ...here.state, targets: [record, { ...record, path: other }] },
      files: new Map(here.files).set(other, here.files.get(place('local')) ?? { bytes: null, mode: null, missingParents: [] }),
    };
    const gone = { setup: undefined, key: { action: 'keep' } } as const;
    const one = planChange(desire(nothing('local'), gone), both);
    expect(one.plan.edits.map((edit) => edit.path)).toEqual([place('local'), both.own.state]);
    expect(carriedOut(both, one).state.targets.map(({ path }) => path)).toEqual([other]);
    const all = planChange(desire([{ id: 'local', carries: 'nothing', remember: false, allFolders: true }], gone), both);
    expect(all.plan.edits.map((edit) => edit.path)).toEqual([place('local'), other, both.own.state]);
    expect(carriedOut(both, all).state.targets).toEqual([]);
  });
});

const AUTO_MODE: ExtraMember = { path: ['permissions', 'disableAutoMode'], value: 'disable', places: ['user'], native: 'out' };

describe('a place that carries nothing for now', () => {
  it('is remembered with what comes back', () => {
    const before = machineWith();
    const there = carriedOut(before, planChange(desire(setup('bash', 'user'), { extras: [AUTO_MODE] }), before));
    const native = planChange(
      desire(
        [
          { id: 'bash', carries: 'nothing', remember: true },
          { id: 'user', carries: 'nothing', remember: true },
        ],
        { setup: undefined, key: { action: 'keep' } },
      ),
      there,
    );
    expect(carriedOut(there, native).state.targets.map(({ id, carries, returns, created }) => [id, carries, returns, created])).toEqual([
      ['bash', 'nothing', 'setup', true],
      ['user', 'nothing', 'setup', true],
    ]);
    expect(after(native, place('bash'))).toBeNull();
  });
});

describe('folders that orcc makes', () => {
  it('are remembered, outermost first, and stay remembered', () => {
    const files = {
      [place('fish')]: { missingParents: [`${HOME}/.config`, `${HOME}/.config/fish`, `${HOME}/.config/fish/conf.d`] },
      [`${HOME}/.config/orcc/config.json`]: { missingParents: [`${HOME}/.config`, `${HOME}/.config/orcc`] },
    };
    const before = machineWith({ files });
    const there = carriedOut(before, planChange(desire(setup('fish')), before));
    const made = [`${HOME}/.config`, `${HOME}/.config/fish`, `${HOME}/.config/orcc`, `${HOME}/.config/fish/conf.d`];
    expect(there.state.folders).toEqual(made);
    expect(carriedOut(there, planChange(desire(setup('fish', 'bash')), there)).state.folders).toEqual(made);
  });
});
