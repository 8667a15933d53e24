import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { WATCHED_VARIABLES } from '../../src/claude/variables.ts';
import { readState } from '../../src/config/state.ts';
import { observeStartup } from '../../src/change/observe-startup.ts';
import { createExec } from '../../src/system/exec.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { doubtsOf } from '../../src/targets/startup-outcome.ts';
import { createBox } from '../support/box.ts';
import { findProgram, needs } from '../support/prove.ts';
import { start } from '../support/real-shells.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** Set-ups for each shell; 40 in all is what the house asks for. */
const RUNS = 20;

const NAMES = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_MODEL', 'ANTHROPIC_DEFAULT_OPUS_MODEL'] as const;
const name = fc.constantFrom(...NAMES);
const value = fc.constantFrom('https://a.example/api', 'https://openrouter.ai/api', 'opus', '', "it's", 'z-ai/glm-4.7', 'a b');
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Lines that set or take away one variable. */
const posix = fc
  .tuple(name, value, name)
  .chain(([n, v, other]) =>
    fc.constantFrom(
      `export ${n}=${quote(v)}`,
      `export ${n}=${quote(v)} ${other}=x`,
      `${n}=${quote(v)}`,
      `${n}=${quote(v)}; export ${n}`,
      `declare -x ${n}=${quote(v)}`,
      `unset ${n}`,
      `export ${n}="$(printf '%s' ${quote(v)})"`,
      `export ${n}="$${other}"`,
      `${n}=x true`,
      `(export ${n}=inside)`,
      `glm() { export ${n}=wrapper; true "$@"; }`,
      `f() { export ${n}=called; }\nf`,
      `g() { export ${n}=deep; }\nf() { g; export ${other}=called; }\nf`,
      `f() { [ -r ~/.more ] && . ~/.more; }\nf`,
      `f() { [ -n "$WORK" ] || return; unset ${n}; }\nf`,
      `eval "export ${n}=evaluated"`,
      `eval "$(printf 'export %s=worked-out' ${n})"`,
      `set -a; . ~/.env; set +a`,
      `export $(grep -v '^#' ~/.env | xargs)`,
      `for file in ~/.rc.d/*.sh; do [ -r "$file" ] && . "$file"; done`,
      `[ -f ~/.more ] && . ~/.more`,
      `[ -f ~/.missing ] && . ~/.missing`,
      `. "$HOME/.more"`,
      `alias claude='claude --model ${n}'`,
      `cat <<'END' >/dev/null\nexport ${n}=document\nEND`,
    ),
  );

const wrapPosix = (lines: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(lines) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        `if [ -n "$WORK" ]; then\n${lines}\nfi`,
        `if [ -n "$WORK" ]; then :; else\n${lines}\nfi`,
        `if [ -f ~/.more ]; then\n${lines}\nfi`,
        `if [ -f ~/.missing ]; then\n${lines}\nelif [ -d ~/.rc.d ]; then\n${lines}\nelse\n:\nfi`,
        `case $- in *i*)\n${lines}\n;; esac`,
        `case "$WORK" in yes)\n${lines}\n;; *) ;; esac`,
        `[ -n "$WORK" ] && {\n${lines}\n}`,
        `[ -n "$PS1" ] || return 0\n${lines}`,
        `[ "$WORK" = yes ] && return 0\n${lines}`,
        `for each in 1; do\n${lines}\ndone`,
        `test -e ~/.more && {\n${lines}\n}`,
      ),
    },
  );

const fish = fc.tuple(name, value, name).chain(([n, v, other]) => {
  const quoted = `'${v.replaceAll("'", "\\'")}'`;
  return fc.constantFrom(
    `set -gx ${n} ${quoted}`,
    `set -x ${n} ${quoted}`,
    `set -g ${n} ${quoted}`,
    `export ${n}=${quoted}`,
    `set -e ${n}`,
    `set -gx ${n} (printf x)`,
    `set -gx ${n} $${other}`,
    `function glm\n  set -gx ${n} wrapper\nend`,
    `function f\n  set -gx ${n} called\nend\nf`,
    `function g\n  set -gx ${n} deep\nend\nfunction f\n  g\n  set -gx ${other} called\nend\nf`,
    `function f\n  source ~/.more\nend\nf`,
    `function f\n  set ${n} called\nend\nf`,
    `function f\n  set -x ${n} called\n  set -e ${other}\nend\nf`,
    `function f\n  set -q WORK; or return\n  set -e ${n}\nend\nf`,
    `echo 'set -gx ${n} piped' | source`,
    `for file in ~/.rc.d/*.fish\n  source $file\nend`,
    `test -f ~/.more; and source ~/.more`,
    `alias claude='claude --model x'`,
  );
});

const wrapFish = (lines: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(lines) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        `if set -q WORK\n${lines}\nend`,
        `if status is-interactive\n${lines}\nend`,
        `if test -f ~/.missing\n${lines}\nelse\n${lines}\nend`,
        `if test -n "$WORK"\n${lines}\nelse if test -d ~/.rc.d\n${lines}\nend`,
        `begin\n${lines}\nend`,
        `switch "$WORK"\ncase yes\n${lines}\nend`,
      ),
    },
  );

/** Files that read themselves in end a real shell: only the first ones read others. */
const READS_IN = /~\/\.(?:rc\.d|more)|HOME\/\.more/;

const text = (of: 'posix' | 'fish', isFirst: boolean): fc.Arbitrary<string> => {
  const lines: fc.Arbitrary<string> = of === 'fish' ? fish : posix;
  const all = isFirst ? lines : lines.filter((each) => !READS_IN.test(each));
  const wrapped = of === 'fish' ? all.chain(wrapFish) : all.chain(wrapPosix);
  return fc.array(wrapped, { minLength: 1, maxLength: 5 }).map((each) => `${each.join('\n')}\n`);
};

const FILES: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['.bashrc', '.more', '.rc.d/a.sh'],
  zsh: ['.zshenv', '.zshrc', '.more', '.rc.d/a.sh'],
  fish: ['.config/fish/conf.d/a.fish', '.config/fish/config.fish', '.more', '.rc.d/a.fish'],
};

const setUp = (shell: Shell): fc.Arbitrary<{ readonly files: Readonly<Record<string, string>>; readonly isWork: boolean }> =>
  fc.record({
    files: fc.record(
      Object.fromEntries(FILES[shell].map((file) => [file, text(shell === 'fish' ? 'fish' : 'posix', !/^\.(?:more|rc\.d)/.test(file))])),
    ),
    isWork: fc.boolean(),
  });

const counts = { is: 0, may: 0, 'not known': 0 };
afterAll(() => {
  const all = counts.is + counts.may + counts['not known'];
  const share = (count: number): string => `${Math.round((100 * count) / Math.max(all, 1))} %`;
  console.info(`${all} answers: is ${share(counts.is)}, may ${share(counts.may)}, not known ${share(counts['not known'])}`);
});

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  describe.skipIf(needs({ program: shell }))('really started,', () => {
    it('exports what reading calls certain, and nothing else of these names', { timeout: 300_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(setUp(shell), async ({ files, isWork }) => {
          const box = createBox();
          try {
            const all = { ...files, '.env': '# keys\nANTHROPIC_MODEL=from-env-file\n' };
            for (const [file, content] of Object.entries(all)) {
              mkdirSync(path.dirname(path.join(box.home, file)), { recursive: true });
              writeFileSync(path.join(box.home, file), content);
            }
            const env = { PATH: process.env['PATH'] ?? '', HOME: box.home, TERM: 'dumb', ...(isWork ? { WORK: 'yes' } : {}) };
            const real = start(shell, ['-i', '-c', 'env -0'], env, box.home).env;
            const ctx = {
              fs: createFileSystem(),
              exec: createExec({}, process.platform),
              env: { ...env, SHELL: findProgram(shell) ?? shell },
              home: box.home,
              cwd: box.home,
              platform: process.platform,
              pid: process.pid,
              random: (size: number) => new Uint8Array(size),
            };
            const machine = { state: readState(ctx.fs, path.join(box.home, 'none'), box.home), located: new Map() };
            const { outcome, shell: seen } = await observeStartup(ctx, machine, { ask: false });
            expect(seen).toBe(shell);
            for (const each of WATCHED_VARIABLES) {
              const { may, unknown } = doubtsOf(outcome, each);
              if (NAMES.some((known) => known === each)) counts[unknown.length > 0 ? 'not known' : may.length > 0 ? 'may' : 'is'] += 1;
              if (may.length + unknown.length > 0) continue;
              const said = outcome.sure.find((one) => one.name === each)?.value ?? undefined;
              expect([each, said]).toEqual([each, real.get(each)]);
            }
          } finally {
            await box.dispose();
          }
        }),
        { numRuns: RUNS },
      );
    });
  });
});
