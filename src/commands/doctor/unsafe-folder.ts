import { join } from 'node:path';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { renderFindings } from '../../core/finding.ts';
import { orccFolder } from '../../core/folder.ts';
import type { Outcome } from '../../core/outcome.ts';
import { checkOwnFolder, checkOwnTree } from '../../core/own-folder.ts';
import { findingOf } from '../../diagnose/build.ts';

/** A folder of orcc's own that someone else could have written to is the one finding: nothing in it is read, so that nothing else is known. */
export function findUnsafe(ctx: Context): Outcome | undefined {
  try {
    checkOwnFolder(ctx);
    checkOwnTree(ctx, orccFolder(ctx), join(orccFolder(ctx), 'history'));
    return undefined;
  } catch (error) {
    if (!(error instanceof OrccError) || error.code !== 'OWN_FOLDER_UNSAFE') throw error;
    const finding = { ...findingOf('OWN_FOLDER_UNSAFE', {}, [error.message]), fix: error.hint ?? '' };
    return { exit: 'problems', data: { unread: true }, findings: [finding], text: (style) => renderFindings([finding], style) };
  }
}
