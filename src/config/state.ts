import * as z from 'zod/mini';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { TARGET_IDS } from '../targets/types.ts';
import { refuseNewer } from './config.ts';
import { parseJson, readOwnText } from '../core/json-file.ts';

const ownedMember = z.object({
  path: z.array(z.string()),
  sum: z.string(),
  /** One element of the array at that path. */
  element: z.exactOptional(z.literal(true)),
  createdParents: z.array(z.array(z.string())),
  filled: z.exactOptional(z.array(z.object({ path: z.array(z.string()), text: z.string() }))),
  blank: z.exactOptional(z.string()),
});

const targetState = z.object({
  id: z.enum(TARGET_IDS),
  /** Absolute path of the file. */
  path: z.string(),
  /** orcc made this file. */
  created: z.boolean(),
  modeBefore: z.nullable(z.number()),
  /** The whole setup, only a setting beside it (auto mode), or nothing for now (`switch --native`). */
  carries: z.enum(['setup', 'extras', 'nothing']),
  /** What `switch --back` brings back, where `carries` is nothing for now. */
  returns: z.exactOptional(z.enum(['setup', 'extras'])),
  /** What orcc wrote in a settings.json; the writer of members adds fields of its own. */
  members: z.array(ownedMember),
});

const stateSchema = z.object({
  schemaVersion: z.literal(1),
  targets: z.array(targetState),
  /** Folders that orcc made, outermost first. */
  folders: z.array(z.string()),
  /** Start-up files beside the targets' own in which hand-written lines are commented out. */
  adopted: z._default(z.array(z.object({ target: z.enum(TARGET_IDS), path: z.string() })), []),
  /** .gitignore files that got the line for settings.local.json. */
  ignores: z.array(z.object({ path: z.string(), created: z.boolean(), added: z.string() })),
});

/** What orcc wrote and where (design D19). Never holds a key. */
export type State = z.infer<typeof stateSchema>;
export type TargetState = z.infer<typeof targetState>;

export const EMPTY_STATE: State = { schemaVersion: 1, targets: [], folders: [], adopted: [], ignores: [] };

/** Reads orcc's state; empty where there is none. Throws exit 6 where it does not parse. */
export function readState(fs: Context['fs'], path: string): State {
  const text = readOwnText(fs, path);
  return text === undefined ? EMPTY_STATE : parseState(text, path);
}

/** The same from its text; `path` is for the message. */
export function parseState(text: string, path: string): State {
  const json = parseJson(text);
  const hint = 'It records what orcc wrote where; restore it from a copy, or move it away and run `orcc init`';
  if (!json.ok)
    throw new OrccError('refused', `\`${path}:${json.line}:${json.column}\` is broken: ${json.reason}`, { code: 'CONFIG_BROKEN', hint });
  refuseNewer(path, json.value);
  const parsed = stateSchema.safeParse(json.value);
  if (!parsed.success)
    throw new OrccError('refused', `\`${path}\` is broken: ${parsed.error.issues[0]?.message ?? 'not as expected'}`, {
      code: 'CONFIG_BROKEN',
      hint,
    });
  return parsed.data;
}
