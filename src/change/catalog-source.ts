import type { Context } from '../core/context.ts';
import { readConfig, type Config, configuredDestination } from '../config/config.ts';
import { ownFiles } from '../core/folder.ts';
import { isOpenRouterHost } from '../core/hosts.ts';
import { parseBaseUrl } from '../openrouter/base-url.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';

/** Where the catalog is cached and fetched from. */
export interface CatalogSource {
  /** orcc's own folder. */
  readonly folder: string;
  readonly baseUrl: string;
  readonly config: Config | undefined;
}

/**
 * The endpoint that orcc was set up with; without a set-up the one in effect, but for what a folder brings along. Reading start-up
 * and settings files for it would take a search of the cached catalog half its time. Throws exit 6 for a broken config file or a
 * base URL that can be none.
 */
export async function readCatalogSource(ctx: Context): Promise<CatalogSource> {
  const own = ownFiles(ctx);
  const config = readConfig(ctx.fs, own.config);
  const { baseUrl, from } =
    config === undefined
      ? await (await import('./api-source.ts')).destinationOutsideFolders(ctx) // reads all that `status` does
      : configuredDestination(ctx, config);
  return { folder: own.folder, baseUrl: parseBaseUrl(baseUrl, from), config };
}

/** The same with the key in effect, for a list of models that a gateway tells to nobody else. */
export async function catalogEndpoint(ctx: Context, baseUrl: string): Promise<Endpoint> {
  if (isOpenRouterHost(new URL(baseUrl).hostname)) return { baseUrl };
  const { keyedEndpoint } = await import('./api-source.ts');
  const keyed = await keyedEndpoint(ctx);
  return keyed?.baseUrl === baseUrl ? keyed : { baseUrl };
}
