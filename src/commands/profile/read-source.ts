import { cannotRead } from '../../core/errno.ts';
import { resolve } from 'node:path';
import type { Context, HttpResponse } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { endsWhenRead } from '../../core/look.ts';
import { clip, stripControls } from '../../text/text.ts';
import { LARGEST_SHARED } from '../../config/shared-file.ts';

type Slice = Pick<Context, 'fs' | 'cwd' | 'http' | 'readStdin' | 'version' | 'signal'>;

/** Milliseconds to wait for the first byte of the answer. */
const FIRST_BYTE_MS = 15_000;

/**
 * The text of a file, an https address or standard input (`-`), at most 1 MiB. Throws exit 2 for a file that does not exist or is
 * too long, and for an address that is not https, redirects or is a web page; exit 6 for a file that can't be read; NetworkError.
 */
export async function readSource(ctx: Slice, source: string): Promise<string> {
  if (source === '-') return readInput(ctx);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return fetchText(ctx, source);
  return readFile(ctx, source);
}

async function readInput(ctx: Slice): Promise<string> {
  try {
    return await ctx.readStdin(LARGEST_SHARED);
  } catch (error) {
    if (error instanceof RangeError)
      throw new OrccError('usage', 'Standard input is larger than 1 MiB', { hint: 'That is not a profile file' });
    throw error;
  }
}

function readFile(ctx: Slice, name: string): string {
  const file = resolve(ctx.cwd, name);
  const shown = clip(stripControls(name), 120);
  const stat = ctx.fs.stat(file);
  if (stat === undefined)
    throw new OrccError('usage', `There is no file \`${shown}\``, { hint: 'Give a file, an https address, or `-` for standard input' });
  if (stat.kind === 'directory') throw new OrccError('usage', `\`${shown}\` is a folder`, { hint: 'Name a file in it' });
  if (!endsWhenRead(stat, file)) throw new OrccError('usage', `\`${shown}\` is not an ordinary file`, { hint: 'Pipe it in and pass `-`' });
  if (stat.size > LARGEST_SHARED) throw new OrccError('usage', `\`${shown}\` is larger than 1 MiB`, { hint: 'That is not a profile file' });
  try {
    return Buffer.from(ctx.fs.readFile(file)).toString('utf8');
  } catch (error) {
    throw cannotRead(shown, error);
  }
}

/** One GET without a key; a redirect is never followed. */
async function fetchText(ctx: Slice, address: string): Promise<string> {
  const shown = clip(stripControls(address).replace(/\/\/[^/@]*@/, '//…@'), 120);
  const fail = (why: string, hint: string): never => {
    throw new OrccError('usage', `\`${shown}\` ${why}`, { hint });
  };
  const url = URL.canParse(address) ? new URL(address) : fail('is not a URL', 'Give a file, an https address, or `-`');
  if (url.protocol !== 'https:')
    fail('is not https', 'Anyone in between could change it: use an https address, or download the file yourself');
  if (url.username !== '' || url.password !== '') fail('contains credentials', 'Download the file yourself and import that');
  const response = await ctx.http.request({
    method: 'GET',
    url: url.href,
    headers: { accept: 'application/json', 'accept-encoding': 'gzip, br', 'user-agent': `orcc/${ctx.version}` },
    firstByteMs: FIRST_BYTE_MS,
    signal: ctx.signal,
  });
  if (response.status !== 200) {
    await response.cancel();
    if (response.status >= 300 && response.status < 400) {
      const to = clip(stripControls(response.headers['location'] ?? 'nowhere'), 120);
      fail(`redirects to another host, \`${to}\``, 'If you trust that address, use it directly');
    }
    fail(`answers ${response.status}`, 'Check the address');
  }
  if (/^text\/html\b/i.test(response.headers['content-type'] ?? '')) {
    await response.cancel();
    fail('is a web page, not a profile file of orcc', 'Use the address of the JSON file itself (on GitHub: "Raw")');
  }
  const text = await readBody(response);
  return text ?? fail('answers more than 1 MiB', 'That is not a profile file');
}

/** undefined if it is too long; the rest is not read then. */
async function readBody(response: HttpResponse): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body) {
    size += piece.length;
    if (size > LARGEST_SHARED) {
      await response.cancel();
      return undefined;
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
