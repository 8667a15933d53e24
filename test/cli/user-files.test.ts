import { execFileSync } from 'node:child_process';
import { appendFileSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeRecovered } from '../../src/change/recover-first.ts';
import { createBox, type Ran, type RunInBox } from '../support/box.ts';
import { faultFs } from '../support/fault-fs.ts';
import { quickFiles } from '../support/temp-home.ts';
import { initIn, useBox } from '../support/use.ts';

const KEY = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`;
const box = useBox();
beforeEach(() => {
  box.write('.profile', '. ~/.bashrc\n');
});

const init = (args: readonly string[], options: RunInBox = {}): Promise<Ran> => initIn(box, { key: KEY }, args, options);
const switchTo = (word: string): Promise<Ran> => box.orcc(['switch', word, '--yes', '--offline']);
/** Everything of the user's own. */
const users = (): Record<string, string> =>
  Object.fromEntries(Object.entries(box.tree()).filter(([name]) => !name.startsWith('home/.config/orcc')));

async function expectRoundTrip(args: readonly string[]): Promise<void> {
  const before = box.tree();
  const ran = await init(args);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(box.tree()).not.toEqual(before);
  expect(await switchTo('value')).toMatchObject({ code: 0 });
  expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
  expect(box.tree()).toEqual(before);
}

describe('damaged and odd markers in a profile', () => {
  const BEGIN = '# >>> orcc >>> v=1 sum=00000000 managed';
  const END = '# <<< orcc <<<';
  it.each([
    ['a start without an end', `${BEGIN}\n`, 'BLOCK_DAMAGED'],
    ['an end without a start', `${END}\n`, 'BLOCK_DAMAGED'],
    ['one block in another', `${BEGIN}\n${BEGIN}\n${END}\n${END}\n`, 'BLOCK_DAMAGED'],
    ['two starts and one end', `${BEGIN}\n${BEGIN}\n${END}\n`, 'BLOCK_DAMAGED'],
    ['two different blocks', `# >>> orcc >>> v=1 sum=e3b0c442\n${END}\n${BEGIN}\na=b\n${END}\n`, 'BLOCK_EDITED'],
    ['a block of a newer orcc', `${BEGIN.replace('v=1', 'v=2')}\n${END}\n`, 'BLOCK_NEWER'],
  ])('%s: refused with its line, nothing written', async (_, text, code) => {
    box.write('.bashrc', `# mine\n${text}# more\n`);
    const before = box.traces();
    const ran = await init(['--target', 'bash', '--json']);
    expect(ran.code).toBe(6);
    expect(ran.stdout).toContain(code);
    expect(ran.stdout).toMatch(/\.bashrc.{0,3} (?:line \d|has 2)/);
    expect(box.traces()).toEqual(before);
  });

  it('a marker in a string, behind a word or indented is none', async () => {
    box.write('.bashrc', `echo "${BEGIN}"\n  ${BEGIN}\n`);
    await expectRoundTrip(['--target', 'bash']);
  });

  it('two equal blocks become one, which is said; what stands between them stays', async () => {
    box.write('.bashrc', 'a=1\n');
    await init(['--target', 'bash']);
    const block = (box.read('.bashrc') ?? '').slice('a=1\n'.length);
    box.write('.bashrc', `a=1\n${block}b=2\n${block}c=3\n`);
    const ran = await init(['--target', 'bash']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(`\`~/.bashrc\` line ${`a=1\n${block}b=2\n`.split('\n').length}: `);
    expect(box.read('.bashrc')).toBe(`a=1\n${block}b=2\nc=3\n`);
  });

  it('lines written into the block are shown and kept; --force moves them below it', async () => {
    box.write('.bashrc', 'a=1\n');
    await init(['--target', 'bash']);
    const text = (box.read('.bashrc') ?? '').replace('unset orcc_key\n', 'unset orcc_key\nalias secret=sk-or-v1-aaaaaaaaaaaaaaaaaaaa\n');
    box.write('.bashrc', text);
    const refused = await switchTo('value');
    expect(refused.code).toBe(6);
    expect(refused.stderr).toMatch(/line \d+: `alias secret=\.\.\.aaaa`/);
    expect(box.read('.bashrc')).toBe(text);
    expect(await box.orcc(['switch', 'value', '--yes', '--offline', '--force'])).toMatchObject({ code: 0 });
    expect(box.read('.bashrc')).toMatch(/# <<< orcc <<<\nalias secret=/);
  });

  it('a value changed in the block is named, with what is there', async () => {
    await init(['--target', 'bash']);
    box.write('.bashrc', (box.read('.bashrc') ?? '').replace("MODEL='sonnet'", "MODEL='opus'"));
    const refused = await init(['--target', 'bash']);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toMatch(/line \d+: `export ANTHROPIC_MODEL='opus'`/);
  });
});

describe('a profile comes back byte for byte', () => {
  it.each([
    ['cp1252', Buffer.from('# caf\xe9 \x94q\x94\nalias a=b', 'latin1')],
    ['Shift-JIS', Buffer.from([0x23, 0x93, 0xfa, 0x96, 0x7b, 0x5c, 0x0a, 0x61, 0x3d, 0x62, 0x0a])],
    ['a byte order mark', Buffer.from('\ufeff# a\n')],
    ['Windows line endings', Buffer.from('a=1\r\nb=2\r\n')],
    ['mixed line ends, none at the end', Buffer.from('a=1\r\nb=2\nc=3')],
    ['nothing in it', Buffer.alloc(0)],
    ['invalid UTF-8', Buffer.from([0x23, 0xff, 0xfa, 0x80, 0x0a])],
  ])('with %s', async (_, bytes) => {
    box.write('.bashrc', bytes, 0o640);
    await expectRoundTrip(['--target', 'bash']);
  });

  it('behind links, with a hard link, and through a link to nowhere', async () => {
    box.write('dotfiles/bashrc', 'a=1\n', 0o640);
    symlinkSync('dotfiles/bashrc', box.at('.bashrc'));
    linkSync(box.at('dotfiles/bashrc'), box.at('copy'));
    mkdirSync(box.at('.claude'));
    symlinkSync('../dotfiles/settings.json', box.at('.claude/settings.json'));
    await expectRoundTrip(['--target', 'bash', '--target', 'user']);
  });

  it('with the guide’s lines after the block, several on a line too, commented out and back', async () => {
    box.write(
      '.bashrc',
      '[ -z "$PS1" ] && return\nexport ANTHROPIC_BASE_URL="https://x"; export ANTHROPIC_MODEL=opus # mine\n\nexport ANTHROPIC_API_KEY=""',
    );
    const before = box.traces();
    expect(await init(['--target', 'bash'])).toMatchObject({ code: 6 });
    expect(box.traces()).toEqual(before);
    const users0 = users();
    const ran = await init(['--target', 'bash', '--adopt']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/`~\/\.bashrc` lines? 2[\d, ]*: /);
    expect(box.read('.bashrc')).toContain(
      '\n# orcc: disabled: export ANTHROPIC_BASE_URL="https://x"; export ANTHROPIC_MODEL=opus # mine\n',
    );
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(users()).toEqual(users0);
  });
});

describe('a key that stands in clear in a profile', () => {
  const theirs = `sk-or-v1-${'ab12'.repeat(16)}`;
  const profile = `[ -z "$PS1" ] && return\nexport ANTHROPIC_BASE_URL=https://x\nexport ANTHROPIC_AUTH_TOKEN="${theirs}"\n. ~/.bash_aliases\n`;
  const aliases = `export ANTHROPIC_AUTH_TOKEN=${theirs}`;
  beforeEach(() => {
    box.write('.bashrc', profile, 0o644);
    box.write('.bash_aliases', aliases);
  });

  it('goes into orcc’s private file with its line, through everything that comes after, and comes back with remove', async () => {
    const before = users();
    expect(await init(['--target', 'bash', '--adopt'])).toMatchObject({ code: 0 });
    for (const args of [[], ['switch', '--native'], ['switch', '--back'], ['doctor', '--offline', '--fix']]) {
      if (args.length > 0) await box.orcc([...args, '--yes']);
      for (const file of ['.bashrc', '.bash_aliases']) expect(box.read(file)).not.toContain(theirs);
    }
    expect(box.read('.config/orcc/replaced.json')).toContain(theirs);
    expect(box.mode('.config/orcc/replaced.json')).toBe(0o600);
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(users()).toEqual(before);
  });

  it('comes back with undo too, beside what someone else has written since', async () => {
    await init(['--target', 'bash', '--adopt']);
    for (const file of ['.bashrc', '.bash_aliases']) box.write(file, `${box.read(file) ?? ''}\nalias new=1\n`);
    expect(await box.orcc(['undo', '--yes'])).toMatchObject({ code: 0 });
    expect(box.read('.bashrc')).toBe(`${profile}\nalias new=1\n`);
    expect(box.read('.bash_aliases')).toBe(`${aliases}\nalias new=1\n`);
  });

  it('is fixed by doctor the same way, in a file beside the profile', async () => {
    box.write('.bashrc', '. ~/.bash_aliases\n');
    box.write('.bash_aliases', 'alias a=1\n');
    await init(['--target', 'bash']);
    box.write('.bash_aliases', aliases);
    box.write('.bashrc', `${box.read('.bashrc') ?? ''}. ~/.bash_aliases\n`);
    expect((await box.orcc(['doctor', '--offline', '--fix', 'FOREIGN_EXPORT', '--yes'])).stderr).toContain('.bash_aliases');
    expect(box.read('.bash_aliases')).not.toContain(theirs);
    await box.orcc(['remove', '--yes']);
    expect(box.read('.bash_aliases')).toBe(aliases);
  });

  it('leaves every file when it is the key that goes', async () => {
    box.write('.bashrc', profile.replace(theirs, KEY), 0o644);
    await init(['--target', 'bash', '--adopt']);
    expect(await box.orcc(['key', 'set', '--key-stdin', '--no-check', '--yes'], { input: theirs })).toMatchObject({ code: 0 });
    expect(JSON.stringify(box.tree())).not.toContain(KEY);
    expect(box.read('.bashrc')).not.toContain('# orcc: disabled');
  });
});

describe('settings.json comes back byte for byte', () => {
  it.each([
    ['tabs', '{\n\t"model": "x",\n\t"env": {\n\t\t"A": "b"\n\t}\n}'],
    ['no blanks', '{"model":"x","env":{"A":"b"}}'],
    ['members on one line', '{ "env": {"A": "b"}, "z": [1, 2] }\n'],
    ['Windows line endings and a byte order mark', '\ufeff{\r\n    "a": 1\r\n}\r\n'],
    ['odd spellings', '{"10":1,"2":2,"__proto__":{"a":1},"n":1.0,"e":1e3,"big":12345678901234567890,"esc":"\\u00e9\\/"}\n'],
    ['a duplicate that is not orcc’s', '{"a":1,"a":2}'],
    ['blanks alone', ' \n\t\n'],
    ['a very long value', `{"permissions": {"allow": ["${'x'.repeat(20_000)}"]}}\n`],
  ])('with %s', async (_, text) => {
    box.write('.claude/settings.json', text);
    await expectRoundTrip(['--target', 'user']);
  });

  it('and so do values that orcc was allowed to replace', async () => {
    box.write('.claude/settings.json', '{"env": {"ANTHROPIC_BASE_URL" : "https://a.example", "ANTHROPIC_AUTH_TOKEN": "abc"}}', 0o640);
    const before = box.traces();
    expect(await init(['--target', 'user'])).toMatchObject({ code: 6 });
    expect(box.traces()).toEqual(before);
    await expectRoundTrip(['--target', 'user', '--replace']);
  });

  it('a file that git tracks gets no key, whoever keeps it; a helper may stand in it', async () => {
    box.write('dotfiles/settings.json', '{}\n');
    mkdirSync(box.at('.claude'));
    symlinkSync('../dotfiles/settings.json', box.at('.claude/settings.json'));
    execFileSync('git', ['init', '-q'], { cwd: box.at('dotfiles'), env: box.env });
    execFileSync('git', ['add', '.'], { cwd: box.at('dotfiles'), env: box.env });
    const before = box.traces();
    const refused = await init(['--target', 'user']);
    expect(refused).toMatchObject({ code: 6 });
    expect(refused.stderr).toContain('KEY_EXPOSED');
    expect(box.traces()).toEqual(before);
    expect(await init(['--target', 'user', '--key-storage', 'helper'])).toMatchObject({ code: 0 });
    expect(box.read('dotfiles/settings.json')).not.toContain(KEY);
    expect(await box.orcc(['key', 'storage', 'file', '--yes', '--no-check'])).toMatchObject({ code: 6 });
  });
});

describe('undo beside other people’s changes', () => {
  /** As Claude Code does: parsed, something added, printed anew. */
  function rewriteSettings(): void {
    const settings = box.settings();
    writeFileSync(box.at('.claude/settings.json'), JSON.stringify({ ...settings, permissions: { allow: ['Bash(ls)'] } }, null, 4));
  }
  const envOf = (): Record<string, string> => box.settings().env;

  it('takes a switch back in files that were rewritten since, and nothing else in them', async () => {
    box.write('.bashrc', 'a=1\n');
    await init(['--target', 'bash', '--target', 'user']);
    const [profile, env] = [box.read('.bashrc') ?? '', envOf()];
    await switchTo('value');
    appendFileSync(box.at('.bashrc'), 'theirs=1\n');
    rewriteSettings();
    const ran = await box.orcc(['undo', '--yes', '--json']);
    expect(ran.code).toBe(0);
    expect((ran.json().data as { reversed: string[] }).reversed).toHaveLength(2);
    expect(box.read('.bashrc')).toBe(`${profile}theirs=1\n`);
    expect(envOf()).toEqual(env);
    expect(box.settings()).toMatchObject({ permissions: { allow: ['Bash(ls)'] } });
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(box.read('.bashrc')).toBe('a=1\ntheirs=1\n');
    expect(box.settings()).toEqual({ permissions: { allow: ['Bash(ls)'] } });
  });

  it('goes over several changes, each with what was recorded then', async () => {
    box.write('.bashrc', 'a=1\n');
    box.write('.claude/settings.json', '{"env": {"ANTHROPIC_MODEL": "mine"}}');
    await init(['--target', 'bash', '--target', 'user', '--replace']);
    await switchTo('value');
    await switchTo('sonnet=z-ai/glm-4.7');
    appendFileSync(box.at('.bashrc'), 'theirs=1\n');
    rewriteSettings();
    expect(await box.orcc(['undo', '3', '--yes'])).toMatchObject({ code: 0 });
    expect(box.read('.bashrc')).toBe('a=1\ntheirs=1\n');
    expect(box.settings()).toEqual({
      env: { ANTHROPIC_MODEL: 'mine' },
      permissions: { allow: ['Bash(ls)'] },
    });
  });

  it('refuses where a member of orcc’s own was changed or taken out since', async () => {
    await init(['--target', 'user']);
    await switchTo('value');
    for (const spoil of [
      (env: Record<string, string>) => (env['ANTHROPIC_MODEL'] = 'theirs'),
      (env: Record<string, string>) => delete env['ANTHROPIC_MODEL'],
    ]) {
      const settings = box.settings();
      spoil(settings.env);
      writeFileSync(box.at('.claude/settings.json'), JSON.stringify(settings));
      const before = box.traces();
      const ran = await box.orcc(['undo', '--yes']);
      expect(ran).toMatchObject({ code: 6 });
      expect(ran.stderr).toContain('CHANGED_SINCE');
      expect(box.traces()).toEqual(before);
    }
  });
});

describe('a run that was killed half-way', () => {
  /** Kills `orcc init` in this process right after a user's file got its new bytes. */
  async function killInit(): Promise<void> {
    const counted = createBox();
    counted.write('.profile', '. ~/.bashrc\n');
    counted.write('.bashrc', 'a=1\n');
    const { fs, calls } = faultFs(quickFiles());
    const args = ['--target', 'bash', '--target', 'user'];
    await initIn(counted, { key: KEY }, args, { fs });
    const at = calls.findIndex((call) => call.startsWith('rename ') && call.includes('/home/.orcc-'));
    await counted.dispose();
    const dead = faultFs(quickFiles(), { at, kill: 'after' });
    await init(args, { fs: dead.fs, pid: 1_000_001 });
  }

  beforeEach(() => {
    box.write('.bashrc', 'a=1\n');
  });

  it('is noticed by status, which writes nothing, and put right by the next command that writes, whatever it is', async () => {
    const before = box.tree();
    for (const next of [
      ['switch', 'value', '--yes', '--offline'],
      ['undo', '--yes'],
      ['remove', '--yes'],
    ]) {
      await killInit();
      expect(box.read('.bashrc')).toContain('# >>> orcc >>>');
      const half = box.traces();
      expect((await box.orcc(['status'])).stdout).toMatch(/^warning: .*`orcc init`.*`orcc undo`/m);
      expect(box.traces()).toEqual(half);
      const ran = await box.orcc(next);
      expect(ran.code).toBe(3);
      expect(ran.stderr).toMatch(/^warning: .*`orcc init`/m);
      expect(box.tree()).toEqual(before);
    }
  });

  it('does not stand in the way of another init', async () => {
    await killInit();
    const ran = await init(['--target', 'bash', '--target', 'user']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(describeRecovered({ command: 'init', outcome: 'rolled-back', restored: [], left: [], failed: [] }));
    expect(readFileSync(box.at('.bashrc'), 'utf8').match(/# >>> orcc >>>/g)).toHaveLength(1);
  });
});

describe('many at once', () => {
  it('each switch goes on top of the others, and undoes nothing of theirs', async () => {
    await init(['--target', 'bash', '--target', 'user']);
    const words = ['opus=z-ai/glm-5.3', 'sonnet=minimax/minimax-m3', 'haiku=z-ai/glm-4.7-flash', 'fable=qwen/qwen3-coder-next'];
    expect((await Promise.all(words.map(switchTo))).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const { mapping } = JSON.parse(box.read('.config/orcc/config.json') ?? '') as { mapping: Record<string, string> };
    expect(
      Object.entries(mapping)
        .map(([alias, model]) => `${alias}=${model}`)
        .toSorted(),
    ).toEqual(words.toSorted());
  });
});
