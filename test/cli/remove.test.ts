import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ran, RunInBox } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

function init(args: readonly string[], options: RunInBox = {}): Promise<Ran> {
  return initIn(box, simulator, args, options);
}

const remove = (...args: string[]): Promise<Ran> => box.orcc(['remove', '--yes', ...args]);
const OTHER_KEY = `sk-or-v1-${'b'.repeat(64)}`;
const EVERY_SHELL = ['--target', 'bash', '--target', 'zsh', '--target', 'fish', '--target', 'powershell', '--target', 'user'];

/** Files as people have them, each with something that a careless editor would lose. */
function fillHome(): void {
  box.write('.bashrc', '# no newline at the end', 0o600);
  box.write('.bash_profile', '[ -f ~/.bashrc ] && . ~/.bashrc\r\n', 0o755);
  box.write('.zshrc', Buffer.from('export A="caf\xe9"\n', 'latin1'));
  box.write('.config/fish/config.fish', 'set -x A b\n');
  box.write('.config/powershell/profile.ps1', Buffer.from('\ufeff$a = "é"\r\n', 'utf16le'));
  box.write('.claude/settings.json', '{\n    "permissions": {"allow": ["Bash(npm test)"]},\n    "env": {}\n}', 0o664);
  box.write('.claude/CLAUDE.md', 'hello\n');
}

describe('orcc remove', () => {
  it('leaves an empty home as empty as it was, folders that orcc made included', async () => {
    await init([...EVERY_SHELL, '--no-auto-mode']);
    expect(Object.keys(box.tree()).length).toBeGreaterThan(15);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });

  it('takes a file away that the user deleted and orcc made anew', async () => {
    box.write('.claude/settings.json', '{ "theme": "dark" }\n');
    box.write('.bashrc', '# mine\n');
    await init(['--target', 'user', '--target', 'bash']);
    for (const name of ['.claude/settings.json', '.bashrc']) rmSync(box.at(name));
    expect((await init(['--target', 'user', '--target', 'bash'])).code).toBe(0);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree()).filter((name) => /settings|bashrc/.test(name))).toEqual([]);
  });

  it('gives every file back byte for byte with its mode, after switches and an undo too', async () => {
    fillHome();
    const before = box.tree();
    await init([...EVERY_SHELL, '--no-auto-mode']);
    await box.orcc(['switch', 'value', '--yes']);
    await box.orcc(['switch', '--native', '--yes']);
    await box.orcc(['switch', '--back', '--yes']);
    await box.orcc(['switch', 'haiku=z-ai/glm-4.7-flash', '--yes']);
    await box.orcc(['undo', '--yes']);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });

  it('keeps what was added to the files meanwhile', async () => {
    fillHome();
    await init(EVERY_SHELL);
    box.write('.zshrc', `${box.read('.zshrc') ?? ''}alias later=1\n`);
    const settings = box.settings();
    box.write('.claude/settings.json', JSON.stringify({ ...settings, model: 'opus' }, null, 2), 0o600);
    await remove();
    expect(box.read('.zshrc')).toMatch(/alias later=1\n$/);
    expect(box.read('.zshrc')).not.toContain('ANTHROPIC');
    expect(box.settings()).toEqual({
      permissions: { allow: ['Bash(npm test)'] },
      env: {},
      model: 'opus',
    });
  });

  it('keeps a folder of its own that holds a stranger’s file, and names the file', async () => {
    await init(['--target', 'bash']);
    box.write('.config/orcc/notes.txt', 'mine');
    const ran = await remove('--json');
    expect(ran.code).toBe(0);
    expect(ran.json().data['left']).toEqual(['~/.config/orcc/notes.txt']);
    expect(Object.keys(box.tree())).toEqual(['home', 'home/.config', 'home/.config/orcc', 'home/.config/orcc/notes.txt', 'work']);
  });

  it.each([
    ['after its set-up was undone', () => box.orcc(['undo', '--yes']), 'host'],
    ['after it was forgotten', () => box.orcc(['key', 'forget', '--yes']), 'none'],
    ['where its configuration is broken', async () => box.write('.config/orcc/config.json', '{'), 'host'],
    [
      'where nothing tells its address',
      async () => ['config', 'state'].map((name) => rmSync(box.at(`.config/orcc/${name}.json`))),
      'OpenRouter',
    ],
  ])('says where the key can be revoked %s', async (_when, before, said) => {
    await init(['--target', 'user']);
    await before();
    const { stderr } = await remove();
    const host = new URL(simulator.baseUrl).host;
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('✓'));
    expect(said === 'none' ? lines : lines.slice(-1)).toEqual(
      said === 'none' ? [] : [expect.stringContaining(said === 'host' ? `at ${host}:` : `at ${said}:`)],
    );
  });

  it('says of a variable with the key that it stays', async () => {
    const env = { MY_KEY: simulator.key };
    expect((await init(['--target', 'bash', '--key-storage', 'env:MY_KEY'])).code).toBe(0);
    const { stderr } = await box.orcc(['remove', '--yes'], { env });
    expect(stderr).toMatch(/left: .*\bMY_KEY\b/);
    expect(stderr).toContain(new URL(simulator.baseUrl).host);
  });

  it('says where the key can be revoked, and how this terminal gets rid of the variables', async () => {
    await init(['--target', 'bash']);
    const env = { ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_AUTH_TOKEN: simulator.key };
    const ran = await box.orcc(['remove', '--yes'], { env });
    const after = (await box.orcc(['status'], { env })).stdout;
    expect(after).toMatch(/orcc is not set up here.*`unset ANTHROPIC_BASE_URL ANTHROPIC_AUTH_TOKEN`/);
    expect(ran.stderr).toContain(new URL(simulator.baseUrl).host);
    expect(ran.stderr).not.toContain('openrouter.ai/');
    expect(ran.stderr).toMatch(/unset ANTHROPIC_BASE_URL ANTHROPIC_AUTH_TOKEN/);
    expect(ran.stderr).not.toContain(simulator.key);
  });

  it('names OpenRouter’s page of keys where the key is OpenRouter’s', async () => {
    expect((await initIn(box, { key: `sk-or-v1-${'0123456789abcdef'.repeat(4)}` }, ['--target', 'bash'])).code).toBe(0);
    expect((await remove()).stderr).toContain('https://openrouter.ai/settings/keys');
  });

  it('takes one target alone, and nothing of the rest', async () => {
    fillHome();
    const before = box.tree();
    await init(['--target', 'bash', '--target', 'user']);
    expect(await remove('--target', 'user')).toMatchObject({ code: 0 });
    const after = box.tree();
    expect(after['home/.claude/settings.json']).toBe(before['home/.claude/settings.json']);
    expect(after['home/.bashrc']).not.toBe(before['home/.bashrc']);
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
    expect((await remove('--target', 'user')).code).toBe(3);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });

  it('keeps the key under --keep-key, and a later init takes it from there', async () => {
    await init(['--target', 'bash']);
    const ran = await remove('--keep-key');
    expect(ran.code).toBe(0);
    const left = ['key', 'state.json'].map((name) => `home/.config/orcc/${name}`);
    expect(Object.keys(box.tree())).toEqual(['home', 'home/.config', 'home/.config/orcc', ...left, 'work']);
    expect((await box.orcc(['status'])).code).toBe(3);
    expect(await box.orcc(['init', '--yes', '--base-url', simulator.baseUrl, '--preset', 'guide', '--no-test'])).toMatchObject({ code: 0 });
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });

  it.each([
    ['--keep-key', ['--keep-key'], true],
    ['--keep-config', ['--keep-config'], true],
    ['--target bash --target user', ['--target', 'bash', '--target', 'user'], true],
    ['--target bash, which leaves it in user settings', ['--target', 'bash'], false],
  ])('saves a key that only the files hold, under %s', async (_what, args, isSaved) => {
    await init(['--target', 'bash', '--target', 'user', '--key-storage', 'profile']);
    expect(await remove(...args)).toMatchObject({ code: 0 });
    expect(box.read('.config/orcc/key')).toBe(isSaved ? `${simulator.key}\n` : null);
    expect(await box.orcc(['init', '--yes', '--base-url', simulator.baseUrl, '--preset', 'guide', '--no-test'])).toMatchObject({ code: 0 });
    expect(box.holding(simulator.key)).not.toEqual([]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['after --keep-key and another init', async () => [await remove('--keep-key'), await init(['--target', 'bash'])]],
    ['with a broken configuration', () => Promise.resolve(box.write('.config/orcc/config.json', '{'))],
  ])('takes the files of named keys along, %s, and no other file', async (_when, act) => {
    await init(['--target', 'bash']);
    const added = await box.orcc(['key', 'add', 'work', '--key-stdin', '--yes', '--no-check', '--base-url', simulator.baseUrl], {
      input: OTHER_KEY,
    });
    expect(added.code, added.stderr).toBe(0);
    await act();
    expect(box.read('.config/orcc/key.work')).toBe(`${OTHER_KEY}\n`);
    box.write('.config/orcc/key.note', 'of a friend\n');
    const ran = await remove('--json');
    expect([ran.code, ran.json().data['left']]).toEqual([0, ['~/.config/orcc/key.note']]);
    expect([...box.holding(OTHER_KEY), ...box.holding(simulator.key)]).toEqual([]);
  });

  it('keeps configuration and key under --keep-config, and a later init needs no more than --yes', async () => {
    await init(['--target', 'bash', '--haiku', 'deepseek/deepseek-v4-flash']);
    const block = box.read('.bashrc');
    expect(await remove('--keep-config')).toMatchObject({ code: 0 });
    expect(box.read('.bashrc')).toBeNull();
    expect(await box.orcc(['init', '--yes', '--no-test', '--target', 'bash'])).toMatchObject({ code: 0 });
    expect(box.read('.bashrc')).toBe(block);
  });

  it('writes nothing under --dry-run and names everything that would go', async () => {
    await init(['--target', 'bash', '--target', 'user']);
    const before = box.traces();
    const ran = await box.orcc(['remove', '--dry-run']);
    expect(ran.code).toBe(0);
    for (const name of ['.bashrc', '.claude/settings.json', '.config/orcc']) expect(ran.stdout).toContain(name);
    expect(ran.stdout + ran.stderr).not.toContain(simulator.key);
    expect(box.traces()).toEqual(before);
  });

  it('asks once on a terminal; a no leaves everything', async () => {
    await init(['--target', 'bash']);
    const before = box.tree();
    expect((await box.orcc(['remove'], { answers: [{ to: /be undone/, give: false }] })).code).toBe(7);
    expect(box.tree()).toEqual(before);
    expect((await box.orcc(['remove'], { answers: [{ to: /be undone/, give: true }] })).code).toBe(0);
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });

  it('is exit 3 where there is nothing, and makes nothing', async () => {
    const before = box.traces();
    expect((await remove()).code).toBe(3);
    expect(box.traces()).toEqual(before);
  });
});

describe('a target that can not be reached does not stop the rest: state, key and configuration stay, exit 6', () => {
  it.each([
    [
      'a folder where the profile was',
      () => {
        rmSync(box.at('.zshrc'));
        mkdirSync(box.at('.zshrc'));
      },
      () => rmSync(box.at('.zshrc'), { recursive: true }),
    ],
    ['a read-only profile', () => chmodSync(box.at('.zshrc'), 0o444), () => chmodSync(box.at('.zshrc'), 0o644)],
    [
      'a block that was edited by hand',
      () => box.write('.zshrc', (box.read('.zshrc') ?? '').replace("'sonnet'", "'haiku'")),
      () => box.write('.zshrc', (box.read('.zshrc') ?? '').replace("'haiku'", "'sonnet'")),
    ],
    [
      'links in a circle',
      () => {
        renameSync(box.at('.zshrc'), box.at('.zshrc.away'));
        symlinkSync('.zshrc', box.at('.zshrc'));
      },
      () => {
        rmSync(box.at('.zshrc'));
        renameSync(box.at('.zshrc.away'), box.at('.zshrc'));
      },
    ],
  ])('%s', async (_what, spoil, fix) => {
    box.write('.zshrc', 'alias a=b\n');
    await init(['--target', 'zsh', '--target', 'bash', '--target', 'user']);
    spoil();
    const preview = await box.orcc(['remove', '--dry-run']);
    expect(preview.code).toBe(6);
    expect(preview.stdout).toMatch(/^~\/\.config\/orcc .*\bstays\b/m);
    expect(preview.stderr).toContain('.zshrc');
    const ran = await remove('--json');
    expect(ran.code).toBe(6);
    expect(ran.json().data['problems']).toMatchObject([{ path: '~/.zshrc' }]);
    expect(box.read('.bashrc')).toBeNull();
    expect(box.read('.claude/settings.json')).toBeNull();
    // The block that is left reads the key from its file.
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
    expect(JSON.parse(box.read('.config/orcc/state.json') ?? '')).toMatchObject({ targets: [{ id: 'zsh' }] });
    fix();
    const again = await remove();
    expect(again).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree()).filter((name) => !/\.zshrc$/.test(name))).toEqual(['home', 'work']);
  });

  it('a settings.json that does not parse any more', async () => {
    await init(['--target', 'user', '--target', 'bash']);
    const good = box.read('.claude/settings.json') ?? '';
    box.write('.claude/settings.json', `${good},`, 0o600);
    const ran = await remove();
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('settings.json');
    // The key stays in use.
    expect(ran.stderr).not.toContain(new URL(simulator.baseUrl).host);
    expect(box.read('.claude/settings.json')).toBe(`${good},`);
    expect(box.read('.bashrc')).toBeNull();
    box.write('.claude/settings.json', good, 0o600);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });

  it('a file beside the profile in which lines were commented out', async () => {
    box.write('.bashrc', '. ~/.bash_aliases\ncase $- in *i*) ;; *) return ;; esac\n. ~/.bash_late\n');
    box.write('.profile', '. ~/.bashrc\n');
    box.write('.bash_late', 'export ANTHROPIC_MODEL=opus\n');
    const before = box.tree();
    expect(await init(['--target', 'bash', '--adopt'])).toMatchObject({ code: 0 });
    const adopted = box.read('.bash_late') ?? '';
    expect(adopted).not.toBe('export ANTHROPIC_MODEL=opus\n');
    rmSync(box.at('.bash_late'));
    mkdirSync(box.at('.bash_late'));
    expect((await remove()).code).toBe(6);
    rmSync(box.at('.bash_late'), { recursive: true });
    box.write('.bash_late', adopted);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });

  it('a profile that is gone is no problem', async () => {
    await init(['--target', 'zsh', '--target', 'bash']);
    rmSync(box.at('.zshrc'));
    expect(await remove()).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });
});

describe('the targets of other folders', () => {
  it('go with a whole remove, from wherever it is run, with their lines in .gitignore', async () => {
    const projects = ['a', 'b'].map((name) => path.join(box.cwd, name));
    for (const project of projects) {
      mkdirSync(project);
      execFileSync('git', ['init', '-q'], { cwd: project, env: { ...box.env, PATH: process.env['PATH'] ?? '' } });
    }
    const before = box.tree();
    for (const cwd of projects) expect(await init(['--target', 'local'], { cwd })).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree()).filter((name) => /gitignore|settings\.local/.test(name))).toHaveLength(4);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });

  it('are followed into a folder that was renamed, where the command runs in it; elsewhere nobody says that all is gone', async () => {
    const [former, renamed] = ['former', 'renamed'].map((name) => path.join(box.cwd, name)) as [string, string];
    mkdirSync(path.join(former, '.claude'), { recursive: true });
    writeFileSync(path.join(former, '.claude', 'settings.local.json'), '{"env": {"ANTHROPIC_MODEL": "opus"}}');
    execFileSync('git', ['init', '-q'], { cwd: former, env: { ...box.env, PATH: process.env['PATH'] ?? '' } });
    const rename = (tree: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(tree).map(([name, each]) => [name.replace('work/former', 'work/renamed'), each]));
    const before = rename(box.tree());
    expect(await init(['--target', 'local', '--replace'], { cwd: former })).toMatchObject({ code: 0 });
    renameSync(former, renamed);
    const now = box.tree();
    const away = await remove('--keep-config', '--dry-run', '--json');
    expect(away.code).toBe(0);
    expect(box.tree()).toEqual(now);
    expect((await box.orcc(['status', '--json'], { cwd: renamed })).json().data['targets']).toMatchObject([
      { id: 'local', state: 'written' },
    ]);
    expect(await box.orcc(['remove', '--yes'], { cwd: renamed })).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);

    await init(['--target', 'local', '--replace'], { cwd: renamed });
    renameSync(renamed, former);
    const elsewhere = await remove();
    expect(elsewhere.code).toBe(0);
    expect(elsewhere.stderr).toContain('`orcc remove`');
    // No record is left by then: what stands there is asked about.
    expect((await box.orcc(['remove', '--yes'], { cwd: former })).code).toBe(1);
  });

  it('have their line taken out of .gitignore at the second try where the first could not', async () => {
    execFileSync('git', ['init', '-q'], { cwd: box.cwd, env: { ...box.env, PATH: process.env['PATH'] ?? '' } });
    const before = box.tree();
    await init(['--target', 'local']);
    chmodSync(path.join(box.cwd, '.gitignore'), 0o444);
    expect((await remove()).code).toBe(6);
    chmodSync(path.join(box.cwd, '.gitignore'), 0o644);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });

  it('stay with `--target local`, which means this folder; elsewhere it names the folders', async () => {
    const [here, there] = ['a', 'b'].map((name) => path.join(box.cwd, name));
    for (const cwd of [here ?? '', there ?? '']) {
      mkdirSync(cwd);
      await init(['--target', 'local'], { cwd });
    }
    const nowhere = await remove('--target', 'local');
    expect(nowhere.code).toBe(3);
    expect(nowhere.stderr).toContain(here);
    expect(await box.orcc(['remove', '--yes', '--target', 'local'], { cwd: here ?? '' })).toMatchObject({ code: 0 });
    expect(Object.keys(box.tree()).filter((name) => name.includes('settings.local'))).toEqual(['work/b/.claude/settings.local.json']);
    expect(await remove()).toMatchObject({ code: 0 });
  });
});
