import { quietly } from '../../core/errno.ts';
import { orccFolder, START_PAGE } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import { pathsOf } from '../../core/paths-of.ts';
import { writeNew } from '../../core/write-all.ts';

/** A page on the disk that leads to the login, readable by its user alone. */
export interface StartPage {
  readonly path: string;
  /** Removes it, and folders that were made for it and are empty. Never throws. */
  readonly remove: () => void;
}

/** Writes it into orcc's own folder. Undefined where that cannot be done; then nothing is left. Never throws. */
export function writeStartPage(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform'>, address: string): StartPage | undefined {
  const { fs } = ctx;
  const p = pathsOf(ctx.platform);
  const folder = orccFolder(ctx);
  const path = p.join(folder, START_PAGE);
  const made: string[] = [];
  const remove = (): void => {
    quietly(() => fs.unlink(path));
    for (const each of made.toReversed()) quietly(() => fs.rmdir(each));
  };
  try {
    const missing: string[] = [];
    for (let at = folder; fs.stat(at) === undefined && p.dirname(at) !== at; at = p.dirname(at)) missing.unshift(at);
    for (const each of missing) {
      fs.mkdir(each, each === folder ? 0o700 : 0o755);
      made.push(each);
    }
    // What a killed login left behind: the new one is a separate file, even while another process has the old one open.
    quietly(() => fs.unlink(path));
    writeNew(ctx, path, Buffer.from(pageOf(address)));
    return { path, remove };
  } catch {
    remove();
    return undefined;
  }
}

/** Without a script: some browsers run none in files. */
function pageOf(address: string): string {
  const url = address.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Login</title></head><body><p><a href="${url}">To the login page</a></p></body></html>\n`;
}
