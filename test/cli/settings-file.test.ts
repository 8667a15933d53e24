import * as fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeOpen } from '../../src/apply/keeps-modes.ts';
import type { FileSystem } from '../../src/core/context.ts';
import { type Ran, type RunInBox } from '../support/box.ts';
import { faultFs } from '../support/fault-fs.ts';
import { quickFiles } from '../support/temp-home.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const OTHER = '.claude-work/settings.json';
/** As an editor on Windows leaves it. */
const WINDOWS = '\uFEFF{\r\n  "theme": "dark",\r\n  "env": {\r\n    "EDITOR": "code"\r\n  }\r\n}\r\n';

const box = useBox();

const init = (files: readonly string[], more: readonly string[] = [], options: RunInBox = {}): Promise<Ran> =>
  initIn(box, simulator, ['--target', 'user', ...files.flatMap((file) => ['--settings-file', file]), ...more], options);
const env = (name: string): Record<string, string> =>
  (JSON.parse((box.read(name) ?? '{}').replace('\uFEFF', '')) as { env?: Record<string, string> }).env ?? {};
const further = async (options: RunInBox = {}): Promise<unknown> => {
  const { data } = (await box.orcc(['status', '--json'], options)).json();
  return (data['targets'] as readonly { id: string }[]).find(({ id }) => id === 'settings-file');
};
const findings = async (): Promise<readonly string[]> =>
  (await box.orcc(['doctor', '--offline', '--json']))
    .json()
    .findings.filter(({ code }) => code === 'SETTINGS_FILE_DIFFERS')
    .flatMap(({ evidence }) => evidence);

describe('a further settings file', () => {
  it('gets what user settings get, ends private, and is recorded from the home', async () => {
    const file = box.write('.claude-work/other.txt', '').replace('other.txt', 'settings.json');
    const { code, stderr } = await init([file]);
    expect(code, stderr).toBe(0);
    expect(env(OTHER)).toEqual(env('.claude/settings.json'));
    expect(env(OTHER)['ANTHROPIC_AUTH_TOKEN']).toBe(simulator.key);
    expect(box.mode(OTHER)).toBe(0o600);
    expect(box.read('.config/orcc/state.json')).toContain(`"path": "~/${OTHER}"`);
    expect(await further()).toMatchObject({ path: `~/${OTHER}`, state: 'written' });
    expect(await findings()).toEqual([]);
  });

  it('is the same one where its path ends in a slash or takes a way round', async () => {
    fs.mkdirSync(box.at('.claude-work'));
    const { code, stderr } = await init([`${box.at(OTHER)}/`, box.at('.claude-work/../.claude-work/settings.json')]);
    expect(code, stderr).toBe(0);
    expect(await further()).toMatchObject({ path: `~/${OTHER}`, state: 'written' });
  });

  it('keeps its bytes, with their mark and their line ends, through switch, undo, native and removal', async () => {
    const file = box.write('win/.claude/settings.json', WINDOWS, 0o640);
    const read = (): string | null => box.read('win/.claude/settings.json');
    await init([file]);
    const written = read();
    expect(written?.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect((await box.orcc(['switch', 'opus=z-ai/glm-4.7-flash', '--yes'])).code).toBe(0);
    expect(env('win/.claude/settings.json')['ANTHROPIC_DEFAULT_OPUS_MODEL']).toBe('z-ai/glm-4.7-flash');
    expect((await box.orcc(['undo', '--yes'])).code).toBe(0);
    expect(read()).toBe(written);
    expect((await box.orcc(['switch', '--native', '--yes'])).code).toBe(0);
    expect(read()).toBe(WINDOWS);
    expect((await box.orcc(['switch', '--back', '--yes'])).code).toBe(0);
    expect(read()).toBe(written);
    expect((await box.orcc(['remove', '--settings-file', file, '--yes'])).code).toBe(0);
    expect([read(), box.mode('win/.claude/settings.json')]).toEqual([WINDOWS, 0o640]);
    expect(env('.claude/settings.json')['ANTHROPIC_AUTH_TOKEN']).toBe(simulator.key);
    expect(await further()).toBeUndefined();
  });

  it('that orcc made comes back with --back, and goes with everything', async () => {
    fs.mkdirSync(box.at('.claude-work'));
    await init([box.at(OTHER)]);
    await box.orcc(['switch', '--native', '--yes']);
    expect(box.read(OTHER)).toBeNull();
    await box.orcc(['switch', '--back', '--yes']);
    expect(env(OTHER)['ANTHROPIC_AUTH_TOKEN']).toBe(simulator.key);
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.holding(simulator.key)).toEqual([]);
    expect(box.read(OTHER)).toBeNull();
  });

  it('gets a new key with all others', async () => {
    await init([box.at(OTHER)]);
    const key = `sk-or-v1-${'f'.repeat(64)}`;
    const { code, stderr } = await box.orcc(['key', 'set', '--key-stdin', '--yes', '--no-check'], { input: key });
    expect(code, stderr).toBe(0);
    expect(env(OTHER)['ANTHROPIC_AUTH_TOKEN']).toBe(key);
    expect(box.holding(simulator.key)).toEqual([]);
  });

  it('is put back by the next command where orcc is killed before its records are written', async () => {
    box.write(OTHER, WINDOWS);
    const { calls, fs: counted } = faultFs(quickFiles());
    await init([box.at(OTHER)], [], { fs: counted });
    const at = calls.findIndex((call) => call.startsWith(`rename ${box.at('.claude-work')}`));
    await box.orcc(['remove', '--yes']);
    expect(box.read(OTHER)).toBe(WINDOWS);
    await init([box.at(OTHER)], [], { fs: faultFs(quickFiles(), { at, kill: 'after' }).fs }).catch((error: unknown) => error);
    expect([box.read(OTHER) === WINDOWS, box.read('.config/orcc/state.json')]).toEqual([false, null]);
    fs.rmSync(box.at('.config/orcc/locks'), { recursive: true });
    const { stderr } = await box.orcc(['undo', '--yes'], { pid: 2 });
    expect(box.read(OTHER), stderr).toBe(WINDOWS);
  });
});

describe('what became of it', () => {
  it('is told where a member was changed, and where the file is of an earlier set-up', async () => {
    await init([box.at(OTHER)]);
    const written = box.read(OTHER) ?? '';
    box.write(OTHER, written.replace('"z-ai/glm-4.7"', '"z-ai/glm-4.5"'));
    expect(await findings()).toEqual([`${box.at(OTHER)}: changed`]);
    expect(await further()).toMatchObject({ state: 'changed' });
    box.write(OTHER, written);
    fs.renameSync(box.at('.claude-work'), box.at('away'));
    await box.orcc(['switch', 'opus=z-ai/glm-4.7-flash', '--yes']);
    fs.renameSync(box.at('away'), box.at('.claude-work'));
    expect(await findings()).toEqual([`${box.at(OTHER)}: of an earlier set-up`]);
    expect((await init([box.at(OTHER)])).code).toBe(0);
    expect(await findings()).toEqual([]);
  });

  it('is told where its drive is away, which stops nothing else and makes nothing there', async () => {
    box.write('drive/.claude/settings.json', '{}\n');
    await init([box.at('drive/.claude/settings.json')]);
    fs.renameSync(box.at('drive'), box.at('away'));
    const { code, stderr } = await box.orcc(['switch', 'opus=z-ai/glm-4.7-flash', '--yes']);
    expect([code, fs.existsSync(box.at('drive'))]).toEqual([0, false]);
    expect(stderr).toContain('`~/drive/.claude/settings.json`');
    expect(await further()).toMatchObject({ state: "can't be reached" });
    expect(await findings()).toEqual([`${box.at('drive/.claude/settings.json')}: can't be reached`]);
    const removed = await box.orcc(['remove', '--yes', '--json']);
    expect(removed.code).toBe(1);
    expect(removed.json().findings).toMatchObject([{ code: 'LEFT_BEHIND' }]);
    expect(fs.existsSync(box.at('.config/orcc'))).toBe(false);
  });

  it('is not called gone where it was moved, and remove can not know where to', async () => {
    box.write(OTHER, '{}\n');
    await init([box.at(OTHER)]);
    fs.renameSync(box.at(OTHER), box.at('.claude-work/elsewhere.json'));
    const { stderr } = await box.orcc(['remove', '--yes']);
    expect(stderr).toContain('~/.claude-work/settings.json');
  });
});

describe('a bad --settings-file', () => {
  const given = async (word: string, code: number, said: RegExp): Promise<void> => {
    const before = box.tree();
    const ran = await init([word]);
    expect([ran.code, box.tree()], ran.stderr).toEqual([code, before]);
    expect(ran.stderr).toMatch(said);
    expect(ran.stderr.match(/^error:/gm)).toHaveLength(1);
  };

  it.each([
    ['', 2, /`--settings-file`: ``.*\n.*\bsettings\.json$/m],
    ['sub/settings.json', 2, /`sub\/settings\.json`.*\n.*`\/.*\/sub\/settings\.json`$/m],
    ['C:\\Users\\ann\\.claude\\settings.json', 2, /\/mnt\/c\/Users\/ann\/\.claude\/settings\.json/],
    ['/dev/null', 2, /`\/dev\/null`.*\n.*\bsettings\.local\.json\b/],
    ['/no/such/folder/settings.json', 6, /`\/no\/such\/folder\/settings\.json`.*`\/no`$/m],
    ['/etc/claude-code/managed-settings.json', 2, /`\/etc\/claude-code\/managed-settings\.json`.*\n.*\bsettings\.local\.json\b/],
  ])('%j is refused', (word, code, said) => given(word, code, said));

  it('is a folder, a pipe, user settings, another editor’s, or no JSON', async () => {
    fs.mkdirSync(box.at('folder'));
    await given(box.at('folder'), 6, /folder\/settings\.json/);
    fs.mkdirSync(box.at('.claude'));
    await given('~/.claude/settings.json', 2, /`user`[^]*`--target user`/);
    fs.symlinkSync(box.at('.claude'), box.at('link'));
    await given(box.at('link/settings.json'), 2, /`user`[^]*`--target user`/);
    box.write('.vscode/settings.json', '{}');
    await given(box.at('.vscode/settings.json'), 2, /export --vscode/);
    box.write('broken/settings.json', '{ // mine\n}');
    await given(box.at('broken/settings.json'), 6, /broken\/settings\.json/);
    box.write('fixed/settings.json', '{}', 0o444);
    await given(box.at('fixed/settings.json'), 6, /read-only/);
  });

  it('is another user’s, or would be committed', async () => {
    const file = box.write('theirs/settings.json', '{}');
    const real = quickFiles();
    const owned =
      (stat: FileSystem['lstat']): FileSystem['lstat'] =>
      (name) => {
        const found = stat(name);
        return found !== undefined && name === file ? { ...found, uid: found.uid + 1 } : found;
      };
    const foreign = { ...real, lstat: owned(real.lstat), stat: owned(real.stat) };
    const before = box.tree();
    const theirs = await init([file], ['--json'], { fs: foreign });
    expect([theirs.code, theirs.json().findings[0]?.code]).toEqual([6, 'FOREIGN_OWNER']);
    expect(box.tree()).toEqual(before);
    box.write('repo/.git/HEAD', 'ref: refs/heads/main\n');
    for (const name of ['objects', 'refs']) fs.mkdirSync(box.at(`repo/.git/${name}`));
    box.write('repo/.git/config', '[core]\n\trepositoryformatversion = 0\n');
    const committed = await init([box.at('repo/settings.json')], ['--json']);
    expect([committed.code, committed.json().findings[0]?.code]).toEqual([6, 'SETTINGS_NOT_IGNORED']);
    expect(box.read('repo/settings.json')).toBeNull();
  });

  it('counts once where two paths lead to one file', async () => {
    box.write(OTHER, '{}');
    fs.symlinkSync(box.at('.claude-work'), box.at('same'));
    expect((await init([box.at(OTHER), box.at('same/settings.json')])).code).toBe(0);
    expect(await further()).toMatchObject({ path: `~/${OTHER}` });
    expect(box.read('.config/orcc/state.json')?.match(/"settings-file"/g)).toHaveLength(1);
  });

  it('that CLAUDE_CONFIG_DIR makes the user settings is put right by doctor where a value was changed', async () => {
    await init([box.write(OTHER, '{}')]);
    const wanted = env(OTHER)['ANTHROPIC_MODEL'] ?? '';
    box.write(OTHER, (box.read(OTHER) ?? '').replace(`"ANTHROPIC_MODEL": "${wanted}"`, '"ANTHROPIC_MODEL": "haiku"'));
    const inIt = { env: { CLAUDE_CONFIG_DIR: box.at('.claude-work') } };
    const { findings: found } = (await box.orcc(['doctor', '--offline', '--json'], inIt)).json();
    expect(found.map(({ code }) => code)).toContain('SETTINGS_OVERRIDE');
    await box.orcc(['doctor', '--offline', '--fix', 'SETTINGS_OVERRIDE', '--yes'], inIt);
    expect([env(OTHER)['ANTHROPIC_MODEL'], env('.claude/settings.json')['ANTHROPIC_MODEL']]).toEqual([wanted, wanted]);
  });

  it('is needed by its target, and is no place for user settings moved there', async () => {
    expect((await init([], ['--target', 'settings-file'])).code).toBe(2);
    await init([box.at(OTHER)]);
    const moved = await init([], [], { env: { CLAUDE_CONFIG_DIR: box.at('.claude-work') } });
    expect([moved.code, moved.stderr]).toEqual([6, expect.stringContaining('without CLAUDE_CONFIG_DIR')]);
  });
});

describe('a Windows drive under WSL, which keeps no modes', () => {
  const WIN = '/mnt/c/Users/ann/.claude/settings.json';
  /** `/mnt/c` is the folder `c` of the box; modes do not stick there. */
  const drive = (): FileSystem => {
    const real = quickFiles();
    const inside = (name: string): string => (/^\/mnt\/c(?:\/|$)/.test(name) ? path.join(box.at('c'), name.slice(6)) : name);
    const open = new Set<number>();
    const told =
      (stat: FileSystem['stat']): FileSystem['stat'] =>
      (name) => {
        const found = stat(inside(name));
        return found === undefined || inside(name) === name ? found : { ...found, mode: 0o777 };
      };
    const one =
      <Rest extends readonly unknown[], Result>(call: (name: string, ...rest: Rest) => Result) =>
      (name: string, ...rest: Rest): Result =>
        call(inside(name), ...rest);
    const opened =
      <Rest extends readonly unknown[]>(call: (name: string, ...rest: Rest) => number) =>
      (name: string, ...rest: Rest): number => {
        const fd = call(inside(name), ...rest);
        if (inside(name) !== name) open.add(fd);
        return fd;
      };
    return {
      ...real,
      lstat: told(real.lstat),
      stat: told(real.stat),
      realpath: (name) => (inside(name) === name ? real.realpath(name) : name),
      readFile: one(real.readFile),
      readdir: one(real.readdir),
      access: one(real.access),
      mkdir: one(real.mkdir),
      openExclusive: opened(real.openExclusive),
      openExisting: opened(real.openExisting),
      openReading: one(real.openReading),
      openFolder: one(real.openFolder),
      fchmod: (fd, mode) => {
        if (!open.has(fd)) real.fchmod(fd, mode);
      },
      close: (fd) => {
        open.delete(fd);
        real.close(fd);
      },
      rename: (from, to) => real.rename(inside(from), inside(to)),
      unlink: one(real.unlink),
      rmdir: one(real.rmdir),
    };
  };
  const WSL = { env: { WSL_DISTRO_NAME: 'Debian' } };
  const RUN = (): RunInBox => ({ ...WSL, fs: drive() });
  beforeEach(() => void box.write('c/Users/ann/.claude/settings.json', WINDOWS));
  const read = (): string | null => box.read('c/Users/ann/.claude/settings.json');

  it('gets no key under --yes: exit 6, and nothing is written', async () => {
    const before = box.tree();
    const ran = await init([WIN], ['--json'], RUN());
    expect([ran.code, box.tree()]).toEqual([6, before]);
    expect(ran.json().findings).toMatchObject([
      { code: 'KEY_EXPOSED', cause: describeOpen(WIN, box), fix: expect.stringContaining('`--yes`') as string },
    ]);
  });

  it('is found and offered, gets the key after a yes, and is written without a question from then on', async () => {
    const models = ['opus', 'sonnet', 'haiku'].flatMap((alias) => [`--${alias}`, 'z-ai/glm-4.7']);
    const args = ['init', '--key-env', 'MY_KEY', '--base-url', simulator.baseUrl, '--no-test', ...models];
    const options = { fs: drive(), env: { ...WSL.env, MY_KEY: simulator.key } };
    const { code, stderr, questions } = await box.orcc(args, {
      ...options,
      answers: [
        { to: /Write this/, give: 'change' },
        { to: /Change what/, give: 'places' },
        { to: /Where should it be written/, give: -1 },
        { to: /press space/, give: ['user', WIN] },
        { to: /anyway/, give: true },
        { to: /Write this/, give: 'write' },
      ],
    });
    expect(code, stderr).toBe(0);
    expect(questions.find(({ message }) => message.includes('press space'))?.choices.map(({ value }) => value)).toContain(WIN);
    expect(env('c/Users/ann/.claude/settings.json')['ANTHROPIC_AUTH_TOKEN']).toBe(simulator.key);
    const again = await box.orcc(['init', '--yes', '--no-test', '--json'], RUN());
    expect(again.json().data['kind']).toBe('unchanged');
    expect((await box.orcc(['switch', 'opus=z-ai/glm-4.7-flash', '--yes'], RUN())).code).toBe(0);
    expect(await further(RUN())).toMatchObject({ path: WIN, state: 'written' });
    const doctor = await box.orcc(['doctor', '--offline', '--json'], RUN());
    expect(doctor.codes()).not.toContain('MODE_TOO_OPEN');
    const helper = await box.orcc(['key', 'storage', 'helper', '--yes'], RUN());
    expect([helper.code, helper.stderr]).toEqual([6, expect.stringContaining('[FILE_REFUSED]')]);
    expect((await box.orcc(['remove', '--yes'], RUN())).code).toBe(0);
    expect(read()).toBe(WINDOWS);
  });

  it('keeps its bytes after a no, and every other answer', async () => {
    const args = ['init', '--key-env', 'MY_KEY', '--base-url', simulator.baseUrl, '--no-test', '--preset', 'guide', '--settings-file', WIN];
    const ran = await box.orcc(args, {
      fs: drive(),
      env: { ...WSL.env, MY_KEY: simulator.key },
      answers: [{ to: /anyway/, give: false }],
    });
    expect([ran.code, read()]).toEqual([7, WINDOWS]);
  });
});
