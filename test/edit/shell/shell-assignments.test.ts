import { describe, expect, it } from 'vitest';
import { scanStartupText } from '../../../src/edit/shell/shell-assignments.ts';

const NAMES = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN'];
type Row = readonly [text: string, kind: 'set' | 'unset', value: string | undefined, adoptable: boolean];

const found = (text: string, shell: 'sh' | 'fish' | 'powershell') => scanStartupText(text, shell, NAMES).assignments;

describe('hand-written assignments are found in a POSIX shell file', () => {
  it.each<Row>([
    ['export ANTHROPIC_BASE_URL="https://x"', 'set', 'https://x', true],
    ["export ANTHROPIC_BASE_URL='https://x' # mine", 'set', 'https://x', true],
    ['export ANTHROPIC_BASE_URL=https://x;', 'set', 'https://x', true],
    ['ANTHROPIC_BASE_URL=https://x', 'set', 'https://x', true],
    ['declare -x ANTHROPIC_BASE_URL=https://x', 'set', 'https://x', true],
    ['typeset -gx ANTHROPIC_BASE_URL=https://x', 'set', 'https://x', true],
    ['export ANTHROPIC_BASE_URL=a ANTHROPIC_AUTH_TOKEN=b', 'set', 'a', true],
    ['export ANTHROPIC_BASE_URL=a FOO=b', 'set', 'a', false],
    ['export ANTHROPIC_BASE_URL="$(pass url)"', 'set', undefined, true],
    ['export ANTHROPIC_BASE_URL="$OTHER"', 'set', undefined, true],
    ['export ANTHROPIC_BASE_URL="a\nb"', 'set', 'a\nb', false],
    ['export ANTHROPIC_BASE_URL=a \\\n  ANTHROPIC_AUTH_TOKEN=b', 'set', 'a', false],
    ['if true; then\n  export ANTHROPIC_BASE_URL=a\nfi', 'set', 'a', false],
    ['[ -f x ] && export ANTHROPIC_BASE_URL=a', 'set', 'a', false],
    ['alias a=b; export ANTHROPIC_BASE_URL=a', 'set', 'a', false],
    ['export ANTHROPIC_BASE_URL=a; export ANTHROPIC_AUTH_TOKEN=b # both', 'set', 'a', true],
    ['export ANTHROPIC_BASE_URL=a; export FOO=b', 'set', 'a', false],
    ['export ANTHROPIC_BASE_URL=a && export ANTHROPIC_AUTH_TOKEN=b', 'set', 'a', false],
    ['export ANTHROPIC_AUTH_TOKEN=b & export ANTHROPIC_BASE_URL=a', 'set', 'a', false],
    ['use() {\n  export ANTHROPIC_BASE_URL=a\n}\nuse', 'set', 'a', false],
    ['unset ANTHROPIC_BASE_URL', 'unset', undefined, true],
    ['export -n ANTHROPIC_BASE_URL', 'unset', undefined, true],
  ])('%j', (text, kind, value, adoptable) => {
    expect(found(`x=1\n${text}\ny=2\n`, 'sh')[0]).toMatchObject({ name: 'ANTHROPIC_BASE_URL', kind, value, adoptable });
  });

  it.each([
    '# export ANTHROPIC_BASE_URL=a',
    'ANTHROPIC_BASE_URL=a claude',
    'echo "export ANTHROPIC_BASE_URL=a"',
    'cat <<EOF\nexport ANTHROPIC_BASE_URL=a\nEOF',
    '(export ANTHROPIC_BASE_URL=a)',
    'use() {\n  export ANTHROPIC_BASE_URL=a\n}',
    'glm() { export ANTHROPIC_BASE_URL=a; claude "$@"; }',
    'function use { ANTHROPIC_BASE_URL=a; }',
    'use() {\n  local -x ANTHROPIC_BASE_URL=a; declare -x ANTHROPIC_AUTH_TOKEN=b\n}\nuse',
    'export MY_ANTHROPIC_BASE_URL=a',
    "alias c='ANTHROPIC_BASE_URL=a claude'",
    'cat <<-EOF\n\texport ANTHROPIC_BASE_URL=a\n\tEOF',
  ])('but not in %j', (text) => {
    expect(found(`${text}\n`, 'sh')).toEqual([]);
  });

  it('with the line they stand on', () => {
    expect(
      found('a=1\n\n# c\nexport ANTHROPIC_BASE_URL=a\ncat <<EOF\nx\nEOF\nexport ANTHROPIC_AUTH_TOKEN=b\n', 'sh').map(({ line }) => line),
    ).toEqual([4, 8]);
  });

  it('past anything else that start-up files hold', () => {
    const noise = [
      'case "$TERM" in xterm*|rxvt*) PS1="\\[\\e]0;\\w\\a\\]$PS1" ;; *) ;; esac',
      'for f in ~/.bashrc.d/*.sh; do [ -r "$f" ] && . "$f"; done',
      'arr=(one "two" $(three) )',
      'x=$(( 1 << 2 )) y=${z#*)} w=${v:-"}"}',
      "alias ls='ls --color=auto'",
      'while read -r line; do echo "$line"; done < <(ls)',
      '[[ $x =~ ^(a|b)$ && $y < z ]] && echo yes',
      'eval "$(dircolors -b)" 2>/dev/null || true',
      'if ! shopt -oq posix; then if [ -f /a ]; then . /a; elif [ -f /b ]; then . /b; fi; fi',
      '(( x > 3 )) && echo',
      "trap 'echo $LINENO' ERR",
      'function f { local a=1; { echo; }; }',
      'g() ( cd /; )',
      'echo a\\ b #c',
      "cat <<'X' >/dev/null\n$(unclosed \" '\nX",
    ].join('\n');
    expect(found(`${noise}\nexport ANTHROPIC_BASE_URL=a\n`, 'sh')).toMatchObject([{ conditions: [], adoptable: true }]);
  });
});

describe('hand-written assignments are found in a fish file', () => {
  it.each<Row>([
    ["set -gx ANTHROPIC_BASE_URL 'https://x'", 'set', 'https://x', true],
    ['set -Ux ANTHROPIC_BASE_URL https://x', 'set', 'https://x', true],
    ['set --global --export ANTHROPIC_BASE_URL "https://x"', 'set', 'https://x', true],
    ['set ANTHROPIC_BASE_URL $other', 'set', undefined, true],
    ['export ANTHROPIC_BASE_URL=https://x', 'set', 'https://x', true],
    ['set -e ANTHROPIC_BASE_URL', 'unset', undefined, true],
    ['if test -f x\n  set -gx ANTHROPIC_BASE_URL a\nend', 'set', 'a', false],
    ['test -f x; and set -gx ANTHROPIC_BASE_URL a', 'set', 'a', false],
  ])('%j', (text, kind, value, adoptable) => {
    expect(found(`set x 1\n${text}\n`, 'fish')[0]).toMatchObject({ name: 'ANTHROPIC_BASE_URL', kind, value, adoptable });
  });

  it.each([
    '# set -gx ANTHROPIC_BASE_URL a',
    'set -q ANTHROPIC_BASE_URL',
    'function glm\n  set -gx ANTHROPIC_BASE_URL a\n  claude $argv\nend',
    'set -l ANTHROPIC_BASE_URL a',
    "echo 'set -gx ANTHROPIC_BASE_URL a'",
  ])('but not in %j', (text) => {
    expect(found(`${text}\n`, 'fish')).toEqual([]);
  });
});

describe('hand-written assignments are found in a PowerShell file', () => {
  it.each<Row>([
    ['$env:ANTHROPIC_BASE_URL = "https://x"', 'set', 'https://x', true],
    ["$Env:anthropic_base_url='https://x' # mine", 'set', 'https://x', true],
    ["${env:ANTHROPIC_BASE_URL} = 'it''s'", 'set', "it's", true],
    ["Set-Item Env:ANTHROPIC_BASE_URL 'https://x'", 'set', 'https://x', true],
    ["Set-Item -Path Env:\\ANTHROPIC_BASE_URL -Value 'https://x'", 'set', 'https://x', true],
    ["[Environment]::SetEnvironmentVariable('ANTHROPIC_BASE_URL', 'https://x', 'Process')", 'set', 'https://x', true],
    ['$env:ANTHROPIC_BASE_URL = Get-Secret url', 'set', undefined, true],
    ['Remove-Item Env:ANTHROPIC_BASE_URL', 'unset', undefined, true],
    ['if ($true) {\n  $env:ANTHROPIC_BASE_URL = "a"\n}', 'set', 'a', false],
    ['function f { $env:ANTHROPIC_BASE_URL = "a" }; f', 'set', 'a', false],
  ])('%j', (text, kind, value, adoptable) => {
    expect(found(`$x = 1\r\n${text}\r\n`, 'powershell')[0]).toMatchObject({
      name: 'ANTHROPIC_BASE_URL',
      line: text.includes('\n') ? 3 : 2,
      kind,
      value,
      adoptable,
    });
  });

  it.each([
    '# $env:ANTHROPIC_BASE_URL = 1',
    'function glm { $env:ANTHROPIC_BASE_URL = "a"; claude @args }',
    '<#\n$env:ANTHROPIC_BASE_URL = 1\n#>',
    "@'\n$env:ANTHROPIC_BASE_URL = 1\n'@",
    '$x = "\n$env:ANTHROPIC_BASE_URL = 1\n"',
    'if ($env:ANTHROPIC_BASE_URL -eq 1) { }',
    '$env:ANTHROPIC_BASE_URL == 1',
  ])('but not in %j', (text) => {
    expect(found(`${text}\n`, 'powershell')).toEqual([]);
  });
});

/** What has to hold for the first assignment, and whether it must not. */
const conditions = (text: string, shell: 'sh' | 'fish' | 'powershell'): readonly string[] =>
  (found(text, shell)[0]?.conditions ?? []).map((each) => `${each.negated ? 'not ' : ''}${each.text}`);

describe('what has to hold for an assignment to run', () => {
  it.each<readonly [text: string, wanted: readonly string[]]>([
    ['if [ -n "$A" ]; then\n  export ANTHROPIC_BASE_URL=a\nfi', ['[ -n "$A" ]']],
    ['if x; then :; elif y; then export ANTHROPIC_BASE_URL=a; fi', ['not x', 'y']],
    ['if x; then :; else export ANTHROPIC_BASE_URL=a; fi', ['not x']],
    ['[ -f x ] && export ANTHROPIC_BASE_URL=a', ['[ -f x ]']],
    ['[ -f x ] || export ANTHROPIC_BASE_URL=a', ['not [ -f x ]']],
    ['[ -f x ] && {\n  export ANTHROPIC_BASE_URL=a\n}', ['[ -f x ]']],
    ['if x; then [ y ] && export ANTHROPIC_BASE_URL=a; fi', ['x', '[ y ]']],
    ['case $HOST in a) : ;; work*) export ANTHROPIC_BASE_URL=a ;; esac', ['not case $HOST in a)', 'case $HOST in work*)']],
    ['for x in 1 2; do export ANTHROPIC_BASE_URL=a; done', ['for x in 1 2']],
    ['while read -r x; do export ANTHROPIC_BASE_URL=a; done < f', ['while read -r x']],
    ['{ export ANTHROPIC_BASE_URL=a; }', []],
    ['x && y\nexport ANTHROPIC_BASE_URL=a', []],
    ['use() { [ x ] && export ANTHROPIC_BASE_URL=a; }\nif y; then use; fi', ['y', 'use', '[ x ]']],
  ])('in a POSIX shell: %j', (text, wanted) => {
    expect(conditions(text, 'sh')).toEqual(wanted);
  });

  it.each<readonly [text: string, wanted: readonly string[]]>([
    ['if test -f x\n  set -gx ANTHROPIC_BASE_URL a\nend', ['test -f x']],
    ['if x\n else if y\n set -gx ANTHROPIC_BASE_URL a\nend', ['not x', 'y']],
    ['if x\n  true\nelse\n  set -gx ANTHROPIC_BASE_URL a\nend', ['not x']],
    ['test -f x; and set -gx ANTHROPIC_BASE_URL a', ['test -f x']],
    ['test -f x; or set -gx ANTHROPIC_BASE_URL a', ['not test -f x']],
    ['test -f x && set -gx ANTHROPIC_BASE_URL a', ['test -f x']],
    ['begin\n  set -gx ANTHROPIC_BASE_URL a\nend', []],
    ['function f\n  set -gx ANTHROPIC_BASE_URL a\nend\nf', ['f']],
  ])('in fish: %j', (text, wanted) => {
    expect(conditions(text, 'fish')).toEqual(wanted);
  });

  it.each<readonly [text: string, wanted: readonly string[]]>([
    ['if (Test-Path x) { $env:ANTHROPIC_BASE_URL = "a" }', ['if (Test-Path x)']],
    ['function f { $env:ANTHROPIC_BASE_URL = "a" }\nf', ['f']],
  ])('in PowerShell: %j', (text, wanted) => {
    expect(conditions(text, 'powershell')).toEqual(wanted);
  });
});

describe('what only running it would tell', () => {
  const dynamics = (text: string, shell: 'sh' | 'fish' | 'powershell'): readonly string[] =>
    scanStartupText(text, shell, NAMES).dynamics.map((each) => each.text);

  it.each([
    ['sh', 'eval "$(cat ~/.work)"'],
    ['sh', "export $(grep -v '^#' ~/.env | xargs)"],
    ['sh', 'source <(decrypt ~/.env.gpg)'],
    ['sh', 'while read -r x; do export "$x"; done < ~/.env'],
    ['fish', 'eval (cat ~/.work)'],
    ['fish', 'decrypt ~/.env.gpg | source'],
    ['powershell', 'Get-Content ~/x.ps1 -Raw | Invoke-Expression'],
  ] as const)('is named in %s: %j', (shell, text) => {
    expect(dynamics(`${text}\n`, shell)).toHaveLength(1);
  });

  it.each([
    ['sh', 'eval "$(/opt/homebrew/bin/brew shellenv)"'],
    ['sh', 'eval "$(dircolors -b ~/.dircolors)"'],
    ['sh', 'source <(kubectl completion bash)'],
    ['sh', 'export PATH="$(x):$PATH"'],
    ['sh', 'f() { eval "$(cat ~/.work)"; }'],
    ['fish', 'starship init fish | source'],
    ['powershell', 'Invoke-Expression (&starship init powershell)'],
  ] as const)('is not named for programs known to set nothing of ours, in %s: %j', (shell, text) => {
    expect(dynamics(`${text}\n`, shell)).toEqual([]);
  });

  it('is none where an `eval` is of plain words', () => {
    const { assignments, dynamics: none } = scanStartupText("eval 'export ANTHROPIC_BASE_URL=a'\n", 'sh', NAMES);
    expect([assignments, none]).toMatchObject([[{ name: 'ANTHROPIC_BASE_URL', value: 'a', exported: true, adoptable: false }], []]);
  });
});

describe('what `claude` stands for', () => {
  it.each([
    ["alias claude='claude --model x'\n", 'alias'],
    ['claude() { command claude --model x; }\n', 'function'],
  ])('is found in a file that sets nothing: %j', (text, kind) => {
    expect(scanStartupText(text, 'sh', ['ANTHROPIC_MODEL']).definitions).toMatchObject([{ name: 'claude', kind }]);
  });
});
