import * as z from 'zod/mini';
import { later } from '../core/later.ts';
import type { Env } from '../core/context.ts';
import type { LocateContext } from './types.ts';
import { keylessEnv } from '../claude/keyless-env.ts';
import { tryJson } from '../text/json.ts';

/** Milliseconds; a first start of Windows PowerShell can take many seconds. */
const ASK_LIMIT = 15_000;
const SENTINEL = 'orcc:7f3d9a52';

const answerSchema = later(() =>
  z.object({
    path: z.string().check(z.minLength(1)),
    version: z.string(),
    edition: z.string(),
    /** `Scope=Policy`, in the order of precedence. */
    policies: z.array(z.string()),
    /** The policy that applies in the end, including the system's default; empty if PowerShell could not say. */
    effective: z.string(),
    languageMode: z.string(),
  }),
);
export type PowershellAnswer = z.infer<typeof answerSchema>;

/**
 * One line of ASCII, since `-Command -` runs its input line by line. The answer
 * comes as base64 between sentinels: the console's code page would garble a
 * Documents folder with accents in its name, and modules may print around it.
 */
const SCRIPT = [
  "$ErrorActionPreference = 'SilentlyContinue'",
  "$policies = @('MachinePolicy', 'UserPolicy', 'Process', 'CurrentUser', 'LocalMachine' | ForEach-Object { \"$_=$(Get-ExecutionPolicy -Scope $_)\" })",
  '$answer = @{ path = [string]$PROFILE.CurrentUserAllHosts; version = [string]$PSVersionTable.PSVersion; edition = [string]$PSVersionTable.PSEdition; policies = $policies; effective = [string](Get-ExecutionPolicy); languageMode = [string]$ExecutionContext.SessionState.LanguageMode }',
  `Write-Output ('${SENTINEL}<' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Compress $answer))) + '>${SENTINEL}')`,
].join('; ');

/** Not inherited: another edition's PSModulePath breaks 5.1's own modules; the other one passes on a parent's `-ExecutionPolicy`. */
const DROPPED = new Set(['PSMODULEPATH', 'PSEXECUTIONPOLICYPREFERENCE']);

/** The environment in which PowerShell answers as it would in a new terminal; it holds no key. */
export function powershellEnv(env: Env): Env {
  return Object.fromEntries(Object.entries(keylessEnv(env)).filter(([name]) => !DROPPED.has(name.toUpperCase())));
}

/** Asks PowerShell, on stdin, where its CurrentUserAllHosts profile is and what it may run. Undefined if it gives no usable answer. */
export async function askPowershell(ctx: Pick<LocateContext, 'exec' | 'env'>, program: string): Promise<PowershellAnswer | undefined> {
  const { stdout } = await ctx.exec.run(program, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', '-'], {
    env: powershellEnv(ctx.env),
    input: `${SCRIPT}\n`,
    timeoutMs: ASK_LIMIT,
  });
  const encoded = new RegExp(`${SENTINEL}<([A-Za-z0-9+/=\\s]+)>${SENTINEL}`).exec(stdout)?.[1];
  if (encoded === undefined) return undefined;
  const answer = answerSchema.safeParse(tryJson(Buffer.from(encoded, 'base64').toString('utf8')));
  return answer.success ? answer.data : undefined;
}

/** Why this PowerShell would not run a profile; undefined where it would. */
export function blockedBy({ policies, effective, version }: PowershellAnswer): string | undefined {
  const [scope, first] =
    policies.map((each) => each.split('=')).find(([, value]) => value !== undefined && value !== '' && value !== 'Undefined') ?? [];
  // If nothing is set and it can't say: 5.1 on a Windows client defaults to Restricted, 7 to RemoteSigned (about_Execution_Policies).
  const policy = effective !== '' ? effective : (first ?? (version.startsWith('5.') ? 'Restricted' : 'RemoteSigned'));
  if (policy !== 'Restricted' && policy !== 'AllSigned') return undefined;
  return `does not run unsigned profiles (execution policy ${policy}${scope === undefined ? ' by default' : ` from ${scope}`})`;
}
