import { claudePaths } from '../claude/paths.ts';
import type { Context } from '../core/context.ts';
import { ownFiles } from '../core/folder.ts';
import { pathFromStored } from '../core/home-path.ts';
import { isObject, tryJsonObject } from '../text/json.ts';
import { readQuietly } from '../core/look.ts';
import { isSecretName, replaceNamed } from '../text/secret-names.ts';
import { rememberSecret } from '../text/text.ts';

/** Bytes of a file in which a secret is looked for. */
const MOST = 1_000_000;

/**
 * Makes every secret known that one of these words repeats, so that no message says it again: the stored key in its file, what variables
 * and the files of orcc's targets hold under a secret's name. Reads alone, and starts nothing: a keychain is not asked.
 */
export function rememberTyped(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>, words: readonly string[]): void {
  const remember = (secret: string | undefined): void => {
    if (secret !== undefined && secret.length >= 8 && words.some((word) => word.includes(secret))) rememberSecret(secret);
  };
  const own = ownFiles(ctx);
  remember(readText(ctx.fs, own.key).trim());
  for (const [name, value] of Object.entries(ctx.env)) if (isSecretName(name)) remember(value?.trim());
  for (const file of new Set([claudePaths(ctx).user, ...targetFiles(ctx, own.state)])) {
    replaceNamed(readText(ctx.fs, file), (bare) => {
      remember(bare);
      return bare;
    });
  }
}

/** The files that the state names; none where it can't be read, which is for others to say. */
function targetFiles(ctx: Pick<Context, 'fs' | 'home'>, state: string): readonly string[] {
  const targets = tryJsonObject(readText(ctx.fs, state))?.['targets'];
  if (!Array.isArray(targets)) return [];
  return targets.flatMap((each: unknown) =>
    isObject(each) && typeof each['path'] === 'string' ? [pathFromStored(each['path'], { home: ctx.home })] : [],
  );
}

/** Empty for what is no ordinary file of a usual size, or can't be read: nothing is known of it then. */
function readText(fs: Context['fs'], path: string): string {
  return Buffer.from(readQuietly(fs, path, MOST) ?? []).toString('utf8');
}
