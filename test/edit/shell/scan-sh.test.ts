import { describe, expect, it } from 'vitest';
import { scanSh } from '../../../src/edit/shell/shell-assignments-sh.ts';
import { NAMES, told, type Row } from '../../support/told.ts';

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
      [
        "1:27 set A=1 if call 'g' at 27",
        "1:27 set A=1 if call 'g' at 27",
        "1:30 set A=1 if call 'f' at 30",
        '1:6 function f',
        '2:19 function g',
      ],
    ],
    [
      'if x; then\ng() { A=1; }\nf() { g; }\nelse\ng() { A=2; }\nf() { g; }\nfi\nf',
      [
        "2:67 set A=1 if call 'f' at 67 if test 'x' at 2 if test 'x' at 2",
        "5:67 set A=2 if call 'f' at 67 if test 'x' at 2 unless test 'x' at 2",
        "2:67 set A=1 if call 'f' at 67 unless test 'x' at 2 if test 'x' at 2",
        "5:67 set A=2 if call 'f' at 67 unless test 'x' at 2 unless test 'x' at 2",
        '2:17 function g',
        '3:30 function f',
      ],
    ],
    ['alias a=x b=y A\nunalias b\necho a', ['1:0 alias a: x']],
    [
      'eval "$(docker x)"\neval "$(fnm env)"\neval "$(micromamba x)"\neval "$(navi x)"\neval "$(rustup x)"\neval "$(sdkman x)"\neval "$(zoxide init)"\neval "$(mystarship x)"',
      ['8:137 runs eval "$(mystarship x)"'],
    ],
    [
      'A=1 | true\nB=1 &\nuntil false; do A=1; done\ncase $x in @(a|b)) A=1;; (c) B=1;; esac',
      [
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
      'declare +x A\ntypeset +rx A=1 B\nf() { declare +x A; }\nexport +x A\nset -a\ndeclare +x A=1 B',
      [
        '1:0 unset A=? whole',
        '2:13 unset A=? whole',
        '2:13 set A=1 whole',
        '2:13 unset B=? whole',
        '4:53 export A=? exported whole',
        '6:72 unset A=? whole',
        '6:72 set A=1 exported whole',
        '6:72 unset B=? whole',
        '3:37 function f',
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
    ["alias a='export A=1'\na\nalias b=c\nb", ['2:21 runs a', '1:0 alias a: export A=1', '3:23 alias b: c']],
    ['A=1\necho mine\nmine\nautoload -U one\nautoload two\none\ntwo', ['1:0 set A=1 whole', '6:48 runs one', '7:52 runs two']],
    ['ls -a\nA=1', ['2:6 set A=1 whole']],
    ['source ./x\n. ./y', ['1:0 reads ./x', '2:11 reads ./y']],
    ['unset -- A\nexport -p B=1', ['1:0 unset A=? whole', '2:11 set B=1 exported whole']],
    [
      'eval "A=1" $x\neval "x && A=2"\neval \'{ A=3; }\'',
      ['1:0 runs eval "A=1" $x', '2:14 runs eval "x && A=2"', "3:30 runs eval '{ A=3; }'"],
    ],
    ['builtin\ncommand\nA=1', ['3:16 set A=1 whole']],
    [
      '\nA=1\r\nB=2\n A=3 ;  B=4 ; A=5',
      ['2:1 set A=1 whole', '3:6 set B=2 whole', '4:11 set A=3 whole', '4:18 set B=4 whole', '4:24 set A=5 whole'],
    ],
    [
      'true | A=1\nif A=1; then B=1; fi',
      ["1:7 set A=1 if other 'true' at 0", "2:14 set A=1 if other 'A=1; then B=1; fi' at 13", "2:24 set B=1 if test 'A=1' at 13"],
    ],
    ['if # why\n  # and how\n  [ x ]\nthen A=1; fi', ["4:34 set A=1 if test '[ x ]' at 2"]],
    ['if else\nA=1; fi\n)\nB=1', ["2:8 set A=1 if other 'else A=1; fi ) B=1' at 2", '4:18 set B=1 whole']],
    [
      'while { x; }; do A=1; done\nwhile if x; then y; fi; do A=2; done',
      ["1:17 set A=1 if loop 'while { x; }' at 0", "2:54 set A=2 if loop 'while if x; then y; fi' at 27"],
    ],
    ['f() while x; do { A=1; }; done\ng() (A=1); B=1', ['2:42 set B=1', '1:10 function f', '2:36 function g']],
    ['() {\n  A=1\n}\nB=1', ['2:7 set A=1', '4:13 set B=1 whole']],
    ['A=@(x)\nB=1', ['1:0 set A=@(x) whole', '2:7 set B=1 whole']],
    ['case x in\n  a) A=1\nesac\nB=1', ["2:15 set A=1 if case 'case x in a)' at 12", '4:24 set B=1 whole']],
    ['(x) && A=1\n:; { y; z; } && B=1', ["1:7 set A=1 if other '(x)' at 0", "2:27 set B=1 if other '{ y; z; }' at 14"]],
    ['for x in a; do :; done\nrepeat 2; do\n  . $x\ndone', ["3:38 reads $x if loop '' at 33"]],
  ])('%j', (text, wanted) => {
    expect(told(scanSh(text, NAMES))).toEqual(wanted);
  });
});

it('a file that is read after `set -a` in another one exports what it sets', () => {
  const text = 'A=1\nset +a\nB=1';
  expect(told(scanSh(text, NAMES, { exporting: true }))).toEqual(['1:0 set A=1 exported whole', '3:11 set B=1 whole']);
  expect(told(scanSh(text, NAMES, { exporting: false }))).toEqual(['1:0 set A=1 whole', '3:11 set B=1 whole']);
});

it('a function is read to its end, however many programs it starts', () => {
  const { assignments } = scanSh(`f() {\n${'echo x\n'.repeat(3000)}A=1\n}\nf\n`, new Set(['A']));
  expect(assignments).toMatchObject([{ name: 'A', value: '1', conditions: [{ kind: 'call', text: 'f' }] }]);
});

it('a statement of many pipelines is read in a time that grows with their number, not with its square', () => {
  const secondsFor = (count: number): number => {
    const text = `if true; then\n${'a | b\nc & d\n'.repeat(count)}fi\nA=1\n`;
    const before = process.cpuUsage();
    expect(scanSh(text, new Set(['A'])).assignments).toMatchObject([{ name: 'A', value: '1' }]);
    return process.cpuUsage(before).user / 1e6;
  };
  // Sixteen times as many: at most about 16 times as long, or 256 times.
  const [few, many] = [secondsFor(2500), secondsFor(40_000)];
  expect(many / few).toBeLessThan(30);
}, 30_000);
