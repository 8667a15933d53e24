import { claudePaths } from '../claude/paths.ts';
import type { Context } from '../core/context.ts';
import { ownFiles } from '../core/folder.ts';
import { pathFromStored } from '../core/home-path.ts';
import { isObject, tryJsonObject } from '../text/json.ts';
import { readQuietly } from '../core/look.ts';
import { isSecretName, replaceNamed } from '../text/secret-names.ts';
import { rememberSecret } from '../text/text.ts';

/** Bytes; larger files are not searched for secrets. */
const MOST = 1_000_000;

/**
 * Registers for masking every secret that one of these words contains, so that no message repeats it: the key in its file, and what
 * variables and the files of orcc's targets hold under a secret's name. Only reads, and starts nothing: a keychain is not asked.
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

/** The files that the state names; none if it can't be read, which is reported elsewhere. */
function targetFiles(ctx: Pick<Context, 'fs' | 'home'>, state: string): readonly string[] {
  const targets = tryJsonObject(readText(ctx.fs, state))?.['targets'];
  if (!Array.isArray(targets)) return [];
  return targets.flatMap((each: unknown) =>
    isObject(each) && typeof each['path'] === 'string' ? [pathFromStored(each['path'], { home: ctx.home })] : [],
  );
}

/** The text of a file; empty if it is not an ordinary file, is too large or can't be read. */
function readText(fs: Context['fs'], path: string): string {
  return Buffer.from(readQuietly(fs, path, MOST) ?? []).toString('utf8');
}
