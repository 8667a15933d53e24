import type { Context } from '../core/context.ts';
import { ownFiles } from '../core/folder.ts';
import { readOwnText } from '../core/json-file.ts';
import { DEFAULT_BASE_URL } from '../openrouter/base-url.ts';
import type { Destination } from '../openrouter/endpoint.ts';
import { shortPath } from '../text/short-path.ts';
import type { Config } from './config.ts';

/** The base URL of the configuration, with the line that says so; OpenRouter's own where there is none. */
export function configuredDestination(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform'>,
  config: Pick<Config, 'baseUrl'> | undefined,
): Destination {
  if (config === undefined) return { baseUrl: DEFAULT_BASE_URL, from: "orcc's default" };
  const path = ownFiles(ctx).config;
  const before = readOwnText(ctx.fs, path)?.split('"baseUrl"')[0] ?? '';
  return { baseUrl: config.baseUrl, from: `orcc's configuration (${shortPath(path, ctx.home)}:${before.split('\n').length})` };
}
