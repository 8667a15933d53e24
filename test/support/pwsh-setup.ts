import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findProgram } from './prove.ts';

const BUILD = fileURLToPath(new URL('pwsh-host/build.sh', import.meta.url));

/** Runs once before the long proofs: where there is no `pwsh` but the .NET SDK, builds one over the real engine (outside the repository). */
export default function setup(): void {
  if (process.env['ORCC_PROVE_PWSH'] !== undefined || process.platform === 'win32') return;
  if (findProgram('pwsh') !== undefined || findProgram('dotnet') === undefined) return;
  const { status, stdout } = spawnSync('bash', [BUILD], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', timeout: 500_000 });
  if (status === 0) process.env['ORCC_PROVE_PWSH'] = stdout.trim();
  else process.stderr.write(`PowerShell's engine could not be built: \`${BUILD}\` says why\n`);
}
