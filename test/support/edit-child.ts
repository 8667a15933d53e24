import * as fs from 'node:fs';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { OrccError } from '../../src/core/errors.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { contextFor } from './temp-home.ts';

/** A process that turns one file into `new\n`: `HOME FILE`. Prints `done`, or the refusal. */
const [home = '', file = ''] = process.argv.slice(2);
const ctx = contextFor(home, { fs: createFileSystem() });
const edit = {
  path: file,
  owner: 'bash',
  before: fs.readFileSync(file),
  after: Buffer.from('new\n'),
  mode: null,
  modeBefore: null,
  summary: '',
} as const;
try {
  await applyPlan(ctx, { edits: [edit] }, { folder: `${home}/.config/orcc`, command: 'switch' });
  process.stdout.write('done');
} catch (error) {
  process.stdout.write(error instanceof OrccError ? `${error.exit} ${error.message}` : String(error));
}
