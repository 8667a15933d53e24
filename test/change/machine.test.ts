import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  changedFiles,
  completeMachine,
  NO_FILE,
  observeMachine,
  readAgain,
  readFileNow,
  requireConfig,
  tryFileNow,
} from '../../src/change/machine.ts';
import { encodeState, EMPTY_STATE, type State } from '../../src/config/state.ts';
import type { FileSystem } from '../../src/core/context.ts';
import { OrccError } from '../../src/core/errors.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { redact } from '../../src/text/text.ts';
import { CONFIG, machineWith, place, withFile } from '../support/machine.ts';
import { fakeExec } from '../support/shell-context.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const CONFIG_FILE = '.config/orcc/config.json';
const context = (files: Partial<FileSystem> = {}) => {
  const { exec, calls } = fakeExec({ bash: () => ({}), zsh: () => ({}), sh: () => ({}) });
  const ctx = { fs: { ...home.ctx.fs, ...files }, env: { HOME: home.home }, home: home.home, platform: 'linux' as const };
  return { ...ctx, cwd: home.path('work'), exec, calls };
};
const fail = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};
const record = (id: TargetId, name: string): State['targets'][number] => {
  return { id, path: home.path(name), created: false, modeBefore: null, carries: 'setup', members: [] };
};
const writeState = (...targets: State['targets']): void => {
  const state = { ...EMPTY_STATE, targets, ignores: [{ path: home.path('ignored'), created: false, added: '' }] };
  const adopted = [{ target: 'bash' as const, path: home.path('adopted') }];
  home.write('.config/orcc/state.json', encodeState({ ...state, adopted }, home.home), 0o600);
};

describe('a file as it is now', () => {
  it('is its bytes and mode, behind a link too, or the folders that it lacks', () => {
    home.write('real', 'x', 0o640);
    fs.symlinkSync('real', home.path('link'));
    for (const name of ['real', 'link'])
      expect(readFileNow(home.ctx.fs, home.path(name))).toEqual({ bytes: Buffer.from('x'), mode: 0o640, missingParents: [] });
    expect(readFileNow(home.ctx.fs, home.path('none'))).toEqual(NO_FILE);
    expect(readFileNow(home.ctx.fs, home.path('a/b/none')).missingParents).toEqual([home.path('a'), home.path('a/b')]);
    home.write('large', Buffer.alloc(8 * 1024 * 1024));
    expect(readFileNow(home.ctx.fs, home.path('large')).bytes).toHaveLength(8 * 1024 * 1024);
  });

  it.each<[string, RegExp, (at: string) => Partial<FileSystem>]>([
    ['a folder', /is a folder$/, (at) => (fs.mkdirSync(at), {})],
    ['no ordinary file', /is not an ordinary file$/, (at) => (fs.symlinkSync('/dev/null', at), {})],
    ['a circle of links', /^(?!.*ELOOP).*: \S/, (at) => (fs.symlinkSync('rc', at), {})],
    ['larger than 8 MiB', / 8 MiB$/, (at) => (fs.writeFileSync(at, Buffer.alloc(8 * 1024 * 1024 + 1)), {})],
    ['not to be read', /EACCES/, (at) => (fs.writeFileSync(at, 'x'), { readFile: fail('EACCES') })],
    ['not to be looked at', /EACCES/, () => ({ stat: fail('EACCES') })],
    [
      'not to be read for no reason',
      /unknown/,
      () => ({
        stat: () => {
          throw new Error();
        },
      }),
    ],
  ])('is refused, or has that as its problem, where it is %s', (_what, message, make) => {
    const files = { ...home.ctx.fs, ...make(home.path('rc')) };
    expect(() => readFileNow(files, home.path('rc'))).toThrow(expect.objectContaining({ exit: 'refused' }));
    const problem = { exit: 'refused', message: expect.stringMatching(message) as string };
    expect(tryFileNow(files, home.path('rc'))).toMatchObject({ bytes: null, problem });
  });
});

describe('a machine', () => {
  it('has all files that a plan may change, and asks no shell where they are recorded', async () => {
    writeState(record('bash', '.bashrc'), record('settings-file', 'work/settings.json'));
    home.write('.bashrc', 'x');
    const ctx = context();
    const machine = await observeMachine(ctx, ['bash', 'zsh', 'user'], [home.path('extra')]);
    const names = ['.bashrc', 'work/settings.json', 'ignored', 'adopted', 'extra', '.claude/settings.json', CONFIG_FILE];
    for (const name of names) expect([name, machine.files.has(home.path(name))]).toEqual([name, true]);
    expect([machine.files.has(home.path('.zshrc')), machine.files.has(home.path('.bash_profile'))]).toEqual([false, false]);
    expect(ctx.calls).toEqual([]);
    expect([...machine.located.keys()]).toEqual(['bash', 'zsh', 'user']);
    const found = await observeMachine(ctx, (state) => state.targets.map(({ id }) => id).filter((id) => id === 'bash'), [], 'found');
    expect([...found.located.keys()]).toEqual(['bash']);
  });

  it.each<[TargetId, string]>([
    ['bash', 'other/.bashrc'],
    ['bash', 'other/.profile'],
    ['zsh', 'other/.zshrc'],
    ['fish', 'other/bashrc'],
    ['user', 'other/settings.json'],
  ])('has %s where orcc wrote it, at %s', async (id, name) => {
    writeState(record(id, name));
    const { located } = await observeMachine(context(), [id]);
    expect(located.get(id)?.files).toMatchObject([{ path: home.path(name) }]);
  });

  it('has what finding a file tells of one that is recorded, and nothing of a shell that is not', async () => {
    writeState(record('zsh', '.zshrc'), record('bash', '.config/other'));
    const { located } = await observeMachine(context(), ['zsh', 'bash', 'fish']);
    const [zsh, bash] = (['zsh', 'bash'] as const).map((id) => located.get(id)?.files[0]);
    expect(zsh).toMatchObject({ path: home.path('.zshrc'), startup: 'interactive' });
    expect(bash).toEqual({ path: home.path('.config/other'), startup: 'interactive' });
    expect(located.get('fish')).toEqual({ files: [], notes: [], offered: false });
  });

  it('has no configuration to work with where there is none, or a broken one', () => {
    const broken = new OrccError('refused', 'broken');
    expect(() => requireConfig({ config: undefined, configBroken: broken })).toThrow(broken);
    expect(() => requireConfig(machineWith())).toThrow(expect.objectContaining({ exit: 'nothing' }));
    expect(requireConfig(machineWith({ config: CONFIG }))).toBe(CONFIG);
  });

  it('has a folder’s settings where this folder has them, and user settings that orcc never wrote', async () => {
    writeState(record('local', 'other/.claude/settings.local.json'));
    fs.mkdirSync(home.path('other/.claude'), { recursive: true });
    home.write('other/.claude/settings.local.json', '{}');
    const { located } = await observeMachine(context(), ['local', 'user']);
    const paths = (['local', 'user'] as const).map((id) => located.get(id)?.files.map(({ path }) => path));
    expect(paths).toEqual([[home.path('work/.claude/settings.local.json')], [home.path('.claude/settings.json')]]);
  });

  it('is refused where one of orcc’s own files can not be read, and has a problem for any other', async () => {
    fs.mkdirSync(home.path('.config/orcc/key'), { recursive: true });
    await expect(observeMachine(context())).rejects.toMatchObject({ exit: 'refused' });
    fs.rmdirSync(home.path('.config/orcc/key'));
    fs.mkdirSync(home.path('.claude/settings.json'), { recursive: true });
    const { files } = await observeMachine(context(), ['user']);
    expect(files.get(home.path('.claude/settings.json'))?.problem?.exit).toBe('refused');
  });

  it.each(['config.json', 'state.json'])('is found to have changed where another orcc wrote %s while it was read', async (name) => {
    const [file, text] = [
      `.config/orcc/${name}`,
      { 'config.json': JSON.stringify(CONFIG), 'state.json': encodeState(EMPTY_STATE, home.home) },
    ];
    const bytes = Buffer.from(text[name as keyof typeof text]);
    home.write(file, bytes, 0o600);
    let isFirst = true;
    const readFile = (path: string): Uint8Array => {
      const read = home.ctx.fs.readFile(path);
      if (path === home.path(file) && isFirst) home.write(file, Buffer.concat([bytes, Buffer.from('\n')]), 0o600);
      if (path === home.path(file)) isFirst = false;
      return read;
    };
    const ctx = context({ readFile });
    const machine = await observeMachine(ctx);
    expect(changedFiles(machine, readAgain(ctx, machine))).toEqual([home.path(file)]);
  });

  it('knows every key that has a file of its own, so that none is shown', async () => {
    const keys = { work: { baseUrl: CONFIG.baseUrl }, other: { baseUrl: CONFIG.baseUrl } };
    home.write(CONFIG_FILE, JSON.stringify({ ...CONFIG, keys, activeKey: 'other' }), 0o600);
    home.write('.config/orcc/key.work', 'gateway-key-of-work\n', 0o600);
    const machine = await observeMachine(context());
    expect(redact('a gateway-key-of-work b')).not.toContain('key-of-work');
    expect(machine.files.get(home.path('.config/orcc/key.work'))?.bytes).toEqual(Buffer.from('gateway-key-of-work\n'));
  });

  it('is completed by what it lacks, and keeps what it read', async () => {
    home.write('.claude/settings.json', '{}');
    const machine = await observeMachine(context(), ['user']);
    home.write('.claude/settings.json', '{"a":1}');
    const more = await completeMachine(context(), machine, ['user', 'local'], [home.path('extra')]);
    expect([...more.located.keys()]).toEqual(['user', 'local']);
    expect(more.files.get(home.path('.claude/settings.json'))?.bytes).toEqual(Buffer.from('{}'));
    for (const name of ['work/.claude/settings.local.json', 'extra']) expect(more.files.has(home.path(name))).toBe(true);
    expect([...(await completeMachine(context(), more, ['local'])).located.keys()]).toEqual(['local']);
    const found = { files: [], notes: ['found by the shell'], offered: true };
    const known = { ...machine, located: new Map([['user' as const, found]]) };
    expect((await completeMachine(context(), known, ['user'])).located.get('user')).toBe(found);
  });
});

describe('files read again', () => {
  it('are as they are by now; folders that the lock has made still count as missing', async () => {
    const machine = await observeMachine(context(), ['user']);
    fs.mkdirSync(home.folder, { recursive: true });
    home.write('.claude/settings.json', '{}');
    const made = [home.path('.config'), home.folder, home.path('.cla')];
    const one = readAgain(context(), machine, [home.folder]).files.get(home.path(CONFIG_FILE));
    expect(one?.missingParents).toEqual([home.folder]);
    const again = readAgain(context(), machine, made);
    expect(again.files.get(home.path(CONFIG_FILE))?.missingParents).toEqual(made.slice(0, 2));
    expect(again.files.get(home.path('.claude/settings.json'))).toMatchObject({ bytes: Buffer.from('{}'), missingParents: [] });
    expect(readAgain(context(), machine).files.get(home.path(CONFIG_FILE))?.missingParents).toEqual([]);
  });

  it('differ in bytes, mode, the folders that they lack, and what is wrong with them; orcc’s own come first', () => {
    const before = withFile(machineWith({ files: { [place('bash')]: 'x' } }), machineWith().own.state, {});
    const problem = tryFileNow({ ...home.ctx.fs, stat: fail('EACCES') }, '/x');
    const was = before.files.get(place('bash'));
    for (const now of [{ bytes: Buffer.from('y') }, { mode: 0o600 }, { missingParents: ['/a'] }, { problem: problem.problem }])
      expect(changedFiles(before, withFile(before, place('bash'), { ...was, ...now } as typeof was & object))).toEqual([place('bash')]);
    expect(changedFiles(before, withFile(before, place('bash'), { ...was, bytes: Buffer.from('x') }))).toEqual([]);
    const both = withFile(withFile(before, place('bash'), {}), before.own.state, { bytes: Buffer.from('{}') });
    expect(changedFiles(before, both)).toEqual([before.own.state, place('bash')]);
  });
});
