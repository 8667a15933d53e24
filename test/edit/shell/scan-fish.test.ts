import { describe, expect, it } from 'vitest';
import { scanFish } from '../../../src/edit/shell/shell-assignments-fish.ts';
import { NAMES, told, type Row } from '../../support/told.ts';

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
        "10:130 set B=3 if call 'f' at 130",
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
      [
        "2:59 set A=1 exported if call 'use' at 59",
        "3:59 set B=2 if call 'use' at 59",
        "4:59 set B=? if call 'use' at 59",
        '1:0 function use',
      ],
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
    ['set A 1 | cat\nset B 1', ["1:0 set A=1 if other 'set A 1' at 0", '2:14 set B=1 whole']],
    ['while f in a b\n  source $f\nend', ["2:17 reads $f if loop 'while f in a b' at 0"]],
    [
      'switch a\n  case b\n    set A 1\n    set B 2\nend',
      ["3:22 set A=1 if other 'switch a case b' at 11", "4:34 set B=2 if other 'switch a case b' at 11"],
    ],
    ['case a) x=1;; esac\nif x\nelse\nelse\n  set A 1\nend', ["5:36 set A=1 unless test 'x' at 19"]],
    ['test -f a\nand set A 1', ["2:10 set A=1 if test 'test -f a' at 0"]],
    [
      'function f\n  export A=1\n  set -x B 1\nend\nf',
      ["2:41 set A=1 exported if call 'f' at 41", "3:41 set B=1 if call 'f' at 41", '1:0 function f'],
    ],
    ["set -gx A\nset -x B ''", ['1:0 set A= exported whole', '2:10 set B= exported whole']],
  ])('%j', (text, wanted) => {
    expect(told(scanFish(text, NAMES))).toEqual(wanted);
  });
});
