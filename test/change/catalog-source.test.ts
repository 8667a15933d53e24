import { describe, expect, it } from 'vitest';
import { catalogEndpoint, readCatalogSource } from '../../src/change/catalog-source.ts';
import type { Config } from '../../src/config/config.ts';
import type { Context } from '../../src/core/context.ts';
import { CONFIG, HOME, machineWith, place } from '../support/machine.ts';
import { shellContext } from '../support/shell-context.ts';

const OPENROUTER = 'https://openrouter.ai/api';
const GATEWAY = 'https://gateway.example';
const TOKEN = 'a-token-of-somebody';
const { own } = machineWith();

interface Given {
  readonly config?: Partial<Config>;
  /** The variables in user settings, and in those of the current folder. */
  readonly user?: Readonly<Record<string, string>>;
  readonly project?: Readonly<Record<string, string>>;
}

/** A context over these files alone, and the files that were read. */
function contextOf({ config, user, project }: Given): { readonly ctx: Context; readonly read: string[] } {
  const files = {
    ...(config && { [own.config]: JSON.stringify({ ...CONFIG, ...config }) }),
    ...(user && { [place('user')]: JSON.stringify({ env: user }) }),
    ...(project && { [`${HOME}/project/.claude/settings.json`]: JSON.stringify({ env: project }) }),
  };
  const ctx = shellContext({ files, env: { SHELL: '/bin/bash', HOME } });
  const read: string[] = [];
  const readFile = (path: string): Uint8Array => {
    read.push(path);
    return ctx.fs.readFile(path);
  };
  const more = { fs: { ...ctx.fs, readFile }, interactive: false, signal: new AbortController().signal };
  return { ctx: { ...ctx, ...more } as unknown as Context, read };
}

const vars = (url: string, token?: string): Readonly<Record<string, string>> => ({
  ANTHROPIC_BASE_URL: url,
  ...(token === undefined ? {} : { ANTHROPIC_AUTH_TOKEN: token }),
});

describe('where the catalog is fetched from', () => {
  it('is the configuration’s address, for which no settings are read', async () => {
    const { ctx, read } = contextOf({ config: { baseUrl: GATEWAY }, user: vars(OPENROUTER) });
    expect(await readCatalogSource(ctx)).toEqual({ folder: own.folder, baseUrl: GATEWAY, config: { ...CONFIG, baseUrl: GATEWAY } });
    expect(new Set(read)).toEqual(new Set([own.config]));
  });

  it.each<[string, Given, string]>([
    ['the one in effect', { user: vars(`${GATEWAY}/`) }, GATEWAY],
    ['OpenRouter, whatever a folder says', { project: vars(GATEWAY) }, OPENROUTER],
    ['OpenRouter, where nothing is set', {}, OPENROUTER],
  ])('is without a configuration %s', async (_what, given, baseUrl) => {
    expect(await readCatalogSource(contextOf(given).ctx)).toEqual({ folder: own.folder, baseUrl, config: undefined });
  });

  it('is refused where it is no address', async () => {
    for (const given of [{ config: { baseUrl: 'odd' } }, { user: vars('odd') }])
      await expect(readCatalogSource(contextOf(given).ctx)).rejects.toMatchObject({ exit: 'refused', code: 'BASE_URL_WRONG' });
  });
});

describe('the key for the catalog', () => {
  const asked = async (given: Given, baseUrl: string) => {
    const { ctx, read } = contextOf(given);
    const endpoint = await catalogEndpoint(ctx, baseUrl);
    return { baseUrl: endpoint.baseUrl, key: endpoint.key, isRead: read.length > 0 };
  };

  it('is not needed at OpenRouter, where nothing is read for it', async () => {
    expect(await asked({ user: vars(OPENROUTER, TOKEN) }, OPENROUTER)).toEqual({ baseUrl: OPENROUTER, key: undefined, isRead: false });
  });

  it('is the one in effect at a gateway, if it goes there', async () => {
    expect(await asked({ user: vars(GATEWAY, TOKEN) }, GATEWAY)).toMatchObject({ baseUrl: GATEWAY, key: TOKEN });
    expect(await asked({ user: vars(GATEWAY, TOKEN) }, 'https://other.example')).toMatchObject({
      baseUrl: 'https://other.example',
      key: undefined,
    });
    expect(await asked({ user: vars(GATEWAY) }, GATEWAY)).toMatchObject({ baseUrl: GATEWAY, key: undefined });
  });
});
