import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { keepFile } from '../../src/core/keep-file.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { needs } from '../support/prove.ts';
import { initIn, initWords, useSetUp } from '../support/use.ts';

/** Someone else can write to orcc's own folder, or planted it: nothing in it is believed, and nothing is written by what it says. */
const KEY = `sk-or-v1-${'c'.repeat(64)}`;
const box = useSetUp(async (box) => {
  const { code, stderr } = await initIn(box, { key: KEY }, ['--target', 'user', '--target', 'bash']);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
});

const own = (name = ''): string => box.at(path.join('.config/orcc', name));
/** One of each kind: what reads, what prints, what writes, what takes away. */
const COMMANDS: readonly (readonly string[])[] = [
  ['status'],
  ['env'],
  ['profile', 'list'],
  ['key', 'show'],
  ['test'],
  initWords(['--target', 'user']),
  ['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'],
  ['undo', '--yes'],
  ['remove', '--yes'],
];

async function expectRefused(code = 'OWN_FOLDER_UNSAFE'): Promise<void> {
  const before = box.tree();
  for (const args of COMMANDS) {
    const ran = await box.orcc(args, { env: { ...box.env, MY_KEY: KEY } });
    expect([args[0], ran.code, ran.stderr]).toEqual([args[0], 6, expect.stringContaining(`[${code}]`)]);
    expect(ran.stdout + ran.stderr).not.toContain(KEY);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  }
  const doctor = await box.orcc(['doctor', '--offline', '--json']);
  expect([doctor.code, doctor.codes()]).toEqual([1, [code]]);
  expect(box.tree()).toEqual(before);
}

describe.skipIf(process.platform === 'win32')('orcc’s own folder', () => {
  it.each([
    ['it is writable by the group', () => chmodSync(own(), 0o770)],
    ['it is writable by all', () => chmodSync(own(), 0o707)],
    ['the key is writable by others', () => chmodSync(own('key'), 0o606)],
    ['the configuration is writable by the group', () => chmodSync(own('config.json'), 0o664)],
    ['the records are writable by others', () => chmodSync(own('state.json'), 0o666)],
    [
      'the configuration is a link',
      () => {
        renameSync(own('config.json'), box.at('elsewhere.json'));
        symlinkSync(box.at('elsewhere.json'), own('config.json'));
      },
    ],
    [
      'the key is a link',
      () => {
        renameSync(own('key'), box.at('elsewhere'));
        symlinkSync(box.at('elsewhere'), own('key'));
      },
    ],
    [
      'the cache is a link to a folder',
      () => {
        rmSync(own('cache'), { recursive: true, force: true });
        mkdirSync(box.at('cache'));
        symlinkSync(box.at('cache'), own('cache'));
      },
    ],
    [
      'the state is a folder',
      () => {
        rmSync(own('state.json'));
        mkdirSync(own('state.json'));
      },
    ],
    [
      'the folder is a file',
      () => {
        rmSync(own(), { recursive: true });
        writeFileSync(own(), '');
      },
    ],
  ])(
    'is not believed where %s',
    async (_, attack) => {
      attack();
      await expectRefused();
    },
    60_000,
  );

  it('is not believed where others can write to the history, which is looked at by what reads it', async () => {
    chmodSync(own('history'), 0o777);
    for (const args of [
      ['undo', '--yes'],
      ['undo', '--list'],
      ['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'],
      ['remove', '--yes'],
    ])
      expect([args[0], (await box.orcc(args)).code]).toEqual([args[0], 6]);
    expect((await box.orcc(['doctor', '--offline', '--json'])).stdout).toContain('OWN_FOLDER_UNSAFE');
  }, 60_000);

  it('is fixed by the command that the message names', async () => {
    chmodSync(own(), 0o777);
    chmodSync(own('config.json'), 0o666);
    const { stderr } = await box.orcc(['status']);
    const command = /`(chmod -R go-w [^`]+)`/.exec(stderr)?.[1] ?? '';
    expect(command).toBe(`chmod -R go-w ${own()}`);
    chmodSync(own(), 0o755);
    chmodSync(own('config.json'), 0o644);
    expect((await box.orcc(['status'])).code).toBe(0);
  });

  it('is named by status and doctor where a key waits in it and nothing is set up', async () => {
    for (const name of ['config.json', 'state.json', 'history']) rmSync(own(name), { recursive: true, force: true });
    rmSync(box.at('.claude'), { recursive: true });
    for (const command of ['status', 'doctor']) expect((await box.orcc([command])).stdout).toMatch(/~\/\.config\/orcc \w+ key;/);
    await box.orcc(['remove', '--yes']);
    for (const command of ['status', 'doctor']) expect((await box.orcc([command])).stdout).not.toContain('.config/orcc');
  }, 30_000);

  it('may lie behind a link, or below one, as dotfile managers and Nix have it', async () => {
    renameSync(own(), box.at('dotfiles-orcc'));
    symlinkSync(box.at('dotfiles-orcc'), own());
    expect((await box.orcc(['status'])).code).toBe(0);
    expect((await box.orcc(['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'])).code).toBe(0);
    rmSync(own());
    renameSync(box.at('.config'), box.at('config-real'));
    renameSync(box.at('dotfiles-orcc'), path.join(box.at('config-real'), 'orcc'));
    symlinkSync(box.at('config-real'), box.at('.config'));
    expect((await box.orcc(['status'])).code).toBe(0);
    expect((await box.orcc(['undo', '--yes'])).code).toBe(0);
  }, 30_000);
});

const sum = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Planted {
  readonly path: string;
  readonly realPath?: string;
  readonly owner?: string;
  readonly existed?: boolean;
  readonly sumBefore?: string | null;
  readonly sumAfter?: string | null;
  readonly backup?: string;
  readonly temp?: string;
  readonly torn?: string;
  readonly modeBefore?: number | null;
  readonly modeAfter?: number | null;
}

/** A receipt of a run that was never made, with what its backup is to hold. */
function plant(edit: Planted, { backup = 'EVIL', createdFolders = [] as string[], status = 'pending' } = {}): void {
  const id = '20990101T000000000Z-abcdef';
  mkdirSync(own(`history/${id}`), { recursive: true, mode: 0o700 });
  writeFileSync(own(`history/${id}/0.bak`), backup, { mode: 0o600 });
  const full = { realPath: edit.path, owner: 'bash', existed: true, modeBefore: 0o644, modeAfter: 0o644, backup: '0.bak', ...edit };
  const receipt = { schemaVersion: 1, id, at: '2099-01-01T00:00:00.000Z', command: 'init', status, edits: [full], createdFolders };
  writeFileSync(own(`history/${id}/receipt.json`), JSON.stringify(receipt), { mode: 0o600 });
}

describe('a planted receipt', () => {
  const VICTIM = 'the victim’s bytes\n';
  const victim = (): string => box.at('victim');
  beforeEach(() => box.write('victim', VICTIM, 0o600));

  it.each<[string, () => void]>([
    ['overwrites no file', () => plant({ path: victim(), sumBefore: sum('EVIL'), sumAfter: sum(VICTIM) })],
    ['deletes no file', () => plant({ path: victim(), existed: false, sumBefore: null, sumAfter: sum(VICTIM) })],
    ['makes no file', () => plant({ path: box.at('made'), sumBefore: sum('EVIL'), sumAfter: null, modeAfter: null })],
    [
      'changes no mode',
      () => plant({ path: victim(), sumBefore: sum(VICTIM), sumAfter: sum(VICTIM), modeBefore: 0o666, modeAfter: 0o600 }),
    ],
    [
      'takes no settings file for its own that lies elsewhere',
      () => plant({ path: victim(), owner: 'user', sumBefore: sum('EVIL'), sumAfter: sum(VICTIM) }),
    ],
    [
      'takes no record for its own that lies elsewhere',
      () => plant({ path: victim(), owner: 'state', sumBefore: sum('EVIL'), sumAfter: sum(VICTIM) }),
    ],
    [
      'says one path and means another',
      () => plant({ path: box.at('.bashrc'), realPath: victim(), sumBefore: sum('EVIL'), sumAfter: sum(VICTIM) }),
    ],
    [
      'deletes no file as a temporary one',
      () =>
        plant({ path: box.at('.bashrc'), temp: victim(), sumBefore: sum('EVIL'), sumAfter: sum(readFileSync(box.at('.bashrc'), 'utf8')) }),
    ],
    [
      'copies no file as a backup',
      () => {
        plant({
          path: box.at('.bashrc'),
          backup: '../../../../victim',
          sumBefore: sum(VICTIM),
          sumAfter: sum(readFileSync(box.at('.bashrc'), 'utf8')),
        });
      },
    ],
    [
      'copies no file as bytes that were being written',
      () => plant({ path: box.at('.bashrc'), torn: '../../../victim', sumBefore: sum(VICTIM), sumAfter: sum('else') }),
    ],
    [
      'does none of it as a change that is to be undone',
      () => plant({ path: victim(), sumBefore: sum('EVIL'), sumAfter: sum(VICTIM) }, { status: 'done' }),
    ],
  ])(
    '%s',
    async (_, attack) => {
      attack();
      const before = box.read('.bashrc');
      for (const args of [
        ['undo', '--yes', '--force'],
        ['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'],
        ['remove', '--yes'],
      ]) {
        const ran = await box.orcc(args);
        expect([args[0], ran.code === 70 ? ran.stderr : 'no bug']).toEqual([args[0], 'no bug']);
        expect([box.read('victim'), box.mode('victim'), box.read('made')]).toEqual([VICTIM, 0o600, null]);
        // Neither the victim's bytes nor the planted ones come into a file of the user's.
        expect(box.read('.bashrc') ?? before).not.toMatch(/EVIL|victim/);
      }
    },
    60_000,
  );

  it('takes no folder away that is none of its business', async () => {
    mkdirSync(path.join(box.cwd, 'empty'));
    plant({ path: box.at('.bashrc'), sumBefore: sum('x'), sumAfter: sum('y') }, { createdFolders: [path.join(box.cwd, 'empty')] });
    await box.orcc(['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline']);
    await box.orcc(['remove', '--yes']);
    expect(Object.keys(box.tree())).toContain('work/empty');
  }, 30_000);
});

const root = needs({ fact: process.getuid?.() === 0, factName: 'root, to be and to rob somebody else' });
describe.skipIf(root)('somebody else’s home, kept by sudo', () => {
  const OTHER = 12345;
  it('is read and written by no command, and a receipt planted in it overwrites nothing of root’s', async () => {
    box.writeHere('shadow', 'root’s own\n');
    const shadow = path.join(box.cwd, 'shadow');
    plant({ path: shadow, sumBefore: sum('EVIL'), sumAfter: sum('root’s own\n') });
    for (const folder of [box.home, box.at('.config'), own()]) chownSync(folder, OTHER, OTHER);
    await expectRefused();
    expect(readFileSync(shadow, 'utf8')).toBe('root’s own\n');
  }, 60_000);

  it('gets no key, which is neither asked for nor sent', async () => {
    chownSync(box.home, OTHER, OTHER);
    const before = box.tree();
    for (const words of [
      ['key', 'set', '--key-stdin', '--yes'],
      ['key', 'rotate', '--key-stdin', '--yes'],
      ['key', 'storage', 'profile', '--yes'],
      ['login', '--timeout', '1'],
    ]) {
      const asked: string[] = [];
      const { code, stderr } = await box.orcc(words, {
        input: `sk-or-v1-${'d'.repeat(64)}`,
        http: (real) => ({ ...real, request: (request) => (asked.push(request.url), real.request(request)) }),
      });
      expect([words, code, stderr]).toEqual([words, 6, expect.stringContaining(`uid ${OTHER},`)]);
      expect(asked).toEqual([]);
    }
    expect(box.tree()).toEqual(before);
  }, 30_000);

  it('keeps no cache of what is read there', async () => {
    rmSync(box.at('.config'), { recursive: true });
    chownSync(box.home, OTHER, OTHER);
    const before = box.tree();
    expect(keepFile({ fs: createFileSystem(), platform: 'linux', uid: 0 }, own(), 'models.json', '{}')).toBe(false);
    expect(box.tree()).toEqual(before);
  });

  it('is written by no command where it holds no folder of orcc’s yet', async () => {
    rmSync(box.at('.config'), { recursive: true });
    chownSync(box.home, OTHER, OTHER);
    const before = box.tree();
    for (const args of [
      initWords(['--target', 'user']),
      ['undo', '--yes'],
      ['remove', '--yes'],
      ['doctor', '--fix', '--yes', '--offline'],
      ['key', 'set', '--yes', '--key-env', 'MY_KEY'],
    ])
      expect([args[0], (await box.orcc(args, { env: { ...box.env, MY_KEY: KEY } })).code === 0]).toEqual([args[0], false]);
    expect(box.tree()).toEqual(before);
  }, 60_000);

  it('a record in root’s own folder does not lead to another user’s files', async () => {
    const other = path.join(box.cwd, 'other');
    cpSync(box.home, other, { recursive: true });
    rmSync(path.join(other, '.config'), { recursive: true });
    const text = readFileSync(path.join(other, '.claude/settings.json'), 'utf8');
    plant({ path: path.join(other, '.claude/settings.json'), owner: 'user', sumBefore: sum('EVIL'), sumAfter: sum(text) });
    chownSync(path.join(other, '.claude/settings.json'), OTHER, OTHER);
    expect((await box.orcc(['undo', '--yes'])).code).toBe(6);
    expect(readFileSync(path.join(other, '.claude/settings.json'), 'utf8')).toBe(text);
  }, 30_000);

  it('root’s own home is root’s, under `sudo -i` too', async () => {
    const env = { ...box.env, SUDO_USER: 'somebody', SUDO_UID: String(OTHER), MY_KEY: KEY };
    expect((await box.orcc(initWords(['--target', 'user']), { env })).code).toBe(0);
    expect((await box.orcc(['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'], { env })).code).toBe(0);
    expect((await box.orcc(['undo', '--yes'], { env })).code).toBe(0);
    expect((await box.orcc(['remove', '--yes'], { env })).code).toBe(0);
  }, 30_000);
});
