import { TARGET_IDS, type TargetId } from '../targets/types.ts';
import type { EditOwner } from './types.ts';

/** Whether an edit belongs to a target, not to one of orcc's own files. */
export function isTargetOwner(owner: EditOwner): owner is TargetId {
  return TARGET_IDS.some((id) => id === owner);
}
