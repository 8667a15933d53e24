import { isPresentSchema } from '../config/own-json.ts';
import type { Replaced } from '../config/replaced.ts';
import { unrecordedLines } from '../edit/shell/shell-adopt.ts';
import { targetOf } from '../targets/index.ts';
import { NO_FILE, type Machine } from './machine.ts';

/**
 * What orcc has replaced, with the lines that orcc 0.1.0 switched off: it recorded only those that held a key. Where its record
 * (schemaVersion 1) is still the one that counts, every such line in a file that it names is its own. Pure.
 */
export function withOldLines({ own, files, state, replaced }: Machine): Replaced['files'] {
  const record = (files.get(own.state) ?? NO_FILE).bytes;
  if (record === null || isPresentSchema(record)) return replaced.files;
  const named = [...state.targets.map(({ id, path }) => ({ id, path })), ...state.adopted.map(({ target: id, path }) => ({ id, path }))];
  const added = named.flatMap(({ id, path }) => {
    const { shell } = targetOf(id);
    const { bytes } = files.get(path) ?? NO_FILE;
    const lines = shell === undefined || bytes === null ? {} : unrecordedLines(bytes, shell);
    return Object.keys(lines).length === 0 ? [] : [[path, { ...lines, ...replaced.files[path] }] as const];
  });
  return { ...replaced.files, ...Object.fromEntries(added) };
}
