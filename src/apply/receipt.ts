import * as z from 'zod/mini';
import { TARGET_IDS } from '../targets/types.ts';

const nullableMode = z.nullable(z.number());
const nullableSum = z.nullable(z.string());

const receiptEdit = z.object({
  /** As the user knows it. */
  path: z.string(),
  /** Where the bytes went, links resolved. */
  realPath: z.string(),
  owner: z.enum([...TARGET_IDS, 'key', 'config', 'state', 'gitignore']),
  /** There was a file before. */
  existed: z.boolean(),
  /** Permission bits; null where there is no file. */
  modeBefore: nullableMode,
  modeAfter: nullableMode,
  /** SHA-256 of the bytes, hex; null where there is no file. */
  sumBefore: nullableSum,
  sumAfter: nullableSum,
  /** File in the receipt's folder that holds the bytes before. Kept for no file that holds the key, nor for the key's own. */
  backup: z.exactOptional(z.string().check(z.regex(/^\d+\.bak$/))),
  /** The same with a placeholder for the key, which is filled in from its storage: what stays of a file that holds the key. */
  keyed: z.exactOptional(z.string().check(z.regex(/^\d+\.keyed$/))),
  uid: z.exactOptional(z.number()),
  gid: z.exactOptional(z.number()),
  /** While pending: the temporary file beside the target. */
  temp: z.exactOptional(z.string()),
  /** While pending: file with the new bytes, where they are written in place and may be there in part. */
  torn: z.exactOptional(z.string().check(z.regex(/^\d+\.new$/))),
});

export const receiptSchema = z.object({
  /** 1 had absolute paths alone; 2 has `~/…` for those below the home. */
  schemaVersion: z.union([z.literal(1), z.literal(2)]),
  /** Sorts by time. */
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  command: z.string(),
  /** pending: the change stopped half-way. rolled-back: it was put back but for files that someone else changed. undone: by a later `undo`. */
  status: z.enum(['pending', 'done', 'rolled-back', 'undone']),
  /** In the order in which they were written. */
  edits: z.array(receiptEdit),
  /** Folders that did not exist before, outermost first. */
  createdFolders: z.array(z.string()),
  /** Folders that orcc once made and that go with this change where they are empty then. */
  emptied: z.exactOptional(z.array(z.string())),
  /** The receipts that this change undid. */
  undoes: z.exactOptional(z.array(z.string())),
});

/** What a change really did. `undo` is its inverse. */
export type Receipt = z.infer<typeof receiptSchema>;
export type ReceiptEdit = z.infer<typeof receiptEdit>;

/** The same receipt with every path mapped. */
export function mapReceiptPaths(receipt: Receipt, map: (path: string) => string): Receipt {
  const { emptied } = receipt;
  return {
    ...receipt,
    edits: receipt.edits.map((edit) => ({
      ...edit,
      path: map(edit.path),
      realPath: map(edit.realPath),
      ...(edit.temp === undefined ? {} : { temp: map(edit.temp) }),
    })),
    createdFolders: receipt.createdFolders.map(map),
    ...(emptied === undefined ? {} : { emptied: emptied.map(map) }),
  };
}
