import * as z from 'zod/mini';
import { later } from '../core/later.ts';
import { parseBaseUrl } from './base-url.ts';

/** `--to URL`: the base URL that this run may send the key to, whatever it was stored for. Throws exit 2 where it can be none. */
export const toFlag = z.optional(
  later(() =>
    z.pipe(
      z.string().check(z.maxLength(2048)),
      z.transform((url: string) => parseBaseUrl(url, '--to')),
    ),
  ),
);
