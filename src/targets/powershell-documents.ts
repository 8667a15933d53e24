import { pathsOf } from '../core/paths-of.ts';
import { isThere } from './read-start-file.ts';
import type { LocateContext } from './types.ts';
import { keylessEnv } from '../claude/keyless-env.ts';

const REGISTRY_KEY = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\User Shell Folders';

/**
 * The Documents folder where PowerShell itself gave no answer: what the registry says (OneDrive redirects it), then
 * OneDrive's folder, then the one below the home folder. A guess, to be called one.
 */
export async function guessDocuments(ctx: LocateContext, ask: boolean): Promise<string> {
  const { join } = pathsOf('win32');
  const oneDrive = ctx.env['OneDrive'] ?? ctx.env['ONEDRIVE'];
  const candidates = [ask ? await readRegistry(ctx) : undefined, oneDrive === undefined ? undefined : join(oneDrive, 'Documents')];
  return candidates.find((folder) => folder !== undefined && isThere(ctx.fs, folder)) ?? join(ctx.home, 'Documents');
}

async function readRegistry(ctx: LocateContext): Promise<string | undefined> {
  const reg = ctx.exec.find('reg');
  if (reg === undefined) return undefined;
  const { stdout } = await ctx.exec.run(reg, ['query', REGISTRY_KEY, '/v', 'Personal'], { env: keylessEnv(ctx.env), timeoutMs: 3000 });
  const value = /Personal\s+REG_(?:EXPAND_)?SZ\s+(.+?)\s*$/m.exec(stdout)?.[1];
  const upper = new Map(Object.entries(ctx.env).map(([name, text]) => [name.toUpperCase(), text]));
  return value?.replace(/%([^%]+)%/g, (all, name: string) => upper.get(name.toUpperCase()) ?? all);
}
