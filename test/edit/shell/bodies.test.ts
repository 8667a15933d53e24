import { describe, expect, it } from 'vitest';
import { fish } from '../../../src/edit/shell/fish.ts';
import { powershell } from '../../../src/edit/shell/powershell.ts';
import { sh } from '../../../src/edit/shell/sh.ts';
import type { KeySource, ShellPlace } from '../../../src/edit/shell/types.ts';

const SHELLS = { sh, fish, powershell };
type Id = keyof typeof SHELLS;
const UNIX: ShellPlace = { home: '/home/u', platform: 'linux' };
const WINDOWS: ShellPlace = { home: 'C:\\Users\\u', platform: 'win32' };
const BASE = { baseUrl: 'https://x', variables: [] };

/** The lines that take the key, and what the token gets. */
const ROWS: readonly (readonly [Id, KeySource, ShellPlace, lines: readonly string[], token: string])[] = [
  ['sh', { kind: 'env', name: 'K_1' }, UNIX, ['if [ -n "${K_1-}" ]; then', 'fi'], '"$K_1"'],
  [
    'sh',
    { kind: 'command', command: "op read 'x'" },
    UNIX,
    [
      `orcc_key="$(sh -c 'op read '\\''x'\\''' </dev/null 2>/dev/null)" || orcc_key=''`,
      'orcc_key="${orcc_key%[[:space:]]}"',
      `case $orcc_key in *[![:graph:]]*) orcc_key='' ;; esac`,
      'if [ -n "$orcc_key" ]; then',
      'fi',
      'unset orcc_key',
    ],
    '"$orcc_key"',
  ],
  [
    'sh',
    { kind: 'file', path: '/k' },
    UNIX,
    [
      "orcc_key=''",
      "{ read -r orcc_key <'/k'; } 2>/dev/null || :",
      'orcc_key="${orcc_key%%[[:space:]]*}"',
      'if [ -n "$orcc_key" ]; then',
      'fi',
      'unset orcc_key',
    ],
    '"$orcc_key"',
  ],
  ['fish', { kind: 'env', name: 'K_1' }, UNIX, ['if test -n "$K_1"', 'end'], '"$K_1"'],
  [
    'fish',
    { kind: 'command', command: "op read 'é'" },
    UNIX,
    [
      "set -l orcc_key ''",
      `set orcc_key (sh -c 'op read \\''\\Xc3\\Xa9'\\'' </dev/null 2>/dev/null | string trim)`,
      'set orcc_key (string match -r \'^[!-~]+$\' -- "$orcc_key")',
      'if test -n "$orcc_key"',
      'end',
      'set -e orcc_key',
    ],
    '"$orcc_key"',
  ],
  [
    'fish',
    { kind: 'file', path: '/home/u/k' },
    UNIX,
    [
      "set -l orcc_key ''",
      'if test -f "$HOME/k" -a -r "$HOME/k"',
      '    read orcc_key <"$HOME/k"',
      'end',
      "set orcc_key (string replace -r '\\\\s.*' '' -- \"$orcc_key\")",
      'if test -n "$orcc_key"',
      'end',
      'set -e orcc_key',
    ],
    '"$orcc_key"',
  ],
  ['powershell', { kind: 'env', name: 'K_1' }, UNIX, ['if ($env:K_1) {', '}'], '$env:K_1'],
  ...(
    [
      ["op read 'x'", UNIX, "sh -c 'op read ''x'''"],
      ['op read x', WINDOWS, "$env:ComSpec /d /c 'op read x'"],
      ['é', UNIX, "sh -c ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('w6k=')))"],
    ] as const
  ).map(
    ([command, place, run]) =>
      [
        'powershell',
        { kind: 'command', command },
        place,
        [
          `try { $orcc_key = [string](& ${run} 2>$null) } catch { $orcc_key = '' }`,
          "if ($orcc_key -notmatch '\\A[!-~]+\\z') { $orcc_key = '' }",
          'if ($orcc_key) {',
          '}',
          'Remove-Variable -Name orcc_key -ErrorAction SilentlyContinue',
        ],
        '$orcc_key',
      ] as const,
  ),
  ...(
    [
      ['/k', UNIX, "'/k'"],
      ['/é', UNIX, "([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('L8Op')))"],
      ["/home/u/it's", UNIX, "($HOME + '/it''s')"],
      ['/home/u/é', UNIX, "($HOME + [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('L8Op')))"],
      ['C:\\Users\\u\\k', WINDOWS, "($env:USERPROFILE + '\\k')"],
      ['D:\\k', WINDOWS, "'D:\\k'"],
    ] as const
  ).map(
    ([path, place, word]) =>
      [
        'powershell',
        { kind: 'file', path },
        place,
        [
          `$orcc_key = [string](Get-Content -LiteralPath ${word} -TotalCount 1 -ErrorAction SilentlyContinue) -replace '\\s.*', ''`,
          'if ($orcc_key) {',
          '}',
          'Remove-Variable -Name orcc_key -ErrorAction SilentlyContinue',
        ],
        '$orcc_key',
      ] as const,
  ),
];

describe('a block', () => {
  it.each(ROWS)('of %s takes the key from %o', (id, key, place, lines, token) => {
    const shell = SHELLS[id];
    const body: readonly string[] = shell.body({ ...BASE, key }, place);
    const isSetting = (line: string): boolean => line.includes('ANTHROPIC_');
    const frame: readonly string[] = shell.addedSince;
    expect(body.filter((line) => !isSetting(line) && !frame.includes(line))).toEqual(lines);
    expect(
      body
        .find((line) => line.includes('ANTHROPIC_AUTH_TOKEN'))
        ?.trimEnd()
        .endsWith(token),
    ).toBe(true);
    const read = body.map((line) => shell.readLine(line, place));
    expect(read.filter((line) => line?.kind === 'key')).toEqual([{ kind: 'key', source: key }]);
    expect(read).not.toContain(undefined);
    expect(new Set(read.map((line) => line?.kind))).toEqual(new Set(['frame', 'key', 'set', 'set-key']));
  });

  it.each<readonly [Id, value: string, spelled: string]>([
    ['sh', "it's", `export V='it'\\''s'`],
    ['sh', 'é -~\\!%', `export V="$(printf '\\303\\251 -~\\134!%%')"`],
    ['sh', "-\u00e9'", `export V="$(printf '\\055\\303\\251\\047')"`],
    ['fish', "it's \\", `set -gx V 'it\\'s \\\\'`],
    ['fish', 'aéb', `set -gx V 'a'\\Xc3\\Xa9'b'`],
    ['powershell', "it's", `$env:V = 'it''s'`],
    ['powershell', 'é', "$env:V = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('w6k='))"],
  ])('of %s spells %j in ASCII, and it is read back', (id, value, spelled) => {
    const shell = SHELLS[id];
    const key = { kind: 'literal', value: 'k' } as const;
    expect(shell.body({ ...BASE, key, variables: [{ name: 'V', value }] }, UNIX)).toContain(spelled);
    expect(shell.readLine(spelled, UNIX)).toEqual({ kind: 'set', name: 'V', value });
  });

  it.each<readonly [Id, line: string]>([
    ['sh', 'echo'],
    ['sh', ''],
    ['sh', 'export V=x'],
    ['sh', "export V='a'b'"],
    ['sh', 'export V'],
    ['sh', `orcc_key="$(sh -c $x </dev/null 2>/dev/null)" || orcc_key=''`],
    ['fish', 'echo'],
    ['fish', ''],
    ['fish', 'set -gx V x'],
    ['fish', 'set -gx V'],
    ['fish', '    read orcc_key <$x'],
    ['fish', 'set orcc_key (sh -c $x </dev/null 2>/dev/null | string trim)'],
    ['powershell', 'echo'],
    ['powershell', ''],
    ['powershell', '$env:V = x'],
    ['powershell', "$env:V = 'a'b'"],
    ['powershell', "$env:V = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('w6k=')) + 'x'"],
    ['powershell', "$env:V = $x + 'a'))"],
    ['powershell', '$orcc_key = [string](Get-Content -LiteralPath $x)'],
    ['powershell', "$orcc_key = [string](Get-Content -LiteralPath $x -TotalCount 1 -ErrorAction SilentlyContinue) -replace '\\s.*', ''"],
    [
      'powershell',
      "$orcc_key = [string](Get-Content -LiteralPath ($HOME + $x) -TotalCount 1 -ErrorAction SilentlyContinue) -replace '\\s.*', ''",
    ],
    [
      'powershell',
      "$orcc_key = [string](Get-Content -LiteralPath ('/k') -TotalCount 1 -ErrorAction SilentlyContinue) -replace '\\s.*', ''",
    ],
    ['powershell', "try { $orcc_key = [string](& sh -c $x 2>$null) } catch { $orcc_key = '' }"],
    ['powershell', "try { $orcc_key = [string](& sh -c 'x') } catch { $orcc_key = '' }"],
    ['powershell', "try { $orcc_key = [string](& sh -c ('x') 2>$null) } catch { $orcc_key = '' }"],
    [
      'powershell',
      "$orcc_key = [string](Get-Content -LiteralPath '/k' -TotalCount 1 -ErrorAction SilentlyContinue) -replace '\\s.*', \"\"",
    ],
    [
      'powershell',
      "$orcc_key = [string](Get-Content -LiteralPath ($HOME + '/k'] -TotalCount 1 -ErrorAction SilentlyContinue) -replace '\\s.*', ''",
    ],
    [
      'powershell',
      "$orcc_key = [string](Get-Content -LiteralPath ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('w6k='))] -TotalCount 1 -ErrorAction SilentlyContinue) -replace '\\s.*', ''",
    ],
    ['powershell', 'try { $orcc_key = [string](& sh -c \'x\' 2>$null) } catch { $orcc_key = "" }'],
    [
      'powershell',
      "try { $orcc_key = [string](& sh -c ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('w6k='))] 2>$null) } catch { $orcc_key = '' }",
    ],
  ])('of %s never has the line %j', (id, line) => {
    expect(SHELLS[id].readLine(line, UNIX)).toBeUndefined();
  });
});

it('nothing to unset needs no line', () => {
  for (const shell of [sh, fish, powershell]) expect(shell.unset([])).toEqual([]);
  expect([sh.unset(['A', 'B']), fish.unset(['A', 'B'])]).toEqual([['unset A B'], ['set -e A B']]);
  expect(powershell.unset(['A', 'B'])).toEqual(['Remove-Item Env:A, Env:B -ErrorAction SilentlyContinue']);
  expect([sh.id, fish.id, powershell.id]).toEqual(['sh', 'fish', 'powershell']);
});
