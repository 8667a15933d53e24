import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Ran, RunInBox } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const isRoot = process.getuid?.() === 0;

function init(args: readonly string[], options: RunInBox = {}): Promise<Ran> {
  return initIn(box, simulator, args, options);
}

/** Exit 6 that names the file; no byte of anything is another than before. */
async function expectRefusal(run: () => Promise<Ran>, names: string | RegExp): Promise<void> {
  const before = box.traces();
  const ran = await run();
  expect(box.traces()).toEqual(before);
  expect(ran.code).toBe(6);
  expect(ran.stderr).toMatch(names);
}

describe('a file that orcc must not touch is exit 6 with its path, and nothing is written anywhere', () => {
  it('a folder in the place of a profile', async () => {
    mkdirSync(box.at('.bashrc'));
    await expectRefusal(() => init(['--target', 'user', '--target', 'bash']), '.bashrc');
  });

  it('a folder in the place of settings.json', async () => {
    mkdirSync(box.at('.claude/settings.json'), { recursive: true });
    await expectRefusal(() => init(['--target', 'bash', '--target', 'user']), 'settings.json');
  });

  it('a file in the place of the folder .claude', async () => {
    box.write('.claude', 'not a folder');
    await expectRefusal(() => init(['--target', 'bash', '--target', 'user']), '.claude');
  });

  it('a read-only profile', async () => {
    box.write('.bashrc', 'alias ll="ls -l"\n', 0o444);
    await expectRefusal(() => init(['--target', 'user', '--target', 'bash']), '.bashrc');
  });

  it.skipIf(isRoot)('a profile that can not be read (skipped as root, who reads anything)', async () => {
    box.write('.bashrc', 'alias ll="ls -l"\n', 0o000);
    await expectRefusal(() => init(['--target', 'user', '--target', 'bash']), '.bashrc');
    chmodSync(box.at('.bashrc'), 0o644);
  });

  it('a profile that can not be read, as the system says it', async () => {
    box.write('.bashrc', 'alias ll="ls -l"\n');
    const { quickFiles } = await import('../support/temp-home.ts');
    const real = quickFiles();
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const fs: RunInBox['fs'] = {
      ...real,
      readFile: (file) => {
        if (file === box.at('.bashrc')) throw denied;
        return real.readFile(file);
      },
    };
    await expectRefusal(() => init(['--target', 'user', '--target', 'bash'], { fs }), /\.bashrc.*EACCES/s);
  });

  it('a link that leads in a circle', async () => {
    symlinkSync('.bashrc', box.at('.bashrc'));
    await expectRefusal(() => init(['--target', 'user', '--target', 'bash']), '.bashrc');
  });

  it('two targets that are one file which would need two different blocks', async () => {
    box.write('.shrc', 'case $- in *i*) ;; *) return ;; esac\nalias ll="ls -l"\n');
    symlinkSync('.shrc', box.at('.bashrc'));
    symlinkSync('.shrc', box.at('.zshrc'));
    const before = box.tree();
    const ran = await init(['--target', 'zsh', '--target', 'bash']);
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('.bashrc');
    expect(box.tree()).toEqual(before);
  });

  it('but a profile that nobody chose is in no one’s way', async () => {
    mkdirSync(box.at('.zshrc'));
    box.write('.claude/settings.json', '{ broken');
    expect(await init(['--target', 'bash'])).toMatchObject({ code: 0 });
  });
});

describe('a settings.json that does not parse is exit 6 with line and column, untouched', () => {
  it.each([
    ['a comma too many', '{\n  "env": {\n    "A": "1",\n  }\n}\n', ':3:13'],
    ['a comment', '{\n  // mine\n  "env": {}\n}\n', ':2:3'],
    ['cut off', '{\n  "env": {', ':2:'],
    ['a list', '[]\n', 'settings.json'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'settings.json'],
    ['env that is no object', '{\n  "env": "x"\n}\n', 'env'],
    ['a member that stands there twice', '{"env": {}, "env": {}}\n', 'env'],
  ])('%s', async (_what, text, names) => {
    box.write('.claude/settings.json', text);
    await expectRefusal(() => init(['--target', 'bash', '--target', 'user']), names);
  });
});

describe('a start-up file in which a block would do harm is exit 6, untouched', () => {
  it('one that ends inside a heredoc', async () => {
    box.write('.bashrc', 'cat <<EOF\nhello\n');
    await expectRefusal(() => init(['--target', 'bash']), '.bashrc');
  });

  it('one whose block was edited by hand', async () => {
    await init(['--target', 'bash']);
    box.write('.bashrc', (box.read('.bashrc') ?? '').replace("MODEL='z-ai/glm-4.7'", "MODEL='z-ai/glm-4.5'"));
    await expectRefusal(() => box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes']), '.bashrc');
    expect(await box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes', '--force'])).toMatchObject({ code: 0 });
  });

  it('one with half a block', async () => {
    await init(['--target', 'bash']);
    box.write('.bashrc', (box.read('.bashrc') ?? '').replace(/# <<< orcc <<<\n/, ''));
    await expectRefusal(() => box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes']), '.bashrc');
  });
});

describe('a shell that orcc writes no file for', () => {
  it.each(['/usr/bin/tcsh', '/bin/ksh', '/opt/nushell/nu', '/usr/bin/xonsh'])('%s: exit 6 with the lines to paste', async (shell) => {
    const before = box.traces();
    const ran = await init([], { env: { SHELL: shell } });
    expect(ran.code).toBe(6);
    expect(box.traces()).toEqual(before);
    expect(ran.stderr).toContain('ANTHROPIC_BASE_URL');
    expect(ran.stderr).toContain('z-ai/glm-4.7');
    expect(ran.stderr).toContain('--target user');
    expect(ran.stderr).not.toContain(simulator.key);
  });

  it('does not matter where a target is named', async () => {
    expect(await init(['--target', 'user'], { env: { SHELL: '/usr/bin/tcsh' } })).toMatchObject({ code: 0 });
  });
});

describe('broken files of orcc’s own', () => {
  beforeEach(async () => {
    await init(['--target', 'bash']);
  });

  it.each([
    ['does not parse', '{\n  "schemaVersion": 1,\n  oops\n}\n', /config\.json:3:3/],
    ['is cut off', '{\n  "schemaVersion": 1', /config\.json:2:/],
    ['is empty', '', /config\.json:1:1/],
    ['holds something else', '{"schemaVersion": 1, "baseUrl": 3}', /config\.json.*baseUrl/],
    ['comes from a newer orcc', '{"schemaVersion": 3}', /config\.json.*newer/],
  ])('a configuration that %s is said with its place and never written over', async (_what, text, names) => {
    box.write('.config/orcc/config.json', text, 0o600);
    for (const args of [
      ['status'],
      ['env'],
      ['test'],
      ['switch', 'value', '--yes'],
      ['init', '--yes', '--preset', 'value'],
      ['remove', '--yes', '--keep-config'],
      ['remove', '--yes', '--target', 'bash'],
    ]) {
      await expectRefusal(() => box.orcc(args), names);
    }
  });

  it('a broken configuration is kept aside by init --replace', async () => {
    for (const text of ['{ broken', '{ broken again']) {
      box.write('.config/orcc/config.json', text, 0o600);
      expect(await init(['--target', 'bash', '--replace'])).toMatchObject({ code: 0 });
      expect(box.read('.config/orcc/config.broken.json')).toBe(text);
      expect(JSON.parse(box.read('.config/orcc/config.json') ?? '')).toMatchObject({ schemaVersion: 2 });
    }
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });

  it('a broken state is exit 6 with its place', async () => {
    box.write('.config/orcc/state.json', '{\n  "targets": [}\n', 0o600);
    await expectRefusal(() => box.orcc(['switch', 'value', '--yes']), /state\.json:2:15/);
    await expectRefusal(() => box.orcc(['remove', '--yes']), /state\.json:2:15/);
  });

  it('everything can be removed with a broken configuration', async () => {
    box.write('.config/orcc/config.json', '{ broken', 0o600);
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });

  /** Puts a folder in the place of a file in the newest entry of the history; gives its name there. */
  function folderInPlaceOf(name: RegExp): string {
    const entry = `.config/orcc/history/${readdirSync(box.at('.config/orcc/history')).toSorted().at(-1) ?? ''}`;
    const file = readdirSync(box.at(entry)).find((each) => name.test(each)) ?? '';
    rmSync(box.at(`${entry}/${file}`));
    mkdirSync(box.at(`${entry}/${file}`));
    return file;
  }

  it('a folder in the place of a receipt is a change that can not be undone, and stops nothing else', async () => {
    await box.orcc(['switch', 'value', '--yes']);
    folderInPlaceOf(/^receipt\.json$/);
    expect(await box.orcc(['undo', '--list'])).toMatchObject({ code: 0 });
    expect(await box.orcc(['switch', 'guide', '--yes'])).toMatchObject({ code: 0 });
    expect(await box.orcc(['undo', '--yes'])).toMatchObject({ code: 0 });
  });

  it('a file in the place of a folder of the history stops nothing', async () => {
    box.write('.config/orcc/history/20300101T000000000Z-abcdef', 'x', 0o600);
    expect(await box.orcc(['undo', '--list'])).toMatchObject({ code: 0 });
    expect(await box.orcc(['switch', 'value', '--yes'])).toMatchObject({ code: 0 });
  });

  it('a folder in the place of a backup is exit 6 with its path', async () => {
    await box.orcc(['switch', 'value', '--yes']);
    const file = folderInPlaceOf(/\.(?:bak|keyed)$/);
    await expectRefusal(() => box.orcc(['undo', '--yes']), new RegExp(`${file}\\W.*EISDIR`, 's'));
  });
});

describe('a settings.json with a value that is nested thousands deep', () => {
  it.each([
    ['switch', 'value', '--yes', '--offline', '--replace'],
    ['remove', '--yes'],
  ])('is no bug for %s, and all but that value is changed', async (...args) => {
    await init(['--target', 'user']);
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    box.write('.claude/settings.json', (box.read('.claude/settings.json') ?? '').replace(/"opus"(?=,?\n)|"sonnet"(?=,?\n)/, deep), 0o600);
    expect(box.read('.claude/settings.json')).toContain(deep);
    expect([0, 1, 6]).toContain((await box.orcc(args)).code);
  });
});
