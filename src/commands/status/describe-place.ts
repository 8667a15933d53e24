import { shortPlace } from '../../text/text.ts';

/** `~/.claude/settings.json:4 (user)`: a place as it is named everywhere. */
export function describePlace(at: { readonly layer: string; readonly file?: string; readonly line?: number }, home: string): string {
  if (at.file === undefined) return "this terminal's environment";
  const file = shortPlace({ file: at.file, line: at.line }, home);
  return at.layer === 'shell' ? file : `${file} (${at.layer})`;
}
