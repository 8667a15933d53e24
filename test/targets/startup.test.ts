import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { readBlockAssignments } from '../../src/targets/startup-block.ts';
import { scanStartup } from '../../src/targets/startup.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { shellContext } from '../support/shell-context.ts';
import { CONTENT, HOME, KEY_FILE, textAfter } from '../support/start-files.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
const block = textAfter('sh', '');
const guard = '[[ $- != *i* ]] && return\n';

async function scan(target: TargetId, files: Record<string, string>, env: Record<string, string> = {}) {
  const ctx = shellContext({
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name.startsWith('/') ? name : `${HOME}/${name}`, text])),
    env,
  });
  const result = await scanStartup(ctx, [target, 'user']);
  expect(ctx.calls).toEqual([]);
  return result;
}

/** `name:line position`, with `!` where it wins. */
async function verdicts(target: TargetId, files: Record<string, string>, env: Record<string, string> = {}): Promise<string[]> {
  const { assignments } = await scan(target, files, env);
  return assignments.map(({ file, line, position, wins }) => `${file.replace(`${HOME}/`, '')}:${line} ${position}${wins ? '!' : ''}`);
}

async function outcome(target: 'bash' | 'zsh' | 'fish', files: Record<string, string>, env: Record<string, string> = {}) {
  const { outcomes } = await scan(target, files, env);
  return outcomes.get(target) ?? { sure: [], may: [], unknown: [] };
}

describe('hand-written assignments in bash’s start-up files', () => {
  it.each([
    ['the block', block],
    ['a block whose marker someone cut short', block.replace(/ v=1.*/, '')],
  ])('before %s are harmless, after it they win', async (_which, own) => {
    expect(await verdicts('bash', { '.bashrc': `export ANTHROPIC_MODEL=a\n${own}export ANTHROPIC_MODEL=b\n` })).toEqual([
      '.bashrc:1 before-block',
      `.bashrc:${block.split('\n').length + 1} after-block!`,
    ]);
  });

  it('win where the block would go before the guard and they stand after it', async () => {
    expect(await verdicts('bash', { '.bashrc': `export ANTHROPIC_MODEL=a\n${guard}export ANTHROPIC_MODEL=b\n` })).toEqual([
      '.bashrc:1 before-block',
      '.bashrc:3 after-block!',
    ]);
    expect(await verdicts('bash', { '.bashrc': 'export ANTHROPIC_MODEL=a\n' })).toEqual(['.bashrc:1 before-block']);
  });

  it('are found in the login file, before or after it reads .bashrc in', async () => {
    const profile = 'export ANTHROPIC_MODEL=a\nif [ -f "$HOME/.bashrc" ]; then\n  . "$HOME/.bashrc"\nfi\nexport ANTHROPIC_MODEL=b\n';
    expect(await verdicts('bash', { '.bashrc': block, '.profile': profile })).toEqual([
      '.profile:1 before-block',
      '.profile:5 after-block!',
    ]);
  });

  it('are found in files that .bashrc reads in, and in the system’s', async () => {
    const files = {
      '.bashrc': `${guard}[ -f ~/.bash_aliases ] && . ~/.bash_aliases\nsource "\${HOME}/.claude.sh"\n`,
      '.bash_aliases': 'export ANTHROPIC_MODEL=a\n',
      '.claude.sh': '. ~/.bashrc\nexport ANTHROPIC_MODEL=b\n',
      '/etc/profile': 'export ANTHROPIC_MODEL=c\n',
    };
    expect((await verdicts('bash', files)).sort()).toEqual([
      '.bash_aliases:1 after-block!',
      '.claude.sh:2 after-block!',
      '/etc/profile:1 before-block',
    ]);
  });

  it('are told with line, value, kind, and whether `--adopt` can take them', async () => {
    const { assignments } = await scan('bash', {
      '.bashrc': `${guard}\nexport ANTHROPIC_AUTH_TOKEN="${KEY}"\nunset ANTHROPIC_API_KEY\nif x; then export ANTHROPIC_MODEL=$(id); fi\n`,
    });
    expect(assignments).toMatchObject([
      { target: 'bash', name: 'ANTHROPIC_AUTH_TOKEN', line: 3, kind: 'set', value: KEY, adoptable: true, conditions: [] },
      { name: 'ANTHROPIC_API_KEY', line: 4, kind: 'unset', value: undefined, adoptable: true },
      { name: 'ANTHROPIC_MODEL', line: 5, value: undefined, adoptable: false, conditions: [{ text: 'x', line: 5 }] },
    ]);
  });

  it('of names that orcc only watches never win over it', async () => {
    const { assignments } = await scan('bash', {
      '.bashrc': `${guard}export ANTHROPIC_SMALL_FAST_MODEL=x\nexport OPENROUTER_API_KEY=${KEY}\n`,
    });
    expect(assignments).toMatchObject([
      { name: 'ANTHROPIC_SMALL_FAST_MODEL', wins: false },
      { name: 'OPENROUTER_API_KEY', wins: false, value: KEY },
    ]);
  });
});

describe('hand-written assignments in other shells’ start-up files', () => {
  it('zsh: .zshenv comes before the block, .zlogin after it', async () => {
    expect(
      await verdicts('zsh', { '.zshenv': 'export ANTHROPIC_MODEL=a\n', '.zshrc': '', '.zlogin': 'export ANTHROPIC_MODEL=b\n' }),
    ).toEqual(['.zshenv:1 before-block', '.zlogin:1 after-block!']);
    expect(
      await verdicts('zsh', {
        '.zshenv': 'ZDOTDIR=~/.z\n',
        '.z/.zshrc': 'source $ZDOTDIR/x.zsh\n',
        '.z/x.zsh': 'export ANTHROPIC_MODEL=b\n',
      }),
    ).toEqual(['.z/x.zsh:1 before-block']);
  });

  it('fish: later snippets and config.fish come after conf.d/orcc.fish', async () => {
    const at = (name: string): string => `.config/fish/${name}`;
    const set = 'set -gx ANTHROPIC_MODEL a\n';
    expect(
      await verdicts('fish', {
        [at('conf.d/a.fish')]: set,
        [at('conf.d/z.fish')]: set,
        [at('config.fish')]: set,
        '/etc/fish/conf.d/b.fish': set,
      }),
    ).toEqual([
      `${at('conf.d/a.fish')}:1 before-block`,
      `${at('conf.d/z.fish')}:1 after-block!`,
      '/etc/fish/conf.d/b.fish:1 after-block!',
      `${at('config.fish')}:1 after-block!`,
    ]);
  });

  it('PowerShell: the current host’s profile comes after the one of all hosts', async () => {
    const at = (name: string): string => `.config/powershell/${name}`;
    const set = "$env:ANTHROPIC_MODEL = 'a'\n";
    expect(await verdicts('powershell', { [at('profile.ps1')]: set, [at('Microsoft.PowerShell_profile.ps1')]: set })).toEqual([
      `${at('profile.ps1')}:1 before-block`,
      `${at('Microsoft.PowerShell_profile.ps1')}:1 after-block!`,
    ]);
  });
});

describe('the scan', () => {
  it('gives what an interactive start leaves behind, orcc’s own block included', async () => {
    const keyed = { [KEY_FILE]: KEY };
    const { sure, unknown } = await outcome('bash', {
      '.bashrc': `export ANTHROPIC_MODEL=a\n${block}unset ANTHROPIC_MODEL\nexport ANTHROPIC_BASE_URL=$(x)\n`,
      ...keyed,
    });
    expect(Object.fromEntries(sure.map(({ name, value }) => [name, value]))).toMatchObject({
      ANTHROPIC_AUTH_TOKEN: KEY,
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
      ANTHROPIC_MODEL: null,
      ANTHROPIC_BASE_URL: null,
    });
    expect(unknown).toMatchObject([{ names: ['ANTHROPIC_BASE_URL'], settled: [] }]);
    // Without its key the block exports nothing (design D4).
    expect((await outcome('bash', { '.bashrc': block })).sure).toEqual([]);
  });

  it.each<readonly [where: string, target: 'bash' | 'zsh' | 'fish', text: string, conditions: readonly string[] | 'never']>([
    ['at the top', 'bash', `x\n${block}`, []],
    ['where a terminal always gets', 'zsh', `if [[ -o interactive ]]; then\n${block}fi\n`, []],
    ['under what never holds', 'bash', `if false; then\n${block}fi\n`, 'never'],
    ['in a function that nobody calls', 'bash', `f() {\n${block}}\n`, 'never'],
    ['in one that is called', 'bash', `f() {\n${block}}\nf\n`, ['f is called and gets there']],
    ['in a subshell', 'zsh', `(\n${block})\n`, 'never'],
    ['under a condition', 'bash', `if [ "$A" = b ]; then\n${block}fi\n`, ['[ "$A" = b ]']],
    [
      'with a function of the user’s in it',
      'bash',
      `if [ "$A" = b ]; then\n${block.replace('unset orcc_key', 'g() { :; }')}fi\n`,
      ['[ "$A" = b ]'],
    ],
    ['beside a variable of the user’s', 'bash', `ORCC=2\nif [ "$A" = b ]; then\n${block}fi\n`, ['[ "$A" = b ]']],
    ['under what never holds in fish', 'fish', `if false\n${textAfter('fish', '')}end\n`, 'never'],
  ])('of a block %s (%s) says so', async (_where, target, text, conditions) => {
    const file = { bash: '.bashrc', zsh: '.zshrc', fish: '.config/fish/config.fish' }[target];
    const { sure, may } = await outcome(target, { [file]: text, [KEY_FILE]: KEY });
    const isModel = ({ name }: { readonly name: string }): boolean => name === 'ANTHROPIC_MODEL';
    const certain = conditions !== 'never' && conditions.length === 0;
    expect(sure.filter(isModel).map(({ value }) => value)).toEqual(certain ? ['sonnet'] : []);
    expect(may.filter(isModel).map((each) => each.conditions.map((one) => one.text))).toEqual(
      certain || conditions === 'never' ? [] : [conditions],
    );
  });

  it('passes over what it can’t read', async () => {
    const ctx = shellContext({
      files: { [`${HOME}/.bashrc`]: { fails: 'EACCES', text: 'x' }, [`${HOME}/.profile`]: { bytes: Buffer.from('\ufeffa', 'utf16le') } },
    });
    expect((await scanStartup(ctx, ['bash'])).assignments).toEqual([]);
  });

  it('does not run in circles', async () => {
    expect(await verdicts('bash', { '.bashrc': '. ~/a\n', a: '. ~/.bashrc\nexport ANTHROPIC_MODEL=x\n' })).toEqual(['a:2 before-block']);
  });
});

describe('the block’s own assignments', () => {
  it('are read back with their lines, the last block’s where there are several', () => {
    const text = `one\n${textAfter('sh', '', { desired: { ...CONTENT, key: { kind: 'literal', value: KEY } } })}`;
    expect(readBlockAssignments(Buffer.from(text), 'sh', { home: HOME, platform: 'linux' }).slice(0, 3)).toEqual([
      { name: 'ANTHROPIC_BASE_URL', index: 1, line: 4, value: 'https://openrouter.ai/api' },
      { name: 'ANTHROPIC_AUTH_TOKEN', index: 2, line: 5, value: KEY },
      { name: 'ANTHROPIC_API_KEY', index: 3, line: 6, value: '' },
    ]);
  });

  it('are none where the block is damaged or the file is in no known encoding', () => {
    expect(readBlockAssignments(Buffer.from(block.replace('# <<< orcc <<<', '')), 'sh', { home: HOME, platform: 'linux' })).toEqual([]);
    expect(readBlockAssignments(Buffer.from(block, 'utf16le'), 'sh', { home: HOME, platform: 'linux' })).toEqual([]);
  });
});

/** `NAME=value` where it is certain, `may NAME=value if …`, `unknown: statement`. */
async function said(target: 'bash' | 'zsh' | 'fish', files: Record<string, string>, env: Record<string, string> = {}): Promise<string[]> {
  const { sure, may, unknown } = await outcome(target, files, env);
  return [
    ...sure.map(({ name, value }) => `${name}=${value ?? '(none)'}`),
    ...may.map(({ name, value, conditions }) => `may ${name}=${value ?? '(none)'} if ${conditions.map(({ text }) => text).join(' and ')}`),
    ...unknown.map(({ text, line }) => `unknown: ${line}: ${text}`),
  ];
}

describe('what a start leaves behind', () => {
  const set = 'export ANTHROPIC_MODEL=a\n';

  it.each<readonly [name: string, files: Record<string, string>, wanted: readonly string[]]>([
    ['a wrapper function sets nothing', { '.bashrc': 'glm() { export ANTHROPIC_MODEL=b; claude "$@"; }\n' }, []],
    ['one that is called may', { '.bashrc': `f() { ${set}}\nf\n` }, ['may ANTHROPIC_MODEL=a if f is called and gets there']],
    [
      'so may what it calls, and what it sources',
      { '.bashrc': `f() { . ~/.b; }\ng() { f; }\ng\n`, '.b': set },
      ['may ANTHROPIC_MODEL=a if g is called and gets there'],
    ],
    ['nothing is said of files that it is called with', { '.bashrc': 'f() { . "$1"; . ~/$2/x; . $DIR/x; }\nf ~/.b ~/c\n' }, []],
    ['a file that is there is certain', { '.bashrc': '[ -f ~/.b ] && . ~/.b\n', '.b': set }, ['ANTHROPIC_MODEL=a']],
    [
      'one that is not there is not read',
      { '.bashrc': 'if [ -f ~/.b ]; then . ~/.b; else export ANTHROPIC_MODEL=b; fi\n' },
      ['ANTHROPIC_MODEL=b'],
    ],
    ['a terminal is interactive', { '.bashrc': `case $- in *i*) ;; *) return ;; esac\n${set}` }, ['ANTHROPIC_MODEL=a']],
    ['what is behind a plain `return` never runs', { '.bashrc': `return\n${set}` }, []],
    [
      'a return that may come is a condition',
      { '.bashrc': `[ "$A" = b ] && return\n${set}` },
      ['may ANTHROPIC_MODEL=a if not [ "$A" = b ]'],
    ],
    [
      'a condition leaves what was said before',
      { '.bashrc': `${set}if [ "$A" ]; then export ANTHROPIC_MODEL=b; fi\n` },
      ['ANTHROPIC_MODEL=a', 'may ANTHROPIC_MODEL=b if [ "$A" ]'],
    ],
    ['and a later line settles it', { '.bashrc': `if [ "$A" ]; then export ANTHROPIC_MODEL=b; fi\n${set}` }, ['ANTHROPIC_MODEL=a']],
    ['what is not exported reaches no program', { '.bashrc': 'ANTHROPIC_MODEL=a\n' }, ['ANTHROPIC_MODEL=(none)']],
    ['until it is', { '.bashrc': 'ANTHROPIC_MODEL=a\nexport ANTHROPIC_MODEL\n' }, ['ANTHROPIC_MODEL=a']],
    [
      '`set -a` exports what a file assigns',
      { '.bashrc': 'set -a; . ~/.env; set +a\nANTHROPIC_BASE_URL=b\n', '.env': 'ANTHROPIC_MODEL=a\n' },
      ['ANTHROPIC_MODEL=a', 'ANTHROPIC_BASE_URL=(none)'],
    ],
    ['a subshell sets nothing', { '.bashrc': `(${set.trim()})\n` }, []],
    [
      'a folder’s loop is followed',
      { '.bashrc': 'for f in ~/.bashrc.d/*; do if [ -f "$f" ]; then . "$f"; fi; done\n', '.bashrc.d/x.sh': set },
      ['ANTHROPIC_MODEL=a'],
    ],
    ['a path in a variable of the file is followed', { '.bashrc': 'D="$HOME/x"\n. "$D/y.sh"\n', 'x/y.sh': set }, ['ANTHROPIC_MODEL=a']],
    ['any other is named', { '.bashrc': `${set}. "$(x)/y.sh"\n` }, ['ANTHROPIC_MODEL=a', 'unknown: 2: . "$(x)/y.sh"']],
    [
      'another variable’s value is taken over',
      { '.bashrc': `OPENROUTER_API_KEY=${KEY}\nexport ANTHROPIC_AUTH_TOKEN="$OPENROUTER_API_KEY"\n` },
      ['OPENROUTER_API_KEY=(none)', `ANTHROPIC_AUTH_TOKEN=${KEY}`],
    ],
    [
      'a value that only running tells stays open once it is exported',
      { '.bashrc': 'read -r ANTHROPIC_MODEL <~/.m\nexport ANTHROPIC_MODEL\n' },
      ['ANTHROPIC_MODEL=(none)', 'unknown: 1: ANTHROPIC_MODEL=…', 'unknown: 2: export ANTHROPIC_MODEL'],
    ],
    ['what is read-only stays as it is', { '.bashrc': `readonly ANTHROPIC_MODEL=\n${set}` }, ['ANTHROPIC_MODEL=(none)']],
    [
      'an alias of the file may set something where it is used',
      { '.bashrc': "alias m='export ANTHROPIC_MODEL=a'\nm\n" },
      ['unknown: 2: m'],
    ],
    ['an alias that nobody uses sets nothing', { '.bashrc': "alias m='ANTHROPIC_MODEL=a claude'\n" }, []],
  ])('%s', async (_, files, wanted) => {
    expect(await said('bash', files)).toEqual(wanted);
  });

  it('direnv counts where a file of the folder names one of the variables', async () => {
    const hook = 'eval "$(direnv hook bash)"\n';
    expect(await said('bash', { '.bashrc': hook, 'project/.envrc': 'PATH_add bin\n' })).toEqual([]);
    expect(await said('bash', { '.bashrc': hook, 'project/.envrc': '\nexport ANTHROPIC_MODEL=x\n' })).toEqual([
      'unknown: 2: direnv: export ANTHROPIC_MODEL=x',
    ]);
  });

  it('fish: universal variables count, and global ones beat them', async () => {
    const stored = 'SETUVAR --export ANTHROPIC_BASE_URL:https\\x3a//a\nSETUVAR ANTHROPIC_MODEL:b\n';
    expect(await said('fish', { '.config/fish/fish_variables': stored })).toEqual([
      'ANTHROPIC_BASE_URL=https://a',
      'ANTHROPIC_MODEL=(none)',
    ]);
    const config = 'set -gx ANTHROPIC_BASE_URL b\n';
    expect(await said('fish', { '.config/fish/fish_variables': stored, '.config/fish/config.fish': config })).toContain(
      'ANTHROPIC_BASE_URL=b',
    );
  });
});
