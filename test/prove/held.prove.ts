import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBox, type RunInBox } from '../support/box.ts';
import { findProgram, needs } from '../support/prove.ts';
import { ORCC_BIN } from '../support/sandbox.ts';
import { initWords, useBox } from '../support/use.ts';

/** Random profiles, full disks and hostile homes, on the built program, with real shells. */
const KEY = `sk-or-v1-${'2'.repeat(64)}`;
const ALL = ['--target', 'bash', '--target', 'zsh', '--target', 'fish', '--target', 'powershell', '--target', 'user'];
const INIT = initWords();
const box = useBox();

/** Shells are not there: a random profile is nothing to be run. */
const quiet: RunInBox = { env: { MY_KEY: KEY }, exec: (real) => ({ ...real, find: () => undefined }) };
const env = (more: Record<string, string> = {}): Record<string, string> => ({ ...box.env, MY_KEY: KEY, ...more });

const RUNS = Number(process.env['ORCC_PROVE_RUNS'] ?? 40);
const line = fc.oneof(
  fc.constantFrom(
    'alias a=b',
    'export PATH="$PATH:~/bin"',
    'case $- in *i*) ;; *) return;; esac',
    '[ -z "$PS1" ] && return',
    '# >>> conda initialize >>>',
    "x='it'\\''s'",
    'cat <<EOF',
    'EOF',
    '\tif true; then :; fi',
    '# orcc: disabled: x',
    '',
    '  ',
    'export ANTHROPIC_MODEL=opus',
  ),
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const profile = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.constantFrom(0o644, 0o600, 0o664, 0o640))
  .map(([lines, eol, isClosed, mode]) => ({ text: lines.join(eol) + (isClosed ? eol : ''), mode }));

describe.skipIf(process.platform === 'win32')('with the program itself', () => {
  it(`${RUNS} random profiles come back byte for byte, with their modes`, async () => {
    let done = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(profile, fc.constantFrom('bash', 'zsh'), fc.boolean(), async ({ text, mode }, shell, isProfile) => {
        const home = createBox();
        try {
          home.write(shell === 'bash' ? '.bashrc' : '.zshrc', text, mode);
          const before = home.tree();
          const storage = isProfile ? 'profile' : 'file';
          const ran = await home.orcc([...INIT, '--force', '--target', shell, '--key-storage', storage], quiet);
          if ((ran.code ?? 70) > 1) {
            refused += 1;
            expect([text, ran.stderr, home.tree()]).toEqual([text, ran.stderr, before]);
            return;
          }
          await home.orcc(['switch', 'opus=z-ai/glm-5.3', '--yes', '--offline', '--force'], quiet);
          await home.orcc(['switch', '--native', '--yes'], quiet);
          await home.orcc(['switch', '--back', '--yes', '--offline', '--force'], quiet);
          const removed = await home.orcc(['remove', '--yes'], quiet);
          expect([text, removed.stderr, home.tree()]).toEqual([text, removed.stderr, before]);
          done += 1;
        } finally {
          await home.dispose();
        }
      }),
      { numRuns: RUNS },
    );
    process.stderr.write(`random profiles: ${done} given back, ${refused} refused without a trace\n`);
    expect(done).toBeGreaterThan(RUNS / 3);
  }, 3_000_000);

  const isRoot = process.getuid?.() === 0;
  it.skipIf(needs({ program: 'unshare' }) || needs({ fact: isRoot, factName: 'root rights' }))(
    'a disk that is full at ten different fills is refused without a trace, or written whole',
    () => {
      const outcomes: string[] = [];
      for (let kib = 0; kib < 150; kib += 15) {
        const home = fs.mkdtempSync(path.join(box.home, 'disk-'));
        const init = [...INIT, '--target', 'bash', '--target', 'user'].join(' ');
        const script = `mount -t tmpfs -o size=160k none '${home}' && cd '${home}' && printf 'alias a=b\\n' >.bashrc && cp -a . /dev/shm/orcc-full-$$ &&
          head -c ${(156 - kib) * 1024} /dev/zero >fill 2>/dev/null; '${process.execPath}' '${ORCC_BIN}' ${init} >/dev/shm/orcc-out-$$ 2>&1; code=$?; rm -f fill
          if [ $code -gt 1 ]; then diff -r . /dev/shm/orcc-full-$$ >/dev/null && left=same || left=$(find . -type f | tr '\\n' ' '); else left=whole; fi
          grep -q 'bug in orcc' /dev/shm/orcc-out-$$ && left="$left BUG"; rm -rf /dev/shm/orcc-full-$$ /dev/shm/orcc-out-$$; echo "$code $left"`;
        const { stdout } = spawnSync('unshare', ['-m', 'sh', '-c', script], {
          env: env({ HOME: home, PATH: process.env['PATH'] ?? '' }),
          encoding: 'utf8',
        });
        outcomes.push(stdout.trim());
      }
      process.stderr.write(`full disks: ${outcomes.join(', ')}\n`);
      expect(outcomes.filter((each) => !/^(?:6 same|[01] whole)$/.test(each))).toEqual([]);
      expect(outcomes.some((each) => each.startsWith('6'))).toBe(true);
    },
    300_000,
  );
});

/** Names of a home folder that some shell could take for something else. */
const HOMES = [
  ...['a b', "it's", 'a"b', '$HOME', '$(touch pwned)', '`touch pwned`', '${x:-y}', 'a;b', 'a&b', 'a|b', 'a>b', 'a<b', 'a*b', 'a?b', '[ab]'],
  ...[
    '{a,b}',
    'a\\b',
    'a\\',
    '-rf',
    '~',
    '~root',
    '#x',
    '!x',
    'a=b',
    '%PATH%',
    'ä ö',
    '日本',
    'a\u00a0b',
    "'; touch pwned; '",
    '"; touch pwned; "',
  ],
  ...['$env:X', '@(1)', 'a\nb'],
];
const STARTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  bash: ['bash', '-i', '-c', 'printenv ANTHROPIC_AUTH_TOKEN'],
  zsh: ['zsh', '-i', '-c', 'printenv ANTHROPIC_AUTH_TOKEN'],
  fish: ['fish', '-i', '-c', 'printenv ANTHROPIC_AUTH_TOKEN'],
  pwsh: ['pwsh', '-NoLogo', '-Command', '[Console]::Out.WriteLine($env:ANTHROPIC_AUTH_TOKEN)'],
};

describe.skipIf(process.platform === 'win32')('homes with hostile names', () => {
  const shells = Object.entries(STARTS).filter(([program]) => !needs({ program }));
  it(`${HOMES.length} of them, each in ${shells.length} shells: the key gets there, or nothing is written`, async () => {
    let [reached, refused] = [0, 0];
    for (const name of HOMES) {
      const home = path.join(box.home, name);
      fs.mkdirSync(home);
      const there = env({ HOME: home, PATH: process.env['PATH'] ?? '' });
      const ran = await box.bin([...INIT, ...ALL], { env: there, cwd: home, timeout: 90_000 });
      if (ran.code === null || ran.code > 1) {
        refused += 1;
        expect([name, [2, 6].includes(ran.code ?? -1), fs.readdirSync(home)]).toEqual([name, true, []]);
        continue;
      }
      for (const [program, [file, ...args]] of shells) {
        // It takes a backslash for a slash everywhere, and does not find its own profile there.
        if (program === 'pwsh' && name.includes('\\')) continue;
        const { stdout, stderr } = spawnSync(findProgram(file) ?? file, args, {
          ...{ cwd: home, encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'pipe'] },
          env: { HOME: home, PATH: process.env['PATH'] ?? '', TERM: 'dumb', LANG: 'C.UTF-8' },
        });
        expect([name, program, stdout.trim(), stderr]).toEqual([name, program, KEY, stderr]);
        reached += 1;
      }
      const removed = await box.bin(['remove', '--yes'], { env: there, cwd: home, timeout: 60_000 });
      const left = fs.readdirSync(home).filter((each) => !['.local', '.cache', '.config', '.zcompdump'].includes(each));
      expect([name, removed.code, removed.stderr, left]).toEqual([name, 0, removed.stderr, []]);
      expect(fs.existsSync(path.join(home, 'pwned'))).toBe(false);
    }
    process.stderr.write(`hostile homes: ${HOMES.length}, the key reached ${reached} shells, ${refused} refused\n`);
    expect(reached).toBeGreaterThan(28 * shells.length);
  }, 900_000);
});
