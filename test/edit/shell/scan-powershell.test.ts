import { describe, expect, it } from 'vitest';
import { closedStringsPowershell, scanPowershell } from '../../../src/edit/shell/shell-assignments-powershell.ts';
import { NAMES, told, type Row } from '../../support/told.ts';

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
    ["#\n$env:A = '1'", ['2:2 set A=1 exported whole']],
    ["$env:A = 'a\n'", ['1:0 set A=a\n exported']],
    ["[Environment]::SetEnvironmentVariable('A')", []],
    ["[Environment]::SetEnvironmentVariable('A','1')", ['1:0 set A=1 exported whole']],
    [
      "{ . ./x.ps1; $env:A = '1'; return }",
      ["1:13 set A=1 exported if other '' at 0", "1:4 reads ./x.ps1 if other '' at 0", "1:27 returns if other '' at 0"],
    ],
    [
      "<# A long comment, at the start of the file, that says what all the lines below it are for, who wrote them, when, on which machine, for which version of PowerShell, and why nobody should ever change any of them, not even the one that stands right below this very long line, and not the one after it, which is the last #>\nif ($x) { $env:A = '1' }",
      ["2:331 set A=1 exported if other 'if ($x)' at 321"],
    ],
    [
      "if ($x) { function f { if ($y) { $env:A = '1' } } }\nf",
      ["1:33 set A=1 exported if other 'if ($x)' at 0 if call 'f' at 51 if other 'if ($y)' at 22", '1:9 function f'],
    ],
    ["<# one\ntwo #> $env:A = 'a'\n$env:B = 'b'; <# one\ntwo #>", ['2:14 set A=a exported', '3:27 set B=b exported']],
    ['$env:A = "say ""x"" or ""y"""', ['1:0 set A=say "x" or "y" exported whole']],
    ["$env:A = @(\n  'a'; 'b'\n)\n$env:B = 'a'\n  | ForEach-Object { $_ }", ['1:0 set A=? exported', '4:25 set B=? exported']],
    [
      ". { $env:A = 'a' }\n[void]($env:B = 'a')",
      ["1:4 set A=a exported if other '.' at 0", "2:26 set B=a exported if other '[void]' at 19"],
    ],
    ["$env:A = 'a' +\n  $env:B = 'b'\n-\nSet-Item Env:A 'c'", ['1:0 set A=? exported', '2:17 set B=b exported', '4:32 set A=c exported']],
    ["  iex $x\n\t$env:A = 'a'", ['2:10 set A=a exported whole', '1:2 runs iex $x']],
    [
      '. (Join-Path $HOME x.ps1)\nif ($x) { . (Get-Item y.ps1) }',
      ['1:2 reads (Join-Path', "2:38 reads (Get-Item if other 'if ($x)' at 26"],
    ],
  ])('%j', (text, wanted) => {
    expect(told(scanPowershell(text, NAMES))).toEqual(wanted);
  });
});

it('strings of several lines, here-strings and comments are told apart from code where they are closed', () => {
  const text = "$a = 'x\ny'\n$b = \"x\ny\"\n$c = 'z'\n$d = @'\nx\n'@\n<# x\n#>\n@'\nx\n";
  const { strings, documents } = closedStringsPowershell(text);
  const parts = [strings, documents].map((all) => all.map(({ start, end }) => text.slice(start, end)));
  expect(parts).toEqual([
    ["'x\ny'", '"x\ny"'],
    ["@'\nx\n'@", '<# x\n#>'],
  ]);
});
