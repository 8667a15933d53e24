import type { Context } from '../core/context.ts';
import { readConfig, type Config, configuredDestination } from '../config/config.ts';
import { ownFiles } from '../core/folder.ts';
import { isOpenRouter } from '../core/hosts.ts';
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
 * The endpoint that orcc was set up with; without a setup the one in effect, apart from what a folder's settings say. With a setup,
 * start-up and settings files are not read, since that would take half the time of a search in the cached catalog. Throws exit 6 for
 * a broken config file, and as `parseBaseUrl` does for an invalid base URL.
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

/** The endpoint at `baseUrl`, with the key in effect unless it is OpenRouter: a gateway may list its models only for a key. */
export async function catalogEndpoint(ctx: Context, baseUrl: string): Promise<Endpoint> {
  if (isOpenRouter(baseUrl)) return { baseUrl };
  const { keyedEndpoint } = await import('./api-source.ts');
  const keyed = await keyedEndpoint(ctx);
  return keyed?.baseUrl === baseUrl ? keyed : { baseUrl };
}
