import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import { linesToPaste } from '../../src/edit/shell/print-only.ts';
import { findProgram, needs } from '../support/prove.ts';
import { RUN_FILE } from '../support/real-shells.ts';
import { initWords, useBox } from '../support/use.ts';

/** What a start-up file does to the block in it, with the built program and real shells. */
const KEY = `sk-or-v1-${'3'.repeat(64)}`;
const box = useBox();
beforeEach(() => {
  // The shells of this machine beside the few that every box has.
  for (const name of ['bash', 'zsh', 'fish', 'env', 'ls', 'sleep', 'tmux', 'pwsh']) {
    const real = findProgram(name);
    if (real === undefined) continue;
    rmSync(path.join(box.env['PATH'] ?? '', name), { force: true });
    symlinkSync(real, path.join(box.env['PATH'] ?? '', name));
  }
});

const INIT = initWords();
const orcc = (args: readonly string[]) => box.bin(args, { env: { ...box.env, MY_KEY: KEY }, timeout: 60_000 });

function run(program: string, args: readonly string[]): { readonly out: string; readonly env: string } {
  const { stdout, stderr } = spawnSync(findProgram(program) ?? program, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: box.home, LC_ALL: 'C' },
    cwd: box.home,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 60_000,
  });
  const [out = '', env = ''] = stdout.split('@@env@@');
  return { out: out + stderr, env };
}

const STORAGES = ['file', 'profile', 'env:FROM_USER'];

describe.each(STORAGES)('a start-up file that traces, with the key storage %s', (storage) => {
  const given = storage === 'env:FROM_USER' ? `export FROM_USER='${KEY}'\n` : '';
  const init = async (target: string) => {
    const ran = await box.bin(initWords(['--target', target, '--key-storage', storage]), {
      env: { ...box.env, MY_KEY: KEY, FROM_USER: KEY },
    });
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
  };
  const END = "echo 'still' 'tracing'; printf @@env@@; env\n";

  it.each(['bash', 'zsh', 'ksh', 'mksh', 'dash', 'yash'].filter((program) => !needs({ program })))(
    '%s shows no key, goes on tracing, and exports it all the same',
    async (program) => {
      box.write('.bashrc', given);
      await init('bash');
      const block = box.read('.bashrc') ?? '';
      for (const before of ['set -x\n', 'set -o xtrace\n', 'set -eux\n', '']) {
        writeFileSync(box.at('file'), `${given}${before}${block.slice(given.length)}${END}`);
        const { out, env } = run(program, [...(RUN_FILE[program] ?? []), box.at('file')]);
        expect(out).not.toContain(KEY);
        expect(/echo.*still/.test(out)).toBe(before !== '');
        if (before === '') expect(out).toBe('still tracing\n');
        expect(env).toContain(`ANTHROPIC_AUTH_TOKEN=${KEY}`);
        expect(env).not.toContain('orcc_');
      }
    },
  );

  it.skipIf(needs({ program: 'bash' }))('bash shows none where its trace goes to another file either', async () => {
    box.write('.bashrc', `${given}exec 9>"$HOME/trace"; BASH_XTRACEFD=9; [ "$FROM_USER" ]; set -x\n`);
    await init('bash');
    run('bash', ['--norc', '--noprofile', '-c', '. ~/.bashrc; echo still']);
    expect(readFileSync(box.at('trace'), 'utf8')).toContain('echo still');
    expect(readFileSync(box.at('trace'), 'utf8')).not.toContain(KEY);
  });

  it.skipIf(needs({ program: 'fish' }))('fish shows none either', async () => {
    if (storage === 'env:FROM_USER') return;
    await init('fish');
    const file = box.at('.config/fish/conf.d/orcc.fish');
    for (const trace of ['1', '']) {
      const { out, env } = run('fish', [
        '--no-config',
        '-c',
        `set -g fish_trace ${trace}; source ${file}; echo still; printf @@env@@; env`,
      ]);
      expect(out).not.toContain(KEY);
      expect(/> echo still/.test(out)).toBe(trace === '1');
      expect(env).toContain(`ANTHROPIC_AUTH_TOKEN=${KEY}`);
    }
  });
});

describe.skipIf(needs({ program: 'tcsh' }))('the lines to paste for tcsh', () => {
  it('show no key under `echo`, which stays as it was', () => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'orcc-tcsh-')));
    const key = path.join(folder, 'key');
    writeFileSync(key, `${KEY}\n`);
    const content = { baseUrl: 'https://openrouter.ai/api', key: { kind: 'file' as const, path: key }, variables: [] };
    const { lines = [] } = linesToPaste('tcsh', content, { home: folder, platform: 'linux' }) ?? {};
    for (const before of ['set echo', 'unset echo']) {
      const file = path.join(folder, 'file');
      writeFileSync(file, `${[before, ...lines, 'echo still', 'printf @@env@@', 'unset echo', 'env'].join('\n')}\n`);
      const { out, env } = run('tcsh', ['-f', file]);
      expect(out).not.toContain(KEY);
      expect(out.includes('echo still\n')).toBe(before === 'set echo');
      expect(env).toContain(`ANTHROPIC_AUTH_TOKEN=${KEY}`);
    }
    rmSync(folder, { recursive: true });
  });
});

describe('a block of an earlier version', () => {
  it('is known, written anew by switch, and taken out by remove', async () => {
    box.write('.bashrc', 'one\n');
    expect((await orcc([...INIT, '--target', 'bash'])).code).toBe(0);
    const earlier = (box.read('.bashrc') ?? '').replace(/^.*orcc_trace.*\n/gm, '').split('\n');
    const begin = earlier.findIndex((line) => line.startsWith('# >>> orcc'));
    const body = earlier.slice(begin + 1, earlier.indexOf('# <<< orcc <<<'));
    const { sumOf } = await import('../../src/edit/shell/block.ts');
    earlier[begin] = `# >>> orcc >>> v=1 sum=${sumOf(body)} managed by orcc: \`orcc switch\` changes it, \`orcc remove\` removes it`;
    box.write('.bashrc', earlier.join('\n'));
    const { findings } = JSON.parse((await orcc(['doctor', '--offline', '--json'])).stdout) as { findings: { code: string }[] };
    expect(findings.map(({ code }) => code)).not.toContain('BLOCK_DAMAGED');
    expect((await orcc(['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'])).code).toBe(0);
    expect(box.read('.bashrc')).toContain('orcc_trace');
    expect(/[`;&|$]/.test((box.read('.bashrc') ?? '').split('\n')[1] ?? '`')).toBe(false);
    box.write('.bashrc', earlier.join('\n'));
    expect((await orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.read('.bashrc')).toBe('one\n');
  });
});

const WARNED = "orcc can't be sure";

describe.skipIf(needs({ program: 'bash' }))('a start-up file that may not get to the block', () => {
  const start = async (text: string, target = 'bash') => {
    box.write(target === 'bash' ? '.bashrc' : '.zshrc', text);
    box.write('.profile', '. ~/.bashrc\n');
    return toldOf(target, {});
  };

  it.skipIf(needs({ program: 'fish' })).each([
    ['exec of another shell', 'command -v fish >/dev/null && exec fish\n'],
    ['exec of tmux', '[ -z "$TMUX" ] && exec tmux new-session\n'],
    ['a return under a condition that holds', '[ -z "$NOPE" ] && return\n'],
    ['something that takes too long', '[ -z "$NOPE" ] && { sleep 60 & sleep 60; }\n[ -n "$NOPE" ] && return\n'],
  ])('is told of, and the block is written: %s', async (_, text) => {
    const before = Date.now();
    expect(await start(text)).toContain(WARNED);
    expect(Date.now() - before).toBeLessThan(30_000);
    expect(box.read('.bashrc')).toContain('# >>> orcc >>>');
  });

  it.each([
    ['a condition that does not hold', '[ -n "$NOPE" ] && exec fish\n'],
    ['nothing of the kind', 'alias a=b\n'],
    ['a guard for terminals', 'case $- in\n  *i*) ;;\n  *) return;;\nesac\n'],
  ])('is not told of where a start gets there: %s', async (_, text) => {
    expect(await start(text)).not.toContain(WARNED);
  });

  it.skipIf(needs({ program: 'zsh' }))('is tried in zsh too', async () => {
    expect(await start('[[ -z $NOPE ]] && return\n', 'zsh')).toContain(WARNED);
  });

  it('is run by init alone, where reading does not tell, with HOME and PATH alone, in an empty folder, without a terminal', async () => {
    // The first run counts: doctor's checks at the end start the shell as a terminal does.
    const seen = '[ -z "$NOPE" ] || return\n[ -e "$HOME/seen" ] || { env; ls -A; [ -t 0 ] || echo NO-TERMINAL; } >"$HOME/seen"\n';
    await start(seen);
    const lines = (box.read('seen') ?? '').trim().split('\n').sort();
    expect(lines.filter((line) => !/^(?:PWD|SHLVL|_|OLDPWD)=/.test(line))).toEqual([
      `HOME=${box.home}`,
      'NO-TERMINAL',
      `PATH=${box.env['PATH'] ?? ''}`,
    ]);
    expect(lines.join('\n')).not.toContain(KEY);
    rmSync(box.at('seen'));
    for (const args of [
      ['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline'],
      ['switch', '--native', '--yes'],
      ['switch', '--back', '--yes', '--offline'],
      ['remove', '--yes'],
    ]) {
      expect([args, (await orcc(args)).code]).toEqual([args, 0]);
      expect([args, box.read('seen')]).toEqual([args, null]);
    }
    expect(box.read('.bashrc')).toBe(seen);
  });

  it('holds a here-document whose last line looks like a comment: the block goes below it', async () => {
    await start("cat <<'#STOP' >/dev/null\ntext\n#STOP\ncase $- in\n  *i*) ;;\n  *) return;;\nesac\n");
    expect(run('bash', ['--norc', '-c', '. ~/.bashrc; printf @@env@@; env']).env).toContain(`ANTHROPIC_AUTH_TOKEN=${KEY}`);
  });
});

/** What init says where files lie in the home before a block of this target is first put in. */
async function toldOf(target: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) box.write(name, text);
  const ran = await orcc([...INIT, '--target', target]);
  // Ended with 1 where doctor's checks, which follow, have a finding too.
  expect([0, 1], ran.stderr).toContain(ran.code);
  return ran.stderr;
}

describe.skipIf(needs({ program: 'fish' }))('a snippet of fish that may not get to the block', () => {
  const FIRST = '.config/fish/conf.d/aaa.fish';
  it.each([
    ['exec of another shell', 'if test -z "$NOPE"; exec bash; end\n'],
    ['something that takes too long', 'if test -z "$NOPE"; sleep 60; end\nif test -n "$NOPE"; exec bash; end\n'],
  ])('is told of, and the block is written: %s', async (_, text) => {
    expect(await toldOf('fish', { [FIRST]: text })).toContain(WARNED);
    expect(box.read('.config/fish/conf.d/orcc.fish')).toContain('# >>> orcc >>>');
  });

  it.each([
    ['a condition that does not hold', { [FIRST]: 'if test -n "$NOPE"; exec bash; end\n' }],
    ['a guard for terminals', { [FIRST]: 'status is-interactive; or exit\n' }],
    ['an exit, which leaves that file alone', { [FIRST]: 'test -n "$NOPE"; or exit\n' }],
    ['a snippet that runs after it', { '.config/fish/conf.d/zzz.fish': 'if test -z "$NOPE"; exec bash; end\n' }],
    ['config.fish, which runs after it', { '.config/fish/config.fish': 'exit\n' }],
  ])('is not told of where a start gets there: %s', async (_, files) => {
    expect(await toldOf('fish', files)).not.toContain(WARNED);
  });

  it('runs with HOME and PATH alone, in an empty folder, without a terminal, and leaves nothing', async () => {
    const text = `if test -n "$NOPE"; exec bash; end
if test ! -e "$HOME/seen"
  begin; env; ls -A; test -t 0; or echo NO-TERMINAL; end >"$HOME/seen"
end
`;
    await toldOf('fish', { [FIRST]: text });
    const lines = (box.read('seen') ?? '').trim().split('\n');
    // Those that fish sets itself.
    expect(lines.filter((line) => !/^(?:PWD|SHLVL|_|OLDPWD|USER|TERM|LANG|DISPLAY)=/.test(line)).sort()).toEqual([
      `HOME=${box.home}`,
      'NO-TERMINAL',
      `PATH=${box.env['PATH'] ?? ''}`,
    ]);
  });
});

describe.skipIf(needs({ program: 'pwsh' }))('a profile of PowerShell that may not get to the block', () => {
  const PROFILE = '.config/powershell/profile.ps1';
  it.each([
    ['a return under a condition that holds', 'if (-not $env:NOPE) { return }\n'],
    ['an exit under one', 'if (-not $env:NOPE) { exit }\n'],
    ['something that takes too long', 'if (-not $env:NOPE) { [Threading.Thread]::Sleep(60000) }\nif ($env:NOPE) { return }\n'],
  ])('is told of, and the block is written: %s', async (_, text) => {
    expect(await toldOf('powershell', { [PROFILE]: text })).toContain(WARNED);
    expect(box.read(PROFILE)).toContain('# >>> orcc >>>');
  });

  it.each([
    ['a condition that does not hold', 'if ($env:NOPE) { return }\n'],
    ['a guard for those who are not asked', "if ([Environment]::GetCommandLineArgs() -contains '-NonInteractive') { return }\n"],
    ['nothing of the kind', '$a = 1\n'],
    ['a return without a condition, above which the block goes', '$a = 1\nreturn\n'],
  ])('is not told of where a start gets there: %s', async (_, text) => {
    expect(await toldOf('powershell', { [PROFILE]: text })).not.toContain(WARNED);
  });
});

describe.skipIf(needs({ program: 'zsh' }))('a start-up file of zsh that is broken', () => {
  const OPEN = 'alias a=b\necho )\nalias c=d\n';

  it.each([
    ['in the middle, which zsh passes over with 0', OPEN],
    ['at its end, by a backslash that would swallow the first line of the block', 'alias a=b\nfoo() { echo hi \\'],
  ])('gets no block: %s', async (_, text) => {
    box.write('.zshrc', text);
    const before = box.tree();
    const ran = await orcc([...INIT, '--target', 'zsh']);
    expect([ran.code, ran.stderr]).toEqual([6, expect.any(String)]);
    expect(box.tree()).toEqual(before);
  });

  it.each([
    ['remove', ['remove', '--yes']],
    ['switch --native', ['switch', '--native', '--yes']],
    ['undo', ['undo', '--yes']],
    ['key forget', ['key', 'forget', '--yes']],
  ])('gives the block back all the same, by %s', async (_, args) => {
    box.write('.zshrc', 'alias a=b\n');
    expect((await orcc([...INIT, '--target', 'zsh'])).code).toBe(0);
    box.write('.zshrc', `${box.read('.zshrc') ?? ''}echo )\n`);
    const ran = await orcc(args);
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
    expect(box.read('.zshrc')).toBe('alias a=b\necho )\n');
  });
});
