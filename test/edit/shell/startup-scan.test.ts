import { describe, expect, it } from 'vitest';
import { scanFish } from '../../../src/edit/shell/shell-assignments-fish.ts';
import { scanPowershell } from '../../../src/edit/shell/shell-assignments-powershell.ts';
import { scanSh } from '../../../src/edit/shell/shell-assignments-sh.ts';
import type { Condition, StartupText } from '../../../src/edit/shell/shell-scan.ts';

/** `LINE:OFFSET WHAT if CONDITION at OFFSET`, assignments first; `whole`: the line can be commented out. */
const told = ({ assignments, includes, dynamics, leaves, definitions }: StartupText): readonly string[] => [
  ...assignments.map(({ kind, name, value, from, exported, adoptable, ...where }) =>
    at(where, `${kind} ${name}=${value ?? '?'}`, from && ` from ${from}`, exported && ' exported', adoptable && ' whole'),
  ),
  ...includes.map(({ raw, each, exporting, ...where }) =>
    at(where, `reads ${raw}`, each && ` each ${each.join()}`, exporting && ' exporting'),
  ),
  ...dynamics.map(({ text, tool, ...where }) => at(where, `runs ${text}`, tool && ` for ${tool}`)),
  ...leaves.map(({ how, ...where }) => at(where, `${how}s`)),
  ...definitions.map(({ kind, name, text, ...where }) => at(where, `${kind} ${name}`, text && `: ${text}`)),
];

interface Where {
  readonly line: number;
  readonly offset: number;
  readonly conditions?: readonly Condition[];
}

function at({ line, offset, conditions = [] }: Where, ...words: readonly (string | false | undefined)[]): string {
  const under = conditions.map((each) => ` ${each.negated ? 'unless' : 'if'} ${each.kind} '${each.text}' at ${each.offset}`);
  return [`${line}:${offset} `, ...words.map((word) => word || ''), ...under].join('');
}

const NAMES = new Set(['A', 'B']);

type Row = readonly [text: string, wanted: readonly string[]];

describe('what a start-up file of a POSIX shell does, and when,', () => {
  it.each<Row>([
    [
      'mapfile A\nreadarray B\nvared A\ngetopts x B',
      ['1:0 set A=? whole', '2:10 set B=? whole', '3:22 set A=? whole', '4:30 set B=? whole'],
    ],
    [
      'for x (1 2) export A=$x\nselect x (1) export A=1\nrepeat 2 export A=1',
      ['1:0 runs for x (1 2) export A=$x', '2:24 runs select x (1) export A=1', '3:48 runs repeat 2 export A=1'],
    ],
    ['declare $x\ntypeset "$y"\n{ :; } always { A=1; }', ['1:0 runs declare $x', '2:11 runs typeset "$y"', '3:31 runs always { A=1']],
    [
      'f() { return; . x; exit; eval "$x"; }\nf\nset -a\nA=1',
      ['4:47 set A=1 exported whole', "1:38 reads x if call 'f' at 38", '1:38 runs eval "$x" if call \'f\' at 38', '1:6 function f'],
    ],
    [
      'f() { A=1; [ x ] && g; B=2; }\ng() { . ~/x; A=3; f; g; }\nf',
      [
        "1:56 set A=1 if call 'f' at 56",
        "2:56 set A=3 if call 'f' at 56 if test '[ x ]' at 11",
        "1:56 set B=2 if call 'f' at 56",
        "2:56 reads ~/x if call 'f' at 56 if test '[ x ]' at 11",
        '1:6 function f',
        '2:36 function g',
      ],
    ],
    [
      'f() { A=1; }\ng() { f; f; }\ng; f',
      ["1:27 set A=1 if call 'g' at 27", "1:30 set A=1 if call 'f' at 30", '1:6 function f', '2:19 function g'],
    ],
    ['alias a=x b=y A\nunalias b\necho a', ['1:0 alias a: x']],
    [
      'eval "$(docker x)"\neval "$(fnm env)"\neval "$(micromamba x)"\neval "$(navi x)"\neval "$(rustup x)"\neval "$(sdkman x)"\neval "$(zoxide init)"\neval "$(mystarship x)"',
      ['8:137 runs eval "$(mystarship x)"'],
    ],
    [
      'A=1 | true\nB=1 &\nuntil false; do A=1; done\ncase $x in @(a|b)) A=1;; (c) B=1;; esac',
      [
        "1:0 set A=1 if other 'A=1' at 0",
        "2:11 set B=1 if other 'B=1' at 11",
        "3:33 set A=1 if loop 'until false' at 17",
        "4:62 set A=1 if case 'case $x in @(a|b))' at 54",
        "4:72 set B=1 unless case 'case $x in @(a|b))' at 54 if case 'case $x in (c)' at 68",
      ],
    ],
    [
      'autoload -Uz compinit mine\nmine\nsetopt all_export\nB=2\nunsetopt allexport\nA=1',
      ['4:50 set B=2 exported whole', '6:73 set A=1 whole', '2:27 runs mine'],
    ],
    ['set -a\nA=1\n. ./env\nset +a\nB=1', ['2:7 set A=1 exported whole', '5:26 set B=1 whole', '3:11 reads ./env exporting']],
    ['if [ -f x ]; then set -a; fi\n. x', ['2:29 reads x exporting', "1:18 runs set -a if test '[ -f x ]' at 2"]],
    ['if [ -f x ]; then set -o allexport; fi\nA=1\nset +o allexport', ['2:39 set A=1 exported whole']],
    [
      "alias a='b c'\nalias B=$x d=e\nunalias a\nalias claude='A=1 claude'\nuse() { alias B=x; }\nuse\nfunction f { A=1; }",
      ['5:73 alias B: x', '2:14 alias d: e', '4:39 alias claude: A=1 claude', '5:73 function use', '7:103 function f'],
    ],
    [
      'for f in a b; do . "$f"; A=$f; done\nfor f in a; do . x; done\n. $z\n. /dev/null\nsource <(x)',
      [
        "1:25 set A=? from f if loop 'for f in a b' at 0",
        '1:17 reads "$f" each a,b',
        "2:51 reads x if loop 'for f in a' at 36",
        '3:61 reads $z',
        '4:66 runs . /dev/null',
        '5:78 runs source <(x)',
      ],
    ],
    [
      'eval "A=1"\neval "if x; then A=2; fi"\neval "$x"\neval\neval A=3 B=4\neval "f() { A=5; }"',
      [
        '1:0 set A=1',
        '5:52 set A=3',
        '5:52 set B=4',
        '2:11 runs eval "if x; then A=2; fi"',
        '3:37 runs eval "$x"',
        '6:65 runs eval "f() { A=5; }"',
      ],
    ],
    [
      'export A\nexport A=1 -- B\ndeclare -x A\ndeclare B\nreadonly A=1\ndeclare -r B\nunset -f A\nunset A B\nexport -n B',
      [
        '1:0 export A=? exported whole',
        '2:9 set A=1 exported whole',
        '2:9 export B=? exported whole',
        '3:25 export A=? exported whole',
        '5:48 set A=1 whole',
        '5:48 fix A=? whole',
        '6:61 fix B=? whole',
        '8:85 unset A=? whole',
        '8:85 unset B=? whole',
        '9:95 unset B=? whole',
      ],
    ],
    [
      'A+=x\nA=(x)\nB=$A\nexport A="${B}"\nA+=$B\nread A\n: "${B:=1}" "${C:=1}"\nprintf -v A x',
      [
        '1:0 set A=? whole',
        '2:5 set A=? whole',
        '3:11 set B=? from A whole',
        '4:16 set A=? from B exported whole',
        '5:32 set A=? whole',
        '6:38 set A=? whole',
        '7:45 set B=? whole',
        '8:67 set A=? whole',
      ],
    ],
    [
      '((A=1))\n(A=1)\ncommand export A=1\n\\export B=1\nbuiltin unset A',
      ['3:14 set A=1 exported whole', '4:33 set B=1 exported whole', '5:45 unset A=? whole'],
    ],
    [
      'f() ( A=1 )\nf\ng () { A=2; B=1; }\ntest -f x && g\nif true; then A=1; elif false; then A=2; else A=3; fi',
      [
        "3:46 set A=2 if test 'test -f x' at 33 if call 'g' at 46",
        "3:46 set B=1 if test 'test -f x' at 33 if call 'g' at 46",
        "5:62 set A=1 if test 'true' at 50",
        "5:84 set A=2 unless test 'true' at 50 if test 'false' at 71",
        "5:94 set A=3 unless test 'true' at 50 unless test 'false' at 71",
        '1:6 function f',
        '3:21 function g',
      ],
    ],
    [
      'while true; do A=1; done\ncase "$x" in a|b) A=1 ;; *) B=2 ;; esac\nselect s in 1; do B=3; done',
      [
        "1:15 set A=1 if loop 'while true' at 0",
        '2:43 set A=1 if case \'case "$x" in a|b)\' at 38',
        '2:53 set B=2 unless case \'case "$x" in a|b)\' at 38 if case \'case "$x" in *)\' at 50',
        "3:83 set B=3 if loop 'select s in 1' at 65",
      ],
    ],
    [
      'eval "$(direnv hook bash)"\neval "$(mise activate)"\neval "$(starship init bash)"\ntrap "A=1" EXIT\ndeclare -n ref=A\nexport $(cat x)',
      [
        '1:0 runs eval "$(direnv hook bash)" for direnv',
        '2:27 runs eval "$(mise activate)" for mise',
        '4:80 runs trap "A=1" EXIT',
        '5:96 runs declare -n ref=A',
        '6:113 runs export $(cat x)',
      ],
    ],
    ['return\n[ x ] && exit 1\nexec zsh\nexec >log', ['1:0 returns', "2:16 exits if test '[ x ]' at 7", '3:23 exits']],
  ])('%j', (text, wanted) => {
    expect(told(scanSh(text, NAMES))).toEqual(wanted);
  });
});

describe('what a start-up file of fish does, and when,', () => {
  it.each<Row>([
    ["set A 1\r\nset -gx B \\\n2\r\nset A 3 # it's", ['1:0 set A=1 whole', '2:9 set B=2 exported', '4:24 set A=3 whole']],
    [
      'set -e -g A\nset -g -u B\nset -gx A 1\nset -Ux A 1\nfunction f\nset -g A 1\nset --global B 1\nset -U A 2\nset --universal B 2\nset B 3\nend\nf',
      [
        '1:0 unset A=? whole',
        '2:12 unset B=? whole',
        '3:24 set A=1 exported whole',
        '4:36 set A=1 exported whole',
        "6:130 set A=1 if call 'f' at 130",
        "7:130 set B=1 if call 'f' at 130",
        "8:130 set A=2 if call 'f' at 130",
        "9:130 set B=2 if call 'f' at 130",
        '5:48 function f',
      ],
    ],
    [
      'export\nexport C\nread\ntrue | set A 1\nset A 1 &\nset B 1',
      ["4:28 set A=1 if other 'true' at 21", "5:36 set A=1 if other 'set A 1' at 36", '6:46 set B=1 whole'],
    ],
    [
      'switch a\ncase b\nset A 1\nend\nwhile true\nset A 2\nend\nfor x in 1\nset A 3\nend\nbegin\nset A 4\nend\nset B 1',
      [
        "3:16 set A=1 if other 'switch a case b' at 9",
        "6:39 set A=2 if loop 'while true' at 28",
        "9:62 set A=3 if loop 'for x in 1' at 51",
        '12:80 set A=4',
        '14:92 set B=1 whole',
      ],
    ],
    ['set -gx A 1\nset -Ux B 2\nset A 3', ['1:0 set A=1 exported whole', '2:12 set B=2 exported whole', '3:24 set A=3 whole']],
    ['\tset --global --export A a\\ b\r\nset --universal A "b c"', ['1:1 set A=? exported whole', '2:31 set A=b c whole']],
    ['set -gx A \\\n  1 # why\nset B 1 2', ['1:0 set A=1 exported', '3:22 set B=? whole']],
    ['set -gx A $B\nset -gx B "$A" x', ['1:0 set A=? from B exported whole', '2:13 set B=? exported whole']],
    ["set -gx A 'it\\'s'\nexport B=$A", ["1:0 set A=it's exported whole", '2:18 set B=? from A exported whole']],
    [
      'set -e A B\nset --erase A\nset -u A\nset --unexport B',
      ['1:0 unset A=? whole', '1:0 unset B=? whole', '2:11 unset A=? whole', '3:25 unset A=? whole', '4:34 unset B=? whole'],
    ],
    ['set -q A\nset --query A\nset -l A 1\nset --local A 1\nset -f A 1\nset --function A 1\nset -n A\nset --names A', []],
    [
      'test -f a; and set -gx A 1; or set -gx B 2',
      ["1:11 set A=1 exported if test 'test -f a' at 0", "1:28 set B=2 exported unless other 'test -f a; and set -gx A 1' at 0"],
    ],
    ['test -f a && test -f b || set A 1', ["1:26 set A=1 unless other 'test -f a && test -f b' at 0"]],
    ['test -f a ||\nset A 1', ["2:13 set A=1 unless test 'test -f a' at 0"]],
    ['true | set A 1 &\nset B 2', ["1:7 set A=1 if other 'true' at 0 if other 'set A 1' at 7", '2:17 set B=2 whole']],
    ['not set A 1\n! set B 1\nset A 2', ['1:0 set A=1', '2:12 set B=1', '3:22 set A=2 whole']],
    [
      'if test -f a\n  set A 1\nelse if test -f b\n  set A 2\nelse\n  set A 3\nend\nset B 4',
      [
        "2:15 set A=1 if test 'test -f a' at 0",
        "4:43 set A=2 unless test 'test -f a' at 0 if test 'test -f b' at 23",
        "6:58 set A=3 unless test 'test -f a' at 0 unless test 'test -f b' at 23",
        '8:70 set B=4 whole',
      ],
    ],
    [
      'for f in a b\n  set A $f\n  source $f\nend\nwhile true\n  set B 1\nend',
      [
        "2:15 set A=? from f if loop 'for f in a b' at 0",
        "6:53 set B=1 if loop 'while true' at 40",
        "3:26 reads $f each a,b if loop 'for f in a b' at 0",
      ],
    ],
    [
      'switch (uname)\n  case Darwin\n    set A 1\n  case "*"\n    set A 2\nend',
      ["3:33 set A=1 if other 'switch (uname) case Darwin' at 17", '5:56 set A=2 if other \'switch (uname) case "*"\' at 43'],
    ],
    [
      'function use\n  set -gx A 1\n  set B 2\n  read B\n  return\nend\nuse',
      ["2:59 set A=1 exported if call 'use' at 59", '1:0 function use'],
    ],
    [
      'function use\n  set -gx A 1\nend\ntest -f a; and use',
      ["2:42 set A=1 exported if test 'test -f a' at 31 if call 'use' at 42", '1:0 function use'],
    ],
    [
      'function f\n  set -gx A 1\n  source ~/x\n  eval $y\n  return\nend\nfunction g\n  f\nend\ng',
      [
        "2:80 set A=1 exported if call 'g' at 80",
        "3:80 reads ~/x if call 'g' at 80",
        "4:80 runs eval $y if call 'g' at 80",
        '1:0 function f',
        '7:61 function g',
      ],
    ],
    ['begin\n  set A 1\nend\nread A\nreturn', ['2:8 set A=1', '4:20 set A=? whole', '5:27 returns']],
    [
      'source ~/a.fish\n. b.fish\ntest -f c; and source c',
      ['1:0 reads ~/a.fish', '2:16 reads b.fish', "3:36 reads c if test 'test -f c' at 25"],
    ],
    [
      'echo 1\ncat x | source\ntest -f d; and cat y | source -\nsource (z | psub)',
      ['2:15 runs cat x | source', '3:45 runs test -f d; and cat y | source -', '4:54 runs source (z | psub)'],
    ],
    [
      'eval $x\nset $name v\nset -gx (cmd) v\nset A x y $z',
      ['4:36 set A=? whole', '1:0 runs eval $x', '2:8 runs set $name v', '3:20 runs set -gx (cmd) v'],
    ],
    ['test -f a; and exit\nexec zsh', ["1:11 returns if test 'test -f a' at 0", '2:20 exits']],
    [
      "alias a='b c'\nalias d 'e f'\nalias -s g h\nabbr -a i j\nabbr B j\nalias A=x\nalias B \"y\"\nfunction A\nend",
      ['1:0 alias a: b c', '2:14 alias d: e f', '8:84 function A', '7:72 alias B: y'],
    ],
    [
      'SETUVAR --export A:https\\x3a//x\nSETUVAR B:a\\x1eb\nSETUVAR B:c\\\\d\nSETUVAR odd',
      ['1:0 set A=https://x exported', '2:32 set B=?', '3:49 set B=?'],
    ],
    ['set -gx A "a$b"\nset -gx A {a,b}\nset -gx C 1', ['1:0 set A=? exported whole', '2:16 set A=? exported whole']],
    ['#x', []],
  ])('%j', (text, wanted) => {
    expect(told(scanFish(text, NAMES))).toEqual(wanted);
  });
});

describe('what a start-up file of PowerShell does, and when,', () => {
  it.each<Row>([
    ['$env:A = "$(f(1))"\n$x = @"\n"@\n$env:B = "1"', ['1:0 set A=? exported whole', '4:30 set B=1 exported whole']],
    [
      '[Environment]::SetEnvironmentVariable("A", "1"); $env:B = "2"\nsc Env:A "3"',
      ['1:0 set A=1 exported whole', '1:49 set B=2 exported whole', '2:62 set A=3 exported whole'],
    ],
    [
      'function Use { $env:A = "1" }\nuse\n$env:B = "a""b"\nf (1, 2) { $env:A = "2" }',
      [
        "1:15 set A=1 exported if call 'Use' at 29",
        '3:34 set B=a"b exported whole',
        "4:61 set A=2 exported if other 'f (1, 2)' at 50",
        '1:1 function Use',
      ],
    ],
    [
      '$env:A = "1"\n${env:B} = \'it\'\'s\'\n$Env:a="x$y"\n$env:A = $null\n$env:C = "1"',
      ['1:0 set A=1 exported whole', "2:13 set B=it's exported whole", '3:32 set A=? exported whole', '4:45 unset A=? exported whole'],
    ],
    [
      '$env:A, $env:B = "1", "2"\n$env:A ??= "x"\n$env:A += "y"\n$env:A = $env:B = "1"\nif ($env:A -eq "x") { }',
      [
        '1:0 set A=? exported',
        '1:8 set B=? exported',
        "2:26 set A=? exported if other 'A' at 26",
        '3:41 set A=? exported whole',
        '4:55 set A=? exported',
        '4:64 set B=1 exported',
      ],
    ],
    [
      'Set-Item Env:A "1"; si -Path Env:\\B -Value "2"\nNew-Item -Name x Env:A\nRemove-Item Env:A\nrm Env:B, Env:A',
      [
        '1:0 set A=1 exported whole',
        '1:20 set B=2 exported whole',
        '2:47 set A=? exported whole',
        '3:70 unset A=? exported whole',
        '4:88 unset B=? exported whole',
        '4:88 unset A=? exported whole',
      ],
    ],
    [
      "[Environment]::SetEnvironmentVariable('A', '1')\n[System.Environment]::SetEnvironmentVariable('B', 'x', 'Process')\n[Environment]::SetEnvironmentVariable('A', '1', 'User')\n[Environment]::SetEnvironmentVariable('B')",
      ['1:0 set A=1 exported whole', '2:48 set B=x exported whole'],
    ],
    [
      'function use { $env:A = "1"; return }\nif ($x) { use }\nfilter other { $env:B = "1" }',
      ["1:15 set A=1 exported if call 'use' at 46", '1:1 function use'],
    ],
    [
      'function f { . ./a.ps1; iex $x }\nfunction g { f }\ng\nfunction h { . ./b.ps1 }',
      [
        "1:15 reads ./a.ps1 if call 'f' at 44",
        "1:24 runs iex $x if call 'f' at 44",
        '1:1 function f',
        '2:33 function g',
        '4:52 function h',
      ],
    ],
    [
      '. ./a.ps1\n& "b c.ps1"\n& git status\nif (Test-Path x) { . x.ps1 }',
      ['1:2 reads ./a.ps1', '2:12 reads "b c.ps1"', "4:56 reads x.ps1 if other 'if (Test-Path x)' at 35"],
    ],
    [
      'a\niex $x\nInvoke-Expression (& starship init powershell)\nfunction f { iex $y }\n$env:A = "1" +\n  "2"',
      ['5:78 set A=? exported', '2:2 runs iex $x', '4:56 function f'],
    ],
    [
      'function global:claude { }\nSet-Alias claude other\n  sal -Name B x\nreturn\n$env:A = "1"',
      ['5:73 set A=1 exported', '4:66 returns', '1:1 function claude', '2:27 alias claude', '3:50 alias B'],
    ],
    [
      'if ($x) { exit 1 }\n$env:A = "1"\nreturn; $env:B = "1"',
      ['2:19 set A=1 exported whole', '3:40 set B=1 exported', "1:10 exits if other 'if ($x)' at 0", '3:32 returns'],
    ],
    [
      '<# $env:A = "1"\n#>\n# $env:A = "2"\n@"\n$env:A = "3"\n"@\n$env:A = `\n  "4"\n$env:B = \u201c5\u201d',
      ['7:53 set A=4 exported', '9:70 set B=5 exported whole'],
    ],
  ])('%j', (text, wanted) => {
    expect(told(scanPowershell(text, NAMES))).toEqual(wanted);
  });
});
