import * as z from 'zod/mini';
import { later } from '../core/later.ts';
import { parseBaseUrl } from './base-url.ts';

/** `--to URL`: the base URL that this run may send the key to, whatever URL it was stored for. Throws exit 2 for an invalid one. */
export const toFlag = z.optional(
  later(() =>
    z.pipe(
      z.string().check(z.maxLength(2048)),
      z.transform((url: string) => parseBaseUrl(url, '--to')),
    ),
  ),
);
