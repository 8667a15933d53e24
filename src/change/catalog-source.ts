import type { Context } from '../core/context.ts';
import { readConfig, type Config } from '../config/config.ts';
import { ownFiles } from '../core/folder.ts';

/** Where the catalog is cached and fetched from. */
export interface CatalogSource {
  /** orcc's own folder. */
  readonly folder: string;
  readonly baseUrl: string;
  readonly config: Config | undefined;
}

/**
 * The endpoint that orcc was set up with; without a set-up the one in effect. Reading start-up and settings files for it
 * would take a search of the cached catalog half its time. Throws exit 6 for a broken config file.
 */
export async function readCatalogSource(ctx: Context): Promise<CatalogSource> {
  const own = ownFiles(ctx);
  const config = readConfig(ctx.fs, own.config);
  if (config !== undefined) return { folder: own.folder, baseUrl: config.baseUrl, config };
  const { readApiSource } = await import('./api-source.ts');
  const { baseUrl } = await readApiSource(ctx);
  return { folder: own.folder, baseUrl, config };
}
