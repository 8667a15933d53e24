import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from './prove.ts';

/** What PowerShell's engine makes of a script. */
export interface Judged {
  /** Of its parser (a script with any is not run), and what ends it early. */
  readonly errors: number;
  /** The variables asked for, after the script; null where they are gone. Each was `before`. */
  readonly env: Readonly<Record<string, string | null>>;
  /** What it printed. */
  readonly output: string;
}

const JUDGE = `param($in, $out, $names)
$names = $names -split ','
$judged = foreach ($line in [IO.File]::ReadAllLines($in)) {
  $text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line))
  $tokens = $null; $errors = $null
  [void][System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$errors)
  foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, 'before') }
  $printed = ''
  if ($errors.Count -eq 0) { try { $printed = @(& ([scriptblock]::Create($text)) 2>$null 3>$null 6>$null) -join '|' } catch { $errors = @($_) } }
  $fields = @($errors.Count, $printed) + @(foreach ($name in $names) { $value = [Environment]::GetEnvironmentVariable($name); if ($null -eq $value) { [string][char]0 } else { $value } })
  @(foreach ($field in $fields) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes([string]$field)) }) -join ','
}
[IO.File]::WriteAllLines($out, [string[]]$judged)
`;

/** Lets one PowerShell parse and run each of these scripts. */
export function judge(texts: readonly string[], names: readonly string[]): Judged[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'orcc-judge-'));
  const at = (name: string): string => path.join(folder, name);
  try {
    writeFileSync(at('judge.ps1'), JUDGE);
    writeFileSync(at('in'), texts.map((text) => `${Buffer.from(text, 'utf8').toString('base64')}\n`).join(''));
    const args = ['-NoProfile', '-NonInteractive', '-File', at('judge.ps1'), at('in'), at('out'), names.join(',')];
    const env = { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1' };
    const { stderr } = spawnSync(findProgram('pwsh') ?? '', args, { env, cwd: folder, encoding: 'utf8', timeout: 240_000 });
    if (stderr !== '') throw new Error(stderr);
    const lines = readFileSync(at('out'), 'utf8').trimEnd().split('\n');
    return lines.map((line) => {
      const [errors, output = '', ...values] = line.split(',').map((field) => Buffer.from(field, 'base64').toString('utf8'));
      const env = Object.fromEntries(names.map((name, index) => [name, values[index] === '\0' ? null : (values[index] ?? null)]));
      return { errors: Number(errors), output, env };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
